// The loops of bench/inference/samplers.bench.ts, plainly: leapfrog, HMC, SGHMC, slice sampling, effective sample size.
// argv: mode, file of doubles, then the sizes of the mode
#include "serve.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

using Vector = std::vector<double>;

int main(int, char **argv) {
  const char *mode = argv[1];
  Vector data = read_doubles(argv[2]);
  auto size = [&](int k) { return std::atoi(argv[3 + k]); };

  if (!std::strcmp(mode, "leapfrog")) { // precisions, position, momentum; d, steps
    int d = size(0), steps = size(1);
    return serve([&] {
      Vector x(data.begin() + d, data.begin() + 2 * d), p(data.begin() + 2 * d, data.end()), g(d);
      auto density = [&] {
        double value = 0;
        for (int i = 0; i < d; i++) {
          g[i] = -data[i] * x[i];
          value += 0.5 * g[i] * x[i];
        }
        return value;
      };
      double value = density(), e = 0.01;
      for (int i = 0; i < d; i++) p[i] += 0.5 * e * g[i];
      for (int l = 1; l <= steps; l++) {
        for (int i = 0; i < d; i++) x[i] += e * p[i];
        value = density();
        double kick = l == steps ? 0.5 * e : e;
        for (int i = 0; i < d; i++) p[i] += kick * g[i];
      }
      double total = value;
      for (int i = 0; i < d; i++) total += x[i] + p[i];
      return total;
    });
  }

  if (!std::strcmp(mode, "hmc")) { // precision matrix; d, iterations, leapfrogs
    int d = size(0), iterations = size(1), L = size(2);
    std::mt19937_64 rng(1);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    return serve([&] {
      Vector x(d), g(d), y(d), h(d), p(d);
      auto density = [&](const Vector &t, Vector &gradient) {
        double value = 0;
        for (int i = 0; i < d; i++) {
          double s = 0;
          for (int j = 0; j < d; j++) s += data[size_t(i) * d + j] * t[j];
          gradient[i] = -s;
          value -= 0.5 * t[i] * s;
        }
        return value;
      };
      auto kinetic = [&] {
        double s = 0;
        for (double v : p) s += v * v;
        return 0.5 * s;
      };
      double current = density(x, g), e = 0.1, squares = 0;
      for (int t = 0; t < iterations; t++) {
        for (double &v : p) v = normal(rng);
        double before = kinetic() - current, value = 0;
        y = x;
        h = g;
        for (int i = 0; i < d; i++) p[i] += 0.5 * e * h[i];
        for (int l = 1; l <= L; l++) {
          for (int i = 0; i < d; i++) y[i] += e * p[i];
          value = density(y, h);
          double kick = l == L ? 0.5 * e : e;
          for (int i = 0; i < d; i++) p[i] += kick * h[i];
        }
        double error = kinetic() - value - before;
        if (uniform(rng) < std::exp(-error)) {
          std::swap(x, y);
          std::swap(g, h);
          current = value;
        }
        squares += x[0] * x[0];
      }
      return squares / iterations;
    });
  }

  if (!std::strcmp(mode, "sghmc")) { // -; d, steps
    int d = size(0), steps = size(1);
    std::mt19937_64 rng(1);
    std::normal_distribution<double> normal;
    return serve([&] {
      Vector x(d), v(d);
      double e2 = 1e-4, a = 0.05, deviation = std::sqrt(2 * e2 * a - e2 * e2), total = 0;
      for (int t = 0; t < steps; t++)
        for (int i = 0; i < d; i++) {
          v[i] += -e2 * x[i] - a * v[i] + deviation * normal(rng);
          x[i] += v[i];
        }
      for (double value : x) total += value;
      return total;
    });
  }

  if (!std::strcmp(mode, "slice")) { // -; d, sweeps
    int d = size(0), sweeps = size(1);
    std::mt19937_64 rng(1);
    std::uniform_real_distribution<double> uniform;
    return serve([&] {
      Vector x(d);
      auto density = [&] {
        double value = 0;
        for (double t : x) value -= 0.5 * t * t;
        return value;
      };
      double current = density(), squares = 0;
      for (int s = 0; s < sweeps; s++) {
        for (int i = 0; i < d; i++) {
          double at = x[i], level = current + std::log(1 - uniform(rng));
          double left = at - uniform(rng), right = left + 1;
          int out = int(51 * uniform(rng)), rest = 50 - out;
          while (out-- > 0 && (x[i] = left, density()) > level) left -= 1;
          while (rest-- > 0 && (x[i] = right, density()) > level) right += 1;
          for (;;) {
            double candidate = left + (right - left) * uniform(rng);
            x[i] = candidate;
            double value = density();
            if (value > level) {
              current = value;
              break;
            }
            (candidate < at ? left : right) = candidate;
          }
        }
        squares += x[0] * x[0];
      }
      return squares / sweeps;
    });
  }

  // ess: chains one after another, split already; chains, n
  int chains = size(0), n = size(1);
  return serve([&] {
    Vector x = data;
    Vector means(chains);
    double within = 0, grand = 0, between = 0;
    for (int c = 0; c < chains; c++) {
      double *row = &x[size_t(c) * n], s = 0;
      for (int i = 0; i < n; i++) s += row[i];
      means[c] = s / n;
      grand += means[c] / chains;
      s = 0;
      for (int i = 0; i < n; i++) {
        row[i] -= means[c];
        s += row[i] * row[i];
      }
      within += s / (n - 1) / chains;
    }
    for (double m : means) between += (m - grand) * (m - grand) / (chains - 1);
    double pooled = (n - 1.0) / n * within + between, total = double(chains) * n;
    auto rho = [&](int lag) {
      double s = 0;
      for (int c = 0; c < chains; c++) {
        const double *row = &x[size_t(c) * n];
        for (int i = 0; i + lag < n; i++) s += row[i] * row[i + lag];
      }
      return 1 - (within - s / total) / pooled;
    };
    double sum = 0, previous = std::numeric_limits<double>::infinity();
    for (int lag = 0; lag + 1 < n; lag += 2) {
      double pair = (lag ? rho(lag) : 1) + rho(lag + 1);
      if (!(pair > 0)) break;
      previous = std::min(previous, pair);
      sum += previous;
    }
    return total / std::max(-1 + 2 * sum, 1 / std::log10(total));
  });
}
