#!/usr/bin/env python3
"""Print what numpy and SciPy make of dependent references, for ar_test.c and
residual_test.c: scripts/oracle-ar.py >tests/vectors/ar_numpy.txt

Series of positive values with ties: an autoregression of order 2, a slow wave
beneath noise, a moving average, and independent values.
"""
import numpy as np
import scipy.optimize as so
import scipy.signal as sg
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


def best(partial, cost):
    """The order, and what it gains."""
    gain = np.concatenate([[0], np.cumsum(n * np.log(1 - partial**2))])
    gain += cost * np.arange(len(gain))
    return int(np.argmin(gain)), -gain.min()


def is_dependent(z, partial):
    lags = int(np.sqrt(n))
    return best(partial, max(6.5, np.log(n)))[0] > 0 or sum_of_lags(z, 0, lags) >= 3


def order_of(partial, errors):
    lags = int(np.sqrt(n))
    p = max(best(partial, 2)[0], 1)
    while p < len(partial) and sum_of_lags(errors[p], p, lags) > 1:
        p += 1
    return p


def arma(z):
    """phi, theta of least squares, from many starts, and the sum of squares."""

    def errors(a):
        return sg.lfilter([1, -a[0]], [1, a[1]], z, zi=[-z[0]])[0][1:]

    fits = [
        so.least_squares(errors, (p, t), bounds=(-0.9999, 0.9999), xtol=1e-15,
                         ftol=1e-15, gtol=1e-15)
        for p in (-0.5, 0.3, 0.8, 0.97)
        for t in (-0.95, -0.7, 0.5)
    ]
    fit = min(fits, key=lambda f: f.cost)
    return fit.x, 2 * fit.cost


def arma_weights(phi, theta):
    """What past values foretell, by the series of (1 - phi B) / (1 + theta B)."""
    impulse = np.zeros(most + 1)
    impulse[0] = 1
    w = -sg.lfilter([1, -phi], [1, theta], impulse)[1:]
    return w[: max(1, int((np.abs(w) > 1e-3).sum()))]


def arma_worth(phi, theta):
    """By the sum of all autocovariances, from the impulse response."""
    impulse = np.zeros(20000)
    impulse[0] = 1
    h = sg.lfilter([1, theta], [1, -phi], impulse)
    return n * (h @ h) / h.sum() ** 2


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
    "wave": np.sqrt(0.4) * autoregression([0.97], N)
    + np.sqrt(0.6) * rng.standard_normal(N),
    "average": np.convolve(rng.standard_normal(N + 1), [1, 0.8])[1:-1],
    "none": rng.standard_normal(N),
}
for name, z in series.items():
    x = np.round(np.exp(z), 2)
    ref = x[:n]
    scores = score(ref, x)
    z = scores[:n] - scores[:n].mean()
    partial, errors = burg(z, min(most, int(10 * np.log10(n)), n // 4))
    (ar, ma), square = arma(z)
    order, gain = best(partial, np.log(n))
    gained = -n * np.log(square / (n - 1) * n / (z @ z)) - 2 * np.log(n)
    show(name, x)
    if not is_dependent(z, partial):
        show(name + "_order", [0])
        continue
    if order == 0 or gained > gain + 2:
        show(name + "_arma", [ar, ma])
        ar += (1 + 3 * ar) / n
        phi, known = arma_weights(ar, ma)[: len(partial)], arma_worth(ar, ma)
    else:
        phi = coefficients(partial[: order_of(partial, errors)])
        known = worth(phi)
    p = len(phi)
    show(name + "_order", [p])
    show(name + "_phi", phi)
    show(name + "_worth", [known])
    show(
        name + "_residual",
        [scores[t] - phi @ scores[t - p : t][::-1] for t in range(p, N)],
    )
