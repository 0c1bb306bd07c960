#!/usr/bin/env python3
"""Compute what edet and driftfdr say, without their code, for tests/edet.t.

    scripts/oracle-edet.py REFERENCE STREAM...
    scripts/oracle-edet.py --fdr SHARE STREAMS LOOKS <TABLE

The first prints for each record of the streams, one after the other, log10 of
the e-value of field x, by its sum over all records at which a bet may have
begun. No value may occur twice. The second reads a line for each look, the
streams' e-values in it, and prints the numbers of the streams that are shown,
the one with the largest e-value first.
"""
import json
import sys
from bisect import bisect_left
from math import exp, log, log10
from statistics import NormalDist

BETS = [(sign * size, 1) for size in (0.35, 0.7, 1.4, 2.8) for sign in (1, -1)]
BETS += [(0, 0.6), (0, 1.7)]


def density(z, mean, deviation):
    return exp(-(((z - mean) / deviation) ** 2) / 2) / deviation


def values(name):
    with open(name) as lines:
        return [json.loads(line)["x"] for line in lines]


def odds(n, mean, deviation):
    scores = [NormalDist().inv_cdf((j + 0.5) / (n + 1)) for j in range(n + 1)]
    return [density(z, mean, deviation) / density(z, 0, 1) for z in scores]


def wealth(gaps, n, mean, deviation):
    """Of one bet after each record, which are numbers of gaps."""
    gain = (deviation**2 + mean**2 - 1) / 2 - log(deviation)
    fades = min(gain / 8, 0.5)
    g = odds(n, mean, deviation)
    urn = [1] * (n + 1)
    factors = []
    for gap in gaps:
        expected = sum(a * b for a, b in zip(urn, g)) / sum(urn)
        factors.append(g[gap] / expected)
        urn[gap] += 1
    for t in range(1, len(gaps) + 1):
        total, product = 0, 1
        for s in range(t, 0, -1):
            product *= factors[s - 1]
            total += fades * (1 - fades) ** (t - s) * product
        yield min(total + (1 - fades) ** t * product, 1e12)


def statistics(reference, stream):
    n = len(reference)
    gaps = [bisect_left(sorted(reference), x) for x in stream]
    all_bets = [wealth(gaps, n, *bet) for bet in BETS]
    for together in zip(*all_bets):
        print(repr(log10(sum(together) / len(BETS))))


def shown(share, streams, looks):
    period = []
    for number, line in enumerate(sys.stdin):
        e = [float(x) / looks for x in line.split()]
        period = [] if number % looks == 0 else period
        period = [a + b for a, b in zip(period, e)] if period else e
        order = sorted(range(len(e)), key=lambda i: -period[i])
        most = 0
        for k in range(1, len(e) + 1):
            if period[order[k - 1]] * share * k >= max(streams, len(e)):
                most = k
        print(*order[:most])


if sys.argv[1] == "--fdr":
    shown(float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
else:
    for name in sys.argv[2:]:
        statistics(values(sys.argv[1]), values(name))
