#!/bin/sh
# What `hearth schema` writes: the schema takes every file that is shipped and
# refuses what the reader refuses; the manual page formats and its example is right.
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
HEARTH_DATA=$srcdir
export HEARTH_DATA
xsd=$scratch/hearth.xsd
page=$scratch/hearth-scenario.5

valid() {
	xmllint --noout --nonet --schema "$xsd" "$1" 2>"$scratch/xmllint" && return
	cat "$scratch/xmllint"
	return 1
}

invalid() { ! valid "$1" >"$scratch/said"; }

check "the schema is written" "$hearth" schema --xsd >"$xsd"
if command -v xmllint >/dev/null; then
	for file in "$srcdir"/scenarios/*.xml "$srcdir"/data/*.xml; do
		[ -f "$file" ] && check "the schema takes $file" valid "$file"
	done
	# By their first word: what lies within the power of XML Schema 1.0.
	for file in "$srcdir"/tests/bad/name-[ae]*.xml "$srcdir"/tests/bad/unit-*.xml \
	    "$srcdir"/tests/bad/missing-*.xml "$srcdir"/tests/bad/count-*.xml; do
		check "the schema refuses $file" invalid "$file"
	done
else
	echo "no xmllint: the schema itself was not tried"
fi

example() { # the text between .EX and .EE, as a reader sees it
	sed -n '/^\.EX$/,/^\.EE$/p' "$page" |
	    sed -e '1d' -e '$d' -e 's/\\-/-/g' -e 's/\\(dq/"/g' -e 's/\\&//g' -e 's/\\e/\\/g'
}

formats() {
	groff -man -Tutf8 -ww "$page" >"$scratch/page" 2>"$scratch/groff"
	[ ! -s "$scratch/groff" ] && return
	cat "$scratch/groff"
	return 1
}

check "the manual is written" "$hearth" schema --man >"$page"
if command -v groff >/dev/null; then check "the manual formats" formats; fi
example >"$scratch/example.xml"
check "the manual's example is right" "$hearth" check "$scratch/example.xml"
finish
