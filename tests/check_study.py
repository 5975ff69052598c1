#!/usr/bin/python3
"""check_study.py STUDY.xml SWEEP.csv GOLDEN.csv [--write]

The points in SWEEP.csv gave the numbers in GOLDEN.csv, and the study's <about> says what these
come to: each claim is made again from GOLDEN.csv and must stand in it word by word."""
import csv
import statistics
import sys
import xml.etree.ElementTree as xml

STUDENT_95 = {5: 2.776}  # two-sided, by the number of values


def axes_of(study):
    return ["replication"] + [a.get("name") for a in study.iter("axis")]


def read(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def write(path, rows, columns):
    with open(path, "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(columns)
        for row in rows:
            assert row["status"] == "done", row
            figures = ["%.10g" % float(row[c]) for c in columns[columns.index("/") + 1:]]
            out.writerow([row[c] for c in columns[:columns.index("/")]] + ["/"] + figures)


def compare(rows, golden, axes, metrics):
    """Yields what differs."""
    want = {tuple(g[a] for a in axes): g for g in golden}
    done = [r for r in rows if r["status"] == "done"]
    if not done:
        yield "no point is done"
    for r in rows:
        if r["status"] == "failed":
            yield "point %s failed" % r["id"]
    for r in done:
        g = want.get(tuple(r[a] for a in axes))
        if g is None:
            yield "%s: no such row is kept" % [r[a] for a in axes]
            continue
        for m in metrics:
            new, old = float(r[m]), float(g[m])
            if not abs(new - old) <= 1e-8 * abs(old) + 1e-15:
                yield "%s: %s: %.10g, not %.10g" % ([r[a] for a in axes], m, new, old)


# ---- how-many-gpu-homes

MARGIN = "grid.margin_pu"
LOADING = "grid.transformer_loading_pu.max"
HOT_SPOT = "grid.transformer_hot_spot_degc.max"
LIFE = "grid.transformer_loss_of_life_pu"


def capacity(rows, **where):
    """Homes with a node up to which no row crosses a limit, of 55; 0 when the least do."""
    rows = [r for r in rows if all(r[k] == v for k, v in where.items())]
    held = 0
    for share in sorted({float(r["homes"]) for r in rows}):
        if min(float(r[MARGIN]) for r in rows if float(r["homes"]) == share) < 0:
            break
        held = int(55 * share + 0.5)
    return held


def binding(row):
    f = {k: float(row[k]) for k in row if k.startswith("grid.")}
    left = {
        "voltage": min(f["grid.voltage_pu.min"] / 0.9 - 1, 1 - f["grid.voltage_pu.max"] / 1.1),
        "rating": 1 - f[LOADING],
        "hot spot": 1 - f[HOT_SPOT] / 120,
        "line": 1 - f["grid.line_loading_pu.max"],
    }
    return min(left, key=left.get)


def claims_of_homes(rows):
    own = {"dispatch": "self-consumption"}
    for gpus in "1", "2":
        yield "%d without modules" % capacity(rows, gpus=gpus, solar="0", **own)
        yield "%d with modules on 30 %% of the roofs" % capacity(
            rows, gpus=gpus, solar="0.3", battery="0", **own)
        half = capacity(rows, gpus=gpus, solar="0.3", battery="0.5", **own)
        assert half == capacity(rows, gpus=gpus, solar="0.3", battery="1", **own)
        yield "%d with batteries in half of the homes or all" % half
        assert 0 == capacity(rows, gpus=gpus, solar="0.6", battery="0", **own)
        assert 0 == capacity(rows, gpus=gpus, dispatch="time-of-use")
    yield "%d, %d and %d by seed" % tuple(
        capacity(rows, gpus="1", solar="0", replication=seed, **own) for seed in "123")
    back = [float(r[LOADING]) for r in rows if r["solar"] == "0.6" and r["battery"] == "0" and
            r["homes"] == "0.02" and r["season"].startswith("2024-06")]
    yield "%.2f to %.2f of its rating" % (min(back), max(back))
    night = [float(r[LOADING]) for r in rows if r["dispatch"] == "time-of-use" and
             r["homes"] == "0.02"]
    yield "%.1f to %.1f times its rating" % (min(night), max(night))
    over = [binding(r) for r in rows if r["dispatch"] != "time-of-use" and float(r[MARGIN]) < 0]
    assert {"rating"} == set(over)
    yield "in all %d of these cases" % len(over)
    full = [r for r in rows if r["gpus"] == "1" and r["solar"] == "0.3" and
            r["battery"] == "0.5" and r["dispatch"] != "time-of-use" and r["homes"] == "0.4"]
    yield "%.0f degC at most" % max(float(r[HOT_SPOT]) for r in full)
    yield "%.2f %% of its life" % (100 * 365 * max(float(r[LIFE]) for r in full))
    least = [float(r[MARGIN]) for r in full]
    yield "margin is %.3f to %.3f" % (min(least), max(least))


# ---- edge-or-centre

ENERGY = "energy.grid_j_per_token"
CARBON = "carbon.inference_g_per_token"


def where(row):
    if row["hosts"] != "0":
        return "homes"
    if row["centre-4090"] != "0":
        return "same"
    return "h100" if row["bess"] == "none" else "bess"


def mean(rows, metric, place, rate, factor=1):
    """Mean over the seeds and the half width of its 95 % interval."""
    v = [factor * float(r[metric]) for r in rows
         if where(r) == place and r["rate"] == rate + " 1/s"]
    return statistics.mean(v), STUDENT_95[len(v)] * statistics.stdev(v) / len(v) ** 0.5


def change(rows, metric, a, b, rate):
    """Of a against b under the same seeds, in per cent, with its interval."""
    v = [[float(r[metric]) for r in rows if where(r) == p and r["rate"] == rate + " 1/s"]
         for p in (a, b)]
    d = [100 * (x / y - 1) for x, y in zip(*v)]
    return statistics.mean(d), STUDENT_95[len(d)] * statistics.stdev(d) / len(d) ** 0.5


def claims_of_places(rows):
    places = "homes", "same", "h100"

    def shown(metric, a, b, rate):
        m, half = change(rows, metric, a, b, rate)
        assert abs(m) > half, (metric, a, b, rate)
        return m, half

    for rate, digits in ("0.02", 0), ("0.5", 2), ("8", 3):
        yield "%.*f +- %.*f, %.*f +- %.*f and %.*f +- %.*f" % tuple(
            x for p in places for v in mean(rows, ENERGY, p, rate) for x in (digits, v))
    for rate in "0.02", "8":
        for metric in ENERGY, CARBON:
            m, half = shown(metric, "homes", "same", rate)
            yield "%.0f +- %.1f %% less" % (-m, half)
    assert shown(CARBON, "homes", "h100", "0.02")[0] < 0
    for rate in "0.5", "8":
        yield "%.0f +- %.1f %%" % shown(CARBON, "homes", "h100", rate)
    yield "%.0f, %.0f and %.0f ms" % tuple(
        mean(rows, "latency.ttft_s.p50", p, "0.5", 1000)[0] for p in places)
    yield "%.1f, %.1f and %.1f s" % tuple(
        mean(rows, "latency.e2e_s.p95", p, "0.5")[0] for p in places)
    for rate, digits in ("0.02", 0), ("8", 2):
        yield "%.*f, %.*f and %.*f EUR" % tuple(
            x for p in places
            for x in (digits, mean(rows, "cost.levelised_per_mtoken", p, rate)[0]))
    for metric in ENERGY, CARBON:
        yield "%.1f and %.1f %% more" % tuple(
            shown(metric, "bess", "h100", rate)[0] for rate in ("0.02", "8"))
    yield "%.0f and %.0f %% less dear" % tuple(
        -shown("cost.inference_per_mtoken", "bess", "h100", rate)[0] for rate in ("0.02", "8"))
    for rate in "0.02", "8":
        yield "%.0f +- %.0f %%" % change(rows, LIFE, "homes", "same", rate)


# ---- what-matters


def morris(rows, axis, metric, names):
    """Mean size of the elementary effects: rows follow each other in trajectories, and of two
    neighbours one axis differs."""
    n = len(names) + 1
    sizes = []
    for i, (a, b) in enumerate(zip(rows, rows[1:])):
        if (i + 1) % n and a[axis] != b[axis]:
            sizes.append(abs(float(b[metric]) - float(a[metric])) / (2 / 3))
    return statistics.mean(sizes)


def claims_of_what_matters(rows):
    names = ["rate", "hosts", "host-idle", "pue", "solar", "carbon", "link"]
    for metric, factor, digits in ((ENERGY, 1, 0), (CARBON, 1000, 0),
                                   ("latency.ttft_s.p50", 1000, 1)):
        size = {a: factor * morris(rows, a, metric, names) for a in names}
        for a in sorted(size, key=size.get)[-2:]:
            yield "%s %.*f" % (a, digits, size[a])
    assert morris(rows, "link", "latency.ttft_s.p50", names) == 0


CLAIMS = {
    "how-many-gpu-homes": claims_of_homes,
    "edge-or-centre": claims_of_places,
    "what-matters": claims_of_what_matters,
}


def main(path, table, kept, *options):
    study = xml.parse(path).getroot()
    axes = axes_of(study)
    metrics = [m.get("name") for m in study.iter("metric")]
    rows = read(table)
    if "--write" in options:
        write(kept, rows, axes + ["/"] + metrics)
    golden = read(kept)
    wrong = list(compare(rows, golden, axes, metrics))
    about = " ".join(study.find("about").text.split())
    for claim in CLAIMS[study.get("name")](golden):
        if claim not in about:
            wrong.append("the <about> does not say '%s'" % claim)
    for line in wrong[:40]:
        print(line)
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
