#!/bin/sh
# The bench that runs alone on a machine with CUDA builds without a warning, and says in
# one line that there is no device where there is none.
. "${srcdir:-.}/tests/shell.sh"
nvcc=${NVCC:-nvcc}
command -v "$nvcc" >/dev/null || skip "no nvcc: the CUDA toolkit is not installed"

builds_silently() {
	NVCC=$nvcc sh "$srcdir/bench/gpu/build.sh" "$scratch/hearth-gpu-bench" \
	    >"$scratch/log" 2>&1 && [ ! -s "$scratch/log" ] && return
	cat "$scratch/log"
	return 1
}

says_there_is_none() {
	"$scratch/hearth-gpu-bench" >"$scratch/out" 2>"$scratch/err"
	[ $? = 1 ] && [ ! -s "$scratch/out" ] && [ "$(wc -l <"$scratch/err")" = 1 ] &&
	    grep -q 'hearth-gpu-bench: no device of CUDA (' "$scratch/err"
}

measures_quickly() {
	"$scratch/hearth-gpu-bench" --quick --no-energy -o "$scratch/a.json" &&
	    grep -q '"kernel": "cuda_gemv_q4"' "$scratch/a.json"
}

refuses_options() {
	"$scratch/hearth-gpu-bench" --nonsense 2>"$scratch/err"
	[ $? = 2 ] && grep -q '^Usage:' "$scratch/err"
}

check "build.sh builds without a word" builds_silently || finish
check "unknown options are refused" refuses_options
if [ -e /dev/nvidia0 ]; then
	check "a device is measured" measures_quickly
else
	check "no device: one line and status 1" says_there_is_none
fi
finish
