#!/usr/bin/python3
"""Tables and plots of what scripts/benchmark.sh measured.

    scripts/benchmark-page.py OUT [PAGE]

Reads OUT/results, writes OUT/index.html with plots by gnuplot, and the tables
as the manual page PAGE. Shares are over all streams of all references; their
intervals are exact binomial ones of 95 %, as if the streams did not share a
reference.
"""
import csv
import glob
import html
import os
import subprocess
import sys
import textwrap

from scipy.stats import beta, gmean

OUT = sys.argv[1]
OURS = ["pht", "iks", "nmddm", "chi2", "mewma"]
ALL = OURS + ["pipeline"]
VARIANTS = ["pht-both", "pht-unknown", "pht-rank", "iks-kuiper", "nmddm-scan"]
PEERS = ["bbsd", "mmd", "hotelling", "w1", "js", "psi"]
DUMMIES = ["(every 1000)", "(never)"]
USUAL = ["w1-usual", "js-usual", "psi-usual", "adwin", "kswin", "ph"]
KINDS = ["plain", "resembling", "periodic"]


def load():
    """Sums over the references, by table, row, kind, horizon and detector."""
    cells = {}
    for path in sorted(glob.glob(OUT + "/results/*.tsv")):
        parts = os.path.basename(path)[:-4].replace("peers-", "").split(",")
        key = parts[0], parts[1], ",".join(parts[2:-2]), parts[-2]
        for row in csv.DictReader(open(path), delimiter="\t"):
            if "/peers-" in path and row["detector"] in DUMMIES:
                continue
            c = cells.setdefault(key + (row["detector"],), {
                "streams": 0, "false": 0, "changes": 0, "found": 0,
                "delay": 0., "events": 0., "shares": []})
            n = int(float(row["changes"]))
            for k in ("streams", "false", "changes", "found"):
                c[k] += int(float(row[k]))
            c["shares"].append(float(row["false_share"]))
            if n:
                c["delay"] += n * float(row["delay_mean"])
                c["events"] += n * float(row["events"])
    return cells


def interval(k, n):
    return (0 if k == 0 else beta.ppf(.025, k, n - k + 1),
            1 if k == n else beta.isf(.025, k + 1, n - k))


def share(x):
    text = "%.2f" % x
    return text[1:] if text.startswith("0") else text


CELLS = load()


def rows_of(table):
    return sorted({k[1] for k in CELLS if k[0] == table})


def cell(*key):
    return CELLS.get(key)


def false_share(row, kind, horizon, detector):
    c = cell("false", row, kind, horizon, detector)
    return share(c["false"] / c["streams"]) if c else "-"


def found(row, kind, horizon, detector):
    c = cell("shift", row, kind, horizon, detector)
    return "%s/%.0f" % (share(c["found"] / c["changes"]),
                         c["delay"] / c["changes"]) if c else "-"


def summary():
    """Over all abrupt shifts."""
    for d in OURS + VARIANTS + PEERS + USUAL + DUMMIES:
        f = cell("false", "feat.mean+std", "plain", "1000", d)
        c = [v for k, v in CELLS.items()
             if k[0] == "shift" and k[2:] == ("at-once", "1000", d)]
        if not c or not f:
            continue
        low, high = interval(f["false"], f["streams"])
        yield (d, share(f["false"] / f["streams"]),
               "%s to %s" % (share(low), share(high)),
               "%s to %s" % (share(min(f["shares"])), share(max(f["shares"])))
               ) + found_over(c)


def found_over(cells):
    """Share of all streams, mean delay, geometric mean of the cells' delays."""
    n = sum(v["changes"] for v in cells)
    return (share(sum(v["found"] for v in cells) / n),
            "%.0f" % (sum(v["delay"] for v in cells) / n),
            "%.0f" % gmean([v["delay"] / v["changes"] for v in cells]))


def false_rows():
    for row in rows_of("false"):
        detectors = (["chi2"] if row == "class" else ["pht", "iks", "nmddm"]
                     if row != "feat.mean+std" else DUMMIES)
        for d in detectors:
            c = cell("false", row, "plain", "1000", d)
            low, high = interval(c["false"], c["streams"])
            yield (row, d, false_share(row, "plain", "1000", d),
                   "%s to %s" % (share(low), share(high))) + tuple(
                false_share(row, k, "1000", d) for k in KINDS[1:])


