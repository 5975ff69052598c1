#!/bin/sh
# Small functions: none above 100 lines, nine in ten at most 50; files below 500.
. "${srcdir:-.}/tests/shell.sh"
ctags --version 2>/dev/null | grep -q Universal || skip "no Universal Ctags"

files=$(sources '*.c' $code)
(cd "$srcdir" && ctags -f - --languages=C --kinds-C=f --fields=ne --excmd=number $files) |
    sed -n 's/^\([^	]*\)	\([^	]*\)	.*line:\([0-9]*\).*end:\([0-9]*\).*/\1 \2 \3 \4/p' |
    awk '{ print $4 - $3 + 1, $2 ":" $3, $1 }' | sort -rn >"$scratch/functions"
all=$(wc -l <"$scratch/functions")
long=$(awk '$1 > 50' "$scratch/functions" | wc -l)
echo "$all functions, $long above 50 lines; the longest:"
head -n 5 "$scratch/functions"

none_too_long() { ! awk '$1 > 100' "$scratch/functions" | grep .; }
one_in_ten_long() { [ $((10 * long)) -le "$all" ]; }
is_below_500_lines() { [ "$(wc -l <"$srcdir/$1")" -lt 500 ]; }

check "functions were found" [ "$all" -gt 0 ]
check "no function above 100 lines" none_too_long
check "one function in ten above 50 lines" one_in_ten_long
for file in $(sources '*.[ch]' $code); do
	check "$file below 500 lines" is_below_500_lines "$file"
done
finish
