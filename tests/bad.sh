#!/bin/sh
# Scenarios that are wrong: `hearth check` must say what tests/bad/NAME.err holds,
# in its exact words and places, give 2, print no result and end soon.
#
#     UPDATE=1 srcdir=.. ../tests/bad.sh      writes the .err files; read the diff
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
HEARTH_DATA=$srcdir
export HEARTH_DATA

# A copy, for what a distribution cannot hold: a link that leads out, a FIFO.
mkdir "$scratch/bad" || exit 99
cp -R "$srcdir/tests/bad/." "$scratch/bad" && chmod -R u+w "$scratch/bad" || exit 99
cd "$scratch/bad" || exit 99
echo '<homes count="7"/>' >"$scratch/outside.xml"
ln -s ../../outside.xml parts/outside.xml
mkfifo parts/fifo.xml

# At most 10 s and 1 GiB; the sanitizers need room for their shadow.
is_sanitized || ulimit -v 1048576
limited() {
	timeout 10 "$@"
}

says() { # FILE: what check prints begins with FILE's .err
	name=${1%.xml}
	limited "$hearth" check "$1" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ -z "${UPDATE:-}" ] || cp "$scratch/err" "$srcdir/tests/bad/$name.err"
	[ "$status" -eq 2 ] || echo "$1: status $status instead of 2"
	[ -s "$scratch/out" ] && echo "$1: it prints a result"
	head -n "$(wc -l <"$name.err")" "$scratch/err" >"$scratch/first"
	cmp -s "$name.err" "$scratch/first" || diff "$name.err" "$scratch/first" | sed "s|^|$1: |"
	[ "$status" -eq 2 ] && [ ! -s "$scratch/out" ] && [ -s "$name.err" ] &&
	    cmp -s "$name.err" "$scratch/first"
}

names_a_place() { # FILE: each line of its .err begins with a file
	! grep -v '^[a-z0-9./-]*\.[cx][ms][lv]\(:[0-9]*:[0-9]*\)\{0,1\}: error: ' "${1%.xml}.err" |
	    grep -v '^hearth: [0-9]* more not shown$'
}

for file in *.xml; do
	check "what $file says" says "$file"
	check "where $file says it" names_a_place "$file"
done
check "there are sixty of them" [ "$(ls ./*.xml | wc -l)" -ge 60 ]
finish