def dependent_rows():
    for d in OURS + VARIANTS + PEERS + USUAL + DUMMIES:
        if cell("false", "feat.mean+std", "plain", "1000", d):
            yield (d,) + tuple(
                false_share("feat.mean+std", k, "1000", d) for k in KINDS)


SHOWN = ["pht", "iks", "chi2", "mewma", "bbsd", "hotelling"]


def shift_rows():
    for row in rows_of("shift"):
        if cell("shift", row, "at-once", "1000", "pht"):
            yield (row,) + tuple(
                found(row, "at-once", "1000", d) for d in SHOWN)


def way_rows():
    for k in sorted({k[1:3] for k in CELLS if k[0] == "shift"}):
        if k[1] != "at-once":
            yield (" ".join(k),) + tuple(
                found(k[0], k[1], "1000", d) for d in SHOWN)


def default_rows():
    for row, kind in sorted({k[1:3] for k in CELLS if k[0] == "shift" and
                             k[3] == "10000"},
                            key=lambda k: (k[1] != "at-once", k)):
        mark = "*" if (row, kind) in FINDABLE else " "
        yield (mark + row + ("" if kind == "at-once" else " " + kind),) + tuple(
            found(row, kind, "10000", d) for d in ALL)


def findable():
    """The shifts and ways that some method sees in one window of 500."""
    seen = {(k[1], "at-once" if k[2] == "500" else k[2])
            for k, v in CELLS.items() if k[0] == "power" and k[3] == "500" and
            v["found"] > .5 * v["changes"]}
    return sorted(k for k in seen if cell("shift", *k, "10000", "pipeline"))


FINDABLE = findable()


def findable_rows():
    for d in ALL + PEERS + DUMMIES:
        c = [cell("shift", *k, "10000", d) for k in FINDABLE]
        if c and None not in c:
            yield (d, "%d" % sum(v["found"] > .5 * v["changes"] for v in c)
                   ) + found_over(c)


def power_of(d, window):
    c = [v for k, v in CELLS.items()
         if k[0] == "power" and k[2] == window and k[4] == d]
    return (sum(v["found"] for v in c) / sum(v["changes"] for v in c)
            if c else None)


def power_rows():
    for d in OURS + PEERS + DUMMIES:
        p = [power_of(d, w) for w in ("50", "100", "200", "500")]
        if None not in p:
            yield (d,) + tuple(share(x) for x in p)


def accuracy_rows():
    """As scripts/experiments/accuracy.sh wrote them: the mean and largest error
    of each method, and the share of its intervals that hold."""
    methods = "cbpe atc doc cot cott em fit auto".split()
    for line in open(OUT + "/accuracy.txt"):
        f = line.split()
        if len(f) != 5 + 3 * len(methods) or f[0] == "images":
            continue
        at = {m: f[5 + 3 * i:] for i, m in enumerate(methods)}
        yield tuple(f[:5]) + tuple(at[m][0] for m in ESTIMATORS) + (
            at["auto"][1], share(float(at["auto"][2])))


ESTIMATORS = ["cbpe", "atc", "doc", "cot", "cott", "auto"]

