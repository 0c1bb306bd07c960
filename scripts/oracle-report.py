#!/usr/bin/python3
"""Compare the numbers of driftreport with those of SciPy and NumPy.

	scripts/oracle-report.py [BIN]		(default: build/bin)

Streams that drift are made, seeded, of normal, skewed, tied and heavy-tailed
fields and of classes; the reference and what is now are those that the report
says. The largest difference of each number is printed with what is allowed:
rounding for what is exact, for the distance D the 0.01 and for a quantile the
bin, between two percentiles of the reference, that driftreport(1) states. Of a
reference of more than 4,096 records it has a sample: there the differences of
shares are compared with what one such sample in a thousand exceeds, by the
inequality of Dvoretzky, Kiefer, Wolfowitz and Massart. The exit status is 1
when any is larger.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy import stats

binary = sys.argv[1] if len(sys.argv) > 1 else "build/bin"
os.environ["PATH"] = os.path.abspath(binary) + ":" + os.environ["PATH"]
LEARN, LENGTH, CHANGE = 500, 4000, 2500
worst = {}


def note(what, error, allowed):
    old = worst.get(what, (0, allowed, 0))
    error = float(error) if error == error else np.inf
    worst[what] = max(old[0], error), allowed, old[2] + 1


def near(what, got, want, allowed=1e-9):
    note(what, abs(got - want) / max(1, abs(want)), allowed)


def stream(seed, shift, n=LENGTH, change=CHANGE):
    draw = np.random.default_rng(seed)
    moved = np.where(np.arange(n) < change, 0, shift)
    return {
        "normal": draw.normal(5, 2, n) + 2 * moved,
        "skewed": np.exp(draw.normal(0, 0.7, n) + 0.5 * moved),
        "heavy": draw.standard_t(3, n) + moved,
        "tied": np.round(draw.normal(0, 3, n) + 2 * moved),
        "same": draw.random(n),
        "class": draw.integers(0, 6, n) * np.where(moved == 0, 1, 0)
        + draw.binomial(5, 0.4, n) * np.where(moved == 0, 0, 1),
    }


def write(path, columns, first=0):
    with open(path, "w") as f:
        for i in range(len(columns["class"])):
            r = {"seq": first + i + 1}
            r.update((k, v[i].item()) for k, v in columns.items())
            print(json.dumps(r, separators=(",", ":")), file=f)


def report(*arguments):
    out = subprocess.run(
        ["driftreport", "--format", "json", *arguments],
        check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)["streams"][0]


def quantiles(field, edges, sample, what):
    """How many of the reference's bins a quantile is beside the true one."""
    for p, got in zip((0.05, 0.25, 0.5, 0.75, 0.95), field["quantiles"]):
        want = np.quantile(sample, p, method="inverted_cdf")
        if edges[0] <= want <= edges[-1]:
            low, high = sorted((got, want))
            between = np.unique(edges[(edges > low) & (edges < high)])
            note("quantile of " + what + ", bins", len(between), 1)


def drifted(directory, seed, shift):
    columns = stream(seed, shift)
    plain = os.path.join(directory, "plain")
    write(plain, columns)
    records = plain + ".tested"
    with open(records, "w") as f:
        subprocess.run(
            ["pht", "-q", "-f", "normal", "--horizon", str(LENGTH), plain],
            check=True, stdout=f)
    r = report(records)
    now = LENGTH - sum(c["n"] for c in r["classes"])
    for f in r["fields"]:
        x = columns[f["field"]]
        before, after = x[:LEARN], x[now:]
        d = stats.ks_2samp(before, after).statistic
        note("D, below the true one", d - f["distance"], 0.01)
        note("D, above the true one", f["distance"] - d, 1e-9)
        for part, sample in ("reference", before), ("now", after):
            near("mean", f[part]["mean"], sample.mean())
            near("standard deviation", f[part]["sd"], sample.std(ddof=1), 1e-6)
            quantiles(f[part], np.quantile(before, np.arange(101) / 100),
                      sample, "the reference" if part == "reference" else part)
        near("shift", f["shift"],
             (after.mean() - before.mean()) / before.std(ddof=1), 1e-6)
    table = [np.bincount(columns["class"][p], minlength=6)
             for p in (slice(LEARN), slice(now, None))]
    mix(r, np.array(table))


def mix(r, table):
    table = table[:, table.sum(0) > 0]
    chi2, p, df, _ = stats.chi2_contingency(table, correction=False)
    near("chi-square of the classes", r["mix_chi2"], chi2)
    near("its degrees of freedom", r["mix_df"], df)
    note("its p, relative", abs(r["mix_p"] - p) / p if p > 1e-290 else 0, 1e-6)


def sampled(directory, seed):
    """A reference that is larger than the sample that is kept of it."""
    rows = 4096
    off = np.sqrt(np.log(2 / 0.001) / 2 / rows)
    before, after = stream(seed, 0, 20000), stream(seed + 1, 0.5, 3000, 0)
    names = [os.path.join(directory, x) for x in ("reference", "after")]
    write(names[0], before)
    write(names[1], after)
    r = report("--reference", *names)
    for f in r["fields"]:
        x, y = before[f["field"]], after[f["field"]]
        d = stats.ks_2samp(x, y, method="asymp").statistic
        note("D, of a sample", abs(d - f["distance"]), off + 0.01)
        for p, got in zip((0.05, 0.25, 0.5, 0.75, 0.95),
                          f["reference"]["quantiles"]):
            low, high = (x < got).mean(), (x <= got).mean()
            note("share at a quantile of it", max(low - p, p - high, 0), off)
    mix(r, np.array([np.bincount(c["class"], minlength=6)
                     for c in (before, after)]))


def compared(directory, seed, shift):
    a, b = (stream(seed + i, shift * i, 400 - 90 * i, 0) for i in (0, 1))
    names = [os.path.join(directory, x) for x in "AB"]
    write(names[0], a)
    write(names[1], b)
    r = report("--compare", *names)
    for f in r["compared"]:
        x, y = a[f["field"]], b[f["field"]]
        test = stats.ks_2samp(x, y, method="exact")
        near("D of two files", f["d"], test.statistic)
        if f["field"] != "tied":  # SciPy's is not that of ties
            note("its exact p, relative",
                 abs(f["p"] - test.pvalue) / test.pvalue, 1e-6)
        u = stats.mannwhitneyu(y, x).statistic
        near("Cliff's delta", f["delta"], 2 * u / len(x) / len(y) - 1)
        pooled = np.sqrt(
            ((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1))
            / (len(x) + len(y) - 2))
        near("pooled shift", f["shift"], (y.mean() - x.mean()) / pooled, 1e-6)
    mix(r, np.array([np.bincount(c["class"], minlength=6) for c in (a, b)]))


with tempfile.TemporaryDirectory() as directory:
    for seed in range(6):
        drifted(directory, seed, (0.6, 1, 2)[seed % 3])
        if seed < 2:
            sampled(directory, 200 + 2 * seed)
        compared(directory, 100 + 2 * seed, (0, 0.2, 0.5)[seed % 3])

print("%-28s %10s %10s %8s" % ("", "largest", "allowed", "compared"))
for name, (error, allowed, n) in worst.items():
    print("%-28s %10.2g %10.2g %8d" % (name, error, allowed, n))
sys.exit(any(not error <= allowed for error, allowed, _ in worst.values()))
