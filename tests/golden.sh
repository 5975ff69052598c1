#!/bin/sh
# Shipped scenarios give the numbers they gave before, tests/golden/NAME.json, and are sound
# (tests/scenarios.sh).
# After a change that is meant to move them:  make golden  and say so in NEWS.md.
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
golden=$srcdir/tests/golden

# run_golden NAME SCENARIO [OPTION...]
run_golden() {
	name=$1
	shift
	"$hearth" run --json "$@" >"$scratch/$name.json" || return 1
	if [ -n "${HEARTH_GOLDEN:-}" ]; then
		mkdir -p "$golden" && cp "$scratch/$name.json" "$golden/$name.json" || return 1
	fi
	python3 "$srcdir/tests/check_summary.py" "$scratch/$name.json" "$golden/$name.json" &&
	    python3 "$srcdir/tests/check_summary.py" "$scratch/$name.json" --sound
}

# A scenario once more with other values: other numbers through the code that has just run, so
# that a sanitizer has nothing to add.
again() { # WHAT COMMAND...
	is_sanitized || check "$@"
}

check "bengaluru-street" run_golden bengaluru-street bengaluru-street
again "bengaluru-street, data centre only" run_golden bengaluru-street-cloud bengaluru-street \
    --set '//homes/node/@share=0'
check "doorstep" run_golden doorstep doorstep
again "doorstep, data centre only" run_golden doorstep-cloud doorstep \
    --set //policy/@routing=cloud-only --seed 7
check "cascade" run_golden cascade cascade
again "cascade, large models alone" run_golden cascade-large cascade \
    --set //tiers/@escalate=0 --set //tiers/@large-share=1
check "datacentre-bess" run_golden datacentre-bess datacentre-bess
check "datacentre-bess, look-ahead" run_golden datacentre-bess-ahead datacentre-bess \
    --set //dispatch/@kind=look-ahead --set //battery/@chemistry=solid-state
check "mixed-fleet" run_golden mixed-fleet mixed-fleet
check "agent-swarm" run_golden agent-swarm agent-swarm
again "agent-swarm, across boundaries" run_golden agent-swarm-any agent-swarm \
    --set //policy/@compare-boundaries=yes
check "island-grid" run_golden island-grid island-grid
check "outlook-2030" run_golden outlook-2030 outlook-2030
check "outlook-2040" run_golden outlook-2040 outlook-2040
check "v2g-street" run_golden v2g-street v2g-street
again "v2g-street, charging only" run_golden v2g-street-charge v2g-street \
    --set //vehicle/@charging=immediate
check "evening-cap" run_golden evening-cap evening-cap
finish
