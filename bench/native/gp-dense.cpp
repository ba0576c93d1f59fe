// Dense Gaussian process regression in plain C++ (no BLAS): gp-dense <cholesky|condition|gradient> n d data-file
// The data file holds X (n x d), then y. Kernel 1.3 x Matern 5/2 with length-scales 0.5, 0.6, ..., noise 0.01.
#include "serve.hpp"
#include <cmath>
#include <cstdlib>
#include <cstring>

static const int BLOCK = 64;

// Blocked right-looking Cholesky, lower, row-major; the trailing update runs along rows of a transposed panel.
static void cholesky(double *A, int n, std::vector<double> &panel) {
  panel.resize((size_t)BLOCK * n);
  for (int k0 = 0; k0 < n; k0 += BLOCK) {
    int k1 = k0 + BLOCK < n ? k0 + BLOCK : n;
    for (int i = k0; i < n; i++) {
      double *row = A + (size_t)i * n;
      int end = i < k1 ? i : k1 - 1;
      for (int j = k0; j <= end; j++) {
        const double *other = A + (size_t)j * n;
        double s = row[j];
        for (int k = k0; k < j; k++) s -= row[k] * other[k];
        row[j] = j == i ? std::sqrt(s) : s / other[j];
      }
    }
    for (int i = k1; i < n; i++)
      for (int k = k0; k < k1; k++) panel[(size_t)(k - k0) * n + i] = A[(size_t)i * n + k];
    for (int i = k1; i < n; i++) {
      double *row = A + (size_t)i * n;
      for (int k = k0; k < k1; k++) {
        double a = row[k];
        const double *p = &panel[(size_t)(k - k0) * n];
        for (int j = k1; j <= i; j++) row[j] -= a * p[j];
      }
    }
  }
}

int main(int, char **argv) {
  std::string mode = argv[1];
  int n = std::atoi(argv[2]), d = std::atoi(argv[3]);
  auto data = read_doubles(argv[4]);
  const double *X = data.data(), *y = X + (size_t)n * d;
  const double variance = 1.3, noise = 0.01, sqrt5 = std::sqrt(5.0);
  std::vector<double> inverse_scale(d);
  for (int k = 0; k < d; k++) inverse_scale[k] = 1 / (0.5 + 0.1 * k);
  std::vector<double> K((size_t)n * n), M((size_t)n * n), S((size_t)n * n), panel, alpha(n), z(n);

  auto fill = [&] {
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++) {
        double r2 = 0;
        for (int k = 0; k < d; k++) {
          double u = (X[i * d + k] - X[j * d + k]) * inverse_scale[k];
          r2 += u * u;
        }
        double s = sqrt5 * std::sqrt(r2);
        K[(size_t)i * n + j] = variance * (1 + s + (5.0 / 3) * r2) * std::exp(-s) + (i == j ? noise : 0);
      }
  };
  auto condition = [&] {
    fill();
    cholesky(K.data(), n, panel);
    for (int i = 0; i < n; i++) {
      double s = y[i];
      for (int k = 0; k < i; k++) s -= K[(size_t)i * n + k] * z[k];
      z[i] = s / K[(size_t)i * n + i];
    }
    alpha = z;
    for (int i = n - 1; i >= 0; i--) {
      double x = alpha[i] /= K[(size_t)i * n + i];
      for (int k = 0; k < i; k++) alpha[k] -= K[(size_t)i * n + k] * x;
    }
    double value = -0.5 * n * std::log(2 * M_PI);
    for (int i = 0; i < n; i++) value -= 0.5 * y[i] * alpha[i] + std::log(K[(size_t)i * n + i]);
    return value;
  };
  if (mode == "cholesky") {
    fill();
    auto original = K;
    return serve([&] {
      std::memcpy(K.data(), original.data(), K.size() * sizeof(double));
      cholesky(K.data(), n, panel);
      return K[(size_t)n * n - 1];
    });
  }
  if (mode == "condition") return serve([&] { return condition(); });
  return serve([&] {
    double value = condition();
    std::fill(M.begin(), M.end(), 0.0);
    for (int i = 0; i < n; i++) { // rows of L^-1
      double *row = &M[(size_t)i * n];
      for (int k = 0; k < i; k++) {
        double l = K[(size_t)i * n + k];
        const double *other = &M[(size_t)k * n];
        for (int j = 0; j <= k; j++) row[j] -= l * other[j];
      }
      double pivot = K[(size_t)i * n + i];
      for (int j = 0; j < i; j++) row[j] /= pivot;
      row[i] = 1 / pivot;
    }
    std::fill(S.begin(), S.end(), 0.0);
    for (int k0 = 0; k0 < n; k0 += BLOCK) {
      int k1 = k0 + BLOCK < n ? k0 + BLOCK : n;
      for (int i = 0; i < k1; i++)
        for (int k = i > k0 ? i : k0; k < k1; k++) {
          double w = M[(size_t)k * n + i];
          const double *other = &M[(size_t)k * n];
          double *row = &S[(size_t)i * n];
          for (int j = 0; j <= i; j++) row[j] += w * other[j];
        }
    }
    std::vector<double> gradient(d + 2, 0.0);
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++) {
        double w = (alpha[i] * alpha[j] - S[(size_t)i * n + j]) * (i == j ? 0.5 : 1);
        double u2[64], r2 = 0;
        for (int k = 0; k < d; k++) {
          double u = (X[i * d + k] - X[j * d + k]) * inverse_scale[k];
          u2[k] = u * u;
          r2 += u2[k];
        }
        double s = sqrt5 * std::sqrt(r2), e = variance * std::exp(-s);
        gradient[0] += w * (1 + s + (5.0 / 3) * r2) * e;
        double slope = w * (5.0 / 3) * (1 + s) * e;
        for (int k = 0; k < d; k++) gradient[1 + k] += slope * u2[k];
        if (i == j) gradient[d + 1] += w * noise;
      }
    for (double g : gradient) value += g;
    return value;
  });
}
