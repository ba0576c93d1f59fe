// exp of every entry of an array, by the C library.
#include "serve.hpp"
#include <cmath>

int main(int, char **argv) {
  auto x = read_doubles(argv[1]);
  std::vector<double> y(x.size());
  return serve([&] {
    for (size_t i = 0; i < x.size(); i++) y[i] = std::exp(x[i]);
    return y[x.size() / 2];
  });
}
