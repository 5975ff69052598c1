#!/bin/sh
# CUBA beside Brian2's C++ standalone, on the same networks from the same states:
#     brian2_cuba.sh BENCH_CUBA [SEEDS [ROUNDS]]
# 4000 neurons for 10 s with SEEDS seeds (10), spike by spike; then 4000 for 10 s and 40000 for
# 1 s with one seed, ROUNDS times (5) each in turns, in processor seconds of the steps alone.
# Needs Debian's python3-brian and a C++ compiler; each seed takes half a minute to compile.
set -e
bench=${1:?"usage: brian2_cuba.sh BENCH_CUBA [SEEDS [ROUNDS]]"}
bench=$(realpath "$bench")
seeds=${2:-10} rounds=${3:-5}
peer=$(realpath "$(dirname "$0")")/brian2_cuba.py
if ! /usr/bin/python3 -W ignore -c 'import brian2' 2>/dev/null; then
	echo "Brian2 is not here (Debian: python3-brian): nothing to compare with"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

brian2() { /usr/bin/python3 -W ignore "$peer" "$@"; }

for seed in $(seq "$seeds"); do
	echo "seed $seed"
	"$bench" 4000 10 "$seed" drawn spikes
	brian2 drawn 10 compare spikes
	rm -rf compare
done

time_both() { # NEURONS SECONDS
	"$bench" "$1" "$2" 1 drawn >/dev/null
	brian2 drawn "$2" "brian2-$1" >/dev/null
	for _ in $(seq "$rounds"); do
		"$bench" "$1" "$2" 1
		(cd "brian2-$1" && ./main)
		cut -d' ' -f1 "brian2-$1/results/last_run_info.txt" |
		    sed "s/^/brian2 neurons $1 seconds $2 cpu_s /"
	done
}
time_both 4000 10
time_both 40000 1
