#!/bin/sh
# Every shipped scenario runs, calls itself valid and has a source and a sink for
# every joule, at each site and in all.
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
trace=${HEARTH_SHARED:-}/data/traces/azure2023_conv.csv

# is_sound NAME [OPTION...]
is_sound() {
	name=$1
	shift
	"$hearth" run "$name" --json "$@" >"$scratch/$name.json" &&
	    python3 "$srcdir/tests/check_summary.py" "$scratch/$name.json" --sound
}

for file in "$srcdir"/scenarios/*.xml; do
	name=$(basename "$file" .xml)
	set --
	if grep -q AzureLLMInferenceTrace_conv.csv "$file"; then
		if [ ! -r "$trace" ]; then
			echo "$name: passed over: no \$HEARTH_SHARED/data/traces/azure2023_conv.csv"
			continue
		fi
		set -- --set "//workload/@trace=$trace"
	fi
	check "$name" is_sound "$name" "$@"
done
finish