TABLES = [
    ("Summary",
     "All abrupt shifts, at a guarantee of .05 in 1,000 records. First the share "
     "of undrifted streams of 1,000 records with a false alarm, its 95 % "
     "interval, and its range over the references; then the share of drifted "
     "streams detected within 1,000 records, and the mean detection delay, where "
     "a stream that is not detected counts as 1,000; and the geometric mean over "
     "the shifts of their mean delays.",
     ("detector", "false", "interval", "references", "found", "delay",
      "geometric"),
     list(summary())),
    ("What is findable, at the default guarantee",
     "At .05 in 10,000 records, streams of 3,000: the %d shifts and ways of "
     "coming that some method detects in more than half of the windows of 500 "
     "records (a star in the next-to-last table). How "
     "many of them a method found in more than half of the streams; the share of "
     "all streams in which it did, their mean delay, and the geometric mean of "
     "the mean delays, where a stream that is not detected counts as 3,000. The "
     "limit of the methods of others is from 100 undrifted streams of 10,000 "
     "records for each reference." % len(FINDABLE),
     ("detector", "cases", "found", "delay", "geometric"),
     list(findable_rows())),
    ("False alarms by field",
     "The share of undrifted streams of 1,000 records with a false alarm, at .05 "
     "in 1,000, for each field by itself: records drawn independently (plain), "
     "autocorrelated records (resembling, with .9 at lag 1 of the normal scores "
     "of feat.mean), and day and night (periodic, with a period of 288 and an "
     "amplitude of 1 standard deviation). The reference is drawn in the same "
     "way.",
     ("field", "detector", "plain", "interval", "resembling", "periodic"),
     list(false_rows())),
    ("False alarms of dependent streams",
     "The same, of feat.mean and feat.std together, for all detectors.",
     ("detector", "plain", "resembling", "periodic"), list(dependent_rows())),
    ("Abrupt shifts",
     "At .05 in 1,000: the share of streams detected, and the mean detection "
     "delay. A number at the end of a name is the severity.",
     ("shift",) + tuple(SHOWN), list(shift_rows())),
    ("Gradual, recurring and partial drift",
     "The same when only one record in twenty is drifted (share), the share "
     "rises over 500 records (ramp), drift recurs (every), only one class drifts "
     "(class), or the mix of classes changes (classes).",
     ("shift",) + tuple(SHOWN), list(way_rows())),
    ("The default guarantee",
     "At .05 in 10,000 records: the share of streams detected, and the mean "
     "detection delay, where a stream that is not detected within 3,000 records "
     "counts as that.",
     ("shift",) + tuple(ALL), list(default_rows())),
    ("Power of one window",
     "The share of windows in which drift is detected, at a false-alarm "
     "probability of .05 for each window, as the mean over all shifts. The "
     "columns are the window's size; the window is the whole stream.",
     ("detector", "50", "100", "200", "500"), list(power_rows())),
    ("Accuracy without labels",
     "Of accest(1), the mean error in points of the accuracy of a window, by "
     "method; for usual that of taking the accuracy of the labelled records, for "
     "chance that of knowing what each kind and strength of damage has right with "
     "these shares of the classes; for auto the largest error as well, and the "
     "share of its intervals that hold. Learnt from four kinds of damage (normal "
     "noise, normal blur, contrast, rotation); held are windows of six others, "
     "with five severities each, by which nothing was chosen or set, chosen are "
     "seven others, by which that was done. The classes have their usual shares, "
     "or shares from a Dirichlet distribution with all parameters 10 (mild) or 1 "
     "(strong).",
     ("images", "mix", "size", "usual", "chance") + tuple(ESTIMATORS) +
     ("most", "holds"), list(accuracy_rows())),
]


def text_table(head, rows):
    rows = [head] + [tuple(r) for r in rows]
    width = [max(len(r[i]) for r in rows) for i in range(len(head))]
    return "\n".join("  ".join(
        c.ljust(w) if i == 0 else c.rjust(w)
        for i, (c, w) in enumerate(zip(r, width))).rstrip() for r in rows)


# Ours are whole lines, those of others dashed.
COLOURS = ["1f5fa8", "c0392b", "2e7d32", "8e44ad", "000000", "d35400", "00838f",
           "ad1457", "6d4c41", "558b2f", "5c6bc0"]
LINES = "\n".join('set linetype %d lc rgb "#%s" lw 1.6 pt %d' % (i + 1, c, i + 4)
                  for i, c in enumerate(COLOURS))


def lines_of(detectors):
    """Commands that plot a column of DATA for each."""
    return "plot " + ", ".join(
        "DATA using 1:%d with linespoints lt %d dt %d title '%s'" % (
            i + 2, (OURS + PEERS).index(d) + 1, 1 if d in OURS else 2, d)
        for i, d in enumerate(detectors))


def plot(name, commands, data):
    with open("%s/%s.dat" % (OUT, name), "w") as f:
        f.write(data)
    subprocess.run(["gnuplot"], text=True, check=True, input="""
set terminal svg size 760,420 dynamic font "sans-serif,13" background "#ffffff"
set output "%s/%s.svg"
set grid ytics lc rgb "#dddddd"
set key outside right
%s
%s
""" % (OUT, name, LINES, commands.replace("DATA", "'%s/%s.dat'" % (OUT, name))))


