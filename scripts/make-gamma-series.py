"""Writes src/special/gamma-series.ts. Python 3 standard library only.

    python3 scripts/make-gamma-series.py

log Γ(2 + e) / e on |e| <= 1/2: its Taylor series (1 - γ) + Σ_{k>=2} (-1)^k (ζ(k) - 1)/k e^(k-1), summed with 60 digits, is
interpolated at 26 Chebyshev points, cut after degree 19 (the next term is 1e-19 of the first) and written in powers of e.
log Γ(c + e) on |e| <= 1/2, c = 3 ... 10: the same, cut after degree 15 (the next term is 1e-18 of the first or less).
ψ(x0 + d) / d on |d| <= 1/4, x0 the positive zero of ψ: the same, cut after degree 16 (the next term is 1e-18 of the first).
"""
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

from chebyshev_series import PI, chebyshev_series, literal, powers

POINTS = 26


def bernoulli(n):
    row, numbers = [], []
    for m in range(n + 1):
        row.append(Fraction(1, m + 1))
        for j in range(m, 0, -1):
            row[j - 1] = j * (row[j - 1] - row[j])
        numbers.append(row[0])
    return [D(b.numerator) / D(b.denominator) for b in numbers]


B = bernoulli(60)


def zeta_minus_1(s, n=40):
    """Euler-Maclaurin from n on."""
    total = sum(D(k) ** -s for k in range(2, n)) + D(n) ** (1 - s) / (s - 1) + D(n) ** -s / 2
    rising = D(s)  # s (s+1) ... (s+2k-2) / (2k)!
    factorial = D(2)
    for k in range(1, 30):
        total += B[2 * k] * rising / factorial * D(n) ** (1 - s - 2 * k)
        rising *= (s + 2 * k - 1) * (s + 2 * k)
        factorial *= (2 * k + 1) * (2 * k + 2)
    return total


def euler_gamma(n=40):
    total = sum(1 / D(k) for k in range(1, n)) - D(n).ln() + 1 / D(2 * n)
    for k in range(1, 30):
        total += B[2 * k] / (2 * k) * D(n) ** (-2 * k)
    return total


TAYLOR = [1 - euler_gamma()] + [(-1) ** k * zeta_minus_1(k) / k for k in range(2, 120)]


def value(e):
    total = D(0)
    for c in reversed(TAYLOR):
        total = c + e * total
    return total


def digamma(x):
    shift = D(0)
    while x < 60:
        shift += 1 / x
        x += 1
    total = x.ln() - 1 / (2 * x)
    for k in range(1, 30):
        total -= B[2 * k] / (2 * k * x ** (2 * k))
    return total - shift


def log_gamma(x):
    """Stirling's series after a shift."""
    shift = D(1)
    while x < 60:
        shift *= x
        x += 1
    total = (x - D("0.5")) * x.ln() - x + (2 * PI).ln() / 2
    for k in range(1, 30):
        total += B[2 * k] / (2 * k * (2 * k - 1) * x ** (2 * k - 1))
    return total - shift.ln()


def zero_of_digamma():
    low, high = D(1), D(2)
    for _ in range(230):
        middle = (low + high) / 2
        low, high = (middle, high) if digamma(middle) < 0 else (low, middle)
    return low


ZERO = zero_of_digamma()


def polynomial(f, half_width, degree):
    """f on |e| <= half_width by powers of e."""
    series = chebyshev_series(lambda t: f(t * half_width), POINTS, degree + 2)
    print("first term cut, relative:", float(abs(series[degree + 1] / series[0])))
    return [float(c / half_width**j) for j, c in enumerate(powers(series[: degree + 1]))]


def table(name, doc, coefficients):
    rows = "\n".join("    " + ", ".join(literal(c) for c in coefficients[i : i + 4]) + "," for i in range(0, len(coefficients), 4))
    return (
        f"/** {doc} */\nexport const {name}: Float64Array = /* @__PURE__ */ (() =>\n"
        f"  // prettier-ignore\n  Float64Array.of(\n{rows}\n  ))();\n"
    )


at_two = polynomial(value, D("0.5"), 19)
at_integers = [c for n in range(3, 11) for c in polynomial(lambda e: log_gamma(n + e), D("0.5"), 15)]
psi = polynomial(lambda d: digamma(ZERO + d) / d, D("0.25"), 16)
high = float(ZERO)
text = f"""// Written by scripts/make-gamma-series.py; do not edit.

{table("LOG_GAMMA_AT_2", "log Γ(2 + e) = Σ_k LOG_GAMMA_AT_2[k] e^(k+1) for |e| <= 1/2.", at_two)}
{table("LOG_GAMMA_AT_INTEGERS", "log Γ(c + e) = Σ_{k<16} LOG_GAMMA_AT_INTEGERS[16 (c - 3) + k] e^k for |e| <= 1/2, c = 3 ... 10.", at_integers)}
/** The positive zero of ψ is DIGAMMA_ZERO + DIGAMMA_ZERO_LOW. */
export const DIGAMMA_ZERO = {literal(high)};
export const DIGAMMA_ZERO_LOW = {literal(float(ZERO - D(high)))};

{table("DIGAMMA_AT_ZERO", "ψ(zero + d) = Σ_k DIGAMMA_AT_ZERO[k] d^(k+1) for |d| <= 1/4.", psi)}"""
(Path(__file__).parent.parent / "src" / "special" / "gamma-series.ts").write_text(text)
