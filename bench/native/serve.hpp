// The conversation of bench/processes.ts: every line on standard input is one run of the workload.
#pragma once
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

template <class Run> int serve(Run run) {
  char line[64];
  while (std::fgets(line, sizeof line, stdin)) {
    auto start = std::chrono::steady_clock::now();
    double checksum = run();
    double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    std::printf("%.9g %.17g\n", ms, checksum);
    std::fflush(stdout);
  }
  return 0;
}

inline std::vector<double> read_doubles(const std::string &path) {
  std::vector<double> values;
  FILE *file = std::fopen(path.c_str(), "rb");
  double x;
  while (file && std::fread(&x, sizeof x, 1, file) == 1) values.push_back(x);
  if (file) std::fclose(file);
  return values;
}
