#!/usr/bin/python3
"""What others use, on the streams of scripts/benchmark.sh.

    scripts/benchmark-peers.py OUT SIZE STREAMS LONG JOBS

Written from the published definitions, not their authors' programs, in NumPy
and SciPy:

  bbsd       KS distance of each softmax output, the largest (Lipton et al. 2018,
             Rabanser et al. 2019)
  mmd        squared maximum mean discrepancy, Gaussian kernel of the median
             distance (Gretton et al. 2012), of the 96 outputs of a layer
  hotelling  T2 of the window's mean of these 96, full covariance (Hotelling 1931)
  w1, js, psi  first Wasserstein distance in deviations, Jensen-Shannon distance
             and population stability index over 10 quantile bins, the largest of
             7 numbers
  adwin      Bifet and Gavalda 2007, delta .002
  kswin      Raab et al. 2020, alpha .005, window 100, the last 30
  ph         Page-Hinkley as in River: delta .005, threshold 50

The first six have the limit that 5 % of undrifted streams of as many records
exceed, ten times as many as are tested (STREAMS, and LONG at a guarantee for
10,000 records); w1-usual, js-usual and psi-usual have the thresholds that are
widely used instead (.1, .1, .25), and the last three their own defaults, on the
probability of the class: as they have no reference, 1,000 of its records come
before the stream. A window of W records is tested at every 10th record. JOBS
references are worked on at once.
"""
import functools
import glob
import multiprocessing
import os
import re
import subprocess
import sys

import numpy as np
from scipy.special import comb

OUT = sys.argv[1]
SIZE, STREAMS, LONG, JOBS = (int(a) for a in sys.argv[2:])
STEP = 10
WARM_UP = 1000
PROMISED = 10000
FIRST = 500  # of a long stream, where most of what is found is found
RECORD = re.compile(rb'"id":(\d+).*?"stream":(\d+),"drifted":(t|f)')
PLACE = re.compile(
    rb'"prob":([^,]*),.*?"top":\[(.*?)\],"entropy":([^,]*),'
    rb'.*"brightness":([^,]*),"contrast":([^,]*),"sharpness":([^}]*)\}'
    rb'.*"avgpool":\[([^]]*)\].*"feat":\{"n":\d+,"mean":([^,]*),"std":([^,]*)')
TOP = re.compile(rb'"class":(\d+),"prob":([^}]*)')


def load():
    """Softmax, layer and scalars of all records, by their ids."""
    names = subprocess.run("ls %s/records/*.short" % OUT, shell=True, text=True,
                           capture_output=True, check=True).stdout.split()
    soft, layer, scalar = [], [], []
    for name in names:
        for line in open(name.replace(".short", ".all"), "rb"):
            m = PLACE.search(line)
            p = np.zeros(10)
            for c, v in TOP.findall(m[2]):
                p[int(c)] = float(v)
            soft.append(p)
            layer.append(np.fromstring(m[7], sep=","))
            scalar.append([float(m[i]) for i in (8, 9, 1, 3, 4, 5, 6)])
    return np.array(soft), np.array(layer), np.array(scalar)


def ecdf_distance(ref_sorted, window):
    """KS distances of each column of windows (T, W, d) from the reference."""
    n, w = ref_sorted.shape[0], window.shape[1]
    worst = np.zeros(window.shape[0])
    for j in range(window.shape[2]):
        x = np.sort(window[:, :, j], axis=1)
        right = np.searchsorted(ref_sorted[:, j], x, "right") / n
        left = np.searchsorted(ref_sorted[:, j], x, "left") / n
        up = np.arange(1, w + 1) / w
        # Ties within the window: the step is complete only at the last of them.
        last = np.concatenate([x[:, 1:] != x[:, :-1],
                               np.ones((len(x), 1), bool)], axis=1)
        first = np.concatenate([np.ones((len(x), 1), bool),
                                x[:, 1:] != x[:, :-1]], axis=1)
        d = np.maximum(np.where(last, np.abs(up - right), 0).max(1),
                       np.where(first, np.abs(up - 1 / w - left), 0).max(1))
        worst = np.maximum(worst, d)
    return worst


