#!/bin/sh
# Whatever fails below hearth - a system call, the disk, memory, a signal, a name
# - a file under the final name is complete or absent, nothing lies beside it,
# and the exit status says which: 0 complete, 2 nothing was run, 4 not written.
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
HEARTH_DATA=$srcdir
ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # it cannot work below strace
export HEARTH_DATA ASAN_OPTIONS
ulimit -c 0
cd "$scratch" || exit 99
mkdir place kept || exit 99

part_skipped() { # WHAT WHY
	echo "$1: skipped, $2"
}

# Two minutes of five homes: 30 ms.
run() { # FILE [WRAPPER...]
	into=$1
	shift
	"$@" "$hearth" run doorstep --set '//time/@duration=2 min' --set '//homes/@count=5' \
	    -q -o "$into"
}

report() { # FILE [WRAPPER...]
	into=$1
	shift
	"$@" "$hearth" report kept/x.h5 -o "$into"
}

check "the reference runs" run kept/x.h5 || finish
check "its report is written" report kept/x.html >/dev/null

nothing_beside() {
	find place -mindepth 1 ! -name x.h5 ! -name x.html | grep . && return 1
	return 0
}

# Without gnuplot's answer a page has words instead of figures.
is_whole() { # FILE
	case $1 in
	*.html) tail -n 1 "place/$1" | grep -q '</html>$' ;;
	*) cmp "kept/$1" "place/$1" ;;
	esac
}

# sound STATUS FILE: what place/ holds agrees with the status, and what was said.
sound() {
	nothing_beside || return 1
	case $1 in
	0) is_whole "$2" ;;
	2) [ ! -e "place/$2" ] ;;
	4) [ ! -e "place/$2" ] || is_whole "$2" ;; # the name of the page was not printed
	*) echo "status $1: $(head -n 3 said)" && false ;;
	esac
}

# attempt WHAT FILE COMMAND...
attempt() {
	what=$1 file=$2
	shift 2
	rm -rf place said
	mkdir place
	"$@" >/dev/null 2>said
	check "$what" sound $? "$file"
}

# --- The N-th call of the system fails, once or from then on.

fails() { # FILE COMMAND CALL ERROR WHEN
	attempt "$2: $3 fails with $4 at $5" "$1" "$2" "place/$1" \
	    timeout 20 strace -o /dev/null -e trace="$3" -e inject="$3:error=$4:when=$5"
}

# The calls that COMMAND makes after it has read its first input: before, they
# are the dynamic linker's.
calls() { # FILE COMMAND CALL
	rm -f "place/$1"
	"$2" "place/$1" strace -o log -e trace="$3,openat" >/dev/null 2>&1
	awk -v call="$3" '/doorstep\.xml|kept\/x\.h5/ { on = 1 }
	    index($0, call "(") == 1 { n++; if (on) print n }' log
}

each_call() { # FILE COMMAND ERRORS INPUTS: of the calls that open and close, the last
	for call in write fsync fchmod rename; do
		for when in $(calls "$1" "$2" $call); do
			for error in $3; do
				fails "$1" "$2" $call $error "$when"
				# no kernel interrupts a call for ever
				[ $error = EINTR ] || fails "$1" "$2" $call $error "$when+"
			done
		done
	done
	for call in openat close; do
		for when in $(calls "$1" "$2" $call | tail -n "$4"); do
			fails "$1" "$2" $call EIO "$when"
			fails "$1" "$2" $call ENOSPC "$when+"
		done
	done
}

if strace -o /dev/null true 2>/dev/null; then
	each_call x.h5 run "ENOSPC EIO EDQUOT EINTR" 12
	rm -rf place && mkdir place
	run place/x.h5 strace -o /dev/null -e trace=write,unlink \
	    -e inject=write:error=EIO -e inject=unlink:error=EIO 2>/dev/null
	check "even the temporary file cannot be removed" [ $? -eq 4 ]
	check "and still there is no file" [ ! -e place/x.h5 ]
	each_call x.html report ENOSPC 4
else
	part_skipped "failing calls" "strace cannot be used here"
fi

# --- Too little of something.

size_limited() { # FILE BLOCKS COMMAND: files of at most so many blocks of 512 bytes
	(
		ulimit -f "$2"
		"$3" "$1"
	)
}

for blocks in 1 8 64; do
	attempt "files of $blocks blocks" x.h5 size_limited place/x.h5 $blocks run
	check "files of $blocks blocks: none is left" [ ! -e place/x.h5 ]
	attempt "a page of $blocks blocks" x.html size_limited place/x.html $blocks report
done

starved() { # KIB
	(
		ulimit -v "$1"
		run place/x.h5
	)
}

survives_starving() { # KIB
	rm -rf place && mkdir place
	starved "$1" >/dev/null 2>said
	status=$?
	nothing_beside || return 1
	case $status in
	0) cmp kept/x.h5 place/x.h5 ;;
	134) [ ! -e place/x.h5 ] && grep -q 'hearth: out of memory' said ;;
	1) [ ! -e place/x.h5 ] && grep -q 'libgomp: Out of memory' said ;; # OpenMP's own end
	2 | 4 | 127) [ ! -e place/x.h5 ] && [ -s said ] ;; # 127: the linker's
	*) cat said && echo "status $status" && false ;;
	esac
}

