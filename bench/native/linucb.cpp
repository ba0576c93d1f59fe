// LinUCB with a shared model, as bench/bandits/linear.bench.ts: linucb dimension arms horizon
// V^-1 by Sherman-Morrison, widths of all arms by x' V^-1 x in every round.
#include "serve.hpp"
#include <cmath>
#include <cstdint>
#include <cstdlib>

static double uniform_of(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return x / 4294967296.0;
}

int main(int, char **argv) {
  const int d = std::atoi(argv[1]), K = std::atoi(argv[2]), T = std::atoi(argv[3]), contexts = 64;
  std::vector<double> features(contexts * K * d), theta(d);
  for (size_t i = 0; i < features.size(); i++) features[i] = (2 * uniform_of(uint32_t(i + 1)) - 1) / std::sqrt(d);
  for (int j = 0; j < d; j++) theta[j] = (2 * uniform_of(uint32_t(0x10000000 + j)) - 1) / std::sqrt(d);
  return serve([&] {
    std::vector<double> inverse(d * d, 0.0), hat(d, 0.0), u(d);
    for (int j = 0; j < d; j++) inverse[j * d + j] = 1;
    double log_det = 0, total = 0;
    for (int t = 0; t < T; t++) {
      const double *x = &features[size_t(t % contexts) * K * d];
      const double radius = 0.5 * std::sqrt(log_det + 2 * std::log(20.0)) + 1;
      int best = 0;
      double best_score = -1e300;
      for (int a = 0; a < K; a++) {
        const double *xa = x + a * d;
        double mean = 0, width2 = 0;
        for (int i = 0; i < d; i++) {
          double s = 0;
          for (int j = 0; j < d; j++) s += inverse[i * d + j] * xa[j];
          width2 += xa[i] * s;
          mean += xa[i] * hat[i];
        }
        const double score = mean + radius * std::sqrt(width2);
        if (score > best_score) {
          best_score = score;
          best = a;
        }
      }
      const double *xa = x + best * d;
      double reward = 0.5 * (uniform_of(uint32_t(0x20000000 + t)) - 0.5);
      for (int j = 0; j < d; j++) reward += xa[j] * theta[j];
      total += reward;
      double gain = 0, predicted = 0;
      for (int i = 0; i < d; i++) {
        double s = 0;
        for (int j = 0; j < d; j++) s += inverse[i * d + j] * xa[j];
        u[i] = s;
        gain += xa[i] * s;
        predicted += xa[i] * hat[i];
      }
      const double scale = 1 / (1 + gain);
      for (int i = 0; i < d; i++) {
        hat[i] += u[i] * ((reward - predicted) * scale);
        const double ui = u[i] * scale;
        for (int j = 0; j < d; j++) inverse[i * d + j] -= ui * u[j];
      }
      log_det += std::log1p(gain);
    }
    return total;
  });
}
