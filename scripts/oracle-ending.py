#!/usr/bin/env python3
"""Compute when alarms begin and end, without the tools' code, for tests/det.t.

    scripts/oracle-ending.py TOOL REFERENCE-SIZE [WINDOW] <RECORDS

Reads what pht, iks, nmddm, chi2 or mewma wrote of field x, or chi2 of field c,
whose first records are the reference, with a limit and, but for these, no
option. Of them it takes the values, the statistics and what they say of the
time of a change. Prints how many records are in alarm, how many would be by
the statistic alone, and those at which the tool says something else.
"""
import json
import sys
from math import sqrt
from statistics import mean, stdev

ENOUGH, LARGEST, DOUBT, LEAST, MOST, END = 7.6, 4, 20, 0.15, 1, 0.8
BINS, ALLOWANCE = 8, 0.25

tool, size = sys.argv[1], int(sys.argv[2])
window = int(sys.argv[3]) if len(sys.argv) > 3 else 100
records = [json.loads(line) for line in sys.stdin]
x = [r["c" if tool == "chi2" else "x"] for r in records]
reference, x, records = x[:size], x[size:], records[size:]


class Pht:
    """Twice the limit holds the sums, as in the tool."""

    def __init__(self):
        self.mean, self.deviation = mean(reference), stdev(reference)
        self.sums = [(0, 0), (0, 0)]

    def add(self, t, test):
        z = (x[t] - self.mean) / self.deviation
        for i, sign in enumerate((1, -1)):
            total, since = self.sums[i]
            total = min(total + sign * z - ALLOWANCE, 2 * test["limit"])
            self.sums[i] = (total, since + 1) if total > 0 else (0, 0)

    def aim(self, t, test):
        self.sign = 1 if self.sums[0][0] >= self.sums[1][0] else -1
        total, since = self.sums[self.sign < 0]
        return since, total / since + ALLOWANCE

    def score(self, t):
        return self.sign * (x[t] - self.mean) / self.deviation


class Iks:
    def add(self, t, test):
        pass

    def aim(self, t, test):
        seen, best = x[t - window + 1 : t + 1], 0
        share = lambda values, reach: sum(map(reach, values)) / len(values)
        for v in sorted(set(reference)):
            for up, reach in ((1, lambda y: y <= v), (0, lambda y: y < v)):
                p = share(reference, reach)
                far = (p - share(seen, reach)) * (1 if up else -1)
                if far > best + 1e-12:
                    best, self.up, self.place = far, up, v
                    count = p * len(reference)
        self.p = (count + 0.5) / (len(reference) + 1)
        return window, best / sqrt(self.p * (1 - self.p))

    def score(self, t):
        below = x[t] <= self.place if self.up else x[t] < self.place
        far = self.p - below
        return (far if self.up else -far) / sqrt(self.p * (1 - self.p))


class Cells:
    """nmddm's bins, and chi2's classes."""

    def __init__(self):
        if tool == "chi2":
            # And one for classes that the reference lacks.
            names = sorted(set(reference))
            self.cell = names.index
            self.n = len(names) + 1
        else:
            s = sorted(reference)
            cut = [s[(j + 1) * size // BINS - 1] for j in range(BINS - 1)]
            self.cell = lambda v: sum(v > c for c in cut)
            self.n = BINS

    def add(self, t, test):
        pass

    def aim(self, t, test):
        m = test.get("since", window)
        count = lambda values: [
            [self.cell(v) for v in values].count(j) for j in range(self.n)
        ]
        p = [a + 0.5 for a in count(reference)]
        p = [a / sum(p) for a in p]
        q = [c / m for c in count(x[t - m + 1 : t + 1])]
        self.w = [b / a - 1 for a, b in zip(p, q)]
        length = sqrt(sum(a * w * w for a, w in zip(p, self.w)))
        self.w = [w / length for w in self.w]
        used = sum(a > 0 for a in count(reference))
        return m, length - (used - 2) / m / length

    def score(self, t):
        return self.w[self.cell(x[t])]


class Mewma:
    """Of one field, none of which is clipped."""

    def __init__(self):
        self.mean, self.deviation = mean(reference), stdev(reference)
        self.seen = []

    def y(self, t):
        return (x[t] - self.mean) / self.deviation

    def add(self, t, test):
        self.seen.append(self.y(t))

    def aim(self, t, test):
        rate, z = test["lambda"], 0
        for y in self.seen:
            z += rate * (y - z)
        self.sign = 1 if z > 0 else -1
        n = test["since"]
        return (
            min(n, (2 - rate) / rate),
            abs(z) / (1 - (1 - rate) ** n),
        )

    def score(self, t):
        return self.sign * self.y(t)


d = {"pht": Pht, "iks": Iks, "nmddm": Cells, "chi2": Cells, "mewma": Mewma}
d = d[tool]()
within = lambda v, low, high: min(max(v, low), high)
on = alone = False
alarms = old = 0
for t, r in enumerate(records):
    tests = r[tool].get("tests")
    if not tests:
        d.add(t, {"limit": 1e300})
        continue
    test = tests[0]
    d.add(t, test)
    if on:
        s = within(d.score(t), -LARGEST, LARGEST)
        size_of = within(total / (n + DOUBT), LEAST, MOST)
        v = max((squares + DOUBT) / (seen + DOUBT), 1)
        evidence += size_of * (size_of / 2 - s) / v
        squares, seen = squares + (s - size_of) ** 2, seen + 1
        evidence = within(evidence, 0, 2 * ENOUGH)
        n, total = n + 1, total + s
    before, high = on, test["stat"] > END * test["limit"]
    on = test["stat"] > test["limit"]
    alone = on or alone and high
    on = on or before and (high or evidence <= ENOUGH)
    if on and not before:
        n, size_of = d.aim(t, test)
        total, evidence = n * within(size_of, 0, LARGEST), 0
        squares = seen = 0
    alarms, old = alarms + on, old + alone
    if on != test["alarm"]:
        print("record", t + 1, "has", test["alarm"])
print(alarms, old)
