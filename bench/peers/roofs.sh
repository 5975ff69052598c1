#!/bin/sh
# Our roofs beside those of others, one thread, in turns:
#     roofs.sh HEARTH [ROUNDS]
# reading 128 MiB on small pages in one ascending loop (read_plain) beside likwid-bench's load_avx
# (Debian: likwid), which is one too; and f32 products of many tokens beside OpenBLAS called
# directly, a case of our own suite. Prints medians over ROUNDS (5) and their ratio. Our roof,
# which reads four places at once and gets more, is printed with them. likwid's clock is the
# wall's: on a busy machine its figures say nothing.
set -e
hearth=$(realpath "${1:?"usage: roofs.sh HEARTH [ROUNDS]"}")
rounds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# rate KERNEL SHAPE UNIT: of the last run, in 1e9 UNIT (bytes, flops) a second
rate() {
	python3 - "$work/run.json" "$@" <<'END'
import json, sys
file, kernel, shape, unit = sys.argv[1:]
for row in json.load(open(file))["benchmarks"]:
    if row.get("aggregate_name") == "median" and row["threads"] == 1 and \
            row["kernel"] == kernel and row["shape"] == shape and row["pages"] in ("", "4k"):
        print(row[unit] / row["real_time"])
END
}

middle() { sort -g "$1" | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'; }

beside() { # WHAT OURS THEIRS NAME
	awk -v what="$1" -v a="$(middle "$2")" -v b="$(middle "$3")" -v name="$4" 'BEGIN {
		printf "%-28s hearth %6.1f   %s %6.1f   ratio %.3f\n", what, a, name, b, a / b }'
}

cd "$work"
for _ in $(seq "$rounds"); do
	"$hearth" bench -t 1 -o run.json memory gemm >/dev/null 2>&1
	rate read_plain "128 MiB" bytes >>plain
	rate read "128 MiB" bytes >>read
	for tokens in 8 128 512; do
		rate gemm_f32 "2048 x 2048, $tokens tokens" flops >>ours-$tokens
		rate cblas_sgemm "2048 x 2048, $tokens tokens" flops >>direct-$tokens
	done
	if command -v likwid-bench >/dev/null; then
		likwid-bench -t load_avx -w S0:134217kB:1 2>/dev/null |
		    awk '$1 == "MByte/s:" { print $2 / 1000 }' >>likwid
	fi
done
if [ -s likwid ]; then
	beside "one loop, 128 MiB, GB/s" plain likwid load_avx
	beside "four places at once" read likwid load_avx
else echo "likwid-bench is not here (Debian: likwid): reading has no peer"
fi
for tokens in 8 128 512; do
	beside "$tokens tokens, GFLOP/s" ours-$tokens direct-$tokens OpenBLAS
done
