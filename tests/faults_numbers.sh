#!/bin/sh
# Numbers that are wrong or at the edge, in every attribute of a scenario: see
# tests/faults_numbers.py.
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
command -v python3 >/dev/null || skip "no python3"
HEARTH_DATA=$srcdir
export HEARTH_DATA hearth
ulimit -c 0

cd "$scratch" || exit 99
check "a scenario that writes every attribute" \
    sh -c "'$hearth' check doorstep --resolved >all.xml"
check "numbers in every attribute" python3 "$srcdir/tests/faults_numbers.py" all.xml
finish
