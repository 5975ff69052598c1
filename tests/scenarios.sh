#!/bin/sh
# Every shipped scenario runs, calls itself valid and has a source and a sink for
# every joule, at each site and in all. Those that tests/golden.sh runs, it looks at so.
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
traces=${HEARTH_SHARED:-}/data/traces

# is_sound NAME [OPTION...]
is_sound() {
	name=$1
	shift
	"$hearth" run "$name" --json "$@" >"$scratch/$name.json" &&
	    python3 "$srcdir/tests/check_summary.py" "$scratch/$name.json" --sound
}

# Where the trace of a scenario lies that is not shipped; nothing for the others.
trace_of() { # FILE
	if grep -q 'trace="AzureLLMInferenceTrace_conv.csv"' "$1"; then
		echo "$traces/azure2023_conv.csv"
	elif grep -q 'trace="conversation_trace.jsonl"' "$1"; then
		echo "$traces/mooncake_conversation_0-45min.jsonl"
	fi
}

for file in "$srcdir"/scenarios/*.xml; do
	name=$(basename "$file" .xml)
	grep -q '<study' "$file" && continue # tests/sweep.sh
	grep -q "^check \"$name\" run_golden $name $name\$" "$srcdir/tests/golden.sh" && continue
	trace=$(trace_of "$file")
	set --
	if [ -n "$trace" ]; then
		if [ ! -r "$trace" ]; then
			echo "$name: passed over: no \$HEARTH_SHARED/data/traces/$(basename "$trace")"
			continue
		fi
		set -- --set "//workload/@trace=$trace"
	fi
	check "$name" is_sound "$name" "$@"
done
check "closed-loop-70b without guesses" is_sound closed-loop-70b --set '//node/@draft-tokens=0'
tells_of_the_bulk_system() {
	"$hearth" run island-grid -o "$scratch/island.h5" >/dev/null 2>&1 &&
	    "$hearth" report "$scratch/island.h5" -o "$scratch/island.html" >/dev/null 2>&1
	grep -q 'The bulk system' "$scratch/island.html" &&
	    grep -q 'after the disturbance that took it lowest' "$scratch/island.html"
}
check "the report of island-grid tells of its frequency" tells_of_the_bulk_system
finish
