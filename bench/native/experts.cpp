// Hedge against a table of losses, or self-play on a preference, as bench/online-learning/experts.bench.ts:
// experts hedge K T | experts selfplay K T
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

static void softmax(const std::vector<double> &logits, std::vector<double> &p) {
  double top = *std::max_element(logits.begin(), logits.end()), total = 0;
  for (size_t i = 0; i < p.size(); i++) total += p[i] = std::exp(logits[i] - top);
  for (double &x : p) x /= total;
}

int main(int, char **argv) {
  const int K = std::atoi(argv[2]), T = std::atoi(argv[3]);
  if (std::strcmp(argv[1], "hedge") == 0) {
    std::vector<double> losses(size_t(64) * K);
    for (size_t i = 0; i < losses.size(); i++) losses[i] = uniform_of(uint32_t(i + 1));
    const double eta = std::sqrt(8 * std::log(K) / T);
    return serve([&] {
      std::vector<double> logits(K, 0.0), p(K);
      double loss = 0;
      for (int t = 0; t < T; t++) {
        const double *row = &losses[size_t(t % 64) * K];
        softmax(logits, p);
        for (int i = 0; i < K; i++) {
          loss += p[i] * row[i];
          logits[i] -= eta * row[i];
        }
      }
      return loss;
    });
  }
  std::vector<double> A(size_t(K) * K, 0.0);
  for (int i = 0; i < K; i++)
    for (int j = 0; j < i; j++) {
      A[i * K + j] = 2 * uniform_of(uint32_t(i * K + j + 1)) - 1;
      A[j * K + i] = -A[i * K + j];
    }
  const double eta = std::sqrt(2 * std::log(K) / T);
  return serve([&] {
    std::vector<double> logits(K, 0.0), p(K), average(K, 0.0);
    for (int t = 0; t < T; t++) {
      softmax(logits, p);
      for (int i = 0; i < K; i++) {
        double margin = 0;
        for (int j = 0; j < K; j++) margin += A[i * K + j] * p[j];
        logits[i] += eta * margin;
        average[i] += p[i] / T;
      }
    }
    double gap = 0;
    for (int i = 0; i < K; i++) {
      double margin = 0;
      for (int j = 0; j < K; j++) margin += A[i * K + j] * average[j];
      gap = std::max(gap, margin / 2);
    }
    return gap;
  });
}
