#!/bin/sh
# The hour of conversations that serving simulators are compared by: latencies
# land where two independent tools have them (splitwise-sim and Vidur: TTFT p50
# 0.125 and 0.127 s, TPOT p50 0.027 and 0.031 s, end to end p50 3.67 and 4.34 s).
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
trace=${HEARTH_SHARED:-}/data/traces/azure2023_conv.csv
[ -r "$trace" ] || skip "no trace at \$HEARTH_SHARED/data/traces/azure2023_conv.csv"

run_hour() {
	"$hearth" run azure-conv-4x4h100 --json --set "//workload/@trace=$trace" >"$scratch/w.json"
}

check "the run ends well" run_hour
check "it is sound" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" --sound
check "latencies" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" \
    service.requests 19366 19366 service.done 19366 19366 \
    latency.ttft_s.p50 .11 .14 latency.tpot_s.p50 .026 .032 latency.e2e_s.p50 3.6 4.5
finish
