// Logarithm of expected improvement and its gradient at 50 points, by a Matern 5/2 process on n points in d dimensions.
// Input: n, d, best, length-scales, X, alpha, L (row-major), points. Plain loops, compiled with -O3.
#include "serve.hpp"
#include <cmath>

int main(int, char **argv) {
  auto in = read_doubles(argv[1]);
  size_t n = in[0], d = in[1], q = in[2];
  double best = in[3];
  const double *l = &in[4], *X = l + d, *alpha = X + n * d, *L = alpha + n, *points = L + n * n;
  std::vector<double> k(n), slope(n), v(n), w(n), g(d);
  return serve([&] {
    double total = 0;
    for (size_t p = 0; p < q; p++) {
      const double *x = points + p * d;
      double mean = 0, variance = 1;
      for (size_t i = 0; i < n; i++) {
        double r2 = 0;
        for (size_t j = 0; j < d; j++) { double u = (x[j] - X[i * d + j]) / l[j]; r2 += u * u; }
        double s = std::sqrt(5 * r2), e = std::exp(-s);
        k[i] = (1 + s + s * s / 3) * e;
        slope[i] = 5.0 / 3 * (1 + s) * e;
        mean += k[i] * alpha[i];
      }
      for (size_t i = 0; i < n; i++) {
        double s = k[i];
        for (size_t j = 0; j < i; j++) s -= L[i * n + j] * v[j];
        v[i] = s / L[i * n + i];
        variance -= v[i] * v[i];
      }
      for (size_t i = 0; i < n; i++) w[i] = v[i];
      for (size_t i = n; i-- > 0;) {
        double y = w[i] / L[i * n + i];
        w[i] = y;
        for (size_t j = 0; j < i; j++) w[j] -= L[i * n + j] * y;
      }
      double std = std::sqrt(variance), u = (mean - best) / std;
      double pdf = std::exp(-u * u / 2) / std::sqrt(2 * M_PI), cdf = 0.5 * std::erfc(-u / std::sqrt(2.0));
      double h = pdf + u * cdf;
      double byMean = cdf / h / std, byStd = pdf / h / std;
      for (size_t j = 0; j < d; j++) g[j] = 0;
      for (size_t i = 0; i < n; i++) {
        double weight = (byMean * alpha[i] - byStd / std * w[i]) * slope[i];
        for (size_t j = 0; j < d; j++) g[j] -= weight * (x[j] - X[i * d + j]) / (l[j] * l[j]);
      }
      total += std::log(h) + std::log(std);
      for (size_t j = 0; j < d; j++) total += g[j];
    }
    return total;
  });
}
