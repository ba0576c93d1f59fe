"""Writes src/special/exp-table.ts, log-table.ts and two-over-pi.ts. Python 3 standard library only.

    python3 scripts/make-elementary-tables.py

Every entry is computed with 80 decimal digits and rounded once.
"""
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path
import math

getcontext().prec = 80
SPECIAL = Path(__file__).parent.parent / "src" / "special"
LN2 = Decimal(2).ln()


def exact(x):
    """The decimal that a double stands for."""
    return Decimal(x)  # exact for every finite double, whatever the context


def grid(x, fractional_bits):
    """x rounded to a multiple of 2^-fractional_bits, as a double."""
    scale = 2**fractional_bits
    return float(Fraction(int((x * scale).to_integral_value()), scale))


def literal(x):
    if x == int(x) and abs(x) < 1e15:
        return repr(int(x))
    text = repr(float(x))
    mantissa, _, exponent = text.partition("e")
    if exponent:
        return f"{mantissa}e{int(exponent)}"
    return text


def table(name, doc, values, columns=6):
    rows = [values[i : i + columns] for i in range(0, len(values), columns)]
    body = "\n".join("    " + ", ".join(literal(x) for x in row) + "," for row in rows)
    return (
        f"/** {doc} */\n"
        f"export const {name}: Float64Array = /* @__PURE__ */ (() =>\n"
        f"  // prettier-ignore\n"
        f"  Float64Array.of(\n{body}\n  ))();\n"
    )


def constant(name, doc, value):
    return f"/** {doc} */\nexport const {name} = {literal(value)};\n"


def write(name, header, parts):
    text = "".join(f"// {line}\n" for line in ["Written by scripts/make-elementary-tables.py; do not edit.", *header])
    (SPECIAL / name).write_text(text + "\n" + "\n".join(parts))


# exp: 2^(j/128) as a double, and the relative error of that rounding.
powers = [(LN2 * j / 128).exp() for j in range(128)]
rounded = [float(p) for p in powers]
tails = [float((p - exact(t)) / exact(t)) for p, t in zip(powers, rounded)]
step = LN2 / 128
step_hi = grid(step, 42)
write(
    "exp-table.ts",
    ["The 128 steps of an octave: 2^(j/128) = EXP_STEP[j] (1 + EXP_STEP_TAIL[j]) to about 110 bits."],
    [
        constant("STEPS_PER_UNIT", "128 / ln 2.", float(128 / LN2)),
        constant(
            "STEP_HI",
            "ln 2 / 128 rounded to 42 fractional bits, so that k STEP_HI is exact for |k| < 2^18.",
            step_hi,
        ),
        constant("STEP_LO", "ln 2 / 128 - STEP_HI.", float(step - exact(step_hi))),
        table("EXP_STEP", "2^(j/128).", rounded),
        table("EXP_STEP_TAIL", "2^(j/128) / EXP_STEP[j] - 1.", tails),
    ],
)

# log: 128 bins of [0.70703125, 1.4140625), cut at the high words 0x3fe6a000 + i 2^13.
BASE = 0x3FE6A000


def edge(i):
    high = BASE + (i << 13)
    exponent = (high >> 20) - 1023
    return (1 + Fraction(high & 0xFFFFF, 1 << 20)) * Fraction(2) ** exponent


def best_centre(low, high):
    """A 40-bit number near the middle of the bin whose reciprocal is nearly a double."""
    if low <= 1 <= high:
        return Fraction(1)
    middle = (low + high) / 2
    start = int(middle * 2**40)
    error = lambda c: abs(Fraction(float(1 / c)) * c - 1)
    return min((Fraction(start + d, 2**40) for d in range(-3000, 3001)), key=error)


def best_inverse(low, high):
    """1/c with c near the middle: a multiple of 2^-8 below 1 and of 2^-7 above, so that z/c - 1 is a double."""
    if low <= 1 <= high:
        return Fraction(1)
    unit = 256 if low >= 1 else 128
    inverse = Fraction(round(2 * unit / (low + high)), unit)
    assert max(abs(low * inverse - 1), abs(high * inverse - 1)) < Fraction(1, 128), (low, high)
    return inverse


def ln(q):
    return (Decimal(q.numerator) / Decimal(q.denominator)).ln()


