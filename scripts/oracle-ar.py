#!/usr/bin/env python3
"""Print what numpy and SciPy make of dependent references, for ar_test.c and
residual_test.c: scripts/oracle-ar.py >tests/vectors/ar_numpy.txt

Three series of positive values with ties: an autoregression of order 2, a slow
wave beneath much noise, and independent values.
"""
import numpy as np
import scipy.stats as st

rng = np.random.default_rng(20261129)
n, more, most = 240, 30, 40


def show(name, values):
    values = [repr(float(v)) for v in values]
    for i in range(0, len(values), 12):
        print(name, *values[i : i + 12])


def autoregression(phi, count):
    x = np.zeros(count + 300)
    e = rng.standard_normal(count + 300)
    for t in range(len(phi), len(x)):
        x[t] = e[t] + sum(c * x[t - 1 - k] for k, c in enumerate(phi))
    return x[300:] / x[300:].std()


def burg(z, orders):
    """Partial autocorrelations, and the errors of each order."""
    f, b = z[1:], z[:-1]
    partial, errors = [], [z]
    for _ in range(orders):
        r = 2 * (f @ b) / (f @ f + b @ b)
        partial.append(r)
        errors.append(f - r * b)
        f, b = (f - r * b)[1:], (b - r * f)[:-1]
    return np.array(partial), errors


def sum_of_lags(e, k, lags):
    r = [e[j:] @ e[: len(e) - j] for j in range(1, min(k + lags, len(e) - 1) + 1)]
    return (sum(r) / (e @ e) + lags / n) / np.sqrt(lags / n)


def order_of(partial, errors):
    gain = np.concatenate([[0], np.cumsum(n * np.log(1 - partial**2))])
    best = lambda cost: int(np.argmin(gain + cost * np.arange(len(gain))))
    lags = int(np.sqrt(n))
    if best(max(6.5, np.log(n))) == 0 and sum_of_lags(errors[0], 0, lags) < 3:
        return 0
    p = max(best(2), 1)
    while p < len(partial) and sum_of_lags(errors[p], p, lags) > 1:
        p += 1
    return p


def coefficients(partial):
    """By polynomials: A_k(B) = A_(k-1)(B) - pi B^k A_(k-1)(1/B)."""
    a = np.array([1.0])
    for i, r in enumerate(partial):
        k = i + 1
        pi = (r + (2 - k % 2) / n) / (1 - (k + 2) / n)
        a = np.append(a, 0)
        a = a - pi * a[::-1]
    return -a[1:]


def worth(phi):
    """By the covariance of p values, from the impulse response."""
    p = len(phi)
    h = np.zeros(20000)
    h[0] = 1
    for t in range(1, len(h)):
        k = min(p, t)
        h[t] = phi[:k] @ h[t - 1 :: -1][:k]
    cov = [h[: len(h) - k] @ h[k:] for k in range(p)]
    G = np.array([[cov[abs(i - j)] for j in range(p)] for i in range(p)])
    return n * (1 - phi.sum()) ** 2 / np.linalg.inv(G).sum()


def score(ref, x):
    less = np.array([(ref < v).sum() for v in x])
    equal = np.array([(ref == v).sum() for v in x])
    return st.norm.ppf((less + (equal + 1) / 2) / (len(ref) + 1))


N = n + more
series = {
    "two": autoregression([0.5, 0.3], N),
    "wave": np.sqrt(0.2) * autoregression([0.97], N)
    + np.sqrt(0.8) * rng.standard_normal(N),
    "none": rng.standard_normal(N),
}
for name, z in series.items():
    x = np.round(np.exp(z), 2)
    ref = x[:n]
    scores = score(ref, x)
    z = scores[:n] - scores[:n].mean()
    partial, errors = burg(z, min(most, int(10 * np.log10(n)), n // 4))
    p = order_of(partial, errors)
    phi = coefficients(partial[:p])
    show(name, x)
    show(name + "_order", [p])
    if p == 0:
        continue
    show(name + "_phi", phi)
    show(name + "_worth", [worth(phi)])
    show(
        name + "_residual",
        [scores[t] - phi @ scores[t - p : t][::-1] for t in range(p, N)],
    )
