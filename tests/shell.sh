# What every script under tests/ sources: where things are, a scratch folder,
# and checks that are counted. The scripts run in the build folder.
set -u
build=$(pwd)
srcdir=$(cd "${srcdir:-.}" && pwd) || exit 99
hearth=$build/hearth
scratch=$(mktemp -d "${TMPDIR:-/tmp}/hearth-test.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
checks=0
failures=0

# check WHAT COMMAND...: the command must succeed.
check() {
	checks=$((checks + 1))
	check_what=$1
	shift
	"$@" && return
	failures=$((failures + 1))
	echo "FAILED: $check_what"
	return 1
}

skip() { # WHY
	echo "skipped: $1"
	exit 77
}

# Whether the program was built with sanitizers: slower, and in need of addresses.
is_sanitized() {
	nm "$hearth" 2>/dev/null | grep -q __asan_init
}

# Files of the tree below the given folders, as versioned or distributed.
sources() { # PATTERN FOLDER...
	pattern=$1
	shift
	for folder; do
		[ -d "$srcdir/$folder" ] && find "$srcdir/$folder" -type f -name "$pattern"
	done | sed "s|^$srcdir/||" | LC_ALL=C sort
}

code='base sim models loader sweep analysis bench cli'

finish() {
	echo "$checks checks, $failures failed"
	[ "$checks" -gt 0 ] || echo "nothing was checked"
	[ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
	exit
}
