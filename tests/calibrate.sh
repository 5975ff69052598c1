#!/bin/sh
# hearth calibrate: constants come back from a table made with them, and what a
# table does not show is refused by name.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

# products TOKENS... >FILE: times of square products on a device of 165.2 TFLOP/s and
# 1008 GB/s (rtx-4090) that reaches 0.71 and 0.87 of them, with 9 us and p = 1.8; each
# time is up to 2 % off, without a trend.
products() {
	echo m,n,k,latency_ms
	for m; do
		for n in 6144 8192 12288 16384; do
			awk -v m="$m" -v n="$n" 'BEGIN {
				f = 2 * m * n * n / (165.2e12 * .71)
				q = 2 * (n * n + 2 * m * n) / (1008e9 * .87)
				t = 9e-6 + (f ^ 1.8 + q ^ 1.8) ^ (1 / 1.8)
				off = ((m * 7 + n / 2048 * 5) % 9 - 4) / 200
				printf "%d,%d,%d,%.9g\n", m, n, n, 1e3 * t * (1 + off) }'
		done
	done
}
# small TOKENS... >>FILE: the same for matrices in which the fixed time shows.
small() {
	for m; do
		awk -v m="$m" 'BEGIN {
			f = 2 * m * 1024 * 1024 / (165.2e12 * .71)
			q = 2 * (1024 * 1024 + 2 * m * 1024) / (1008e9 * .87)
			printf "%d,1024,1024,%.9g\n", m, 1e3 * (9e-6 + (f ^ 1.8 + q ^ 1.8) ^ (1 / 1.8)) }'
	done
}

calibrate() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" calibrate "$@" >out 2>err
	status=$?
	check "hearth calibrate $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat out err
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$1" || cat "$1"
}
within() { # NAME LOW HIGH: the constant's value in the row that was written
	value=$(sed -n "s/.*[[:space:]]$1=\"\([0-9.]*\).*/\1/p" row.xml)
	check "$1: $value is not in $2 to $3" \
	    awk -v v="${value:-x}" -v a="$2" -v b="$3" 'BEGIN { exit !(v >= a && v <= b) }'
}

some='1 2 4 8 16 32 64 96 128 192 256 384 512 768 1024 2048 4096 8192'
{ products $some; small $some; } >table.csv
calibrate 0 products table.csv --device rtx-4090 --cache "0 B" -o row.xml
within flops-share .70 .72
within bandwidth-share .85 .89
within op-time 8 10
within roundness 1.6 2.0
says row.xml "sha256 $(sha256sum table.csv | cut -d' ' -f1)"
says out '256 tokens and more'
check "nothing is said besides" [ ! -s err ]
check "the row is XML" xmllint --noout row.xml

# With the cache of the card the small matrices are left out, and counted; what is
# left takes 90 us and more and does not show 9 us.
rm row.xml
calibrate 1 products table.csv --device rtx-4090 -o row.xml
says err 'do not identify op-time'
says err 'less than 20 us'
check "nothing is written" [ ! -e row.xml ]

products 1024 2048 4096 8192 >prefill.csv
calibrate 1 products prefill.csv --device rtx-4090 --cache "0 B"
says err 'do not identify bandwidth-share'
says err 'products of 1 to 16 tokens'

# Faults of the table and of the command line.
calibrate 2 products table.csv
says err '--device=NAME'
calibrate 2 products --device rtx-4090
says err 'TABLE'
calibrate 2 product table.csv --device rtx-4090
says err "did you mean 'products'?"
calibrate 2 products table.csv --device rtx-4091
says err "no device 'rtx-4091'"
calibrate 2 products table.csv --device rtx-4090 --where gpu
says err 'COLUMN=TEXT'
sed '1s/latency_ms/latency/' table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "other.csv:1:1: error: no column 'latency_ms'; rename 'latency'"
sed '5s/,16384,16384/,six,16384/' table.csv >other.csv
calibrate 2 products other.csv --device rtx-4090
says err "other.csv:5:"
calibrate 4 products table.csv --device rtx-4090 --cache "0 B" -o /nowhere/row.xml
finish
