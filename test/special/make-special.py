"""Writes test/special/special.json: functions of statistics at 50 digits. Python 3 standard library only.

    python3 test/special/make-special.py

Each row is [arguments..., high, low], where high + low is the value to about 106 bits (high is the value rounded).
Arguments are uniform or log-uniform over each function's domain, plus both sides of the places where the implementation
changes its method. Every value is computed by a series or a recurrence that the implementation does not use, or by the
same one with enough digits.
"""
import json
import math
import random
from decimal import Decimal as D, getcontext, localcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 60
getcontext().Emin = -10**9
getcontext().Emax = 10**9
rng = random.Random(20231030)


def with_digits(digits):
    context = getcontext().copy()
    context.prec = max(60, int(digits))
    return localcontext(context)


def pi_digits(digits):
    with with_digits(digits + 10):
        a, b, t, p = D(1), 1 / D(2).sqrt(), D(1) / 4, D(1)  # Gauss-Legendre
        for _ in range(12):
            a, b, t, p, previous = (a + b) / 2, (a * b).sqrt(), t, 2 * p, a
            t -= p / 2 * (previous - a) ** 2
        return (a + b) ** 2 / (4 * t)


PI = pi_digits(1000)


def bernoulli(n):
    """B_0 ... B_n by the Akiyama-Tanigawa triangle."""
    row, numbers = [], []
    for m in range(n + 1):
        row.append(Fraction(1, m + 1))
        for j in range(m, 0, -1):
            row[j - 1] = j * (row[j - 1] - row[j])
        numbers.append(row[0])
    return numbers


B = bernoulli(100)


def ratio(f):
    return D(f.numerator) / D(f.denominator)


# ---- error functions -------------------------------------------------------------------------------------------------


def erf_series(x):
    """e^(-x²) Σ 2^k x^(2k+1) / (2k+1)!!, of positive terms, in the digits of the context."""
    term = total = x
    k = 0
    limit = D(10) ** -(getcontext().prec + 5)
    while term > total * limit:
        k += 1
        term *= 2 * x * x / (2 * k + 1)
        total += term
    return 2 / PI.sqrt() * (-x * x).exp() * total


def erfc(x):
    if x <= 0:
        return 1 + (erf_series(-x) if x < 0 else 0)
    with with_digits(70 + float(x) ** 2 / 2):
        return 1 - erf_series(x)


def erf(x):
    if x == 0:
        return D(0)
    return erf_series(x) if x > 0 else -erf_series(-x)


def erfcx(x):
    if x < 20:
        with with_digits(75):
            return (x * x).exp() * erfc(x)
    term = total = D(1)  # the asymptotic series; its smallest term is e^(-x²), below 1e-170
    for k in range(1, 60):
        term *= -(2 * k - 1) / (2 * x * x)
        if abs(term) < D(10) ** -65:
            break
        total += term
    return total / (x * PI.sqrt())


# ---- normal law ------------------------------------------------------------------------------------------------------


def normal_pdf(z):
    return (-z * z / 2).exp() / (2 * PI).sqrt()


def normal_cdf(z):
    with with_digits(75):
        return erfc(-z / D(2).sqrt()) / 2


def log_normal_cdf(z):
    if z < -20:
        with with_digits(75):
            return -z * z / 2 + (erfcx(-z / D(2).sqrt()) / 2).ln()
    if z > 3:
        with with_digits(75 + float(z) ** 2 / 4):
            return (1 - normal_cdf(-z)).ln()
    with with_digits(75):
        return normal_cdf(z).ln()


def quantile_of_log(l, start):
    """z with log Φ(z) = l: Newton from a double."""
    z = D(start)
    for _ in range(5):
        z -= (log_normal_cdf(z) - l) * normal_cdf(z) / normal_pdf(z) if z > -20 else (
            (log_normal_cdf(z) - l) * erfcx(-z / D(2).sqrt()) * (PI / 2).sqrt())
    return z


