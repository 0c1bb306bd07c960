#!/usr/bin/env python3
"""Print what a fleet needs, by what one camera needs here: processors, memory,
network and series of Prometheus. The table is in driftpipe-deploy(7).

    scripts/fleet-scale.py [IMAGES-A-DAY [GROUPS]]

A camera delivers 1440 images a day unless told, one a minute; time and memory
are measured with 10,000 groups (scripts/group-memory.py), which takes some
minutes of processor time. The records, reference, fields and detectors are those
of configs/cam0.yaml. Not in it: imgcls, which stands where the images are.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
BIN = os.path.join(TOP, os.environ.get("BUILD", "build"), "bin")
REFERENCE = os.path.join(TOP, "data", "fashion-reference.ndjson")
NUMBERS = ["feat.mean", "feat.std", "prob", "entropy", "pixels.brightness",
           "pixels.contrast", "pixels.sharpness"]
CAMERAS = 100  # that series and states are measured with
EACH = 300  # records of each: windows are full, counters have digits
DAY = 86400


def fields(names):
    return [word for name in names for word in ("-f", name)]


def records():
    """As imgcls and featstat write them, of all cameras in turn."""
    lines = [json.loads(line) for line in open(REFERENCE)]
    for i in range(CAMERAS * EACH):
        camera = "cam%04d" % (i % CAMERAS)
        record = {"seq": i, "image": "/var/spool/driftpipe/%s/%06d.jpg" % (
            camera, i), "time": 1763880000 + i, "cam": camera}
        record.update(lines[i * 31 % len(lines)])
        record["seq"] = i
        yield record


def text(record):
    return json.dumps(record, separators=(",", ":"),
                      ensure_ascii=False).encode() + b"\n"


def chain(tmp):
    common = ["-q", "-g", "cam"]
    learnt = common + ["--reference", REFERENCE]
    numbers = learnt + fields(NUMBERS)
    return [["mewma", "--limit", "1e6"] + learnt +
            fields(["act.avgpool[*]"] + NUMBERS),
            ["pht", "--lambda", "1e6", "--scores", "rank"] + numbers,
            ["iks", "--limit", "1"] + numbers,
            ["nmddm", "--limit", "1e6"] + numbers,
            ["chi2", "--limit", "1e6"] + learnt,
            ["promtext", "--max-series", "1000000000", "-s", tmp, "-o",
             os.path.join(tmp, "m.prom")] +
            common]


def through(commands, data):
    for command in commands:
        data = subprocess.run([os.path.join(BIN, command[0])] + command[1:],
                              input=data, stdout=subprocess.PIPE,
                              check=True).stdout
    return data


def size(data):
    """Bytes as they are, and compressed."""
    return len(data), len(gzip.compress(data, 6))


def a_camera(tmp):
    """Bytes of a record, whole and without act; of a state; series."""
    raw, stripped = [], []
    for record in records():
        raw.append(text(record))
        record.pop("act")
        stripped.append(text(record))
    raw, stripped = b"".join(raw), b"".join(stripped)
    through(chain(tmp), raw)
    state = open(os.path.join(tmp, "promtext.json"), "rb").read()
    metrics = open(os.path.join(tmp, "m.prom"), "rb").read()
    series = len(re.findall(rb'^[^#\n].*stream="cam', metrics, re.M))
    n = CAMERAS * EACH
    return ([x / n for x in size(raw)], [x / n for x in size(stripped)],
            [x / CAMERAS for x in size(state)], series / CAMERAS)


def a_record(groups):
    """Seconds of a processor and bytes for a group, in all processes."""
    out = subprocess.run(
        [sys.executable, os.path.join(TOP, "scripts", "group-memory.py"),
         str(groups)], env=dict(os.environ, FORM="shipped"),
        stdout=subprocess.PIPE, check=True, text=True).stdout
    found = re.search(r"^all .* (\d+) bytes a group +([\d.]+) us", out, re.M)
    written = re.search(r"written: ([\d.]+) MB", out).group(1)
    before = re.search(r"^promtext +([\d.]+) MB", out, re.M).group(1)
    more = max(0, float(written) - float(before)) * 1e6 / groups
    return float(found.group(2)) / 1e6, int(found.group(1)) + more


def amount(x, unit):
    for prefix in ("", "k", "M", "G", "T"):
        if x < 1000:
            return "%.3g %s%s" % (x, prefix, unit)
        x /= 1000
    return "%.3g P%s" % (x, unit)


def main():
    day = float(sys.argv[1]) if len(sys.argv) > 1 else 1440
    groups = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    with tempfile.TemporaryDirectory() as tmp:
        raw, stripped, state, series = a_camera(tmp)
    seconds, memory = a_record(groups)
    print("records a second and core   %.0f, with %d groups" % (
        1 / seconds, groups))
    print("memory of a camera          %s" % amount(memory, "B"))
    print("a record, raw               %.0f B (%.0f compressed)" % tuple(raw))
    print("a record without act        %.0f B (%.0f)" % tuple(stripped))
    print("a state of promtext         %.0f B (%.0f) a camera" % tuple(state))
    print("series                      %.0f a camera" % series)
    print("\n%.0f images a day and camera; states once an hour, compressed:\n"
          % day)
    print("%-9s %8s %9s %10s %10s %10s %10s" % (
        "cameras", "cores", "memory", "raw", "stripped", "merged", "series"))
    for n in (100, 10000, 1000000):
        rate = n * day / DAY
        print("%-9d %8.2g %9s %10s %10s %10s %10s" % (
            n, rate * seconds, amount(n * memory, "B"),
            amount(rate * raw[0], "B/s"), amount(rate * stripped[0], "B/s"),
            amount(n * state[1] * 24 / DAY, "B/s"),
            amount(n * series, "").strip()))


main()
