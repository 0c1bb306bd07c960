#!/usr/bin/env python3
"""Compute what pht says while its reference grows, without its code, for
tests/phtforms.t.

    scripts/oracle-grow.py FORM standard|rank N GROW <RECORDS

FORM is mean, spread, both or unknown, with the options' defaults, the first N
records are the reference, and GROW is what --grow has. Prints for each record
after it the statistic, its direction, 1 or -1, and the number of records since
the change; of unknown the statistic alone. Everything is computed anew from all
values of the reference at each record.
"""
import json
import sys
from bisect import bisect_left, bisect_right
from math import log
from statistics import NormalDist, mean, stdev

NORMAL = NormalDist()
ALLOWANCE, RATIO, CALM, CALM_UNKNOWN, PART = 0.25, 1.5, 5, 8, 3


def quantile(p):
    return NORMAL.inv_cdf(p)


def below(p):
    """The integral of the square of the quantile up to p."""
    return p - quantile(p) * NORMAL.pdf(quantile(p)) if 0 < p < 1 else p


def by_rank(ref, x):
    gaps = len(ref) + 1
    first, last = bisect_left(ref, x), bisect_right(ref, x) + 1
    square = (below(last / gaps) - below(first / gaps)) * gaps / (last - first)
    return quantile((first + last) / 2 / gaps), square


def by_value(ref, x):
    z = (x - mean(ref)) / stdev(ref)
    return z, z * z


def increments(form, z, square):
    """Of the rise, the fall, the wider and the narrower spread."""
    scale = 2 * ALLOWANCE if form == "both" else 1
    gone = [None] * 2
    of_mean = [scale * (z - ALLOWANCE), scale * (-z - ALLOWANCE)]
    of_spread = [
        square / 2 * (1 - 1 / RATIO**2) - log(RATIO),
        log(RATIO) - square / 2 * (RATIO**2 - 1),
    ]
    return (gone if form == "spread" else of_mean) + (
        gone if form == "mean" else of_spread
    )


def best_start(scores):
    """The largest log-likelihood ratio of a shift that began at any record."""
    best = total = 0
    for length, z in enumerate(reversed(scores), 1):
        total += z
        best = max(best, total * total / 2 / length)
    return best


def main():
    form, scores, n, grow = sys.argv[1:3] + [int(a) for a in sys.argv[3:5]]
    values = [json.loads(line)["x"] for line in sys.stdin]
    score = by_rank if scores == "rank" else by_value
    calm = CALM / 2 / ALLOWANCE if form == "mean" else CALM
    ref, block, seen = sorted(values[:n]), [], []
    sums, since = [0] * 4, [0] * 4
    for x in values[n:]:
        z, square = score(ref, x)
        if form == "unknown":
            seen.append(z)
            stat = best_start(seen)
            print(f"{stat:.12g}")
        else:
            for i, step in enumerate(increments(form, z, square)):
                sums[i] = max(0, sums[i] + step) if step is not None else -1
                since[i] = since[i] + 1 if sums[i] > 0 else 0
            stat = max(sums)
            i = sums.index(stat)
            print(f"{stat:.12g} {1 - i % 2 * 2} {since[i]}")
        if stat > (CALM_UNKNOWN if form == "unknown" else calm):
            block = []
        elif len(ref) < grow:
            block.append(x)
            if len(block) >= min(-(-len(ref) // PART), grow - len(ref)):
                ref, block = sorted(ref + block), []


if __name__ == "__main__":
    main()
