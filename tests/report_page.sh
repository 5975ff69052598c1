#!/bin/sh
# The report of every shipped scenario, as a browser sees it: no error on the console, nothing
# from outside, under 1 MB, well formed, and for each figure words that tell what it shows.
# Under sanitizers, or where there is no browser, less is looked at, and that is said.
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

traces=${HEARTH_SHARED:-}/data/traces
browser=
for name in chromium chromium-browser google-chrome; do
	command -v "$name" >/dev/null && browser=$name && break
done
[ -n "$browser" ] || echo "no chromium: consoles are not looked at"
command -v xmllint >/dev/null || echo "no xmllint: whether pages are well formed is not looked at"

# make_page NAME [OPTION...]: NAME.html of a run of the scenario.
make_page() {
	name=$1
	shift
	"$hearth" run "$name" -q -o "$scratch/$name.h5" "$@" 2>"$scratch/err" &&
	    "$hearth" report "$scratch/$name.h5" >/dev/null 2>"$scratch/err" || {
		cat "$scratch/err"
		return 1
	}
}

is_small() { # PAGE
	[ "$(wc -c <"$1")" -lt 1000000 ]
}

# Whatever a page could load: names of namespaces and links that a reader follows are none.
loads_nothing() { # PAGE
	! grep -Eo "(src|href|url\(|@import|fetch\()[ =('\"]*[a-z]*:" "$1" | grep -v 'data:' | grep .
}

each_figure_has_words() { # PAGE
	figures=$(grep -c '<figure>' "$1")
	said=$(grep -Eo '<svg [^>]*role="img" aria-label="[^"]*[0-9][^"]*"' "$1" | wc -l)
	csv=$(grep -c 'download="[a-z_]*.csv" href="data:text/csv' "$1")
	# without gnuplot the words stand in the text
	command -v gnuplot >/dev/null || said=$figures
	[ "$figures" -gt 0 ] && [ "$said" -eq "$figures" ] && [ "$csv" -eq "$figures" ]
}

# libxml2 knows the elements of HTML 4 only and says so of newer ones.
is_well_formed() { # PAGE
	! xmllint --html --noout "$1" 2>&1 | grep error | grep -v 'Tag .* invalid'
}

is_quiet() { # PAGE
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr \
	    --user-data-dir="$scratch/profile" --virtual-time-budget=2000 --dump-dom "file://$1" \
	    >"$scratch/dom" 2>"$scratch/log" && grep -q '</html>' "$scratch/dom" &&
	    ! grep CONSOLE "$scratch/log"
}

look_at() { # NAME
	page=$scratch/$1.html
	check "$1: under 1 MB" is_small "$page"
	check "$1: loads nothing" loads_nothing "$page"
	check "$1: each figure has words and numbers" each_figure_has_words "$page"
	if command -v xmllint >/dev/null; then check "$1: well formed" is_well_formed "$page"; fi
	if [ -n "$browser" ]; then check "$1: nothing on the console" is_quiet "$page"; fi
	rm -f "$scratch/$1.h5"
}

trace_of() { # FILE
	if grep -q 'trace="AzureLLMInferenceTrace_conv.csv"' "$1"; then
		echo "$traces/azure2023_conv.csv"
	elif grep -q 'trace="conversation_trace.jsonl"' "$1"; then
		echo "$traces/mooncake_conversation_0-45min.jsonl"
	fi
}

for file in "$srcdir"/scenarios/*.xml; do
	name=$(basename "$file" .xml)
	grep -q '<scenario' "$file" || continue # studies and parts
	trace=$(trace_of "$file")
	if [ -n "$trace" ] && [ ! -r "$trace" ]; then
		echo "$name: passed over: no \$HEARTH_SHARED/data/traces/$(basename "$trace")"
		continue
	fi
	if is_sanitized && [ "$name" != doorstep ] && [ "$name" != mixed-fleet ]; then
		echo "$name: passed over: takes long under sanitizers"
		continue
	fi
	set --
	[ -z "$trace" ] || set -- --set "//workload/@trace=$trace"
	check "$name: a page" make_page "$name" "$@" && look_at "$name"
done

# What the sections promise, in the built-in scenario's.
says() { # TEXT
	grep -qF "$1" "$scratch/doorstep.html"
}
check "the stamp" says '>VALID</p>'
check "the limit that binds" says 'The limit that is nearest: '
check "the load-duration curve" says 'Load-duration curve: half of the time at least '
check "the picture of voltages" says 'aria-label="Voltages by time and customer: from '
check "joules around a board" says '<small>of the board</small>'
check "the split of a token" says 'aria-label="Energy per output token: accelerators '
check "the flow of energy" says 'aria-label="Energy of all sites, '
check "an assumption with its line" says '<small>doorstep.xml:25</small>'
check "the command" says 'hearth run doorstep.xml --seed=1'
finish
