// Log posterior of a tanh network with one output, and its gradient, by plain loops: the work of one leapfrog step.
// argv: file (X, y, theta), n, d, width, layers
#include "serve.hpp"
#include <cmath>
#include <cstdlib>

int main(int, char **argv) {
  auto all = read_doubles(argv[1]);
  int n = std::atoi(argv[2]), d = std::atoi(argv[3]), width = std::atoi(argv[4]), layers = std::atoi(argv[5]);
  std::vector<int> w{d};
  for (int l = 0; l < layers; l++) w.push_back(width);
  w.push_back(1);
  size_t P = 0;
  for (size_t l = 1; l < w.size(); l++) P += size_t(w[l]) * (w[l - 1] + 1);
  const double *X = all.data(), *y = X + size_t(n) * d, *theta = y + n;
  std::vector<std::vector<double>> a, delta;
  for (int width_l : w) a.emplace_back(size_t(n) * width_l), delta.emplace_back(size_t(n) * width_l);
  std::vector<double> gradient(P);
  const double v = 1, s = 0.1;
  int L = int(w.size()) - 1;
  return serve([&] {
    std::copy(X, X + size_t(n) * d, a[0].begin());
    size_t at = 0;
    for (int l = 1; l <= L; l++) {
      int in = w[l - 1], out = w[l];
      const double *W = theta + at, *b = W + size_t(out) * in;
      for (int i = 0; i < n; i++)
        for (int o = 0; o < out; o++) {
          double z = b[o];
          const double *row = &a[l - 1][size_t(i) * in], *weights = W + size_t(o) * in;
          for (int k = 0; k < in; k++) z += weights[k] * row[k];
          a[l][size_t(i) * out + o] = l < L ? std::tanh(z) : z;
        }
      at += size_t(out) * (in + 1);
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double r = a[L][i] - y[i];
      squares += r * r;
      delta[L][i] = r / s;
    }
    size_t end = P;
    for (int l = L; l >= 1; l--) {
      int in = w[l - 1], out = w[l];
      size_t start = end - size_t(out) * (in + 1);
      double *g = &gradient[start], *gb = g + size_t(out) * in;
      const double *W = theta + start;
      std::fill(g, g + size_t(out) * (in + 1), 0.0);
      for (int i = 0; i < n; i++)
        for (int o = 0; o < out; o++) {
          double dz = delta[l][size_t(i) * out + o];
          gb[o] += dz;
          const double *row = &a[l - 1][size_t(i) * in];
          double *grow = g + size_t(o) * in;
          for (int k = 0; k < in; k++) grow[k] += dz * row[k];
        }
      if (l > 1) {
        std::fill(delta[l - 1].begin(), delta[l - 1].end(), 0.0);
        for (int i = 0; i < n; i++) {
          double *row = &delta[l - 1][size_t(i) * in];
          for (int o = 0; o < out; o++) {
            double dz = delta[l][size_t(i) * out + o];
            const double *weights = W + size_t(o) * in;
            for (int k = 0; k < in; k++) row[k] += dz * weights[k];
          }
          for (int k = 0; k < in; k++) {
            double value = a[l - 1][size_t(i) * in + k];
            row[k] *= 1 - value * value;
          }
        }
      }
      end = start;
    }
    double norm = 0, total = 0;
    for (size_t p = 0; p < P; p++) {
      norm += theta[p] * theta[p];
      total += -gradient[p] - theta[p] / v;
    }
    return -norm / (2 * v) - squares / (2 * s) + total;
  });
}