class Peers:
    """The window statistics, fitted on one reference."""

    def __init__(self, ids, data):
        self.soft, self.layer, self.scalar = data
        s, l, x = (a[ids] for a in data)
        rng = np.random.default_rng(1)
        self.ref_soft = np.sort(s, axis=0)
        self.mean = l.mean(0)
        whiten = np.linalg.inv(np.linalg.cholesky(np.cov(l.T)))
        self.whiten = whiten
        self.sub = l[rng.choice(len(l), 500, replace=False)]
        d = self.square(self.sub[:250], self.sub[250:])
        self.width = np.median(d)
        self.kernel_ref = self.kernel(self.sub, self.sub).mean()
        self.before = self.scalar[ids[:WARM_UP], 2]
        # By record, once it has been met: whitened, and its mean kernel.
        self.known = np.zeros(len(self.layer), bool)
        self.white = np.zeros(self.layer.shape, np.float32)
        self.cross = np.zeros(len(self.layer))
        self.x_sorted = np.sort((x - x.mean(0)) / x.std(0), axis=0)
        self.x_mean, self.x_sd = x.mean(0), x.std(0)
        self.edges = np.quantile(x, np.linspace(.1, .9, 9), axis=0)

    @staticmethod
    def square(a, b):
        return np.maximum((a ** 2).sum(1)[:, None] + (b ** 2).sum(1)
                          - 2 * a @ b.T, 0)

    def kernel(self, a, b):
        return np.exp(-self.square(a, b) / self.width)

    def meet(self, ids):
        ids = ids[~self.known[ids]]
        self.white[ids] = (self.layer[ids] - self.mean) @ self.whiten.T
        self.cross[ids] = self.kernel(self.layer[ids], self.sub).mean(1)
        self.known[ids] = True

    def within(self, x, ends, w):
        """Mean kernel of all pairs of each window, by their distance in it."""
        total = np.full(len(ends), float(w))
        for k in range(1, w):
            d = x[k:] - x[:-k]
            near = np.exp(-np.einsum("ij,ij->i", d, d) / self.width)
            run = np.concatenate([[0], near.cumsum()])
            total += 2 * (run[ends - k] - run[ends - w])
        return total / w ** 2

    def statistics(self, ids, w):
        """By name, the statistic at the end of each tested window."""
        ends = np.arange(w, len(ids) + 1, STEP if len(ids) > w else 1)
        at = ends[:, None] - w + np.arange(w)
        soft, layer, scalar = (a[ids] for a in
                               (self.soft, self.layer, self.scalar))
        out = {"bbsd": ecdf_distance(self.ref_soft, soft[at])}
        self.meet(np.unique(ids))
        z = self.white[ids]
        total = np.vstack([np.zeros(z.shape[1]), np.cumsum(z, 0)])
        m = (total[ends] - total[ends - w]) / w
        out["hotelling"] = w * (m ** 2).sum(1)
        run = np.concatenate([[0], self.cross[ids].cumsum()])
        out["mmd"] = (self.within(layer.astype(np.float32), ends, w)
                      + self.kernel_ref - 2 * (run[ends] - run[ends - w]) / w)
        out.update(self.divergences(scalar, at))
        return ends, out

    def divergences(self, scalar, at):
        t, w = at.shape
        x = np.sort(((scalar - self.x_mean) / self.x_sd)[at], axis=1)
        p = (np.arange(w) + .5) / w
        quantile = np.quantile(self.x_sorted, p, axis=0)
        w1 = np.abs(x - quantile).mean(1).max(1)
        js, psi = np.zeros(t), np.zeros(t)
        for j in range(scalar.shape[1]):
            b = np.searchsorted(self.edges[:, j], scalar[:, j])[at]
            q = np.stack([(b == k).mean(1) for k in range(10)], axis=1)
            q = np.maximum(q, 1e-4)
            r, mid = .1, (q + .1) / 2
            js = np.maximum(js, np.sqrt(np.maximum(
                .5 * (q * np.log2(q / mid) + r * np.log2(r / mid)).sum(1), 0)))
            psi = np.maximum(psi, ((q - r) * np.log(q / r)).sum(1))
        return {"w1": w1, "js": js, "psi": psi}


def page_hinkley(x, delta=.005, threshold=50., least=30):
    events, n, mean, total, low = [], 0, 0., 0., 0.
    for t, v in enumerate(x):
        n += 1
        mean += (v - mean) / n
        total += v - mean - delta
        low = min(low, total)
        if n >= least and total - low > threshold:
            events.append(t)
            n, mean, total, low = 0, 0., 0., 0.
    return events


