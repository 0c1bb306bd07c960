#!/usr/bin/env python3
"""Print what groups take in each of a pipeline's processes: of memory in all,
and in bytes for one; and of time, a record of so many groups against one of a
single group.

    scripts/group-memory.py [GROUPS ...]

1,000 and 10,000 groups unless told; 100,000 take some minutes of processor
time. The groups share a reference, two fields or ten classes, and the default
windows, which are full. With FORM=shipped the records, the reference and the
fields are those of configs/fashion.yaml. promtext keeps all series. Memory is
the largest resident set, time that of the processor. Of all together, pages
that several of them have, as those of the C library, are also counted once (the
sum of their proportional set sizes, at the end of the records). Limits do not
matter here, and would have to be simulated.
"""

import array
import fcntl
import os
import random
import re
import subprocess
import sys
import tempfile
import termios
import time

FULL = 210  # records that fill the largest window
ROUNDS = 5  # different records that a group has
ONE = 200000  # records of a single group
TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
os.environ["PATH"] = os.path.join(TOP, os.environ.get("BUILD", "build"),
                                  "bin") + ":" + os.environ["PATH"]
SHIPPED = os.environ.get("FORM") == "shipped"
NUMBERS = ["feat.mean", "feat.std"]
if SHIPPED:
    NUMBERS += ["prob", "entropy", "pixels.brightness", "pixels.contrast",
                "pixels.sharpness"]
VECTOR = ["act.avgpool[*]"] * SHIPPED + NUMBERS
draw = random.Random(1)


def made(n):
    return ['{"model":"m","time":1763880000,"class":%d,"prob":%.4f,'
            '"feat":{"mean":%.6f,"std":%.6f}}\n' % (
                draw.randrange(10), draw.random(), draw.gauss(0, 1),
                draw.gauss(0, 1)) for _ in range(n)]


def fields(names):
    return [word for name in names for word in ("-f", name)]


def commands(tmp, reference):
    common = ["-q", "-g", "cam", "--max-groups", "1000000"]
    learnt = common + ["--reference", reference]
    numbers = learnt + fields(NUMBERS)
    pht = ["--scores", "rank"] * SHIPPED
    return [["mewma", "--limit", "1e6"] + learnt + fields(VECTOR),
            ["pht", "--lambda", "1e6"] + pht + numbers,
            ["iks", "--limit", "1"] + numbers,
            ["nmddm", "--limit", "1e6"] + numbers,
            ["chi2", "--limit", "1e6"] + learnt,
            ["promtext"] + common + ["--max-series", "1000000000",
                                     "-o", os.path.join(tmp, "a.prom")]]


class Pipeline:
    def __init__(self, chain):
        self.inputs, self.children = [], []
        ends = [os.pipe() for _ in chain]
        for i, command in enumerate(chain):
            out = ends[i + 1][1] if i + 1 < len(chain) else subprocess.DEVNULL
            self.children.append(subprocess.Popen(
                command, stdin=ends[i][0], stdout=out))
            self.inputs.append(ends[i][0])
        for end in ends[1:]:
            os.close(end[1])
        self.feed = os.fdopen(ends[0][1], "wb")

    def idle(self):
        """Nothing is in a pipe, and all wait for more."""
        n = array.array("i", [0])
        for pipe in self.inputs:
            fcntl.ioctl(pipe, termios.FIONREAD, n)
            if n[0] > 0:
                return False
        return all(self.stat(c, "stat").split()[2] == "S"
                   for c in self.children)

    def wait(self):
        while not (self.idle() and not time.sleep(0.05) and self.idle()):
            time.sleep(0.1)

    @staticmethod
    def stat(child, name):
        with open("/proc/%d/%s" % (child.pid, name)) as f:
            return f.read()

    def used(self):
        """Seconds of the processor, so far."""
        return [int(self.stat(c, "schedstat").split()[0]) / 1e9
                for c in self.children]

    def peaks(self):
        """Bytes of the largest resident sets."""
        return [int(re.search(r"VmHWM:\s*(\d+) kB",
                              self.stat(c, "status")).group(1)) * 1024
                for c in self.children]

    def shared(self):
        """Bytes of all, where what k of them have counts 1/k in each."""
        return sum(int(re.search(r"\nPss:\s*(\d+) kB",
                                 self.stat(c, "smaps_rollup")).group(1))
                   for c in self.children) * 1024

    def end(self):
        """promtext's largest resident set, when it has written its file."""
        self.feed.close()
        for pipe in self.inputs:
            os.close(pipe)
        for child in self.children:
            _, status, used = os.wait4(child.pid, 0)
            if status != 0:
                sys.exit("%s: status %d" % (child.args[0], status))
        return used.ru_maxrss * 1024


def run(chain, lines, groups):
    """For each process: bytes, seconds for a record; bytes when all ends, and
    of all together before."""
    rounds = [b"".join(b'{"cam":%d,%s' % (
        g, lines[(r * groups + g) % len(lines)][1:].encode())
        for g in range(groups)) for r in range(ROUNDS if groups > 1 else 5000)]
    repeat = FULL if groups > 1 else ONE // groups
    pipeline = Pipeline(chain)
    pipeline.wait()
    before = pipeline.used()
    for i in range(repeat):
        pipeline.feed.write(rounds[i % len(rounds)])
    pipeline.feed.flush()
    pipeline.wait()
    seconds = [(b - a) / (repeat * groups)
               for a, b in zip(before, pipeline.used())]
    peaks, shared = pipeline.peaks(), pipeline.shared()
    return peaks, seconds, pipeline.end(), shared


def report(names, groups, one, many):
    print("%d groups" % groups)
    for i, name in enumerate(names):
        print("%-10s %8.1f MB %8.0f bytes a group %6.2f us a record, %.1f "
              "times one group's" % (
                  name, many[0][i] / 1e6,
                  (many[0][i] - one[0][i]) / (groups - 1), many[1][i] * 1e6,
                  many[1][i] / one[1][i]))
    print("%-10s %8.1f MB %8.0f bytes a group %6.2f us a record, %.1f times "
          "one group's" % (
              "all", sum(many[0]) / 1e6,
              (sum(many[0]) - sum(one[0])) / (groups - 1),
              sum(many[1]) * 1e6, sum(many[1]) / sum(one[1])))
    print("all, what they share counted once: %.1f MB" % (many[3] / 1e6))
    print("promtext, when it has written: %.1f MB\n" % (many[2] / 1e6),
          flush=True)


with tempfile.TemporaryDirectory() as tmp:
    reference = os.path.join(TOP, "data", "fashion-reference.ndjson")
    lines = open(reference).readlines() if SHIPPED else made(5003)
    if not SHIPPED:
        reference = os.path.join(tmp, "reference")
        with open(reference, "w") as f:
            f.writelines(made(5000))
    chain = commands(tmp, reference)
    one = run(chain, lines, 1)
    for groups in [int(a) for a in sys.argv[1:]] or [1000, 10000]:
        report([c[0] for c in chain], groups, one, run(chain, lines, groups))
