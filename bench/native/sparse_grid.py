"""Products and solves on the 5-point matrix of an m x m grid with SciPy: sparse_grid.py <spmv|cg|spsolve> m repeats"""
import sys
import os

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spla
from serve import serve

kind, m, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
T = sp.diags([-1.0, 2.0, -1.0], [-1, 0, 1], shape=(m, m))
A = (sp.kron(sp.eye(m), T) + sp.kron(T, sp.eye(m))).tocsr()
n = m * m
b = np.ones(n)
x = (np.arange(n) % 7).astype(float)


def run():
    for _ in range(repeats):
        if kind == "spmv":
            y = A @ x
        elif kind == "cg":
            y, _ = spla.cg(A, b, rtol=1e-8)
        else:
            y = spla.spsolve(A, b)
    return y[n // 2]


serve(run)