def float_quantile(l):
    """A start: Φ^-1(e^l) to three digits by bisection on floats."""
    low, high = -10.0 - math.sqrt(-2 * l), 9.0
    for _ in range(60):
        z = (low + high) / 2
        if z > -20:
            value = math.log(math.erfc(-z / math.sqrt(2)) / 2) if z < 5 else -math.erfc(z / math.sqrt(2)) / 2
        else:
            value = -z * z / 2 - math.log(-z * math.sqrt(2 * math.pi)) - 1 / (z * z)
        low, high = (z, high) if value < l else (low, z)
    return (low + high) / 2


def normal_quantile(p):
    """p < 1/2 by Newton on log Φ; above by reflection, which is exact here."""
    if p > D("0.5"):
        return -normal_quantile(1 - p)
    if p == D("0.5"):
        return D(0)
    with with_digits(80):
        l = p.ln()
        return quantile_of_log(l, float_quantile(float(l)))


def normal_quantile_log(l):
    with with_digits(80):
        return quantile_of_log(l, float_quantile(float(l)))


def log_ei(z):
    with with_digits(90 + (float(z) ** 2 if z > 0 else 4 * math.log10(2 - float(z)))):
        if z < -20:  # Mills' ratio M = 1/z - 1/z³ + 3/z⁵ - ...; h/φ = 1 - a M
            return -z * z / 2 - (2 * PI).ln() / 2 + (1 + z * mills(-z)).ln()
        return (normal_pdf(z) + z * normal_cdf(z)).ln()


def mills(a):
    return (PI / 2).sqrt() * erfcx_precise(a / D(2).sqrt())


def erfcx_precise(x):
    """erfcx for x > 14 in the digits of the context, by the continued fraction."""
    f = x
    for k in range(int(40 * getcontext().prec / float(x) ** 2 * getcontext().prec / 40) + 60, 0, -1):
        f = x + D(k) / 2 / f
    return 1 / PI.sqrt() / f


def log_ei_derivative(z):
    with with_digits(90 + (float(z) ** 2 if z > 0 else 4 * math.log10(2 - float(z)))):
        if z < -20:
            m = mills(-z)
            return m / (1 + z * m)
        c = normal_cdf(z)
        return c / (normal_pdf(z) + z * c)


# ---- gamma and beta --------------------------------------------------------------------------------------------------


def log_gamma(x):
    with with_digits(getcontext().prec + 25):
        if x == 1 or x == 2:
            return D(0)
        shift = D(1)
        start = max(80, 10 ** ((getcontext().prec + 134) / 88) / 6)  # 44 terms then leave 2 · 88! / (2π start)^88
        while x < start:
            shift *= x
            x += 1
        total = (x - D("0.5")) * x.ln() - x + (2 * PI).ln() / 2
        for k in range(1, 45):
            total += ratio(B[2 * k]) / (2 * k * (2 * k - 1) * x ** (2 * k - 1))
        return total - shift.ln()


def digamma(x):
    with with_digits(85):
        shift = D(0)
        while x < 80:
            shift += 1 / x
            x += 1
        total = x.ln() - 1 / (2 * x)
        for k in range(1, 45):
            total -= ratio(B[2 * k]) / (2 * k * x ** (2 * k))
        return total - shift


def trigamma(x):
    with with_digits(85):
        shift = D(0)
        while x < 80:
            shift += 1 / (x * x)
            x += 1
        total = 1 / x + 1 / (2 * x * x)
        for k in range(1, 45):
            total += ratio(B[2 * k]) / x ** (2 * k + 1)
        return total + shift


def gamma_p(a, x):
    with with_digits(getcontext().prec + 15):
        term = total = D(1)
        k = 0
        limit = D(10) ** -(getcontext().prec + 5)
        while term > total * limit:
            k += 1
            term *= x / (a + k)
            total += term
        return (a * x.ln() - x - log_gamma(a + 1)).exp() * total


def gamma_q(a, x):
    with with_digits(80 + abs(log10_factor(float(a), float(x)))):
        return 1 - gamma_p(a, x)


def log_beta(a, b):
    with with_digits(80):
        return log_gamma(a) + log_gamma(b) - log_gamma(a + b)


