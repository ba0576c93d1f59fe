"""Writes test/special/elementary.json: elementary functions at 50 digits. Python 3 standard library only.

    python3 test/special/make-elementary.py

Each row is [arguments..., high, low], where high + low is the value to about 106 bits (high is the value rounded).
Arguments are uniform or log-uniform over each function's domain, plus the places where an implementation may switch.
"""
import json
import random
from decimal import Decimal, getcontext, localcontext
from pathlib import Path

getcontext().prec = 50
getcontext().Emin = -10**9
getcontext().Emax = 10**9
rng = random.Random(20240214)
D = Decimal


def pi_digits(digits):
    with localcontext() as ctx:
        ctx.prec = digits + 10
        a, b, t, p = D(1), 1 / D(2).sqrt(), D(1) / 4, D(1)  # Gauss-Legendre
        for _ in range(12):
            a, b, t, p, previous = (a + b) / 2, (a * b).sqrt(), t, 2 * p, a
            t -= p / 2 * (previous - a) ** 2
        return (a + b) ** 2 / (4 * t)


PI = pi_digits(420)


def reduced(x):
    """x - n π/2 to 50 digits and n mod 4, whatever the size of x."""
    with localcontext() as ctx:
        ctx.prec = 420
        n = (x / (PI / 2)).to_integral_value()
        return +(x - n * PI / 2), int(n) % 4


def sin_cos(x):
    y, quadrant = reduced(x)
    with localcontext() as ctx:
        ctx.prec = 70
        s, c, term, k = D(0), D(0), D(1), 0
        while k < 4 or abs(term) > D(10) ** -90:
            if k % 2 == 0:
                c += term if k % 4 == 0 else -term
            else:
                s += term if k % 4 == 1 else -term
            k += 1
            term = term * y / k
    for _ in range(quadrant):
        s, c = c, -s
    return s, c


def sine(x):
    return sin_cos(x)[0]


def cosine(x):
    return sin_cos(x)[1]


def tangent(x):
    s, c = sin_cos(x)
    return s / c


def arctangent(x):
    if x < 0:
        return -arctangent(-x)
    with localcontext() as ctx:
        ctx.prec = 80
        if x > 1:
            return PI / 2 - arctangent(1 / x)
        halvings = 0
        while x > D("0.01"):
            x = x / (1 + (1 + x * x).sqrt())
            halvings += 1
        total, term, k = x, x, 1
        while term != 0 and abs(term) > abs(x) * D(10) ** -78:
            term *= -x * x
            k += 2
            total += term / k
        return total * 2**halvings


def arctangent2(y, x):
    if x > 0:
        return arctangent(y / x)
    if x == 0:
        return PI / 2 if y > 0 else -PI / 2
    return arctangent(y / x) + (PI if y >= 0 else -PI)


def precise(f):
    """f with enough digits for a difference that cancels."""

    def inner(*x):
        with localcontext() as ctx:
            ctx.prec = 450
            return f(*x)

    return inner


@precise
def expm1(x):
    return x.exp() - 1


@precise
def log1p(x):
    return (1 + x).ln()


@precise
def sinh(x):
    return (x.exp() - (-x).exp()) / 2


@precise
def cosh(x):
    return (x.exp() + (-x).exp()) / 2


@precise
def tanh(x):
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


@precise
def arcsine(x):
    return arctangent(x / (1 - x * x).sqrt()) if abs(x) < 1 else x * PI / 2


@precise
def arccosine(x):
    return arctangent2((1 - x * x).sqrt(), x) if x != 1 else D(0)


@precise
def x_minus_log1p(x):
    return x - (1 + x).ln()


@precise
def log_sigmoid(x):
    return -(1 + (-x).exp()).ln()


@precise
def log1m_exp(x):
    return (1 - x.exp()).ln()


@precise
def logit(p):
    return (p / (1 - p)).ln()


def power(x, y):
    with localcontext() as ctx:
        ctx.prec = 70
        return (y * x.ln()).exp()


def uniform(low, high, n):
    return [rng.uniform(low, high) for _ in range(n)]


def log_uniform(low, high, n, signed=False):
    """10^low ... 10^high"""
    values = [10 ** rng.uniform(low, high) for _ in range(n)]
    return [v * rng.choice((-1, 1)) for v in values] if signed else values


def near(points, n=6):
    """Points and their neighbours at distances from 1 ulp up."""
    values = []
    for p in points:
        values.append(p)
        for _ in range(n):
            values.append(p * (1 + rng.choice((-1, 1)) * 2.0 ** -rng.randint(20, 52)))
    return values


