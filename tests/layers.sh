#!/bin/sh
# Includes point one way, and each outside library has one place.
. "${srcdir:-.}/tests/shell.sh"

# Folders that a file may include from.
allowed() {
	case $1 in
	base/*) echo "base" ;;
	sim/*) echo "base sim" ;;
	models/*) echo "base sim models" ;;
	loader/*) echo "base sim models loader" ;;
	sweep/*) echo "base sim models loader sweep" ;;
	analysis/*) echo "base analysis" ;;
	bench/*) echo "base sim models bench" ;;
	cli/*) echo "$code" ;;
	esac
}

includes() { # FILE: the text between the quotes of each #include "..."
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\(.*\)".*/\1/p' "$srcdir/$1"
}

points_down() { # FILE INCLUDED
	for layer in $(allowed "$1"); do
		[ "${2%%/*}" = "$layer" ] && return
	done
	echo "$1 includes \"$2\": it may include from: $(allowed "$1")"
	return 1
}

names_a_file() { # FILE INCLUDED
	case $2 in
	*/../* | ../* | ./*) echo "$1 includes \"$2\": name it from the root, as \"dir/file.h\"" ;;
	*/*) [ -f "$srcdir/$2" ] && return || echo "$1 includes \"$2\", which is not there" ;;
	*) echo "$1 includes \"$2\": name it from the root, as \"dir/file.h\"" ;;
	esac
	return 1
}

for file in $(sources '*.[ch]' $code); do
	for included in $(includes "$file"); do
		check "a path from the root" names_a_file "$file" "$included"
		check "the direction of includes" points_down "$file" "$included"
	done
done

# who LIBRARY-PATTERN: files that include a header of it.
who() {
	for file in $(sources '*.[ch]' $code); do
		grep -Eq "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$1" "$srcdir/$file" &&
		    echo "$file"
	done
}

only_below() { # FOLDER FILES
	for file in $2; do
		case $file in
		"$1"/*) ;;
		*) echo "$file: this library belongs to $1/ only"; return 1 ;;
		esac
	done
}

at_most_one() { # FILES
	[ "$(echo "$1" | wc -w)" -le 1 ] && return
	echo "one file only may include it:" $1
	return 1
}

check "libxml2 in loader/" only_below loader "$(who libxml/)"
check "HDF5 in one file" at_most_one "$(who hdf5)"
check "HDF5 in analysis/" only_below analysis "$(who hdf5)"
check "KLU in one file" at_most_one "$(who '(suitesparse/)?klu')"
check "MPI in one file" at_most_one "$(who mpi)"

# Calls that a library must not make: it may serve another program.
calls() { # FUNCTIONS FILES...: prints the places where one is called
	pattern="(^|[^a-zA-Z0-9_>.])($1)[[:space:]]*\\("
	shift
	(cd "$srcdir" && grep -En "$pattern" "$@" /dev/null)
}
nobody_calls() { ! calls "$@"; }

check "only cli/ ends the process" nobody_calls 'exit|_exit|quick_exit' \
    $(sources '*.c' base sim models loader sweep analysis)
check "the locale of the process stays C: numbers have points" \
    nobody_calls setlocale $(sources '*.c' $code)
# The linker takes the first of two that it meets, and says nothing.
defined_once() {
	nm -g --defined-only "$build/libhearth.a" 2>/dev/null |
	    awk 'NF == 3 && $2 ~ /^[TDBR]$/ { print $3 }' | sort >"$scratch/names"
	[ -s "$scratch/names" ] && ! uniq -d "$scratch/names" | grep .
}
[ -f "$build/libhearth.a" ] && check "each global name in one object of libhearth.a" defined_once

check "no constructors: the linker drops them" \
    sh -c "cd '$srcdir' && ! grep -n 'constructor *)' $(sources '*.[ch]' $code | tr '\n' ' ')"
finish
