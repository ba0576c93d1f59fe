// Full-batch DPO on a tabular softmax policy by Adam: tabular_dpo file steps; file: A, B, ref logits, winners, losers
#include "serve.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>

int main(int, char **argv) {
  std::vector<double> data = read_doubles(argv[1]);
  int steps = std::atoi(argv[2]);
  int A = (int)data[0], B = (int)data[1];
  const double *ref = data.data() + 2;
  std::vector<int> w(B), l(B);
  for (int i = 0; i < B; i++) {
    w[i] = (int)data[2 + A + i];
    l[i] = (int)data[2 + A + B + i];
  }
  const double beta = 0.1, rate = 0.05;
  auto logSoftmax = [&](const double *x, double *y) {
    double top = *std::max_element(x, x + A), total = 0;
    for (int a = 0; a < A; a++) total += std::exp(x[a] - top);
    double logZ = top + std::log(total);
    for (int a = 0; a < A; a++) y[a] = x[a] - logZ;
  };
  return serve([&] {
    std::vector<double> x(ref, ref + A), p(A), r(A), g(A), m(A, 0.0), v(A, 0.0);
    logSoftmax(ref, r.data());
    double loss = 0;
    for (int t = 1; t <= steps; t++) {
      logSoftmax(x.data(), p.data());
      std::fill(g.begin(), g.end(), 0.0);
      loss = 0;
      for (int i = 0; i < B; i++) {
        double z = beta * ((p[w[i]] - r[w[i]]) - (p[l[i]] - r[l[i]]));
        double e = std::exp(-std::fabs(z));
        loss += std::log1p(e) + std::max(-z, 0.0);
        double slope = -beta * (z >= 0 ? e / (1 + e) : 1 / (1 + e)) / B;
        g[w[i]] += slope;
        g[l[i]] -= slope;
      }
      double c1 = 1 - std::pow(0.9, t), c2 = 1 - std::pow(0.999, t);
      for (int a = 0; a < A; a++) {
        m[a] = 0.9 * m[a] + 0.1 * g[a];
        v[a] = 0.999 * v[a] + 0.001 * g[a] * g[a];
        x[a] -= rate * (m[a] / c1) / (std::sqrt(v[a] / c2) + 1e-8);
      }
    }
    return x[0] + x[A / 2] + loss / B;
  });
}