if is_sanitized; then
	part_skipped "little memory" "the sanitizers need room for their shadow"
else
	kib=50000
	while [ $kib -lt 110000 ]; do
		check "$kib KiB of addresses" survives_starving $kib
		kib=$((kib + 1777))
	done
fi

# On a disk of 64 KiB, then on one that is read-only.
cat >mounted.sh <<'END'
mount -t tmpfs -o size=64k tmpfs small && mount -t tmpfs -o ro tmpfs fixed || exit 77
"$1" run doorstep -q -o small/x.h5
[ $? -eq 4 ] && [ -z "$(ls -A small)" ] || exit 1
"$1" report kept/x.h5 -o small/x.html
[ $? -eq 4 ] && [ -z "$(ls -A small)" ] || exit 1
"$1" run doorstep -q -o fixed/x.h5
[ $? -eq 4 ]
END
mkdir small fixed
if unshare -m mount -t tmpfs tmpfs small 2>/dev/null; then
	check "small and read-only disks" unshare -m sh mounted.sh "$hearth" 2>said
else
	part_skipped "small and read-only disks" "mounting is not permitted"
fi

# --- Signals at any instant.

is_whole_or_absent() {
	[ ! -e place/x.h5 ] || cmp kept/day.h5 place/x.h5
}

check "the day runs" "$hearth" run doorstep -q -o kept/day.h5
for signal in KILL INT TERM HUP XCPU; do
	for ms in 003 007 011 017 023 031 041 053 067 083 101 127; do
		rm -rf place && mkdir place
		timeout --preserve-status -s $signal 0.$ms "$hearth" run doorstep -q -o place/x.h5 2>said
		status=$?
		check "$signal after $ms ms" is_whole_or_absent
		[ $signal = KILL ] && continue
		check "$signal after $ms ms: nothing is left beside" nothing_beside
		[ $status -eq 0 ] && check "$signal after $ms ms: complete" [ -e place/x.h5 ]
	done
done

# --- Standard streams and surroundings.

short="--set //time/@duration='2 min'"
gives() { # STATUS COMMAND: of the shell
	wanted=$1
	shift
	sh -c "$*" >out 2>said
	status=$?
	[ $status -eq "$wanted" ] && return
	echo "status $status instead of $wanted: $(head -n 3 said)"
	return 1
}
rm -rf place && mkdir place
if [ -w /dev/full ]; then
	check "a full device" gives 4 "'$hearth' run $short >/dev/full"
	check "results into a device" gives 4 "'$hearth' run $short -o /dev/full"
	check "messages into a full device" gives 2 "'$hearth' check nowhere 2>/dev/full"
fi
check "no standard output" gives 4 "'$hearth' run $short -o place/x.h5 >&-"
check "the results are there all the same" gives 0 "'$hearth' report place/x.h5 -o y.html"
check "no standard streams" gives 0 "'$hearth' run $short -q -o y.h5 <&- >&- 2>&-"
check "none of them became results" cmp place/x.h5 y.h5
check "no HOME" gives 0 "unset HOME; '$hearth' run $short -q"
check "no folder to stand in" gives 4 \
    "mkdir gone && cd gone && rmdir ../gone && '$hearth' run $short -q -o x.h5"
check "nor to read from" gives 0 "mkdir gone && cd gone && rmdir ../gone && '$hearth' run $short -q"
mkfifo results # HDF5 is not to open what is called as its file in memory
check "a FIFO called results" gives 0 "timeout 20 '$hearth' run $short -q -o y.h5"
rm results
truncate -s 64G results 2>/dev/null &&
    check "a huge file called results" gives 0 "timeout 20 '$hearth' run $short -q -o y.h5"
rm -f results

# --- Names.

rm -rf place && mkdir place && cd place || exit 99
long=$(printf '%0251d' 0)
ln -s loop1 loop2 && ln -s loop2 loop1 && ln -s nowhere.h5 dangling && mkdir folder && mkfifo fifo
for name in loop1 dangling folder fifo missing/x.h5 "$long-more"; do
	check "results into $name" gives 4 "'$hearth' run $short -q -o '$name'"
	check "results into $name: told before the run" grep -q '^hearth: error: ' said
done
check "the links are as they were" [ "$(find . -type l | wc -l)" -eq 3 ]
check "nothing was put at their end" [ ! -e nowhere.h5 ]
for name in loop1 dangling folder fifo missing.xml "$long-more" /dev/zero ''; do
	check "a scenario in $name" gives 2 "timeout 10 '$hearth' check '$name'"
	check "results in $name" gives 2 "timeout 10 '$hearth' report '$name' -o y.html"
done
for name in "$long" ./-x '<x' '|x' '$(touch owned)' '`touch owned`' '%s%n' ' ' 'a
b'; do
	cp "$srcdir/scenarios/doorstep.xml" "$name"
	check "a scenario in $name" "$hearth" check "$name" >out
	check "results in $name" "$hearth" run "$name" --set "//time/@duration=2 min" \
	    -q -o "$name"
	check "a report of $name" "$hearth" report "$name" -o y.html >out
done
check "no name was obeyed" [ ! -e owned ]
finish
