// DPO loss and both gradients of B pairs, mean reduction: policy and reference log-probabilities, four arrays in one file.
#include "serve.hpp"
#include <cmath>

int main(int, char **argv) {
  auto x = read_doubles(argv[1]);
  const size_t B = x.size() / 4;
  const double *pw = x.data(), *pl = pw + B, *rw = pl + B, *rl = rw + B;
  std::vector<double> losses(B), gw(B), gl(B);
  const double beta = 0.1;
  return serve([&] {
    double total = 0;
    for (size_t i = 0; i < B; i++) {
      double h = beta * ((pw[i] - rw[i]) - (pl[i] - rl[i]));
      double t = std::exp(-std::fabs(h));
      losses[i] = std::log1p(t) + (h < 0 ? -h : 0);
      double slope = -beta * (h < 0 ? 1 : t) / (1 + t) / B;
      gw[i] = slope;
      gl[i] = -slope;
      total += losses[i];
    }
    return total / B;
  });
}
