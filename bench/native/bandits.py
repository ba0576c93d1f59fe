"""UCB1 with NumPy arrays, one vectorized index a round, as Python libraries of bandits do it: bandits.py arms horizon"""
import sys

import numpy as np
from serve import serve

K, T = int(sys.argv[1]), int(sys.argv[2])


def uniform_of(x):
    x &= 0xFFFFFFFF
    x ^= x >> 16
    x = (x * 0x85EBCA6B) & 0xFFFFFFFF
    x ^= x >> 13
    x = (x * 0xC2B2AE35) & 0xFFFFFFFF
    x ^= x >> 16
    return x / 4294967296.0


def run():
    counts = np.zeros(K)
    sums = np.zeros(K)
    total = 0.0
    for t in range(T):
        arm = t if t < K else int(np.argmax(sums / counts + np.sqrt(2 * np.log(t) / counts)))
        reward = 1.0 if uniform_of(t * K + arm + 1) < (0.5625 if arm == 0 else 0.4375) else 0.0
        counts[arm] += 1
        sums[arm] += reward
        total += reward
    return total


serve(run)
