#!/bin/sh
# One scenario and seed give the same bytes: wherever hearth is started from,
# wherever it is installed, whatever the locale and the time zone.
. "${srcdir:-.}/tests/shell.sh"
unset HEARTH_DATA

digest() { sha256sum <"$1" | cut -d' ' -f1; }

# same WHAT COMMAND...: the command, which writes x.h5, gives the reference's bytes.
same() {
	what=$1
	shift
	rm -f x.h5
	check "$what: runs" "$@" || return
	check "$what: same bytes" [ "$(digest x.h5)" = "$reference" ]
}

cd "$scratch" || exit 99
check "the reference runs" "$hearth" run doorstep --seed=7 -q -o reference.h5
reference=$(digest reference.h5)

same "once more" "$hearth" run doorstep --seed=7 -q -o x.h5
same "the built-in by default" "$hearth" run --seed=0x7 -q -o x.h5
same "the scenario as a file" "$hearth" run "$srcdir/scenarios/doorstep.xml" --seed 7 -q -o x.h5
same "with a fingerprint" sh -c "'$hearth' run --seed=7 --fingerprint -q -o x.h5 >order"
cp order order-before
same "with a fingerprint again" sh -c "'$hearth' run --seed=7 --fingerprint -q -o x.h5 >order"
check "same order of events" cmp order order-before
same "with a summary" sh -c "'$hearth' run --seed=7 -o x.h5 >out 2>&1"
same "in another locale and zone" env LC_ALL=de_DE.UTF-8 TZ=Asia/Kolkata \
    "$hearth" run --seed=7 -q -o x.h5
same "with an empty environment" env -i "$hearth" run --seed=7 -q -o x.h5
same "with filled memory" env MALLOC_PERTURB_=165 "$hearth" run --seed=7 -q -o x.h5
several() { # OPTION...: three streets of the suburb
	"$hearth" run suburb --set //feeder/@network=suburb/street --set //feeder/@count=3 \
	    --set //homes/@count=150 -q "$@"
}
reference=$(several -o one.h5 && digest one.h5)
same "feeders side by side" several -j 2 -o x.h5
reference=$(digest reference.h5)
"$hearth" run cascade --seed=7 -q -o cascade.h5
reference=$(digest cascade.h5)
same "a cascade on two threads" env MALLOC_PERTURB_=165 "$hearth" run cascade --seed=7 -j 2 -q -o x.h5
reference=$(digest reference.h5)
mkdir elsewhere
same "from another folder" sh -c "cd elsewhere && '$hearth' run --seed=7 -q -o ../x.h5"

mkdir moved
cp -R "$srcdir/data" "$srcdir/scenarios" moved/
same "with moved data" env HEARTH_DATA="$scratch/moved" "$hearth" run --seed=7 -q -o x.h5

# Under another prefix and a DESTDIR; MAKEFLAGS would hand down our jobs.
check "installs" env -u MAKEFLAGS -u MAKELEVEL make -s -C "$build" install \
    DESTDIR="$scratch/root" >install.log 2>&1 || cat install.log
installed=$(find "$scratch/root" -type f -name hearth -perm -u+x)
same "installed" "$installed" run --seed=7 -q -o x.h5
check "installed data are used" sh -c "'$installed' --version | grep -qF '$scratch/root'"

set -- "$hearth" run --seed=7 --set '//feeder/@volt-var=yes' --set '//feeder/@volt-watt=yes' \
    --set '//feeder/@source=1.06' -q -o x.h5
check "inverters that act run" "$@"
reference=$(digest x.h5)
same "inverters that act once more" env MALLOC_PERTURB_=165 "$@"
reference=$(digest reference.h5)

rm -f x.h5
check "another seed runs" "$hearth" run --seed=8 -q -o x.h5
check "another seed, other bytes" [ "$(digest x.h5)" != "$reference" ]
check "an override runs" "$hearth" run --seed=7 --set '//homes/@count=54' -q -o x.h5
check "an override, other bytes" [ "$(digest x.h5)" != "$reference" ]
finish
