#!/bin/sh
# The manual cannot lie: pages and schema are what the program prints, every
# option is in its page, every example runs, every shipped scenario is right.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
PATH=$build:$PATH
export HEARTH_DATA PATH
cd "$scratch" || exit 99

generated() { # FILE OPTION
	"$hearth" schema "$2" >printed && diff -u "$srcdir/$1" printed && return
	echo "$1 is out of date: run 'make docs'"
	return 1
}
check "hearth.1 is up to date" generated man/hearth.1 --man-commands
check "hearth-scenario.5 is up to date" generated man/hearth-scenario.5 --man
check "hearth.xsd is up to date" generated scenarios/hearth.xsd --xsd

# The picture shows what comes out: its text alternative has the numbers.
if command -v gnuplot >/dev/null; then
	alternative() { sed -n 's/.*<svg .*aria-label="\([^"]*\)".*/\1/p' "$1"; }
	check "the picture is drawn" sh -c 'sh "$1" "$2" >fresh.svg' - "$srcdir/man/picture.sh" "$hearth"
	alternative fresh.svg >fresh
	alternative "$srcdir/man/doorstep.svg" >kept
	check "with a text alternative" test -s fresh
	check "doorstep.svg is up to date: run 'make docs'" diff kept fresh
else
	echo "passed over: no gnuplot, so no fresh picture"
fi

# --- pages
formats() { # PAGE: without a word of complaint
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W warning "$1" || return
	fi
	command -v man >/dev/null || return 0
	MANWIDTH=80 man --warnings -l "$1" >page 2>complaints && [ -s page ] && [ ! -s complaints ] &&
	    return
	cat complaints
	return 1
}
for page in "$srcdir"/man/*.[1-9]; do
	check "${page##*/} formats" formats "$page"
done
for command in $("$hearth" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	for option in $("$hearth" help "$command" | sed -n 's/^  .*--\([a-z-]*\).*/\1/p'); do
		check "--$option of $command is in hearth(1)" \
		    grep -q "^\.Op.* .*Fl .-$option\|^\.It.*Fl .-$option" "$srcdir/man/hearth.1"
	done
done

# --- examples, in the order of each document, in a folder with the shipped scenarios
examples() { # DOCUMENT: what follows the prompt of a page, or is set off in a README
	sed -n 's/^\.Dl \$ //p; s/^    hearth /hearth /p' "$1" | sed 's/\\-/-/g; s/\\e/\\/g'
}
run_examples() { # DOCUMENT
	rm -rf try && mkdir try && cp "$srcdir"/scenarios/*.* try || return
	examples "$1" >lines
	while read -r line; do
		case $line in
		hearth\ *) ;;
		*) continue ;; # needs the source tree or the network
		esac
		case $line in # tests/studies.sh runs more of them
		*' sweep run '*how-many-gpu-homes) line="$line --shard=1/48" ;;
		esac
		check "${1##*/}: $line" sh -c "cd try && { $line; } >../example.out 2>&1 </dev/null" ||
		    tail -n 5 example.out
	done <lines
}
for document in "$srcdir"/man/*.[1-9] "$srcdir/README.md"; do
	[ -e "$document" ] && run_examples "$document"
done

# --- scenarios
validates() { # FILE: editors agree with hearth
	command -v xmllint >/dev/null || return 0
	xmllint --noout --nonet --schema "$srcdir/scenarios/hearth.xsd" "$1" 2>&1
}
for scenario in "$srcdir"/scenarios/*.xml; do
	grep -q '<scenario' "$scenario" || continue
	# Traces that others publish are not shipped.
	set --
	! grep -q '<workload' "$scenario" || set -- --set '//workload/@trace=chat-hour.csv'
	check "hearth accepts ${scenario##*/}" "$hearth" check "$scenario" "$@"
	check "editors accept ${scenario##*/}" validates "$scenario"
done
finish
