#!/bin/sh
# hearth validate: the errors that the documents promise, with the shipped
# constants; and that a wrong constant is noticed.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
shared=${HEARTH_SHARED:-}
unset HEARTH_SHARED

validate() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" validate "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	check "hearth validate $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat "$scratch/out" "$scratch/err"
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$scratch/$1" || cat "$scratch/$1"
}

validate 2
validate 2 nonsense
says err "unknown area 'nonsense'"
validate 0 serving
says err 'no folder of measurements'
says out 'serving-points.csv'
validate 2 serving --data /nowhere
says err '/nowhere'

[ -r "$shared/data/gpu/vidur_layer_ops.csv" ] || {
	echo "passed over: no \$HEARTH_SHARED/data/gpu"
	finish
}
HEARTH_SHARED=$shared
export HEARTH_SHARED
validate 0 serving
says out '0 of '
cat "$scratch/out"

# The same with a device whose arithmetic is said to reach half of its peak.
mkdir -p "$scratch/wrong/data" "$scratch/wrong/scenarios"
cp "$srcdir"/data/* "$scratch/wrong/data"
sed '/name="h100-sxm"/,/<device name="h200/s/\([[:space:]]\)flops-share="[^"]*"/\1flops-share="0.37"/' \
    "$srcdir/data/devices.xml" >"$scratch/wrong/data/devices.xml"
HEARTH_DATA=$scratch/wrong validate 1 serving
says out FAIL

# A table that was cut short in the middle of a row is not passed over.
mkdir -p "$scratch/cut/gpu"
head -c 3000 "$shared/data/gpu/vidur_layer_ops.csv" | sed '3s/,/,x/' >"$scratch/cut/gpu/vidur_layer_ops.csv"
cp "$shared/data/gpu/vidur_models.csv" "$scratch/cut/gpu"
validate 2 serving --data "$scratch/cut"
says err 'vidur_layer_ops.csv:3'
finish
