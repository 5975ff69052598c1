#!/bin/sh
# A header can be included alone and twice, and begins with what it is for.
# Takes from make: CC, HEADER_CFLAGS.
. "${srcdir:-.}/tests/shell.sh"

guard_of() { # FILE: base/err.h -> HEARTH_BASE_ERR_H
	echo "HEARTH_$1" | tr 'a-z/.-' 'A-Z___'
}

is_guarded() {
	guard=$(guard_of "$1")
	[ "$(grep -c "^#ifndef $guard\$\|^#define $guard\$" "$srcdir/$1")" = 2 ] && return
	echo "$1: its guard is not $guard"
	return 1
}

begins_with_a_comment() {
	case $(head -n 1 "$srcdir/$1") in
	'/* '?*) return ;;
	esac
	echo "$1: its first line is not a comment that says what it is for"
	return 1
}

compiles_alone() {
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
	    $CC -std=gnu11 -Wall -Wextra -Werror $HEADER_CFLAGS -I"$srcdir" -include "$build/config.h" \
	        -fsyntax-only -x c -
}

for header in $(sources '*.h' $code tests); do
	check "guard of $header" is_guarded "$header"
	check "purpose of $header" begins_with_a_comment "$header"
	check "$header alone" compiles_alone "$header"
done
finish
