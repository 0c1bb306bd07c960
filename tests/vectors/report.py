#!/usr/bin/python3
"""What a report's numbers must be, by SciPy and numpy, for grid_test.

    tests/vectors/report.py >tests/vectors/report_scipy.tsv
    tests/vectors/report.py pairs >tests/vectors/report_pairs.tsv

A line: the case's n, m, modulus, offset, factor (the samples are made by the
formula below, in grid_test too), the Kolmogorov-Smirnov distance, the mean and
the sample deviation of the second sample, and its quantiles (inverted_cdf) at
5, 25, 50, 75, 95 %. Of pairs, for contrast_test: n, m, modulus, offset, factor,
the distance, its exact p-value, Cliff's delta out of Mann and Whitney's U, and
the shift of the mean in pooled deviations. Debian's python3-scipy.
"""
import sys

import numpy as np
from scipy.stats import ks_2samp, mannwhitneyu


def sample(n, modulus, seed, offset, factor):
    i = np.arange(1, n + 1)
    return (i * seed % modulus) / modulus * factor + offset


CASES = [
    (500, 2000, 100003, 0.0, 1.0),
    (500, 2000, 100003, 0.25, 1.0),
    (500, 2000, 100003, 5.0, 2.0),
    (500, 2000, 100003, -0.3, 0.5),
    (4000, 700, 100003, 0.0, 1.5),
    (80, 400, 100003, 0.1, 1.0),
    (1000, 1000, 7, 0.0, 1.0),
    (1000, 1000, 7, 0.0, 0.5),
    (300, 50, 2, 0.0, 1.0),
]
PAIRS = [
    (20, 30, 100003, 0.0, 1.0),
    (50, 50, 100003, 0.1, 1.0),
    (200, 150, 100003, 0.1, 1.0),
    (300, 250, 100003, 0.05, 0.9),
    (120, 80, 100003, 3.0, 1.0),
]
for n, m, modulus, offset, factor in PAIRS if sys.argv[1:] else []:
    a = sample(n, modulus, 7919, 0.0, 1.0)
    b = sample(m, modulus, 104729, offset, factor)
    ks = ks_2samp(a, b, method="exact")
    u = mannwhitneyu(b, a).statistic
    pooled = np.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1))
                     / (n + m - 2))
    row = [n, m, modulus, offset, factor, ks.statistic, ks.pvalue,
           2 * u / (n * m) - 1, (b.mean() - a.mean()) / pooled]
    print("\t".join(repr(float(x)) for x in row))
for n, m, modulus, offset, factor in [] if sys.argv[1:] else CASES:
    a = sample(n, modulus, 7919, 0.0, 1.0)
    b = sample(m, modulus, 104729, offset, factor)
    q = np.quantile(b, [.05, .25, .5, .75, .95], method="inverted_cdf")
    row = [n, m, modulus, offset, factor, ks_2samp(a, b).statistic, b.mean(),
           b.std(ddof=1), *q]
    print("\t".join(repr(float(x)) for x in row))
