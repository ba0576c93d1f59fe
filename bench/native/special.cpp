// erf, erfc or lgamma of every entry of an array, by the C library: special <function> <file>
#include "serve.hpp"
#include <cmath>
#include <string>

int main(int, char **argv) {
  std::string name = argv[1];
  auto x = read_doubles(argv[2]);
  std::vector<double> y(x.size());
  double (*f)(double) = name == "erf" ? (double (*)(double))std::erf : name == "erfc" ? (double (*)(double))std::erfc : (double (*)(double))std::lgamma;
  return serve([&] {
    for (size_t i = 0; i < x.size(); i++) y[i] = f(x[i]);
    return y[x.size() / 2];
  });
}
