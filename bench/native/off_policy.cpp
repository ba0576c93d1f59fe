// Off-policy estimates, as bench/bandits/off-policy.bench.ts: off_policy file actions estimator
// The file holds, for n rounds, the actions, rewards and propensities, then the target and the model, n x A each. Every run forms the
// estimate and its standard error; their sum is the checksum.
#include "serve.hpp"
#include <cmath>
#include <cstdlib>
#include <cstring>

int main(int, char **argv) {
  const auto data = read_doubles(argv[1]);
  const size_t A = std::atoi(argv[2]), n = data.size() / (3 + 2 * A);
  const bool dr = std::strcmp(argv[3], "dr") == 0, snips = std::strcmp(argv[3], "snips") == 0;
  const double *actions = data.data(), *rewards = actions + n, *propensities = rewards + n, *target = propensities + n,
               *model = target + n * A;
  std::vector<double> terms(n), weights(n);
  return serve([&] {
    double total = 0, weight = 0;
    for (size_t i = 0; i < n; i++) {
      const size_t a = size_t(actions[i]);
      const double w = target[i * A + a] / propensities[i];
      double expected = 0;
      if (dr)
        for (size_t b = 0; b < A; b++) expected += target[i * A + b] * model[i * A + b];
      terms[i] = expected + w * (rewards[i] - (dr ? model[i * A + a] : 0));
      weights[i] = w;
      total += terms[i];
      weight += w;
    }
    const double estimate = snips ? total / weight : total / n;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
      const double d = snips ? (terms[i] - estimate * weights[i]) * n / weight : terms[i] - estimate;
      squares += d * d;
    }
    return estimate + std::sqrt(squares / (n - 1) / n);
  });
}
