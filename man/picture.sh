#!/bin/sh
# The picture of README.md, on the standard output: a figure of the report of the built-in
# scenario, as a file of its own. For `make docs'; tests/docs.sh asks whether it is up to date.
set -eu
hearth=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/hearth-picture.XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$hearth" run -q -o "$folder/run.h5"
"$hearth" report "$folder/run.h5" -o "$folder/run.html" >&2
awk '/<svg .*aria-label="Power over time/ {
	on = 1
	sub(/<svg /, "<svg xmlns=\"http://www.w3.org/2000/svg\" color=\"#333\" ")
	sub(/>/, "><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>")
}
on && NF { print }
on && /<\/svg>/ { on = 0; done = 1 }
END { if (!done) { print "the report has no figure of powers: is gnuplot here?" >"/dev/stderr"; exit 1 } }' \
    "$folder/run.html"
