// softmax of some rows of logits, one after another, by the C library's exp.
#include "serve.hpp"
#include <cmath>
#include <cstdlib>

int main(int, char **argv) {
  auto x = read_doubles(argv[1]);
  int rows = std::atoi(argv[2]);
  std::vector<double> p(x.size());
  return serve([&] {
    double check = 0;
    for (int r = 0; r < rows; r++) {
      double top = x[0];
      for (double v : x) top = v > top ? v : top;
      double total = 0;
      for (size_t i = 0; i < x.size(); i++) total += p[i] = std::exp(x[i] - top);
      for (size_t i = 0; i < x.size(); i++) p[i] /= total;
      check += p[x.size() / 2];
    }
    return check;
  });
}