def beta_inc(x, a, b):
    """x^a (1-x)^b / (a B) Σ (a+b)_k / (a+1)_k x^k, of positive terms."""
    with with_digits(85):
        term = total = D(1)
        k = 0
        while term > total * D(10) ** -90 or k < b:
            term *= (a + b + k) * x / (a + 1 + k)
            total += term
            k += 1
        return (a * x.ln() + b * (1 - x).ln() - log_gamma(a) - log_gamma(b) + log_gamma(a + b)).exp() * total / a


def beta_quantile(p, a, b):
    """Newton in log x from a bisection to a few digits; a law that lives near 1 is mirrored."""
    if a > 4 * b:
        return 1 - beta_quantile(1 - p, b, a)
    with with_digits(60):
        low, high = D(-10), D(0)
        while beta_inc(low.exp(), a, b) > p:
            low *= 2
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if beta_inc(middle.exp(), a, b) < p else (low, middle)
        t = low
        for _ in range(5):
            x = t.exp()
            value = beta_inc(x, a, b)
            density = ((a - 1) * x.ln() + (b - 1) * (1 - x).ln() - log_beta(a, b)).exp()
            t -= (value - p) / (density * x)
        return t.exp()


def log_bessel_i0(x):
    with with_digits(80 + max(0, -2 * math.log10(float(x)))):
        if x < 120:
            quarter = x * x / 4
            term, total, k = D(1), D(0), 0
            while term > total * D(10) ** -85 or k < float(x):
                k += 1
                term *= quarter / (k * k)
                total += term
                if term == 0:
                    break
            return (1 + total).ln()
        term, total = D(1), D(1)
        for k in range(1, 200):  # the asymptotic series; its smallest term is about e^(-2x)
            term *= D((2 * k - 1) ** 2) / (8 * k * x)
            if term < D(10) ** -80:
                break
            total += term
        return x - (2 * PI * x).ln() / 2 + total.ln()


# ---- arguments -------------------------------------------------------------------------------------------------------


def uniform(low, high, n):
    return [rng.uniform(low, high) for _ in range(n)]


def log_uniform(low, high, n, signed=False):
    """10^low ... 10^high"""
    values = [10 ** rng.uniform(low, high) for _ in range(n)]
    return [v * rng.choice((-1, 1)) for v in values] if signed else values


def around(points):
    """Points and their neighbours one ulp and 1e-9 away on both sides."""
    return [v for p in points for v in (p, math.nextafter(p, -math.inf), math.nextafter(p, math.inf), p * (1 - 1e-9), p * (1 + 1e-9))]


def pairs(count, make):
    return [make() for _ in range(count)]


def size(low, high):
    return 10 ** rng.uniform(low, high)


def log10_factor(a, x):
    """log10 of x^a e^-x / Γ(a+1): the size of the smaller tail."""
    return (a * math.log(x) - x - math.lgamma(a + 1)) / math.log(10)


def gamma_arguments():
    """Shapes of all sizes; x in both tails and near the mean."""
    rows = []
    for a in log_uniform(-3, 4, 60):
        rows.append([a, a * size(-3, 1)])
        rows.append([a, abs(a + math.sqrt(a) * rng.uniform(-5, 5)) + 1e-9])
    rows += [[a, x] for a in (0.3, 0.999999, 1, 1.5, 9.999999, 10, 500) for x in around([1, a + 1])[:8:3]]
    rows = [[a, x] for a, x in rows if log10_factor(a, x) > -290]
    rows += [[a, a + math.sqrt(a) * z] for a in (999999.5, 1e6, 1.5e6) for z in (-30, -6, -1, 0, 1e-3, 1, 5, 30)]
    rows += [[0.5, 300.0], [1e-8, 0.5], [1e-8, 3.0], [20.0, 400.0], [0.01, 1e-30], [3e4, 3.1e4]]
    return rows


def beta_arguments():
    rows = []
    for _ in range(60):
        a, b = size(-2, 3), size(-2, 3)
        mean, sd = a / (a + b), math.sqrt(a * b / (a + b) / (a + b) / (a + b + 1))
        rows.append([rng.uniform(0, 0.99), a, b])
        rows.append([min(0.99, max(1e-6, mean + sd * rng.uniform(-4, 4))), a, b])
    rows += [[x, a, b] for a, b in ((9.999999, 30), (10, 30), (10, 10), (2, 5)) for x in around([(a + 1) / (a + b + 2)])[:3]]
    rows += [[1e-5, 2.0, 3.0], [1e-100, 0.01, 2.0], [0.02, 400.0, 600.0], [0.31, 3000.0, 7000.0]]
    return [[x, float(a), float(b)] for x, a, b in rows]


