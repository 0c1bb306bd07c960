#!/usr/bin/env python3
"""Print what a group takes: of memory, in bytes, and of time, a record of many
groups against one of few.

    scripts/group-memory.py [GROUPS [FEW]]

2,000 groups and 20 of them, unless told, that share a reference of 5,000
records, two fields or ten classes, and the default windows, which are full: the
largest resident sets of two runs over as many records, divided by the groups
that one has more. promtext reads what pht, iks, nmddm and chi2 append. Time is
that of the processor.
"""

import array
import fcntl
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import termios
import time

FULL = 210  # records that fill the largest window
BIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                   os.environ.get("BUILD", "build"), "bin")
os.environ["PATH"] = BIN + ":" + os.environ["PATH"]
many, few = [int(a) for a in sys.argv[1:3]] + [2000, 20][len(sys.argv[1:3]):]
draw = random.Random(1)


def record(group):
    return '{%s"class":%d,"feat":{"mean":%.6f,"std":%.6f}}\n' % (
        group, draw.randrange(10), draw.gauss(0, 1), draw.gauss(0, 1))


def write(path, groups, n):
    with open(path, "w") as f:
        for i in range(n):
            f.write(record('"cam":%d,' % (i % groups) if groups else ""))


def pending(pipe):
    """Bytes that its reader has not taken."""
    n = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, n)
    return n[0]


def run(command, path):
    """Bytes of the largest resident set, and seconds of the processor."""
    with open(path, "rb") as f:
        child = subprocess.Popen(command, stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL)
        shutil.copyfileobj(f, child.stdin)
        child.stdin.flush()
    stat = "/proc/%d/" % child.pid
    while pending(child.stdin) or open(stat + "stat").read().split()[2] != "S":
        time.sleep(0.01)
    with open(stat + "status") as f:
        peak = int(re.search(r"VmHWM:\s*(\d+) kB", f.read()).group(1))
    child.stdin.close()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit("%s: status %d" % (command[0], status))
    return peak * 1024, used.ru_utime + used.ru_stime


def compare(command, paths):
    (small, quick), (large, slow) = (run(command, p) for p in paths)
    print("%-10s %8.0f bytes a group, %.1f times as long for a record" % (
        command[0], (large - small) / (many - few), slow / quick), flush=True)


with tempfile.TemporaryDirectory() as tmp:
    path = [os.path.join(tmp, p) for p in ("few", "many")]
    reference = os.path.join(tmp, "reference")
    common = ["-q", "-g", "cam", "--max-groups", str(many)]
    write(reference, 0, 5000)
    for p, groups in zip(path, (few, many)):
        write(p, groups, FULL * many)
    # Their limits do not matter here, and would have to be simulated.
    detectors = [[name] + common + ["--reference", reference, *limit]
                 for name, *limit in (("pht", "--lambda", "1e6"),
                                      ("iks", "--limit", "1"),
                                      ("nmddm", "--limit", "1e6"),
                                      ("chi2", "--limit", "1e6"))]
    for command in detectors:
        compare(command, path)
    for p in path:
        pipeline = " | ".join(" ".join(c) for c in detectors)
        subprocess.run("%s <%s >%s.tested" % (pipeline, p, p), shell=True,
                       check=True)
    compare(["promtext", *common, "--max-series", "1000000",
             "-o", os.path.join(tmp, "a.prom")],
            [p + ".tested" for p in path])
