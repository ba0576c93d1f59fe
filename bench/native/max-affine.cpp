// E max(a + b Z) - max a over the upper envelope of 1000 lines, by sorting and a stack, as the usual C++ would.
#include "serve.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

int main(int, char **argv) {
  auto input = read_doubles(argv[1]);
  size_t n = input.size() / 2;
  const double *a = input.data(), *b = a + n;
  std::vector<int> order(n), lines(n);
  std::vector<double> breaks(n);
  auto h = [](double z) { return std::exp(-z * z / 2) / std::sqrt(2 * M_PI) + z * 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  return serve([&] {
    double total = 0;
    for (int repeat = 0; repeat < 20; repeat++) {
      std::iota(order.begin(), order.end(), 0);
      std::sort(order.begin(), order.end(), [&](int i, int j) { return b[i] < b[j] || (b[i] == b[j] && a[i] < a[j]); });
      size_t size = 0;
      for (size_t p = 0; p < n; p++) {
        int i = order[p];
        if (p + 1 < n && b[order[p + 1]] == b[i]) continue;
        while (size > 0) {
          int top = lines[size - 1];
          double c = (a[top] - a[i]) / (b[i] - b[top]);
          if (size == 1 || c > breaks[size - 2]) { breaks[size - 1] = c; break; }
          size--;
        }
        lines[size++] = i;
      }
      double value = 0;
      for (size_t k = 0; k + 1 < size; k++) value += (b[lines[k + 1]] - b[lines[k]]) * h(-std::fabs(breaks[k]));
      total += value;
    }
    return total;
  });
}