def adwin(x, delta=.002, clock=32, least=5):
    """Cuts at the borders of an exponential histogram of 5 buckets a row."""
    events, rows = [], [[]]
    for t, v in enumerate(x):
        rows[0].append((1, v, 0.))
        for i, row in enumerate(rows):
            if len(row) <= 5:
                break
            (n, a, va), (m, b, vb) = row[0], row[1]
            del row[:2]
            if i + 1 == len(rows):
                rows.append([])
            d = a / n - b / m
            rows[i + 1].append((n + m, a + b, va + vb + d * d * n * m / (n + m)))
        if (t + 1) % clock:
            continue
        cut = True
        while cut:
            cut = False
            parts = [p for row in reversed(rows) for p in row]
            n = sum(p[0] for p in parts)
            mean = sum(p[1] for p in parts) / n
            var = sum(p[2] + p[0] * (p[1] / p[0] - mean) ** 2
                      for p in parts) / n
            limit, n0, s0 = np.log(2 * np.log(n) / delta), 0, 0.
            for p in parts[:-1]:
                n0, s0 = n0 + p[0], s0 + p[1]
                n1 = n - n0
                if n0 < least or n1 < least:
                    continue
                m = 1 / (n0 - least + 1) + 1 / (n1 - least + 1)
                eps = np.sqrt(2 * m * var * limit) + 2 / 3 * limit * m
                if abs(s0 / n0 - (n * mean - s0) / n1) > eps:
                    cut = True
                    break
            if cut:
                if not events or events[-1] != t:
                    events.append(t)
                next(row for row in reversed(rows) if row).pop(0)
    return events


@functools.lru_cache
def critical_distance(n, alpha):
    """The least KS distance of n and n values whose exact p is at most alpha."""
    for k in range(1, n + 1):
        ways = np.zeros((n + 1, n + 1))
        for i in range(n + 1):
            for j in range(n + 1):
                if abs(i - j) >= k:
                    continue
                ways[i, j] = 1 if i + j == 0 else (
                    ways[i - 1, j] * (i > 0) + ways[i, j - 1] * (j > 0))
        if 1 - ways[n, n] / comb(2 * n, n, exact=True) <= alpha:
            return k / n


def kswin(x, rng, window=100, last=30, alpha=.005):
    """Without the forgetting after an event: the first is what counts."""
    if len(x) < window:
        return []
    critical = critical_distance(last, alpha)
    ends = np.arange(window, len(x) + 1)
    new = x[ends[:, None] - last + np.arange(last)]
    pick = np.argsort(rng.random((len(ends), window - last)), 1)[:, :last]
    old = np.take_along_axis(
        x[ends[:, None] - window + np.arange(window - last)], pick, 1)
    both = np.concatenate([new, old], axis=1)
    order = np.argsort(both, axis=1, kind="stable")
    sign = np.where(order < last, 1, -1).cumsum(1) / last
    value = np.take_along_axis(both, order, 1)
    full = np.concatenate([value[:, 1:] != value[:, :-1],
                           np.ones((len(ends), 1), bool)], axis=1)
    d = np.where(full, np.abs(sign), 0).max(1)
    return [int(e) - 1 for e in ends[d >= critical - 1e-9]]


def streams_of(options):
    """Yields the ids and drifted flags of each stream of a driftmix command."""
    text = subprocess.run(["sh", "-c", options], capture_output=True,
                          check=True).stdout
    found = np.array([(int(a), int(b), c == b"t")
                      for a, b, c in RECORD.findall(text)])
    if len(found) == 0:
        return
    for s in np.unique(found[:, 1]):
        rows = found[found[:, 1] == s]
        yield rows[:, 0], rows[:, 2].astype(bool)


USUAL = {"w1": .1, "js": .1, "psi": .25}


def limits_of(peers, clean, horizon, window):
    """The .95 quantiles of the largest statistic of undrifted streams."""
    most, tested = {}, 2 * streams_at(horizon)
    for i, (ids, _) in enumerate(streams_of(
            "driftmix %s --streams %d --length %d" % (
                clean, 6 * tested, horizon))):
        if i < tested:
            continue
        for name, s in peers.statistics(ids, window)[1].items():
            most.setdefault(name, []).append(s.max())
    return {name: np.quantile(v, .95) for name, v in most.items()}