centres = [best_centre(edge(i), edge(i + 1)) for i in range(128)]
logs = [ln(c) for c in centres]
logs_hi = [grid(v, 42) for v in logs]
inverses = [best_inverse(edge(i), edge(i + 1)) for i in range(128)]
inverse_logs = [-ln(q) for q in inverses]
inverse_logs_hi = [grid(v, 42) for v in inverse_logs]
ln2_hi = grid(LN2, 42)
write(
    "log-table.ts",
    [
        "Numbers in [0.70703125, 1.4140625) fall in 128 bins by the top 20 bits of their fraction, cut where the high word is",
        "LOG_BASE + i 2^13. Bin i has a centre c: exactly 1 for the two bins that touch 1, and elsewhere a number near the",
        "middle, picked among 6001 neighbours for the one whose reciprocal lies closest to a double.",
        "log c = LOG_HI + LOG_LO, LOG_HI with 42 fractional bits, so that e LN2_HI + LOG_HI is exact for |e| < 2^11.",
    ],
    [
        constant("LOG_BASE", "High word of the number where the bins begin.", BASE),
        constant("LN2_HI", "ln 2 rounded to 42 fractional bits.", ln2_hi),
        constant("LN2_LO", "ln 2 - LN2_HI.", float(LN2 - exact(ln2_hi))),
        table("LOG_CENTRE", "c.", [float(c) for c in centres]),
        "/** 1/c. */\nexport const LOG_INVERSE: Float64Array = /* @__PURE__ */ (() => LOG_CENTRE.map((c) => 1 / c))();\n",
        table("LOG_HI", "log c rounded to 42 fractional bits.", logs_hi),
        table("LOG_LO", "log c - LOG_HI.", [float(v - exact(h)) for v, h in zip(logs, logs_hi)]),
    ],
)
write(
    "log-parts-table.ts",
    [
        "The bins of log-table.ts once more, now with a reciprocal that is short: a multiple of 2^-8 below 1 and of 2^-7",
        "above. Then z SHORT_INVERSE - 1 has at most 53 bits for every z of the bin: the reduction is exact.",
    ],
    [
        table("SHORT_INVERSE", "1/c in at most 9 bits.", [float(q) for q in inverses]),
        table("SHORT_LOG_HI", "log c rounded to 42 fractional bits.", inverse_logs_hi),
        table(
            "SHORT_LOG_LO",
            "log c - SHORT_LOG_HI.",
            [float(v - exact(h)) for v, h in zip(inverse_logs, inverse_logs_hi)],
        ),
    ],
)


# sin, cos, tan: 2/π in words of 24 bits, enough for 2^1023 with 192 bits to spare.
def arctan_inverse(n, bits):
    """floor-ish 2^bits atan(1/n) by its series in integers."""
    term = (1 << bits) // n
    total, k = term, 1
    while term:
        term //= -n * n if False else n * n
        k += 2
        total += -(term // k) if k % 4 == 3 else term // k
    return total


BITS = 1400
pi = 4 * (4 * arctan_inverse(5, BITS + 64) - arctan_inverse(239, BITS + 64))
two_over_pi = (2 << (2 * (BITS + 64))) // pi
WORDS = 55
words = [(two_over_pi >> (BITS + 64 - 24 * (i + 1))) & 0xFFFFFF for i in range(WORDS)]
write(
    "two-over-pi.ts",
    ["The first 1320 fractional bits of 2/π."],
    [table("TWO_OVER_PI", "2/π = Σ_i TWO_OVER_PI[i] 2^(-24 (i + 1)).", words, 12)],
)
print("exp tail", max(map(abs, tails)), "two/pi check", sum(w * 2.0 ** (-24 * (i + 1)) for i, w in enumerate(words)), 2 / math.pi)

# atan: the angles of the slopes j/32.
PI = Decimal(pi) / Decimal(2) ** (BITS + 64)


def arctan(q):
    """atan q for 0 <= q <= 1 by the series after three halvings of the angle."""
    x = Decimal(q.numerator) / Decimal(q.denominator)
    for _ in range(3):
        x = x / (1 + (1 + x * x).sqrt())
    total, term, k = x, x, 1
    while abs(term) > Decimal(10) ** -78:
        term *= -x * x
        k += 2
        total += term / k
    return total * 8


angles = [arctan(Fraction(j, 32)) for j in range(33)]
write(
    "atan-table.ts",
    ["The angles of the slopes j/32: atan(j/32) = ATAN_HI[j] + ATAN_LO[j], and π/2 in the same way."],
    [
        table("ATAN_HI", "atan(j/32) rounded.", [float(a) for a in angles]),
        table("ATAN_LO", "atan(j/32) - ATAN_HI[j].", [float(a - exact(float(a))) for a in angles]),
        constant("HALF_PI_HI", "π/2 rounded.", float(PI / 2)),
        constant("HALF_PI_LO", "π/2 - HALF_PI_HI.", float(PI / 2 - exact(float(PI / 2)))),
    ],
)
half = PI / 2
part1 = grid(half, 32)
part2 = grid(half - exact(part1), 65)
part3 = float(half - exact(part1) - exact(part2))
print("half pi in parts", repr(part1), repr(part2), repr(part3))
