#!/bin/sh
# Wrong and extreme input: every trace and scenario below is refused with a reason
# (2) or run to finite numbers (0; 1 when a self-check says so), soon and without a
# signal; and no locale changes a byte of them.
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
command -v python3 >/dev/null || skip "no python3, which reads the JSON"
HEARTH_DATA=$srcdir
export HEARTH_DATA
ulimit -c 0
cd "$scratch" || exit 99
probe=$srcdir/tests/faults_numbers.py

# --- Traces. They are looked for beside the scenario.

cp "$srcdir/scenarios/doorstep.xml" here.xml

trace() { # STATUS NAME, which is the file's
	timeout 20 "$hearth" run here.xml --set "//workload/@trace=$2" \
	    --set '//time/@duration=2 min' -q >out 2>said
	status=$?
	[ $status -eq "$1" ] || echo "$2: status $status instead of $1: $(head -n 3 said)"
	[ $status -eq "$1" ] && { [ "$1" -eq 0 ] || grep -q 'error: ' said; }
}

head='arrival_s,prompt_tokens,output_tokens'
made() { # STATUS NAME FORMAT: of printf
	# shellcheck disable=SC2059
	printf "$3" >"$2.csv"
	check "trace: $2" trace "$1" "$2.csv"
}

made 0 plain "$head\n1,70,7\n"
made 0 crlf "$head\r\n1,70,7\r\n"
made 0 bom "\357\273\277$head\n1,70,7\n"
made 0 no-newline "$head\n1,70,7"
made 0 unsorted "$head\n9,70,7\n1,70,7\n"
made 0 duplicate "$head\n1,70,7\n1,70,7\n"
made 0 remark "# 7\n$head\n1,70,7\n"
made 2 empty ''
made 2 header-only "$head\n"
made 2 no-header "1,70,7\n"
made 2 missing-column "arrival_s,prompt_tokens\n1,70\n"
made 0 extra-column "$head,colour\n1,70,7,red\n"
made 2 short-row "$head\n1,70\n"
made 2 long-row "$head\n1,70,7,7,7\n"
made 2 negative-time "$head\n-1,70,7\n"
made 2 negative-tokens "$head\n1,-70,7\n"
made 2 no-tokens "$head\n1,0,7\n"
made 2 tokens-1e12 "$head\n1,1000000000000,7\n"
made 2 tokens-2-32 "$head\n1,4294967303,7\n"
made 2 tokens-half "$head\n1,7.5,7\n"
made 2 time-1e300 "$head\n1e300,70,7\n"
made 2 nan "$head\nnan,70,7\n"
made 2 infinite "$head\ninf,70,7\n"
made 2 hexadecimal "$head\n0x1,70,7\n"
made 2 decimal-comma "$head\n\"1,5\",70,7\n"
made 2 nul "$head\n1,7\0000,7\n"
made 2 nul-only '\000'
made 2 quote-open "$head\n\"1,70,7\n"
made 2 latin-1 "$head\n1,70,\374\n"
made 2 json-cut '{"timestamp": 0, "input_length": 7, "output_le'
made 2 json-other '{"seven": 7}\n'
made 2 json-negative '{"timestamp": -7, "input_length": 7, "output_length": 7, "hash_ids": [1]}\n'
made 2 json-deep "$(printf '%%0.s[' $(seq 7777))"
made 2 azure-bad-month 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-13-16 18:17:03.9799600,70,7\n'
made 0 azure 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,70,7\n'

head -c 200000000 /dev/zero | tr '\0' 7 >long-line.csv
check "trace: a line of 200 MB" trace 2 long-line.csv
rm long-line.csv
truncate -s 3G sparse.csv 2>/dev/null && check "trace: 3 GiB of NUL" trace 2 sparse.csv
rm -f sparse.csv
mkfifo fifo.csv && mkdir folder.csv && ln -s loop1.csv loop2.csv && ln -s loop2.csv loop1.csv
for name in fifo.csv folder.csv loop1.csv missing.csv /dev/zero "$(printf '%0256d' 0)"; do
	check "trace: $name" trace 2 "$name"
done
for name in -x '<x' '|x' '$(touch owned)' '`touch owned`' '%s%n' 'a
b'; do
	cp plain.csv "./$name"
	check "trace: $name" trace 0 "$name"
done
check "no name was obeyed" [ ! -e owned ]

# Every prefix of a trace, at the places where a download may end.
printf '%s\n1,70,7\n2,71,9\n' "$head" >whole.csv
for n in $(seq 1 4 49); do
	head -c "$n" whole.csv >cut.csv
	wanted=2
	[ "$n" -eq 45 ] && wanted=0 # between two rows
	check "trace: cut after $n bytes" trace $wanted cut.csv
done

# --- Legal, but extreme: finite numbers.

finite() { # SET...
	args=
	for set; do args="$args --set '$set'"; done
	eval "timeout 60 '$hearth' run here.xml --json $args" >out 2>said
	status=$?
	[ $status -le 1 ] || {
		echo "status $status: $(grep -v warning said | head -n 3)"
		return 1
	}
	python3 "$probe" --finite out
}

hours='//time/@duration=2 h'
extreme() { # SET...
	check "extreme: $*" finite "$@"
}
extreme "$hours" '//homes/@count=0'
extreme "$hours" '//homes/@count=1'
extreme "$hours" '//solar/@share=0' '//battery/@share=0' '//vehicle/@share=0'
extreme "$hours" '//node/@share=0'
extreme "$hours" '//workload/@rate=1e-9 /s'
extreme "$hours" '//workload/@repeat=1000000'
extreme '//time/@duration=1 min'
extreme '//time/@step=1 s' '//time/@duration=2 min'
extreme '//time/@step=1 h'
extreme "$hours" '//battery/@capacity=100 MWh' '//battery/@power=1 GW' '//battery/@share=1'
extreme "$hours" '//load/@annual=0 kWh'
extreme "$hours" '//weather/@cloudiness=1e-320'
extreme "$hours" '//weather/@cloudiness=1'
extreme "$hours" '//link/@up=1 B/s' '//workload/@bytes-per-token=1e6 B'
# nothing fits: a prompt larger than every cache; a queue that only grows
printf '%s\n1,9999999,7\n' "$head" >huge.csv
extreme "$hours" '//workload/@trace=huge.csv'
awk -v head="$head" 'BEGIN { print head; for (i = 0; i < 7001; i++) print i / 100 ",9000,900" }' >far.csv
extreme "$hours" '//workload/@trace=far.csv' '//workload/@profile=flat'
# ten thousand homes, without a street to hang them on
sed '/<feeder/d' "$srcdir/scenarios/doorstep.xml" >no-feeder.xml
check "extreme: ten thousand homes" sh -c "timeout 60 '$hearth' run no-feeder.xml --json \
    --set '//homes/@count=10000' --set '$hours' >out && python3 '$probe' --finite out"

# --- Locales.

unset LC_ALL LANG
check "the reference" sh -c "LC_ALL=C '$hearth' run doorstep --json --set '$hours' >reference"
for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 ja_JP.EUC-JP; do
	check "locale $locale" sh -c "LC_ALL=$locale '$hearth' run doorstep --json \
	    --set '$hours' >out && cmp out reference"
done
finish
