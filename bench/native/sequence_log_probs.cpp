// log p of one label a row of T x V logits: the largest, the sum of exponentials, the logarithm.
#include "serve.hpp"
#include <cmath>
#include <cstdlib>

int main(int, char **argv) {
  auto x = read_doubles(argv[1]);
  const size_t V = std::atoi(argv[2]), T = x.size() / V;
  const bool single = std::atoi(argv[3]) == 32;
  std::vector<float> f(single ? x.begin() : x.end(), x.end());
  auto run = [&](const auto *logits) {
    double total = 0;
    for (size_t t = 0; t < T; t++) {
      const auto *row = logits + t * V;
      double largest = -INFINITY, sum = 0;
      for (size_t v = 0; v < V; v++) largest = row[v] > largest ? row[v] : largest;
      for (size_t v = 0; v < V; v++) sum += std::exp(row[v] - largest);
      total += row[(t * 7919) % V] - largest - std::log(sum);
    }
    return total;
  };
  return serve([&] { return single ? run(f.data()) : run(x.data()); });
}
