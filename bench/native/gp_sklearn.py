"""Gaussian process regression with scikit-learn: gp_sklearn.py <condition|predict|gradient|fit> n d data-file"""
import sys
import os
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from serve import serve

warnings.filterwarnings("ignore")
mode, n, d = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = np.fromfile(sys.argv[4])
X, y, Xs = data[: n * d].reshape(n, d), data[n * d : n * d + n], data[n * d + n :].reshape(-1, d)
scales = 0.5 + 0.1 * np.arange(d)
kernel = ConstantKernel(1.3, (1e-3, 1e3)) * Matern(scales, (0.025, 1e3), nu=2.5) + WhiteKernel(0.01, (1e-4, 1e2))
gp = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(X, y)


def run():
    if mode == "condition":
        return GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(X, y).alpha_[0]
    if mode == "predict":
        return gp.predict(Xs, return_std=True)[0][0]
    if mode == "gradient":
        value, gradient = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
        return value + gradient.sum()
    return GaussianProcessRegressor(kernel, alpha=0).fit(X, y).log_marginal_likelihood_value_


serve(run)
