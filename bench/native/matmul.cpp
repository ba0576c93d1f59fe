// Product of two n x n row-major matrices by the loops i, k, j: matmul <n> <file of both>
#include "serve.hpp"
#include <cstdlib>

int main(int, char **argv) {
  int n = std::atoi(argv[1]);
  auto x = read_doubles(argv[2]);
  const double *a = x.data(), *b = x.data() + (size_t)n * n;
  std::vector<double> c((size_t)n * n);
  return serve([&] {
    std::fill(c.begin(), c.end(), 0.0);
    for (int i = 0; i < n; i++)
      for (int k = 0; k < n; k++) {
        double v = a[(size_t)i * n + k];
        for (int j = 0; j < n; j++) c[(size_t)i * n + j] += v * b[(size_t)k * n + j];
      }
    return c[(size_t)n * n - 1];
  });
}
