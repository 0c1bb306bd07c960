#!/usr/bin/env python3
"""Compute what pht does with --context, without its code, for tests/context.t.

    scripts/oracle-context.py STREAM REFERENCE-SIZE CONTEXT...

Prints for each record after the reference the statistic of field x, or
"skipped" where the reference has nothing in the record's context. Values that
differ by context are compared with records of the same one; contexts with
fewer than 20 records are pooled.
"""
import json
import struct
import sys
import time
from statistics import NormalDist, mean, stdev

FEW, ALLOWANCE = 20, 0.25
quantile = NormalDist().inv_cdf


def value(record, name):
    field, _, part = name.rpartition(":")
    if part == "hour":
        return time.gmtime(record[field]).tm_hour
    if part == "weekday":
        return (time.gmtime(record[field]).tm_wday + 1) % 7
    return record[name]


def alike(a, b):
    same = [x == y for x, y in zip(a, b)]
    return same.index(False) if False in same else len(same)


def pools_of(contexts, circular):
    """Lists of neighbours: the smallest is joined to one beside it."""
    pools = [[c] for c in sorted(set(contexts))]
    circular = circular and len(pools) > 2
    size = lambda pool: sum(contexts.count(c) for c in pool)
    while len(pools) > 1:
        i = min(range(len(pools)), key=lambda k: size(pools[k]))
        if size(pools[i]) >= FEW:
            break
        # The smallest comes to the front of a circle.
        turned = pools[i:] + pools[:i] if circular and len(pools) > 2 else pools
        i = turned.index(pools[i])
        before = turned[i - 1] if i > 0 or turned is not pools else None
        after = turned[i + 1] if i + 1 < len(turned) else None
        own = turned[i]
        if before is None:
            takes_after = True
        elif after is None:
            takes_after = False
        else:
            back, on = alike(before[-1], own[0]), alike(own[-1], after[0])
            takes_after = on > back or on == back and size(after) < size(before)
        joined = own + after if takes_after else before + own
        gone = after if takes_after else before
        pools = [p for p in turned if p is not own and p is not gone] + [joined]
        if not circular or len(pools) < 3:
            pools.sort()
    return pools


def uniform(x):
    """A number of the bits of a value that has no equal."""
    (h,) = struct.unpack("<Q", struct.pack("<d", x + 0.0))
    for _ in range(2):
        h = (h ^ h >> 32) * 0x9E3779B97F4A7C15 % 2**64
        h ^= h >> 29
    return ((h >> 12) + 0.5) / 2**52


def score(x, reference):
    below, equal = sum(v < x for v in reference), sum(v == x for v in reference)
    place = equal / 2 if equal > 1 else uniform(x)
    return quantile((below + place) / (len(reference) + (equal == 0)))


def main():
    stream, n, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    with open(stream) as f:
        records = [json.loads(line) for line in f]
    contexts = [tuple(value(r, name) for name in names) for r in records]
    x = [r["x"] for r in records]
    pools = pools_of(contexts[:n], names[0].endswith((":hour", ":weekday")))
    pool = [next((i for i, p in enumerate(pools) if c in p), None) for c in contexts]
    scores = []
    for t, p in enumerate(pool):
        reference = [x[i] for i in range(n) if pool[i] == p]
        scores.append(p is not None and score(x[t], reference))
    centre, spread = mean(scores[:n]), stdev(scores[:n])
    z = [(s - centre) / spread for s in scores]
    up = down = 0.0
    for t in range(n, len(x)):
        if pool[t] is None:
            print("skipped")
            continue
        up = max(0.0, up + z[t] - ALLOWANCE)
        down = max(0.0, down - z[t] - ALLOWANCE)
        print(repr(max(up, down)))


main()
