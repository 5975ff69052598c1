#!/bin/sh
# The constants that the catalogues keep are those that data/calibrate.sh fits; and a
# constant that was typed in is noticed.
. "${srcdir:-.}/tests/shell.sh"
tables=${HEARTH_SHARED:-}/data
[ -r "$tables/gpu/vidur_layer_ops.csv" ] || skip "no tables at \$HEARTH_SHARED/data/gpu"
HEARTH_DATA=$srcdir
export HEARTH_DATA

quick=
if nm "$hearth" 2>/dev/null | grep -q -e __asan_init -e __gcov; then
	quick=--quick
	echo "an instrumented program: fits on many rows are left out"
fi

# refit STATUS FOLDER: runs the script that lies in FOLDER/data.
refit() {
	sh "$2/data/calibrate.sh" $quick "$tables" "$hearth" >"$scratch/out" 2>&1
	status=$?
	check "data/calibrate.sh: status $status, not $1" [ "$status" -eq "$1" ]
	cat "$scratch/out"
}

refit 0 "$srcdir"
compared=$(sed -n 's/^0 of \([0-9]*\) constants.*/\1/p' "$scratch/out")
check "${compared:-no} constants compared" [ "${compared:-0}" -ge 50 ]

# One digit of one constant, in a copy of the catalogues.
mkdir -p "$scratch/typed/data" "$scratch/typed/scenarios"
cp -r "$srcdir"/data/* "$scratch/typed/data"
sed '/name="l40s"/,/source=/s/op-time="[^"]*"/op-time="15.92 us"/' "$srcdir/data/devices.xml" \
    >"$scratch/typed/data/devices.xml"
HEARTH_DATA=$scratch/typed
quick=--quick
refit 1 "$scratch/typed"
check "the constant is named" grep -q 'op-time .*15.92 us  NOT THE SAME' "$scratch/out"
finish
