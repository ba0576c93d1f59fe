// Cholesky factor of a matrix, row-major, by the plain triple loop: cholesky <n> <file>
#include "serve.hpp"
#include <cmath>
#include <cstdlib>

int main(int, char **argv) {
  int n = std::atoi(argv[1]);
  auto a = read_doubles(argv[2]);
  std::vector<double> L(a.size());
  return serve([&] {
    L = a;
    for (int i = 0; i < n; i++) {
      double *row = &L[(size_t)i * n];
      for (int j = 0; j <= i; j++) {
        const double *other = &L[(size_t)j * n];
        double s = row[j];
        for (int k = 0; k < j; k++) s -= row[k] * other[k];
        row[j] = j == i ? std::sqrt(s) : s / other[j];
      }
    }
    return L[(size_t)n * n - 1];
  });
}