def first_alarms(peers, limits, ids, window):
    """By name, the record at which each statistic first exceeds its limit."""
    alarms = {}
    for length in (FIRST, len(ids)):
        ends, found = peers.statistics(ids[:length], window)
        for name, s in found.items():
            for which, limit in ((name, limits[name]),
                                 (name + "-usual", USUAL.get(name))):
                if limit is not None and (s > limit).any():
                    alarms[which] = int(ends[np.argmax(s > limit)]) - 1
        if length >= len(ids) or all(name in alarms for name in limits):
            break
    return alarms


def members(peers, limits, ids, window, rng, known):
    """By record of the stream, its members."""
    alarms = first_alarms(peers, limits, ids, window)
    if "adwin" in known:
        prob = np.concatenate([peers.before, peers.scalar[ids, 2]])
        for name, events in (("ph", page_hinkley(1 - prob)),
                             ("adwin", adwin(prob)),
                             ("kswin", kswin(prob, rng))):
            events = [t - WARM_UP for t in events if t >= WARM_UP]
            if events:
                alarms[name] = events[0]
    at = {}
    for name, t in alarms.items():
        if name in known:
            at.setdefault(t, []).append(',"%s":{"event":"drift"}' % name)
    return at


def run(name, options, peers, limits, window, rng, known):
    lines = []
    for stream, (ids, drifted) in enumerate(streams_of(options)):
        at = members(peers, limits, ids, window, rng, known)
        for t, d in enumerate(drifted):
            lines.append('{"stream":%d,"drifted":%s%s}\n' % (
                stream, "true" if d else "false", "".join(at.get(t, []))))
    with open("%s/results/%s.tmp" % (OUT, name), "w") as f:
        subprocess.run(["driftscore", "--format", "tsv"] +
                       [a for n in known for a in ("-n", n)],
                       input="".join(lines), text=True, stdout=f, check=True)
    os.rename("%s/results/%s.tmp" % (OUT, name),
              "%s/results/%s.tsv" % (OUT, name))


def streams_at(horizon):
    return LONG if horizon == PROMISED else STREAMS


def how_drawn(table, row, kind, horizon):
    """The options of driftmix, as in benchmark.sh."""
    ways = {"plain": "", "resembling": "--ar .9", "periodic": "--amplitude 1",
            "at-once": ""}
    how = ways.get(kind, "" if kind.isdigit() else
                   "--" + kind.replace("=", " ", 1))
    if table == "false":
        return "%s --length %d --streams %d" % (how, horizon, 2 * STREAMS)
    if row != "classes":
        how += " --drift %s/ids/%s.short" % (OUT, row)
    return "%s --at 0 --length %d --streams %d" % (
        how, min(horizon, 3000), streams_at(horizon))


def jobs_of(reference):
    """Of the results of ours: those that have none of theirs yet."""
    for path in sorted(glob.glob("%s/results/*,%s.tsv" % (OUT, reference))):
        job = os.path.basename(path)[:-4]
        table, row, *kind, horizon, _ = job.split(",")
        if job.startswith("peers-") or table == "false" and (
                row != "feat.mean+std" or horizon == str(PROMISED)) or \
                os.path.exists("%s/results/peers-%s.tsv" % (OUT, job)):
            continue
        yield job, table, row, ",".join(kind), int(horizon)


def work(reference):
    rng = np.random.default_rng(int(reference))
    peers, limits = None, {}
    for job, table, row, kind, horizon in jobs_of(reference):
        window = horizon if table == "power" else 100
        if peers is None:
            peers = Peers([int(i) for i in re.findall(r'"id":(\d+)', open(
                "%s/references/%s.ids" % (OUT, reference)).read())], DATA)
        drawn = "--clean %s/ids/clean.short --seed %s --reference " \
            "%s/own/peers-%s --reference-size %d " % (
                OUT, reference, OUT, reference, SIZE)
        key = horizon, window
        if key not in limits:
            limits[key] = limits_of(peers, drawn, horizon, window)
        known = list(limits[key])
        if horizon != PROMISED:
            known += [n + "-usual" for n in USUAL]
            if table != "power":
                known += ["ph", "adwin", "kswin"]
        run("peers-" + job, "driftmix " + drawn + how_drawn(
            table, row, kind, horizon), peers, limits[key], window, rng, known)
        print("benchmark: peers: " + job, file=sys.stderr)


def main():
    references = sorted({f[:-4].rsplit(",", 1)[1] for f in
                         glob.glob(OUT + "/results/*.tsv")})
    with multiprocessing.get_context("fork").Pool(JOBS) as pool:
        for _ in pool.imap_unordered(work, references):
            pass


DATA = load()
main()
