#!/usr/bin/env python3
"""Print what numpy makes of a reference and of a stream, for whiten_test.c and
mewma_test.c: scripts/oracle-whiten.py >tests/vectors/whiten_numpy.txt

Fields 0, 1, 3 and 5 vary (3 with a large mean, 5 nearly 0 + 1), 2 and 4 don't.
"""
import numpy as np
import scipy.stats as st

rng = np.random.default_rng(20261128)
n, horizon, fap, quantile = 60, 1000, 0.05, 0.95
lambdas = (0.1, 0.02)
live = [0, 1, 3, 5]


def draw(n):
    x = rng.standard_normal((n, 6))
    x[:, 1] = 0.6 * x[:, 0] + x[:, 1]
    x[:, 2] = 7
    x[:, 3] = 1e6 + np.exp(x[:, 3])
    x[:, 4] = 0
    x[:, 5] = x[:, 0] + x[:, 1] + 1e-3 * x[:, 5]
    return x


def show(name, *values):
    print(name, *(repr(float(v)) for v in values))


reference, stream = draw(n), draw(40)
stream[20:, 1] += 2
for name, rows in (("reference", reference), ("stream", stream)):
    for row in rows:
        show(name, *row)

x = reference[:, live]
mean, deviation = x.mean(0), x.std(0, ddof=1)
z = (x - mean) / deviation
S = z.T @ z / n
mu = np.trace(S) / 4
d2 = ((S - mu * np.eye(4)) ** 2).sum()
b2 = sum(((np.outer(v, v) - S) ** 2).sum() for v in z) / n**2
rho = min(b2, d2) / d2
C = (1 - rho) * S + rho * mu * np.eye(4)
show("rho", rho)
inverse = np.linalg.inv(np.linalg.cholesky(C))
rows = []
for i in range(n):
    y = inverse @ z[i]
    left_out = np.sqrt(n / (n - 1) / (1 - (1 - rho) / (n - 1) * (y @ y)))
    show("left_out", y @ y, left_out)
    rows.append(left_out * y)

# The exact form, for the tolerance of left_out: fit anew without each.
worst = 0
for i in range(n):
    rest = np.delete(z, i, 0)
    u = z[i] - rest.mean(0)
    c = rest - rest.mean(0)
    Ci = (1 - rho) * (c.T @ c) / (n - 1) + rho * mu * np.eye(4)
    exact = np.sqrt(u @ np.linalg.solve(Ci, u))
    worst = max(worst, abs(np.linalg.norm(rows[i]) / exact - 1))
show("exact", worst)

lengths = np.linalg.norm(rows, axis=1)
quantile = np.sort(lengths)[int(np.ceil(quantile * n)) - 1]
radius, centre, h = {}, {}, {}
for l in lambdas:
    radius[l] = quantile * np.sqrt(.1 * 1.9 / (l * (2 - l)))
    clipped = np.array(
        [r * min(1, radius[l] / s) for r, s in zip(rows, lengths)])
    centre[l] = clipped.mean(0)
    square = ((clipped - centre[l])**2).sum(1)
    show("radius", radius[l])
    s2, s4 = l / (2 - l), l**4 / (1 - (1 - l) ** 4)
    m, v = square.mean(), square.var()
    variance = (2 * (s2**2 - s4) * m**2 / 4 + s4 * v) / s2**2
    a = m**2 / variance
    h[l] = st.gamma.isf(fap / len(lambdas) / (1 + l * horizon), a, scale=m / a)
    show("h", l, h[l])

state = {l: np.zeros(4) for l in lambdas}
for row in stream:
    y = inverse @ ((row[live] - mean) / deviation)
    for l in lambdas:
        by = min(1, radius[l] / np.linalg.norm(y))
        state[l] += l * (by * y - centre[l] - state[l])
    t2 = {l: (2 - l) / l * (state[l] @ state[l]) for l in lambdas}
    show("t2", *t2.values())
v = state[max(lambdas, key=lambda l: t2[l] / h[l])]
ewma = np.linalg.inv(inverse) @ v
show("parts", *(ewma * np.linalg.solve(C, ewma) / (v @ v)))
show("signs", *np.sign(ewma))
