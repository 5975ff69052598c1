#!/bin/sh
# Everything that serving can do, in one run: prompts and tokens on different nodes,
# prefix caches and routing, priorities, guessed tokens with a draft model, power caps,
# models that are unloaded, caches too small for their requests. No request and no joule
# gets lost, each part is felt, and the bytes are the same again.
. "${srcdir:-.}/tests/shell.sh"
command -v python3 >/dev/null || skip "no python3"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

cat >all.xml <<'XML'
<scenario name="all" seed="1">
  <time start="2024-06-20T00:00+02:00" duration="7 min" step="1 min"/>
  <engine name="large" source="assumed" verify="derived" host-time="70 us" sequence-time="17 us"
          prefix-cache="yes" order="priority" max-sequences="64"/>
  <engine name="small" source="assumed" verify="derived" host-time="70 us" sequence-time="17 us"
          prefix-cache="yes" order="priority" max-sequences="64" memory-share="26 %"/>
  <device name="board" memory="80 GB" bandwidth="3.35 TB/s" fp16="989 TFLOP/s" tdp="700 W"
          idle="110 W" idle-unloaded="75 W" source="assumed" verify="derived"/>
  <datacentre name="cloud" pue="1.2" kv-bandwidth="20 GB/s">
    <node name="prompts" role="prefill" device="board" model="llama-3.1-8b" engine="large"
          count="2" unload-after="3 s" cold-start="1 s" load-bandwidth="20 GB/s" power-cap="420 W"/>
    <node name="tokens" role="decode" device="board" model="llama-3.1-8b" engine="small"
          count="2" draft-tokens="4" acceptance="0.7" draft-model="llama-3.2-1b"
          unload-after="3 s" cold-start="1 s" load-bandwidth="20 GB/s" power-cap="350 W"/>
  </datacentre>
  <workload trace="talks.jsonl"><slo ttft="1 s" tpot="50 ms"/></workload>
  <policy routing="prefix"/>
</scenario>
XML

# 1501 requests in two bursts of a minute and some stragglers 11 s apart. Every third
# begins as one of 17 talks does; every 97th has more tokens than the small caches.
# Numbers from a linear congruence (Knuth 1997, 3.3.4, line 16, cut to 31 bits).
awk 'function draw(n) { x = (x * 16807) % 2147483647; return x % n }
BEGIN {
	x = 7
	for (i = 0; i < 1501; i++) {
		ms += i % 700 == 699 ? 60000 : i > 1490 ? 11000 : draw(140)
		blocks = i % 97 == 96 ? 99 : 1 + draw(9)
		known = i % 3 == 0 ? draw(blocks + 1) : 0
		talk = draw(17)
		ids = ""
		for (k = 0; k < blocks; k++)
			ids = ids (k ? ", " : "") (k < known ? 1000 * talk + k : 100000 + 100 * i + k)
		printf "{\"timestamp\": %d, \"input_length\": %d, \"output_length\": %d, " \
		    "\"hash_ids\": [%s]}\n", ms, 512 * blocks - draw(400), 1 + draw(400), ids
	}
}' >talks.jsonl
# The same without prefixes, but with priorities.
"$hearth" trace convert talks.jsonl plain.csv >/dev/null 2>&1
awk -F, 'BEGIN { OFS = "," } /^#/ { print; next } !head { head = 1; print $0, "priority"; next }
{ print $0, ++n % 7 - 3 }' plain.csv >ranked.csv

runs() { # NAME SET...
	name=$1
	shift
	"$hearth" run all.xml "$@" -o out.h5 --json >"$name.json" && mv out.h5 "$name.h5"
}

# conserved NAME FELT...: the keys FELT must be above zero.
conserved() {
	name=$1
	shift
	python3 - "$name.json" "$@" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    run = json.load(f)
total = run["ledger"]["total"]
ends = sum(run["service." + end] for end in ("done", "rejected", "pending"))
faults = [key for key in sys.argv[2:] if not run.get(key, 0) > 0]
for what, a, b in (
    ("requests", run["service.requests"], ends),
    ("sources and sinks", total["residual"], 0),
    ("device", run["energy.device_j"], total["compute_j"]),
    ("node", run["energy.node_j"], total["compute_j"] + total["host_j"]),
    ("site", run["energy.site_j"],
     total["compute_j"] + total["host_j"] + total["cooling_j"]),
    ("grid", run["energy.grid_j"], total["import_j"]),
):
    if abs(a - b) > 1e-12 * max(abs(a), abs(b), 1):
        faults.append(f"{what}: {a} and {b}")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
PYTHON
}

felt="service.done service.rejected service.handovers service.preemptions node.loads
    node.unloaded_frac node.slowed_frac"
check "with prefixes" runs prefixes
# shellcheck disable=SC2086
check "with prefixes nothing gets lost" conserved prefixes $felt node.prefix_hit_frac
check "once more" runs again
check "once more: the same bytes" cmp prefixes.h5 again.h5
check "with priorities" runs ranked --set '//workload/@trace=ranked.csv'
# shellcheck disable=SC2086
check "with priorities nothing gets lost" conserved ranked $felt
check "cut off in the middle" runs cut --set '//time/@duration=1 min'
check "what is cut off is counted" conserved cut service.pending
check "prompts first" runs first --set '//engine/@schedule=prefill-first' \
    --set '//engine/@token-budget=8192'
check "prompts first nothing gets lost" conserved first service.done service.rejected
finish
