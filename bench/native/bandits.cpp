// Bandit policies by the scan of all arms: bandits <ucb1|thompson|tsallis> arms horizon
// Rewards are those of bench/bandits/policies.bench.ts: a hash of round and arm against the arm's mean.
#include "serve.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

static double uniform_of(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  x ^= x >> 16;
  return x / 4294967296.0;
}

struct Rng { // xoshiro256+
  uint64_t s[4] = {1, 2, 3, 4};
  static uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  double operator()() {
    uint64_t result = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return (result >> 11) * 0x1.0p-53;
  }
  double normal() {
    for (;;) {
      double x = 2 * (*this)() - 1, y = 2 * (*this)() - 1, q = x * x + y * y;
      if (q < 1 && q > 0) return x * std::sqrt(-2 * std::log(q) / q);
    }
  }
  double gamma(double shape) { // Marsaglia and Tsang, shape >= 1
    double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
      double x, v;
      do {
        x = normal();
        v = 1 + c * x;
      } while (v <= 0);
      v = v * v * v;
      double u = (*this)();
      if (u < 1 - 0.0331 * x * x * x * x || std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
    }
  }
};

int main(int, char **argv) {
  const char *kind = argv[1];
  int K = std::atoi(argv[2]), T = std::atoi(argv[3]);
  auto reward = [&](int t, int arm) {
    return uniform_of((uint32_t)t * (uint32_t)K + (uint32_t)arm + 1) < (arm == 0 ? 0.5625 : 0.4375) ? 1.0 : 0.0;
  };
  std::vector<int> n(K);
  std::vector<double> s(K), L(K), w(K);
  Rng rng;
  return serve([&] {
    std::fill(n.begin(), n.end(), 0);
    std::fill(s.begin(), s.end(), 0.0);
    std::fill(L.begin(), L.end(), 0.0);
    std::fill(w.begin(), w.end(), 1.0 / K);
    double total = 0, y = -2 * std::sqrt(K) / 2;
    for (int t = 0; t < T; t++) {
      int best = 0;
      if (!std::strcmp(kind, "ucb1")) {
        if (t < K) best = t;
        else {
          double width = 2 * std::log((double)t), top = -1;
          for (int j = 0; j < K; j++) {
            double index = s[j] / n[j] + std::sqrt(width / n[j]);
            if (index > top) {
              top = index;
              best = j;
            }
          }
        }
      } else if (!std::strcmp(kind, "thompson")) {
        double top = -1;
        for (int j = 0; j < K; j++) {
          double a = rng.gamma(1 + s[j]), b = rng.gamma(1 + n[j] - s[j]), theta = a / (a + b);
          if (theta > top) {
            top = theta;
            best = j;
          }
        }
      } else {
        double u = rng(), sum = 0;
        for (best = 0; best < K - 1; best++) {
          sum += w[best];
          if (sum > u) break;
        }
      }
      double r = reward(t, best);
      total += r;
      n[best]++;
      s[best] += r;
      if (!std::strcmp(kind, "tsallis")) {
        L[best] += (1 - r) / w[best];
        double eta = 2 / std::sqrt(t + 2.0), end = -2 / eta, low = *std::min_element(L.begin(), L.end());
        y = std::min(y, end);
        for (int step = 0; step < 100; step++) {
          double squares = 0, cubes = 0;
          for (int j = 0; j < K; j++) {
            double q = 1 / (eta / 2 * (L[j] - low - y));
            w[j] = q * q;
            squares += w[j];
            cubes += w[j] * q;
          }
          double f = squares - 1;
          if (std::fabs(f) <= 1e-14) break;
          double next = std::min(end, y - f / (eta * cubes));
          if (step > 0 && !(next < y)) break;
          y = next;
        }
        double sum = 0;
        for (double x : w) sum += x;
        for (double &x : w) x /= sum;
      }
    }
    return total;
  });
}
