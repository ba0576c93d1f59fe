"""Chebyshev series with 60 digits, for the scripts that write tables. Python 3 standard library only."""
from decimal import Decimal as D, getcontext

getcontext().prec = 70


def pi_digits():
    a, b, t, p = D(1), 1 / D(2).sqrt(), D(1) / 4, D(1)  # Gauss-Legendre
    for _ in range(8):
        a, b, t, p, previous = (a + b) / 2, (a * b).sqrt(), t, 2 * p, a
        t -= p / 2 * (previous - a) ** 2
    return (a + b) ** 2 / (4 * t)


PI = pi_digits()


def cosine(turns):
    """cos(π turns)"""
    x = PI * turns
    term, total, k = D(1), D(1), 0
    while abs(term) > D(10) ** -75:
        k += 2
        term *= -x * x / (k * (k - 1))
        total += term
    return total


def chebyshev_series(f, points, terms):
    """Coefficients c_0 ... of Σ c_k T_k(s) that interpolates f on [-1, 1] at so many Chebyshev points, cut after `terms` of them."""
    values = [f(cosine(D(2 * j + 1) / (2 * points))) for j in range(points)]
    return [
        (2 if k else 1) * sum(v * cosine(D(k * (2 * j + 1)) / (2 * points)) for j, v in enumerate(values)) / points
        for k in range(terms)
    ]


def powers(series):
    """Coefficients of Σ c_k T_k(s) in powers of s."""
    total, previous, current = [D(0)] * len(series), [D(1)], [D(0), D(1)]
    for c in series:
        for j, t in enumerate(previous):
            total[j] += c * t
        following = [D(0)] + [2 * t for t in current]
        for j, t in enumerate(previous):
            following[j] -= t
        previous, current = current, following
    return total


def literal(x):
    mantissa, _, exponent = repr(x).partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
