"""Compares the JSON summary of a run with a kept one, or with ranges.

    check_summary.py SUMMARY.json GOLDEN.json     every number within 1e-6 of the kept one
    check_summary.py SUMMARY.json KEY MIN MAX ... each KEY's number in its range
    check_summary.py SUMMARY.json --sound         valid, and every ledger closed

Numbers may differ in the last digits between processors (their mathematical
libraries round differently), so the comparison is relative.
"""
import json
import sys

TOLERANCE = 1e-6
LEDGER_TOLERANCE = 1e-9
# Of the program and the text of a scenario, not of what came out.
NOT_COMPARED = {"source", "scenario_sha256"}


def flat(value, prefix=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, prefix + key + "/")
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from flat(inner, f"{prefix}{i}/")
    else:
        yield prefix.rstrip("/"), value


def differs(a, b):
    if isinstance(a, bool) or not isinstance(a, (int, float)):
        return a != b
    if not isinstance(b, (int, float)):
        return True
    return abs(a - b) > TOLERANCE * max(abs(a), abs(b), 1e-9)


def compare(got, kept):
    faults = 0
    for key in sorted(set(got) | set(kept)):
        if key in NOT_COMPARED:
            continue
        if key.endswith("residual"):
            continue  # noise below the tolerance of the check
        if key not in got or key not in kept or differs(got[key], kept[key]):
            print(f"{key}: got {got.get(key, 'nothing')}, kept {kept.get(key, 'nothing')}")
            faults += 1
    return faults


def within(got, rows):
    faults = 0
    for key, low, high in zip(rows[::3], rows[1::3], rows[2::3]):
        value = got.get(key)
        good = isinstance(value, (int, float)) and float(low) <= value <= float(high)
        print(f"{'ok  ' if good else 'FAIL'} {key} = {value} (from {low} to {high})")
        faults += not good
    return faults


def sound(got):
    residuals = {key: value for key, value in got.items() if key.endswith("/residual")}
    faults = 0
    if got["validity"] != "VALID":
        print(f"it is {got['validity']}")
        faults += 1
    if not residuals:
        print("it has no ledger")
        faults += 1
    for key, value in residuals.items():
        if not value <= LEDGER_TOLERANCE:
            print(f"{key} = {value}")
            faults += 1
    return faults


def main(argv):
    with open(argv[1], encoding="utf-8") as f:
        got = dict(flat(json.load(f)))
    if argv[2:] == ["--sound"]:
        return sound(got)
    if len(argv) == 3:
        with open(argv[2], encoding="utf-8") as f:
            return compare(got, dict(flat(json.load(f))))
    return within(got, argv[2:])


sys.exit(1 if main(sys.argv) else 0)
