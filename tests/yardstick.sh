#!/bin/sh
# The hour of conversations that serving simulators are compared by: latencies
# land where two independent tools have them (splitwise-sim and Vidur: TTFT p50
# 0.125 and 0.127 s, TPOT p50 0.027 and 0.031 s, end to end p50 3.67 and 4.34 s).
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
trace=${HEARTH_SHARED:-}/data/traces/azure2023_conv.csv
[ -r "$trace" ] || skip "no trace at \$HEARTH_SHARED/data/traces/azure2023_conv.csv"

run_hour() { # SCENARIO
	"$hearth" run "$1" --json --set "//workload/@trace=$trace" >"$scratch/w.json"
}

check "the run ends well" run_hour azure-conv-4x4h100
check "it is sound" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" --sound
check "latencies" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" \
    service.requests 19366 19366 service.done 19366 19366 \
    latency.ttft_s.p50 .11 .14 latency.tpot_s.p50 .026 .032 latency.e2e_s.p50 3.6 4.5

# Prompts and tokens on different machines: TTFT p50 0.080 s, time between tokens p50
# 0.031 s (over the output tokens, not the gaps), end to end p50 4.16 s in
# splitwise-sim. Every request moves its cache, for none has a single token:
# 22 361 870 prompt tokens of 2 x 8 heads x 128 x 2 B x 80 layers = 327 680 B each.
check "the run with prefill and decode nodes ends well" run_hour azure-conv-2p2d
check "it is sound" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" --sound
check "its latencies" python3 "$srcdir/tests/check_summary.py" "$scratch/w.json" \
    service.requests 19366 19366 service.done 19366 19366 \
    latency.ttft_s.p50 .07 .09 latency.tpot_s.p50 .028 .034 latency.e2e_s.p50 3.7 4.6 \
    service.handovers 19366 19366 service.handover_bytes 7327537561600 7327537561600
finish