tables = {
    "erf": (erf, uniform(-6, 6, 80) + log_uniform(-300, 0, 30, True) + around([0.5, 0.6, -0.6, 1])),
    "erfc": (erfc, uniform(-6, 26.5, 120) + log_uniform(-20, 0, 20, True) + around([0.5, -0.5, 0.6, 2, 26]) + [26.9, 27.2]),
    "erfcx": (erfcx, uniform(-26, 30, 100) + log_uniform(-20, 300, 100) + around([1e8] + [32 / k - 2 for k in range(1, 16)])),
    "normalPdf": (normal_pdf, uniform(-38, 38, 60) + log_uniform(-20, 0, 10, True) + [38.5]),
    "normalCdf": (normal_cdf, uniform(-37, 8, 100) + log_uniform(-20, 0, 20, True) + around([0.8, -0.8, -1, 1, -20]) + [-38.2]),
    "logNormalCdf": (log_normal_cdf, uniform(-40, 37, 100) + [-v for v in log_uniform(0, 150, 40)] + around([-1, 0.8, -0.8, -20, 8.5]) + [1e-300, -1e-300]),
    "normalQuantile": (normal_quantile, uniform(0, 1, 80) + log_uniform(-307, 0, 80) + around([0.075, 0.925, math.exp(-25), 0.25]) + [0.5 + v for v in log_uniform(-16, -1, 20, True)]),
    "normalQuantileLog": (normal_quantile_log, [-v for v in log_uniform(-15, 8, 60)] + around([-math.log(2), math.log(0.075), -25, -700, -735]) + [-1e15, -3e17]),
    "logEiStandard": (log_ei, uniform(-40, 10, 100) + [-v for v in log_uniform(0, 150, 40)] + around([-1, -5, -1e8])),
    "logEiStandardDerivative": (log_ei_derivative, uniform(-40, 10, 60) + [-v for v in log_uniform(0, 150, 30)] + around([-1, -5, -1e8])),
    "logGamma": (log_gamma, uniform(0, 20, 150) + log_uniform(-300, 300, 60) + around([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 9.5, 10])
                 + [p + v for p in (1, 2) for v in log_uniform(-16, -1, 20, True)]),
    "digamma": (digamma, uniform(0, 20, 80) + log_uniform(-300, 300, 40) + uniform(1.1, 1.9, 60) + around([1, 10, 1.4616321449683622, 1.2116321449683622, 1.7116321449683622])),
    "trigamma": (trigamma, uniform(0, 20, 80) + log_uniform(-150, 150, 40) + around([1, 10])),
    "gammaP": (gamma_p, gamma_arguments()),
    "gammaQ": (gamma_q, gamma_arguments()),
    "logBeta": (log_beta, pairs(80, lambda: [size(-4, 6), size(-4, 6)]) + [[9.999999, 5.0], [10.0, 5.0], [10.0, 10.0], [9.99, 1e6], [1.0, 1e-3], [1e-10, 1e10], [0.5, 0.5]]),
    "betaInc": (beta_inc, beta_arguments()),
    "betaQuantile": (beta_quantile, [[p, a, b] for p in (1e-12, 0.025, 0.5, 0.7, 0.9) for a, b in ((0.03, 0.5), (0.5, 0.5), (1, 3), (3, 1), (2, 100), (100, 200), (5, 0.2), (1000, 30))]),
    "logBesselI0": (log_bessel_i0, uniform(0, 60, 60) + log_uniform(-150, 300, 40) + around([20])),
}

result = {}
for name, (f, points) in tables.items():
    rows = []
    for point in points:
        x = point if isinstance(point, list) else [point]
        value = f(*(D(v) for v in x))
        high = float(value)
        if name[:4] in ("gamm", "beta") and abs(high) < 1e-290:
            continue
        rows.append([*x, high, float(value - D(high))])
    result[name] = rows
Path(__file__).with_name("special.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
