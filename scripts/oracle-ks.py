#!/usr/bin/python3
"""Exact p-values of the two-sample Kolmogorov-Smirnov test, for ks_test.

    scripts/oracle-ks.py | scripts/oracle-ks.R >tests/vectors/ks_oracle.tsv

Counts, in whole numbers of any length, the orders of n + m values whose
distance is at least c / (n m); the share of all orders is p, correctly rounded.
Beside it stands what SciPy makes of the same question: everywhere when n = m,
and otherwise down to 1e-3, since it subtracts from 1. The R script adds the
column of R. Debian's python3-scipy and r-base-core.
"""
from fractions import Fraction
from math import comb, gcd
import random
import sys

import scipy
from scipy.stats import _stats_py

CONTINUOUS = [
    (1, 1, [1]),
    (3, 3, [3, 6, 9]),
    (5, 4, [8, 12, 20]),
    (7, 9, [14, 31, 63]),
    (50, 50, [50, 700, 1000, 1500, 2500]),
    (100, 10, [270, 440, 620, 1000]),
    (100, 50, [1200, 1700, 3500, 5000]),
    (200, 50, [2150, 3050, 7000, 10000]),
    (500, 50, [4000, 7650, 15000, 25000]),
    (500, 100, [6000, 11000, 25000, 50000]),
    (500, 300, [9000, 30000, 60000, 120000, 150000]),
    (500, 500, [21500, 31000, 50000, 100000, 150000, 200000, 249500, 250000]),
    (997, 101, [10000, 20000, 40000, 80000]),
]
TIED = [(3, 3), (6, 9), (20, 30), (50, 50), (100, 10)]


def exact(n, m, c, blocks):
    """P(D >= c / (n m)); blocks: how often each pooled value occurs."""
    ends, t = set(), 0
    for b in blocks or [1] * (n + m):
        t += b
        ends.add(t)
    inside = [0] * (m + 1)
    for i in range(n + 1):
        for j in range(m + 1):
            if i == j == 0:
                inside[j] = 1
                continue
            here = inside[j] if i else 0
            here += inside[j - 1] if j else 0
            far = abs(i * m - j * n) >= c and i + j in ends
            inside[j] = 0 if far else here
    return float(1 - Fraction(inside[m], comb(n + m, n)))


def by_scipy(n, m, c, p):
    if n != m and p < 1e-3:
        return "-"
    g = gcd(n, m)
    return repr(float(_stats_py._attempt_exact_2kssamp(
        n, m, g, c / (n * m), "two-sided")[2]))


def main():
    print(f"# SciPy {scipy.__version__}")
    print("n\tm\tc\tblocks\texact\tscipy")
    for n, m, values in CONTINUOUS:
        for c in values:
            p = exact(n, m, c, None)
            print(n, m, c, "-", repr(p), by_scipy(n, m, c, p), sep="\t")
    draw = random.Random(1)
    for n, m in TIED:
        blocks, left = [], n + m
        while left:
            blocks.append(draw.randint(1, min(left, 7)))
            left -= blocks[-1]
        text = ",".join(map(str, blocks))
        for c in sorted({n * m // k // gcd(n, m) * gcd(n, m)
                         for k in (6, 4, 3, 2, 1)} - {0}):
            print(n, m, c, text, repr(exact(n, m, c, blocks)), "-", sep="\t")
    return 0


sys.exit(main())
