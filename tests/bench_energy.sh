#!/bin/sh
# Energy in hearth bench: what is measured and what is estimated are never mixed up.
. "${srcdir:-.}/tests/shell.sh"
cd "$scratch" || exit 99

refuses() { # PATTERN OPTION...: with status 2 and that in the message
	pattern=$1
	shift
	"$hearth" bench queue --quick "$@" >out 2>err
	[ $? -eq 2 ] && grep -q -- "$pattern" err && return
	cat err
	return 1
}
check "a word that is no source" refuses "'rapl' is not auto, powercap" --energy-source=rapl
check "a plug without address" refuses 'write plug:http://ADDRESS' --energy-source=plug
check "a power without unit" refuses 'error: --tdp' --tdp=65
check "a log that is not there" refuses 'cannot be read' --energy-source=file:none.csv
check "nobody behind an address" refuses 'plug http://127.0.0.1:1: 127.0.0.1 port 1' \
    --energy-source=plug:http://127.0.0.1:1

lists_all() {
	"$hearth" bench --list-energy >out || return
	for source in powercap perf msr hwmon nvml plug file model; do
		grep -q "^$source " out || return
	done
	[ "$(grep -c '^[a-z]*  *\(yes\|no\)  ' out)" -eq 8 ] && [ "$(grep -c '^    ' out)" -ge 8 ]
}
check "--list-energy has every source, with a reason" lists_all

has() { grep -q "$1" "$2"; }
lacks() { ! grep -q "$1" "$2"; }
run() { # FILE OPTION...
	file=$1
	shift
	"$hearth" bench queue --quick -o "$file" "$@" >out 2>err || { cat err; return 1; }
}
check "a run by the model" run model.json --energy-source=model --tdp='65 W' --idle='12 W'
check "the model fills its own column" has '"estimated_j"' model.json
check "with an interval" has '"estimated_high_j"' model.json
check "and no other" lacks '"measured_j"' model.json
check "it is called what it is" has 'model, an estimate' out
check "and so is the source" has '^energy source: none; using model' out

check "a run without energy" run none.json --energy-source=none --tdp='65 W' --idle='12 W'
check "which has none" lacks '_j"' none.json

# A meter that tells 37.5 W, 20 times a second, from before the run until well after it.
write_log() {
	awk -v from="$(date +%s)" 'BEGIN {
		print "time_s,power_w"
		for (i = -100; i < 6000; i++) printf "%.3f,37.5\n", from + i / 20
	}' >meter.csv
}
write_log
check "a run by a log" run log.json --energy-source=file:meter.csv
check "what was measured has its column" has '"measured_j"' log.json
check "the log's name for it" has '"source": *"file"' log.json
check "its way" has '"method": *"integrated"' log.json
check "no estimate beside it" lacks '"estimated_j"' log.json
check "the power is the log's" has ' 37.5 W .*file, wall, integrated' out
finish
