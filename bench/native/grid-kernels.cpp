// Sweeps and products on the 5-point matrix of an m x m grid: grid-kernels <sweep|fused|spmv|stencil|cg> m omega repeats
#include "serve.hpp"
#include <cmath>
#include <cstdlib>
#include <cstring>

struct Csr {
  int n;
  std::vector<int> ptr, col, diag;
  std::vector<double> val;
};

static Csr poisson(int m) {
  Csr A;
  A.n = m * m;
  A.ptr.push_back(0);
  for (int iy = 0; iy < m; iy++)
    for (int ix = 0; ix < m; ix++) {
      int k = iy * m + ix;
      auto put = [&](int j, double v) { A.col.push_back(j); A.val.push_back(v); };
      if (iy > 0) put(k - m, -1);
      if (ix > 0) put(k - 1, -1);
      A.diag.push_back((int)A.col.size());
      put(k, 4);
      if (ix < m - 1) put(k + 1, -1);
      if (iy < m - 1) put(k + m, -1);
      A.ptr.push_back((int)A.col.size());
    }
  return A;
}

int main(int, char **argv) {
  const char *kind = argv[1];
  int m = std::atoi(argv[2]);
  double omega = std::atof(argv[3]);
  int repeats = std::atoi(argv[4]);
  Csr A = poisson(m);
  int n = A.n;
  std::vector<double> b(n, 1.0), x(n, 0.0), y(n, 0.0), w(n), low(n);
  for (int i = 0; i < n; i++) w[i] = omega * (1 / A.val[A.diag[i]]);
  const int *ptr = A.ptr.data(), *col = A.col.data();
  const double *val = A.val.data();
  if (!std::strcmp(kind, "sweep"))
    return serve([&] {
      std::fill(x.begin(), x.end(), 0.0);
      for (int r = 0; r < repeats; r++)
        for (int i = 0; i < n; i++) {
          double s = b[i];
          for (int k = ptr[i]; k < ptr[i + 1]; k++) s -= val[k] * x[col[k]];
          x[i] += w[i] * s;
        }
      return x[n / 2];
    });
  if (!std::strcmp(kind, "spmv"))
    return serve([&] {
      for (int i = 0; i < n; i++) x[i] = i % 7;
      for (int r = 0; r < repeats; r++)
        for (int i = 0; i < n; i++) {
          double s = 0;
          for (int k = ptr[i]; k < ptr[i + 1]; k++) s += val[k] * x[col[k]];
          y[i] = s;
        }
      return y[n / 2];
    });
  if (!std::strcmp(kind, "stencil")) {
    int wide = m + 2;
    std::vector<double> p(wide * wide, 0.0), q(wide * wide, 0.0);
    for (int iy = 1; iy <= m; iy++)
      for (int ix = 1; ix <= m; ix++) q[iy * wide + ix] = 1;
    double f = omega / 4;
    return serve([&] {
      std::fill(p.begin(), p.end(), 0.0);
      for (int r = 0; r < repeats; r++)
        for (int iy = 1; iy <= m; iy++) {
          int at = iy * wide + 1;
          double l = 0;
          for (int ix = 0; ix < m; ix++, at++) {
            double u = (1 - omega) * p[at] + f * (q[at] + p[at + 1] + p[at - wide] + p[at + wide]);
            l = u + f * l;
            p[at] = l;
          }
        }
      return p[wide * (m / 2) + m / 2];
    });
  }
  // SOR-preconditioned CG is not here: plain CG to 1e-8.
  return serve([&] {
    std::fill(x.begin(), x.end(), 0.0);
    std::vector<double> r = b, p = b;
    double rr = n, limit = 1e-16 * n;
    while (rr > limit) {
      double pq = 0;
      for (int i = 0; i < n; i++) {
        double s = 0;
        for (int k = ptr[i]; k < ptr[i + 1]; k++) s += val[k] * p[col[k]];
        y[i] = s;
        pq += s * p[i];
      }
      double alpha = rr / pq, next = 0;
      for (int i = 0; i < n; i++) {
        x[i] += alpha * p[i];
        r[i] -= alpha * y[i];
        next += r[i] * r[i];
      }
      double beta = next / rr;
      for (int i = 0; i < n; i++) p[i] = r[i] + beta * p[i];
      rr = next;
    }
    return x[n / 2];
  });
}
