"""Writes src/special/erfcx-table.ts. Python 3 standard library only.

    python3 scripts/make-erfcx-table.py

On each of the 16 intervals [i/16, (i+1)/16] of y = 2/(2 + x), x >= 0, the function (2 + x) erfcx x is interpolated at 16
Chebyshev points with 60 digits; the series is cut after degree 9 (the next term is below 6e-19 of the first) and written
in powers of s = 32 y - (2i + 1), in [-1, 1].
"""
from decimal import Decimal as D
from pathlib import Path

from chebyshev_series import PI, chebyshev_series, literal, powers

INTERVALS, DEGREE, POINTS = 16, 9, 16


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


def interval(i):
    series = chebyshev_series(lambda t: scaled((i + (1 + t) / 2) / INTERVALS), POINTS, DEGREE + 1)
    return [float(c) for c in powers(series)]


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
