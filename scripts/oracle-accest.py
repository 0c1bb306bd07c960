#!/usr/bin/env python3
"""Write records of a classifier, and what numpy and SciPy learn and estimate
from them, for tests/accest.t: scripts/oracle-accest.py tests/vectors/accest

Transport is an assignment here: each record stands for as many rows as the
whole units of its share, each class for as many columns.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq, linear_sum_assignment, minimize
from scipy.special import expit
from scipy.stats import norm

K, W, STRIDE = 4, 20, 5
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20261129)


def draw(n, noise):
    truth = rng.choice(K, n, p=[0.4, 0.3, 0.2, 0.1])
    z = 3 * np.eye(K)[truth] + (1 + noise) * rng.standard_normal((n, K))
    p = np.exp(z)
    return p / p.sum(1, keepdims=True), truth


def write(name, p, truth=None):
    with open(out / name, "w") as f:
        for i, row in enumerate(p):
            r = {"seq": i + 1, "probs": [float(x) for x in row]}
            if truth is not None:
                r["truth"] = int(truth[i])
            f.write(json.dumps(r, separators=(",", ":")) + "\n")


sets = [draw(70, 0), draw(45, 1), draw(50, 3)]
stream, _ = draw(90, 1.5)
sets.append(draw(40, 2))
write("stream.ndjson", stream)
for name, (p, truth) in zip(("clean", "mild", "strong", "other"), sets):
    write(name + ".ndjson", p, truth)

# The temperature, from single-precision logarithms.
p, truth = sets[0]
z = np.log(np.maximum(p, 1e-30)).astype(np.float32).astype(float)


def slope(b):
    e = np.exp(b * (z - z.max(1, keepdims=True)))
    q = e / e.sum(1, keepdims=True)
    return ((q * z).sum(1) - z[np.arange(len(z)), truth]).sum()


T = 1 / brentq(slope, 0.01, 100, xtol=1e-14)


def temper(p):
    q = (p / p.max(1, keepdims=True)) ** (1 / T)
    return q / q.sum(1, keepdims=True)


# The order: Fisher and Yates with xoshiro256**, seeded as lib/stats/rng.c is.
M = 2**64 - 1


def splitmix(x):
    x = (x + 0x9E3779B97F4A7C15) & M
    z = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M
    return x, z ^ z >> 31


def numbers(seed):
    x = splitmix(seed)[1] ^ splitmix(M)[1]
    s = [0] * 4
    for i in range(4):
        x, s[i] = splitmix(x)
    rotl = lambda v, k: ((v << k) | (v >> (64 - k))) & M
    while True:
        yield (rotl((s[1] * 5) & M, 7) * 9) & M
        t = (s[1] << 17) & M
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)


def below(number, n):
    x = next(number)
    while x < 2**64 % n:
        x = next(number)
    return x % n


order = list(range(len(p)))
number = numbers(1)
for i in range(len(p), 1, -1):
    x = below(number, i)
    order[x], order[i - 1] = order[i - 1], order[x]
sets[0] = (p[order], truth[order])
sets = [(temper(p), truth) for p, truth in sets]

p, truth = sets[0]
N = len(p)
right = p.argmax(1) == truth
accuracy, confidence = right.mean(), p.max(1).mean()
count = np.bincount(truth, minlength=K)
score = lambda p: (p * np.log(p)).sum(1)
atc = np.sort(score(p))[N - right.sum()]


def plan(p):
    """The cost of each unit of the plan."""
    n = len(p)
    g = math.gcd(n, N)
    rows = np.repeat(np.arange(n), N // g)
    columns = np.repeat(np.arange(K), count * n // g)
    cost = 1 - p[rows][:, columns]
    return cost[linear_sum_assignment(cost)]


windows = []
for s, (p, truth) in enumerate(sets):
    for i in range(0, len(p) - W + 1, W // 4):
        w = p[i : i + W]
        windows.append((s, w, (w.argmax(1) == truth[i : i + W]).mean(), plan(w)))
grid = np.arange(100) / 100


def threshold(of):
    off = [sum(((w[3] <= t).mean() - w[2]) ** 2 for w in of) for t in grid]
    return grid[int(np.argmin(off))]


def curve(of):
    pools = []
    for x, y in sorted(((w[3].mean(), w[2]) for w in of), key=lambda q: (q[0], -q[1])):
        pools.append([x, y, 1])
        while len(pools) > 1 and pools[-2][1] <= pools[-1][1] + 1e-15:
            (a, b, m), (c, d, n) = pools[-2:]
            pools[-2:] = [[(m * a + n * c) / (m + n), (m * b + n * d) / (m + n), m + n]]
    x, y = [q[0] for q in pools], [q[1] for q in pools]
    return (x + [1.0], y + [0.0]) if x[-1] < 1 else (x, y)


def estimates(p, c, t, costs):
    mean = p.max(1).mean()
    return [
        mean,
        (score(p) >= atc).mean(),
        min(max(accuracy + mean - confidence, 0), 1),
        np.interp(costs.mean(), *c),
        (costs <= t).mean(),
    ]


unit = lambda a: np.sqrt(max(a * (1 - a), 1 / W) / W + ((accuracy - a) / 4) ** 2)
said = []
for w in windows:
    others = [v for v in windows if v[0] != w[0]]
    said.append(estimates(w[1], curve(others), threshold(others), w[3]))
fresh = np.sqrt((N + W) / (N - W))  # a new window, beside a part of the N


def quantile(x, share):
    x = sorted(x)
    return x[min(math.ceil(share * (len(x) + 1)), len(x)) - 1]


def widest(units, kinds):
    """What 9 of 10 windows need, or 95 of 100 of all kinds but the farthest."""
    units, kinds = np.array(units), np.array(kinds)
    farthest = max(set(kinds), key=lambda k: quantile(units[kinds == k], 0.9))
    if len(set(kinds)) > 2:
        return quantile(units[kinds != farthest], 0.95)
    return quantile(units, 0.9)


def margin(m, of):
    """The width for these windows, were they new."""
    of = list(of)
    units = [abs(e[m] - w[2]) / unit(e[m]) * (1 if w[0] else fresh) for e, w in of]
    return widest(units, [w[0] for e, w in of])


width = []
for m in range(5):
    width.append(margin(m, zip(said, windows)))
c, cott = curve(windows), threshold(windows)


def show(name, rows):
    with open(out / name, "w") as f:
        for r in rows:
            f.write(" ".join(repr(float(x)) for x in r) + "\n")


show("limit.txt", [[0.03 + norm.ppf(0.99) * np.sqrt((accuracy - 0.03) * (1.03 - accuracy) / W)]])
show("learnt.txt", [[K, W, N, T, accuracy, confidence, atc, cott], count, *c, width])
undamaged = [v for v in zip(said, windows) if v[1][0] == 0]
show("few.txt", [[margin(m, undamaged) for m in range(3)]])
q = temper(stream)
for m, name in enumerate(("cbpe", "atc", "doc", "cot", "cott")):
    rows = []
    for i in range(W, len(q) + 1, STRIDE):
        e = estimates(q[i - W : i], c, cott, plan(q[i - W : i]))[m]
        half = width[m] * unit(e)
        rows.append([i, e, max(e - half, 0), min(e + half, 1)])
    show(name + ".txt", rows)

# EM for the mix of classes, with each class counted once more, and what FIT goes
# by: the gain, the second largest p, the estimate of EM, how far the largest lie
# below those of the same answers, the spread of the logarithms, the entropy of the
# mean p, and the mean sum of squares.
clean = sets[0][0]
answer, top = clean.argmax(1), clean.max(1)
sure = np.array([top[answer == k].mean() for k in range(K)])
spread = np.array([top[answer == k].var() for k in range(K)])
usual = (count + 1) / (N + K)


def mix(p):
    ratio = np.ones(K)
    for _ in range(200):
        share = ratio * (p / (p @ ratio)[:, None]).sum(0) / len(p)
        moved = abs(share - ratio * usual).max()
        ratio = share / usual
        if moved < 1e-6:
            break
    best, n = p.argmax(1), np.arange(len(p))
    s = p @ ratio
    return [
        np.log(s).mean(),
        np.sort(p, 1)[:, -2].mean(),
        (p[n, best] * ratio[best] / s).mean(),
        (sure[best] - p[n, best]).sum() / np.sqrt(spread[best].sum()),
        np.log(np.maximum(p, 1e-6)).std(1).mean(),
        -(p.mean(0) * np.log(p.mean(0))).sum(),
        (p**2).sum(1).mean(),
    ]


# The windows, as they come and in two other mixes of classes.
number = numbers(2)
uniform = lambda: ((next(number) >> 12) + 0.5) * 2.0**-52
seen = []
for s, (p, truth) in enumerate(sets):
    for i in range(0, len(p) - W + 1, W // 4):
        pool = np.arange(len(p) if s == 0 else min(i + 2 * W, len(p)))
        pool = pool[pool >= (i if s else 0)]
        by = [pool[truth[pool] == k] for k in range(K)]
        for shape in (0, 10, 1):
            rows = list(range(i, i + W))
            if shape:
                share = [
                    sum(-math.log(1 - uniform()) for _ in range(shape)) if len(b) else 0
                    for b in by
                ]
                share = np.cumsum(share)
                for r in range(W):
                    k = int(np.searchsorted(share, uniform() * share[-1], "right"))
                    rows[r] = by[k][below(number, len(by[k]))]
            y = (p[rows].argmax(1) == truth[rows]).mean()
            again = math.sqrt((N + W) / (N if shape else N - W)) if s == 0 else 1
            seen.append((s, mix(p[rows]), y, again))
sets_of = np.array([v[0] for v in seen])
X, Y = np.array([v[1] for v in seen]), np.array([v[2] for v in seen])
again = np.array([v[3] for v in seen])
doubt = np.sort(X[sets_of == 0, 3])[int(0.98 * ((sets_of == 0).sum() - 1))]
damaged = X[:, 3] > doubt


def squares(z):
    pairs = [z[:, i] * z[:, k] for i in range(z.shape[1]) for k in range(i, z.shape[1])]
    return np.column_stack([np.ones(len(z)), z, *pairs])


def logistic(a, y):
    """Weights of a logistic regression; penalty: .001 of half their squares."""
    ridge = np.array([0] + [0.001] * (a.shape[1] - 1))

    def loss(b):
        z = a @ b
        return (np.logaddexp(0, z) - y * z).mean() + (ridge * b * b).sum() / 2

    def slope(b):
        return a.T @ (expit(a @ b) - y) / len(a) + ridge * b

    def curve(b):
        s = expit(a @ b)
        return (a.T * (s * (1 - s))) @ a / len(a) + np.diag(ridge)

    b = minimize(
        loss, np.zeros(a.shape[1]), jac=slope, hess=curve, method="trust-exact",
        options={"gtol": 1e-7},
    ).x  # fmt: skip
    for _ in range(3):  # from there the slope is nearly straight
        b = b - np.linalg.solve(curve(b), slope(b))
    assert abs(slope(b)).max() < 1e-14
    return b


def fit(use):
    """The mean of four polynomials, each in three numbers, is the logit."""
    mean, scale = X[use].mean(0), X[use].std(0)
    scaled = lambda x: (np.atleast_2d(x) - mean) / scale
    parts = [
        (j, logistic(squares(scaled(X[use])[:, j]), Y[use]))
        for j in ([0, 1, 2], [0, 1, 3], [0, 1, 4], [0, 5, 6])
    ]
    least = np.sort(Y[use])[int(0.01 * (use.sum() - 1))]

    def estimate(x):
        said = np.mean([squares(scaled(x)[:, j]) @ b for j, b in parts], 0)
        return np.maximum(expit(said), least)

    return estimate, mean, scale, least


estimate, mean, scale, least = fit(sets_of >= 0)
polynomial = estimate(X)
for s in (1, 2, 3):
    polynomial[sets_of == s] = fit(sets_of != s)[0](X[sets_of == s])
said = {"em": X[:, 2], "fit": polynomial}


def unit(m, a, gain):
    v = np.maximum(a * (1 - a), 1 / W) / W + ((accuracy - a) / 10) ** 2
    return np.sqrt(v + (np.maximum(gain, 0) / 400 + 0.02**2 if m == "fit" else 0))


of = {"em": (sets_of == 0) & ~damaged, "fit": (sets_of > 0) & damaged}
width = {}
for m, x in said.items():
    off = (x - Y) * again
    units = abs(off) / unit(m, x, X[:, 0])
    width[m] = widest(units[of[m]], sets_of[of[m]])
width["fit"] = max(width["fit"], norm.ppf(0.95))
show("mix.txt", [[doubt], mean, scale, [least], width.values()])
for name in ("em", "fit", "auto"):
    rows = []
    for i in range(W, len(q) + 1, STRIDE):
        x = mix(q[i - W : i])
        m = ("fit" if x[3] > doubt else "em") if name == "auto" else name
        e = x[2] if m == "em" else estimate(x)[0]
        half = width[m] * unit(m, e, x[0])
        rows.append([i, e, max(e - half, 0), min(e + half, 1)])
    show(name + ".txt", rows)
