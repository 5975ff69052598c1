#!/usr/bin/env python3
"""Puts numbers that are wrong or at the edge into every attribute of a scenario.

    faults_numbers.py SCENARIO         $hearth is the program
    faults_numbers.py --finite JSON    only says whether a summary's numbers are finite

`hearth check` must accept or refuse each value with a reason; what it accepts is
run for two hours, to numbers that are finite. The smallest and the largest value
allowed, as the refusals name them, are tried too.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

VALUES = ("nan", "inf", "-inf", "-1", "-0", "0", "1e308", "1e-320", "1e999", "0x10", "", " ",
          "1,5", "1.5.2", "2147483648", "4294967296", "9223372036854775808",
          "18446744073709551616")
LIMIT = re.compile(r"(?:allowed,|must be at least|must be at most) (-?[\d.e+-]+(?: [^\s;:]+)?)")
TIMEOUT_S = 20
# A duration may be a century, which takes what it takes.
LONG = "duration"


def refuse_constant(word):
    raise ValueError(f"{word} in a summary")


def is_finite(text):
    """JSON has no words for what is not finite; Python's reader knows three."""
    json.loads(text, parse_constant=refuse_constant)
    return "e+999" not in text


def hearth(*words):
    """Exit status (None: it hung), standard output, standard error."""
    try:
        done = subprocess.run((os.environ["hearth"],) + words, capture_output=True, text=True,
                              timeout=TIMEOUT_S, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout, done.stderr


def attributes(element, path):
    """(XPath, unit as written) of each attribute that holds a number or a law."""
    for name, value in element.attrib.items():
        if re.match(r"[-+.\d]|\w+\(", value):
            unit = re.search(r"[\d)]( [A-Za-z/%]+)$", value)
            yield f"{path}/@{name}", unit.group(1) if unit else ""
    for child in element:
        yield from attributes(child, f"//{element.tag}/{child.tag}")


def limits(scenario, path, unit):
    """The ends of an attribute's range, from what is said of values beyond them."""
    found = set()
    for value in ("1e300", "-1e300", "1e18", "-1e18"):
        said = LIMIT.search(hearth("check", scenario, "--set", f"{path}={value}{unit}")[2])
        if said:
            found.add(said.group(1))
    return found


def fault(scenario, assignment):
    """What is wrong with how one value is taken; None: nothing."""
    words = (scenario, "--set", assignment)
    status, _, said = hearth("check", *words)
    if status == 2:
        return None if "error: " in said else "refused without a reason"
    if status != 0:
        return f"check: status {status}: {said[-300:]}"
    if "@" + LONG in assignment:
        return None
    status, out, said = hearth("run", *words, "--set", "//time/@duration=2 h", "--json")
    if status == 2:
        return None if "error: " in said else "refused without a reason"
    if status not in (0, 1):
        return f"run: status {status}: {said[-300:]}"
    try:
        is_finite(out)
    except ValueError as error:
        return f"run: {error}"
    return None


def main():
    if sys.argv[1] == "--finite":
        with open(sys.argv[2]) as file:
            is_finite(file.read())
        return 0
    scenario = sys.argv[1]
    rows = sorted(set(attributes(xml.parse(scenario).getroot(), "/scenario")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        ends = pool.map(lambda row: limits(scenario, *row), rows)
        tried = [f"{path}={value}" for (path, _), found in zip(rows, ends) for value in sorted(found)]
        at_ends = len(tried)
        tried += [f"{path}={value}{unit if value.strip() else ''}"
                  for path, unit in rows for value in VALUES]
        faults = list(pool.map(lambda assignment: fault(scenario, assignment), tried))
    for assignment, why in zip(tried, faults):
        if why:
            print(f"{assignment}: {why}")
    print(f"{len(rows)} attributes, {len(tried)} values, {at_ends} at an end of their range")
    return 1 if any(faults) or len(rows) < 100 or at_ends < 100 else 0


sys.exit(main())