def draw():
    names = [r[0] for r in TABLES[0][3]]
    data = ""
    for i, d in enumerate(names):
        c = cell("false", "feat.mean+std", "plain", "1000", d)
        low, high = interval(c["false"], c["streams"])
        data += '%d "%s" %g %g %g\n' % (i, d, c["false"] / c["streams"], low, high)
    plot("false", """
set title "False alarms in 1,000 undrifted records, 95 %% intervals"
set yrange [0:1]
set xtics rotate by 45 right
unset key
plot [-.5:%g] .05 lc rgb "#999999" dt 2, \\
    DATA using 1:3:4:5:xtic(2) with yerrorbars pt 7 lc rgb "#1f5fa8"
""" % (len(names) - .5), data)
    power = [d for d in OURS + PEERS if power_of(d, "50") is not None]
    plot("power", """
set title "Power of one window at level .05, mean over the shifts"
set logscale x
set xtics (50, 100, 200, 500)
set xrange [45:560]
set yrange [0:1]
set xlabel "records in the window"
%s
""" % lines_of(power), "".join(
        "%s %s\n" % (w, " ".join("%g" % power_of(d, w) for d in power))
        for w in ("50", "100", "200", "500")))
    data = ""
    for s in sorted({r.rsplit("-", 1)[1] for r in rows_of("shift")
                     if "-" in r}):
        values = []
        for d in SHOWN:
            c = [v for k, v in CELLS.items()
                 if k[0] == "shift" and k[1].endswith("-" + s) and
                 k[2:] == ("at-once", "1000", d)]
            values.append("%g" % (sum(v["delay"] for v in c) / sum(
                v["changes"] for v in c)) if c else "nan")
        data += s + " " + " ".join(values) + "\n"
    plot("delay", """
set title "Mean delay by severity, what is not found counting as 1,000"
set logscale y
set yrange [2:1000]
set xlabel "severity"
set xrange [.8:3.2]
set xtics 1
%s
""" % lines_of(SHOWN), data)


def write_html():
    parts = ["""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>driftpipe: benchmark</title><style>
body { font: 15px/1.45 sans-serif; max-width: 60em; margin: 2em auto;
       padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; }
td, th { padding: .15em .7em; text-align: right; white-space: pre; }
td:first-child, th:first-child { text-align: left; }
tr:nth-child(even) td { background: rgba(128, 128, 128, .12); }
div { overflow-x: auto; }
figure { margin: 1em 0; overflow-x: auto; }
svg { width: 100%; min-width: 40em; height: auto; }
@media (prefers-color-scheme: dark) {
  body { background: #15181c; color: #dde; } }
</style></head><body><h1>driftpipe: benchmark</h1>
<p>Made by scripts/benchmark.sh; driftpipe-benchmark(7) says how.</p>"""]
    for title, text, head, rows in TABLES:
        parts.append("<h2>%s</h2><p>%s</p>" % (title, html.escape(text)))
        if title == "Summary":
            for name in ("false", "power", "delay"):
                svg = open("%s/%s.svg" % (OUT, name)).read()
                parts.append("<figure>%s</figure>" % svg[svg.index("<svg"):])
        parts.append("<div><table><tr>%s</tr>%s</table></div>" % (
            "".join("<th>%s" % html.escape(h) for h in head),
            "".join("<tr>%s</tr>" % "".join(
                "<td>%s" % html.escape(c) for c in r) for r in rows)))
    with open(OUT + "/index.html", "w") as f:
        f.write("\n".join(parts) + "\n</body></html>\n")


def wrapped(text, width=79):
    """Each sentence begins a line, and no line with a dot, as a macro would."""
    out = []
    for sentence in text.replace(". ", ".\n").replace(": ", ":\n").split("\n"):
        out += textwrap.wrap(sentence, width, break_on_hyphens=False)
    return "\n".join("\\&" + line if line[0] == "." else line for line in out)


def write_page(path):
    """Replaces the tables in the page, each after a comment with its name."""
    lines, skipping = [], False
    known = {t[0]: t for t in TABLES}
    for line in open(path).read().splitlines():
        if line.startswith('.\\" table: '):
            title, text, head, rows = known[line[11:]]
            lines += [line, wrapped(text), ".Bd -literal",
                      text_table(head, rows), ".Ed", '.\\" end of table']
            skipping = True
        elif line == '.\\" end of table':
            skipping = False
        elif not skipping:
            lines.append(line)
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")


draw()
write_html()
if len(sys.argv) > 2:
    write_page(sys.argv[2])
