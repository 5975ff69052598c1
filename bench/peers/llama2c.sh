#!/bin/sh
# Our decoder beside llama2.c (github.com/karpathy/llama2.c) at the same shapes, in turns:
#     llama2c.sh BENCH_DECODER LLAMA2.C [ROUNDS [MODEL...]]
# LLAMA2.C is a checkout of it; its run.c (f32) and runq.c (8 bits) are compiled with OpenMP and
# the flags that hearth is (-O3, no -ffast-math) for this machine's instructions, and once more
# with its Makefile's own -Ofast. Prints, for 1 thread and for all, tokens a second of tokens 64 to
# 191 of an answer: the median over ROUNDS (3) of processor time of all threads, which other
# work on the machine disturbs little. Theirs is the difference of two runs, so that neither
# loading nor the first tokens count. MODEL: 15m, 110m and 1.1b, the last in 8 bits only, for its
# checkpoint in f32 has 4.4 GB. Needs python3 with numpy, to write checkpoints of random weights.
# A thread of a busy Zen 3, 110m, its loops transcribed: q8 107 beside 36 (-Ofast: 40), f32 50
# beside 9 (36).
set -e
bench=$(realpath "${1:?"usage: llama2c.sh BENCH_DECODER LLAMA2.C [ROUNDS [MODEL...]]"}")
if [ ! -f "${2:-}/runq.c" ] || [ ! -f "${2:-}/run.c" ]; then
	echo "no llama2.c in '${2:-}': git clone https://github.com/karpathy/llama2.c"
	exit 0
fi
theirs=$(realpath "$2")
rounds=${3:-3}
if [ $# -gt 3 ]; then shift 3; else set -- 15m 110m 1.1b; fi
writer=$(realpath "$(dirname "$0")")/llama2c_checkpoint.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$theirs/tokenizer.bin" . # where its runners look for it

for runner in run runq; do
	cc -O3 -march=native -fopenmp -o $runner "$theirs/$runner.c" -lm
	cc -Ofast -march=native -fopenmp -o $runner-fast "$theirs/$runner.c" -lm
done

shape_of() { # MODEL, as bench/decoder/shape.c: width, ffn, layers, heads, key-value heads ...
	case $1 in
	15m) echo 320 896 6 5 5 32000 1 256 ;;
	110m) echo 768 2048 12 12 12 32000 1 256 ;;
	1.1b) echo 2048 5632 22 32 4 32000 0 256 ;;
	*) echo "llama2c.sh: no model '$1'" >&2 && return 1 ;;
	esac
}

cpu_s() { # COMMAND...: of a process, all threads
	/usr/bin/python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(use.ru_utime + use.ru_stime)' "$@"
}

their_rate() { # RUNNER CHECKPOINT
	less=$(cpu_s "./$1" "$2" -t 0 -n 64)
	more=$(cpu_s "./$1" "$2" -t 0 -n 192)
	awk -v a="$less" -v b="$more" 'BEGIN { print 128 / (b - a) }'
}

our_rate() { # MODEL FORMAT THREADS
	"$bench" "$1" "$2" "$3" 64 192 | sed 's/.*tokens_cpu_s //'
}

middle() { sort -g "$1" | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'; }

beside() { # MODEL FORMAT THREADS RUNNER
	for _ in $(seq "$rounds"); do
		their_rate "$4" weights >>plain
		our_rate "$1" "$2" "$3" >>ours
		their_rate "$4-fast" weights >>fast
	done
	awk -v what="$1 $2, threads $3" -v a="$(middle ours)" -v b="$(middle plain)" \
	    -v c="$(middle fast)" -v name="$4.c" 'BEGIN {
		printf "%-22s hearth %8.2f   %s %8.2f (ratio %.2f)   -Ofast %8.2f (%.2f)\n",
		    what, a, name, b, a / b, c, a / c }'
	rm ours plain fast
}

for model; do
	for kind in q8 f32; do
		[ $kind$model = f321.1b ] && continue
		# shellcheck disable=SC2046 # several numbers
		/usr/bin/python3 "$writer" weights $kind $(shape_of "$model")
		for threads in 1 $(nproc); do
			export OMP_NUM_THREADS="$threads" OMP_WAIT_POLICY=passive
			if [ $kind = f32 ]; then
				beside "$model" f32 "$threads" run
			else
				beside "$model" q8 "$threads" runq
				beside "$model" q4 "$threads" runq # against its 8 bits: it has no 4
			fi
		done
	done
done
