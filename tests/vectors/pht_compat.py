#!/usr/bin/env python3
"""Writes pht_compat.tsv: the Page-Hinkley tests of other programs, each a
class of its own in the words of its source. The
C code has one table for all of them; this has nothing in common with it.

    python3 tests/vectors/pht_compat.py >tests/vectors/pht_compat.tsv

Columns: variant, direction, stream, lambda, how many records alarm, the sum
of their indices from 0, the statistic at the last record.
"""

import math
import os


class Gama:
    def __init__(self, threshold, direction, delta=0.005):
        self.threshold, self.direction, self.delta = threshold, direction, delta
        self.reset()

    def reset(self):
        self.n, self.mean, self.drift = 0, 0.0, False
        self.up, self.down = [], []

    def update(self, x):
        if self.drift:
            self.reset()
        self.n += 1
        self.mean += (x - self.mean) / self.n
        self.up.append((self.up[-1] if self.up else 0) + (x - self.mean - self.delta))
        self.down.append((self.down[-1] if self.down else 0) + (x - self.mean + self.delta))
        rise = self.up[-1] - min(self.up)
        fall = max(self.down) - self.down[-1]
        self.stat = {"up": rise, "down": fall, "both": max(rise, fall)}[self.direction]
        self.drift = self.stat > self.threshold


class Moa:
    def __init__(self, threshold, direction, delta=0.005, alpha=1 - 0.0001, least=30):
        self.threshold, self.delta, self.alpha, self.least = threshold, delta, alpha, least
        self.reset()

    def reset(self):
        self.m_n, self.x_mean, self.sum, self.drift, self.stat = 1, 0.0, 0.0, False, 0

    def update(self, x):
        if self.drift:
            self.reset()
        self.x_mean = self.x_mean + (x - self.x_mean) / self.m_n
        self.sum = self.alpha * self.sum + (x - self.x_mean - self.delta)
        self.m_n += 1
        self.drift = False
        self.stat = self.sum
        if self.m_n < self.least:
            return
        self.drift = self.sum > self.threshold


class Skmultiflow(Moa):
    def update(self, x):
        if self.drift:
            self.reset()
        self.x_mean = self.x_mean + (x - self.x_mean) / float(self.m_n)
        self.sum = max(0.0, self.alpha * self.sum + (x - self.x_mean - self.delta))
        self.m_n += 1
        self.drift = False
        self.stat = self.sum
        if self.m_n < self.least:
            return
        if self.sum > self.threshold:
            self.drift = True


class River:
    def __init__(self, threshold, direction, delta=0.005, alpha=1 - 0.0001, least=30):
        self.threshold, self.mode = threshold, direction
        self.delta, self.alpha, self.least = delta, alpha, least
        self.reset()

    def reset(self):
        self.n, self.mean, self.drift = 0, 0.0, False
        self.inc = self.dec = 0.0
        self.min_inc, self.max_dec = math.inf, -1

    def update(self, x):
        if self.drift:
            self.reset()
        self.n += 1.0
        self.mean += (1.0 / self.n) * (x - self.mean)
        dev = x - self.mean
        self.inc = self.alpha * self.inc + dev - self.delta
        self.dec = self.alpha * self.dec + dev + self.delta
        self.min_inc = min(self.min_inc, self.inc)
        self.max_dec = max(self.max_dec, self.dec)
        rise, fall = self.inc - self.min_inc, self.max_dec - self.dec
        self.stat = {"up": rise, "down": fall, "both": max(rise, fall)}[self.mode]
        if self.n >= self.least:
            self.drift = self.stat > self.threshold


class Frouros:
    def __init__(self, threshold, direction, delta=0.005, alpha=0.9999, least=30):
        self.threshold, self.delta, self.alpha, self.least = threshold, delta, alpha, least
        self.n, self.mean, self.sum_ = 0, 0.0, 0.0

    def update(self, x):
        self.n += 1
        self.mean += (x - self.mean) / self.n
        self.sum_ = self.alpha * self.sum_ + (x - self.mean - self.delta)
        self.stat = self.sum_
        self.drift = self.n >= self.least and self.sum_ > self.threshold


class Menelaus:
    def __init__(self, threshold, direction, delta=0.01, burn_in=30):
        self.threshold, self.direction = threshold, direction
        self.delta, self.burn_in = delta, burn_in
        self.reset()

    def reset(self):
        self.n, self._mean, self._sum, self._min, self._max = 0, 0, 0, 0, 0
        self.drift = False

    def update(self, x):
        if self.drift:
            self.reset()
        self.n += 1
        self._mean = self._mean + (x - self._mean) / self.n
        self._sum = self._sum + x - self._mean - self.delta
        theta = self.threshold * self._mean
        self._min = min(self._min, self._sum)
        self._max = max(self._max, self._sum)
        if self.direction == "up":
            diff = self._sum - self._min
        else:
            diff = self._max - self._sum
        self.diff = diff
        self.drift = diff > theta and self.n > self.burn_in

    @property
    def stat(self):
        return self.diff / self._mean


class Seed:
    def __init__(self, threshold, direction, delta=0.005):
        self.threshold, self.delta = threshold, delta
        self.n, self.mean, self.sum, self.least = 0, 0.0, 0.0, 0.0

    def update(self, x):
        if self.n > 0:
            self.sum = self.sum + x - self.mean - self.delta
        self.n += 1
        self.mean += (x - self.mean) / self.n
        self.least = min(self.least, self.sum)
        self.stat = self.sum - self.least
        self.drift = self.stat > self.threshold


RUNS = [
    ("gama", Gama, ("up", "down", "both")),
    ("moa", Moa, ("up",)),
    ("skmultiflow", Skmultiflow, ("up",)),
    ("river", River, ("both", "up", "down")),
    ("frouros", Frouros, ("up",)),
    ("menelaus", Menelaus, ("up", "down")),
    ("seed", Seed, ("up",)),
]

here = os.path.dirname(os.path.abspath(__file__))
for stream in ("river_doc_random.txt", "frouros_doc.txt"):
    with open(os.path.join(here, stream)) as f:
        values = [float(line) for line in f]
    for name, cls, directions in RUNS:
        for direction in directions:
            for threshold in (50, 5, 0.5):
                d = cls(threshold, direction)
                alarms = []
                for i, x in enumerate(values):
                    d.update(x)
                    if d.drift:
                        alarms.append(i)
                print(name, direction, stream, threshold, len(alarms),
                      sum(alarms), repr(float(d.stat)), sep="\t")
