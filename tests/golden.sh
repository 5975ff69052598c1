#!/bin/sh
# Shipped scenarios give the numbers they gave before: tests/golden/NAME.json.
# After a change that is meant to move them:  make golden  and say so in NEWS.md.
. "${srcdir:-.}/tests/shell.sh"

command -v python3 >/dev/null || skip "no python3"

# run_golden NAME SCENARIO [OPTION...]
run_golden() {
	name=$1
	shift
	"$hearth" run --json "$@" >"$scratch/$name.json" || return 1
	if [ -n "${HEARTH_GOLDEN:-}" ]; then
		cp "$scratch/$name.json" "$srcdir/tests/golden/$name.json"
	fi
	python3 "$srcdir/tests/numbers.py" "$scratch/$name.json" "$srcdir/tests/golden/$name.json"
}

check "doorstep" run_golden doorstep doorstep
check "doorstep, data centre only" run_golden doorstep-cloud doorstep \
    --set "//policy/@routing='cloud-only'" --seed 7
finish
