#!/usr/bin/python3
"""Print what SciPy makes of some tables of counts, for tests/lib/detect/chi2_test.c.

	scripts/oracle-chi2.py >tests/vectors/chi2_scipy.txt

A line holds the statistic's name, its value, the degrees of freedom, the
p-value, the number of classes k, k counts of the reference, and k counts of
the window. No column is empty, and at most one is absent from the reference.
The order is that of Python's random.Random(3).
"""
import random

from scipy.stats import chi2_contingency

draw = random.Random(3)


def counts(k, n, skew, scale=1):
    weights = [skew**i * (scale if i % 2 else 1) for i in range(k)]
    out = [0] * k
    for c in draw.choices(range(k), weights, k=n):
        out[c] += 1
    return out


def show(a, b):
    columns = [c for c in zip(a, b) if sum(c) > 0]
    a, b = zip(*columns)
    for name, power in ("g", "log-likelihood"), ("pearson", "pearson"):
        stat, p, df, _ = chi2_contingency([a, b], False, power)
        print(name, repr(stat), df, repr(p), len(a), *a, *b)


for k, n, m, skew, scale in (
    (2, 50, 20, 1, 1),
    (2, 500, 200, 0.02, 1),
    (2, 500, 200, 0.2, 4),
    (3, 100, 1000, 1, 1.1),
    (10, 500, 100, 1, 1),
    (10, 500, 200, 0.6, 1),
    (10, 2000, 200, 1, 3),
    (40, 5000, 2000, 0.95, 1.5),
    (100, 100000, 5000, 1, 1),
    (100, 100000, 5000, 1, 1.3),
):
    show(counts(k, n, skew), counts(k, m, skew, scale))
show([30, 70], [100, 0])
show([500, 0], [190, 10])
show([400, 100, 0], [160, 30, 10])
show([10, 490], [200, 0])
show([300, 200], [120, 80])
