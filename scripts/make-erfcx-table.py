"""Writes src/special/erfcx-table.ts. Python 3 standard library only.

    python3 scripts/make-erfcx-table.py

On each of the 16 intervals [i/16, (i+1)/16] of y = 2/(2 + x), x >= 0, the function (2 + x) erfcx x is interpolated at 16
Chebyshev points with 60 digits; the series is cut after degree 9 (the next term is below 6e-19 of the first) and written
in powers of s = 32 y - (2i + 1), in [-1, 1].
"""
from decimal import Decimal as D, getcontext
from pathlib import Path

getcontext().prec = 70
INTERVALS, DEGREE, POINTS = 16, 9, 16


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


def erfcx(x):
    if x > 2:  # continued fraction, long enough for 60 digits
        f = x
        for k in range(int(4000 / float(x) ** 2) + 60, 0, -1):
            f = x + D(k) / 2 / f
        return 1 / PI.sqrt() / f
    term = total = x
    k = 0
    while term > D(10) ** -75:
        k += 1
        term *= 2 * x * x / (2 * k + 1)
        total += term
    return (x * x).exp() - 2 / PI.sqrt() * total


def scaled(y):
    return (2 / y) * erfcx(2 / y - 2) if y > 0 else 1 / PI.sqrt()


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


def interval(i):
    values = [scaled((i + (1 + cosine(D(2 * j + 1) / (2 * POINTS))) / 2) / INTERVALS) for j in range(POINTS)]
    series = [
        (2 if k else 1) * sum(v * cosine(D(k * (2 * j + 1)) / (2 * POINTS)) for j, v in enumerate(values)) / POINTS
        for k in range(DEGREE + 1)
    ]
    return [float(c) for c in powers(series)]


def literal(x):
    mantissa, _, exponent = repr(x).partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


rows = [interval(i) for i in range(INTERVALS)]
body = "\n".join(
    "    " + ", ".join(literal(x) for x in row[half : half + 5]) + "," for row in rows for half in (0, 5)
)
text = f"""// Written by scripts/make-erfcx-table.py; do not edit.
// (2 + x) erfcx x on 16 intervals of y = 2/(2 + x), as polynomials of degree 9 in s = 32 y - (2i + 1).

/** Coefficient of s^k on interval i at 10 i + k. */
export const ERFCX: Float64Array = /* @__PURE__ */ (() =>
  // prettier-ignore
  Float64Array.of(
{body}
  ))();
"""
(Path(__file__).parent.parent / "src" / "special" / "erfcx-table.ts").write_text(text)