LN2 = 0.6931471805599453
HALF_PI = 1.5707963267948966
tables = {
    "exp": (lambda x: x.exp(), uniform(-745, 709.7, 300) + uniform(-1, 1, 200) + log_uniform(-20, 0, 60, True)
            + near([708, -708, 709.7, LN2, LN2 / 256, -LN2 / 2, 1, -745.1])),
    "expm1": (expm1, uniform(-50, 709, 200) + uniform(-1, 1, 300) + log_uniform(-300, -1, 60, True) + near([0.03, -0.03, LN2, -LN2])),
    "log": (lambda x: x.ln(), log_uniform(-323, 308, 300) + uniform(0.5, 2, 400) + near([1, 0.70703125, 1.4140625, 0.9921875, 1.0078125, 2.2250738585072014e-308], 20)),
    "log2": (lambda x: x.ln() / D(2).ln(), log_uniform(-323, 308, 200) + uniform(0.5, 2, 200) + near([1], 20)),
    "log10": (lambda x: x.ln() / D(10).ln(), log_uniform(-323, 308, 200) + uniform(0.5, 2, 200) + near([1], 20)),
    "log1p": (log1p, uniform(-1, 1, 300) + log_uniform(-300, 300, 200) + log_uniform(-12, -1, 150, True)
              + [-1 + 2.0**-k for k in range(2, 53, 5)] + near([0.00390625, -0.00390625, 1, 9007199254740992.0])),
    "sin": (sine, uniform(-8, 8, 400) + log_uniform(-20, 5, 100, True) + log_uniform(5, 308, 80, True) + near([k * HALF_PI for k in (1, 2, 3, 4, 5, 1000, 333333)])),
    "cos": (cosine, uniform(-8, 8, 400) + log_uniform(-20, 5, 100, True) + log_uniform(5, 308, 80, True) + near([k * HALF_PI for k in (1, 2, 3, 4, 5, 1000, 333333)])),
    "tan": (tangent, uniform(-8, 8, 400) + log_uniform(-20, 5, 100, True) + log_uniform(5, 308, 80, True) + near([k * HALF_PI for k in (0.5, 1, 2, 3, 4, 5, 1000)])),
    "asin": (arcsine, uniform(-1, 1, 300) + log_uniform(-20, 0, 60, True) + [1 - 2.0**-k for k in range(1, 53, 3)] + near([0.5])),
    "acos": (arccosine, uniform(-1, 1, 300) + log_uniform(-20, 0, 60, True) + [1 - 2.0**-k for k in range(1, 53, 3)] + [-1 + 2.0**-k for k in range(1, 53, 3)]),
    "atan": (arctangent, uniform(-3, 3, 400) + log_uniform(-20, 17, 200, True) + near([1 / 64, 3 / 64, 1, 31 / 64])),
    "sinh": (sinh, uniform(-710.4, 710.4, 100) + uniform(-3, 3, 300) + log_uniform(-20, 0, 40, True) + near([0.3, 22])),
    "cosh": (cosh, uniform(-710.4, 710.4, 100) + uniform(-3, 3, 300) + near([22])),
    "tanh": (tanh, uniform(-22, 22, 100) + uniform(-3, 3, 300) + log_uniform(-20, 0, 60, True) + near([0.03, 22])),
    "xMinusLog1p": (x_minus_log1p, uniform(-0.2, 0.2, 200) + log_uniform(-8, 2, 60) + near([0.1, -0.1])),
    "sigmoid": (lambda x: 1 / (1 + (-x).exp()), uniform(-740, 40, 100) + uniform(-5, 5, 200)),
    "logSigmoid": (log_sigmoid, uniform(-740, 700, 100) + uniform(-5, 5, 200)),
    "softplus": (lambda x: -log_sigmoid(-x), uniform(-740, 700, 100) + uniform(-5, 5, 200)),
    "log1mExp": (log1m_exp, [-v for v in log_uniform(-12, 2, 200)] + uniform(-3, 0, 200) + near([-LN2])),
    "logit": (logit, uniform(0, 1, 300) + log_uniform(-300, 0, 60) + near([0.5, 0.25, 0.75]) + [1 - 2.0**-k for k in range(1, 53, 5)]),
}
pairs = {
    "pow": (power, [(v, rng.uniform(-1, 1) * 700 / max(1e-3, abs(float(D(v).ln())))) for v in log_uniform(-300, 300, 250)]
            + [(v, rng.uniform(-100, 100)) for v in uniform(0.01, 50, 250)]
            + [(1 + s * 2.0**-k, rng.uniform(-1, 1) * 2.0 ** (k + 8)) for k in range(2, 51) for s in (-1, 1)]),
    "atan2": (arctangent2, [(rng.uniform(-2, 2), rng.uniform(-2, 2)) for _ in range(300)]
              + [(a, b) for a, b in zip(log_uniform(-200, 200, 60, True), log_uniform(-200, 200, 60, True))]),
}
# The worst arguments of scans of 12,000 points in each of two or three intervals, and a dense set where log1p changes bins.
dense = random.Random(7)
hard = {
    "exp": [-348.82394585952665], "expm1": [0.0300169907758292], "log": [1.0078175175076216],
    "log1p": [0.007698960311914756, 0.007832842321693897] + [dense.uniform(-0.016, 0.016) for _ in range(400)],
    "sin": [-25947.26370158483], "cos": [7.109122120078183], "tan": [5.518599734599993], "sinh": [-0.4628420964320953],
    "tanh": [-0.6287156994419788], "xMinusLog1p": [-0.11825334365239915], "sigmoid": [-8.323875628199666],
    "logSigmoid": [4.875503645622448], "softplus": [-5.204881776090467], "log1mExp": [-0.961733567833664],
}


def row(f, args):
    value = f(*[D(x) for x in args])
    high = float(value)
    if high == 0 or abs(high) == float("inf"):
        return None
    return [*args, high, float(value - D(high))]


result = {}
for name, (f, xs) in tables.items():
    result[name] = [r for r in (row(f, (x,)) for x in xs + hard.get(name, [])) if r]
for name, (f, xs) in pairs.items():
    result[name] = [r for r in (row(f, x) for x in xs) if r]
text = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]" for name, rows in result.items())
(Path(__file__).parent / "elementary.json").write_text("{\n" + text + "\n}\n")
print({name: len(rows) for name, rows in result.items()})
