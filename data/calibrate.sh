#!/bin/sh
# Fits again what the catalogues' constants were fitted to, and shows each constant
# beside the one that is kept:
#
#     data/calibrate.sh [--quick] MEASUREMENTS [HEARTH]
#
# MEASUREMENTS holds gpu/ and hardware/ as hearth validate reads them; HEARTH is the
# program (default: hearth). Exits with 1 when a constant that is kept is not the one
# that is fitted. --quick leaves out the fits on more than ten thousand rows.
#
# Constants of a device come first, then those of its engines, which are fitted with
# them: after a change, adopt what is fitted from the top down.
set -u
quick=
[ "${1-}" != --quick ] || { quick=yes; shift; }
tables=${1:?usage: data/calibrate.sh [--quick] MEASUREMENTS [HEARTH]}
hearth=${2:-hearth}
here=$(cd "$(dirname "$0")" && pwd)
row=$(mktemp -d "${TMPDIR:-/tmp}/hearth-row.XXXXXX") || exit 4
trap 'rm -rf "$row"' EXIT
differ=0 compared=0 left_out=0

# kept ELEMENT NAME ATTRIBUTE: its text in the catalogues.
kept() {
	sed -n "/<$1 name=\"$2\"/,/source=/s/^\(.*[[:space:]]\)*$3=\"\([^\"]*\)\".*/\2/p" \
	    "$here/$1s.xml" | head -n 1
}

# as_kept ELEMENT NAME ATTRIBUTE FITTED: prints both; counts it when they are not the
# same in the four digits that a row has.
as_kept() {
	value=$(kept "$1" "$2" "$3") compared=$((compared + 1)) word=
	if ! printf '%s\n%s\n' "$4" "$value" | awk '
		NR == 1 { fitted = $1; unit = $2 }
		NR == 2 { off = $1 - fitted; same = $2 == unit && NF > 0 }
		END { exit !(same && off * off <= 1e-6 * fitted * fitted) }'; then
		differ=$((differ + 1)) word='  NOT THE SAME'
	fi
	printf '    %-28s fitted %-12s kept %s%s\n' "$3" "$4" "$value" "$word"
}

# fit ELEMENT NAME KIND TABLE OPTION...
fit() {
	element=$1 name=$2 kind=$3 table=$4
	shift 4
	echo "$name: $kind from $table $*"
	rm -f "$row/fitted.xml"
	if ! "$hearth" calibrate "$kind" "$tables/$table" "$@" -o "$row/fitted.xml" >"$row/out"; then
		differ=$((differ + 1))
		return
	fi
	for attribute in $(sed -n 's/.*<source of="\([^"]*\)".*>hearth calibrate .* sha256 .*/\1/p' \
	    "$row/fitted.xml"); do
		as_kept "$element" "$name" "$attribute" \
		    "$(sed -n "s/^[[:space:]]*$attribute=\"\([^\"]*\)\".*/\1/p" "$row/fitted.xml")"
	done
	awk '/held out$/ { on = 1; next } on && NF { print "    " $0 } on && !NF { exit }' "$row/out"
}

# fit_many: the same, of a table that takes long.
fit_many() {
	if [ -n "$quick" ]; then
		left_out=$((left_out + 1))
	else
		fit "$@"
	fi
}

# copied ELEMENT NAME FROM ATTRIBUTE...: of a row that takes another's constants.
copied() {
	element=$1 name=$2 from=$3
	shift 3
	echo "$name: as $from"
	for attribute; do
		as_kept "$element" "$name" "$attribute" "$(kept "$element" "$from" "$attribute")"
	done
}

# Kernels.
vidur=gpu/vidur_layer_ops.csv attention=gpu/aic_attention.csv gemm=gpu/aic_gemm.csv
fit_many device a100-sxm-80 products $vidur -d a100-sxm-80 -w gpu=a100 --cache '0 B'
fit_many device h100-sxm products $vidur -d h100-sxm -w gpu=h100 --cache '0 B'
fit device h100-sxm fp8 $gemm -d h100-sxm -w gpu=h100_sxm
fit device l40s products $gemm -d l40s -w gpu=l40s
fit device a100-sxm-80 decode $attention -d a100-sxm-80 -w gpu=a100_sxm
fit device h100-sxm decode $attention -d h100-sxm -w gpu=h100_sxm
# Its short calls found their operands in the cache: attention-time is the default.
fit device l40s decode $attention -d l40s -w gpu=l40s --hold attention-time='10 us'

# Layers of vLLM 0.19, measured in its place in the engine: no cache helps there.
for gpu in rtx-4090 rtx-pro-6000; do
	profile=gpu/vllm_$(echo "$gpu" | tr -d -)_llama31_8b
	set -- -d $gpu --model llama-3.1-8b -w tp=1 --cache '0 B'
	fit device $gpu products "${profile}_dense.csv" "$@"
	fit device $gpu decode "${profile}_attention.csv" "$@"
	fit device $gpu prefill "${profile}_attention.csv" "$@"
done

# Power of boards. In the runs on the A100 only the memory's share varies, and prompts
# draw all of the design power.
energy=hardware/energy-per-token.csv splitwise=gpu/splitwise_e2e.csv
fit device a100-sxm-80 power $splitwise -d a100-sxm-80 -w hardware=a100-80gb \
    --hold power-flops=0 --hold power-exponent=1 --hold power-max='400 W'
fit device h100-sxm power $energy -d h100-sxm -w device=h100-sxm
# With its exponent free, power-flops would be known to 40 % only.
fit device b200 power $energy -d b200 -w device=b200 --hold power-exponent=1
kernels='flops-share bandwidth-share op-time roundness attention-bandwidth-share attention-time
    attention-row-time power-base power-bandwidth power-max'
copied device a100-sxm-40 a100-sxm-80 $kernels
copied device h200-sxm h100-sxm $kernels fp8-flops-share power-flops power-exponent

# Engines. In their runs the host does not limit: its time is held. So is what an
# all-reduce takes in runs in a closed loop, at what single calls took.
fit engine vllm-cuda-graph collectives gpu/aic_collectives.csv -d h100-sxm -w gpu=h100_sxm \
    -w source=vLLM_custom_graph
fit engine vllm-cuda-graph engine gpu/aic_serving_e2e.csv -d h100-sxm -w system=h100_sxm \
    -w backend=vllm --hold host-time='67 us' \
    --hold link-share="$(kept engine vllm-cuda-graph link-share)"
for gpu in h100-sxm b200; do
	fit engine "vllm-0.11-${gpu%-sxm}" engine $energy -d "$gpu" -w device="$gpu" \
	    --engine "vllm-0.11-${gpu%-sxm}" --hold host-time='67 us'
done
for gpu in a100-sxm-80 h100-sxm; do
	short=${gpu%%-*}
	fit_many engine "eager-2023-$short" engine $splitwise -d "$gpu" -w hardware="$short-80gb" \
	    -w model=llama2-70b --engine "eager-2023-$short"
done
# llama.cpp with one request: what its rates do not identify is held.
fit engine llama-cpp packed $energy --hold sequence-time='100 us' --hold layer-time='2 us'
fit engine llama-cpp-2024 packed hardware/llamacpp-throughput.csv --engine llama-cpp-2024 \
    --hold sequence-time=0

echo "$differ of $compared constants are not those that are fitted."
[ "$left_out" -eq 0 ] || echo "$left_out fits on many rows were left out."
[ "$differ" -eq 0 ]
