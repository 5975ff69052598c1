#!/bin/sh
# Fits again what the catalogues' constants were fitted to, and shows each constant
# beside the one that is kept:
#
#     data/calibrate.sh MEASUREMENTS [HEARTH]
#
# MEASUREMENTS holds gpu/ and hardware/ as hearth validate reads them; HEARTH is the
# program (default: hearth). Takes some minutes.
set -eu
tables=${1:?usage: data/calibrate.sh MEASUREMENTS [HEARTH]}
hearth=${2:-hearth}
here=$(cd "$(dirname "$0")" && pwd)
row=$(mktemp "${TMPDIR:-/tmp}/hearth-row.XXXXXX")
trap 'rm -f "$row"' EXIT

# kept ELEMENT NAME ATTRIBUTE: its text in the catalogues.
kept() {
	sed -n "/<$1 name=\"$2\"/,/source=/s/.*[[:space:]]$3=\"\([^\"]*\)\".*/\1/p" \
	    "$here/$1s.xml" | head -n 1
}

# fit ELEMENT NAME KIND TABLE OPTION...
fit() {
	element=$1 name=$2 kind=$3 table=$4
	shift 4
	echo "$name: $kind from $table $*"
	"$hearth" calibrate "$kind" "$tables/$table" "$@" -o "$row" >/dev/null || return 0
	sed -n 's/^[[:space:]]*\([a-z-]*\)="\([^"]*\)".*/\1 \2/p' "$row" |
	while read -r attribute value; do
		printf '    %-28s fitted %-12s kept %s\n' "$attribute" "$value" \
		    "$(kept "$element" "$name" "$attribute")"
	done
}

for gpu in a100 h100; do
	name=$gpu-sxm
	[ "$gpu" = h100 ] || name=a100-sxm-80
	fit device "$name" products gpu/vidur_layer_ops.csv -d "$name" -w gpu="$gpu" --cache '0 B'
	fit device "$name" decode gpu/aic_attention.csv -d "$name" -w gpu="${gpu}_sxm"
done
fit device l40s products gpu/aic_gemm.csv -d l40s -w gpu=l40s -w dtype=bfloat16
fit device h100-sxm power hardware/energy-per-token.csv -d h100-sxm -w device=h100-sxm
fit device b200 power hardware/energy-per-token.csv -d b200 -w device=b200
fit engine vllm-cuda-graph engine gpu/aic_serving_e2e.csv -d h100-sxm -w system=h100_sxm \
    -w backend=vllm --hold host-time=67e-6 --hold link-share=0.427
for gpu in h100-sxm b200; do
	fit engine "vllm-0.11-${gpu%-sxm}" engine hardware/energy-per-token.csv -d "$gpu" \
	    -w device="$gpu" --hold host-time=67e-6
done
