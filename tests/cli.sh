#!/bin/sh
# What people type, rightly and wrongly: status, message, and which stream it
# comes on.
. "${srcdir:-.}/tests/shell.sh"
cd "$scratch" || exit 99
HEARTH_DATA=$srcdir
export HEARTH_DATA

# try STATUS WORDS...: runs hearth; its streams are then in `out` and `err`.
try() {
	want=$1
	shift
	"$hearth" "$@" >out 2>err </dev/null
	is_status "$want" "hearth $*" $?
}
is_status() { # WANT WHAT GOT
	check "$2: status $3, not $1" [ "$3" -eq "$1" ] || cat err
}
says() { # STREAM TEXT...: a file has each of these
	stream=$1
	shift
	for text; do
		check "'$text' on $stream" grep -qF -e "$text" "$stream" || cat "$stream"
	done
}
silent() { # STREAM
	check "nothing on $1" [ ! -s "$1" ] || cat "$1"
}
refuses() { # TEXT WORDS...: wrong usage, said on the standard error output only
	text=$1
	shift
	try 2 "$@"
	silent out
	says err "$text"
}

# --- help and version
try 2
silent out
says err 'Usage: hearth COMMAND'
for word in --help -h help; do
	try 0 $word
	silent err
	says out 'Usage: hearth COMMAND' 'Exit status:'
done
for command in run check report plot compare validate calibrate explain catalog schema trace help version; do
	try 0 $command --help
	silent err
	says out "Usage: hearth $command" '-h, --help'
	mv out help-option
	try 0 help $command
	check "both ways to the help of $command" cmp out help-option
	check "$command --help fits 79 columns" sh -c '! grep -E "^.{80}" out'
done
for word in --version -V version; do
	try 0 $word
	silent err
	says out 'hearth ' "data folder: $HEARTH_DATA"
done

# --- commands
refuses "did you mean 'run'?" runn
refuses "did you mean 'report'?" reprot
refuses "unknown command 'frobnicate'" frobnicate
refuses 'hearth run doorstep.xml' doorstep.xml
refuses "expected a command before '-o'" -o x.h5 run
refuses "did you mean 'run'?" help rnu

# --- options
refuses "did you mean '--seed'?" run --sede=7
refuses "--seed: 'abc' is not a whole number" run --seed abc
refuses "--seed: '1.5' is not a whole number" run --seed=1.5
refuses "--seed=-1" run --seed -1
refuses 'write XPATH=VALUE' run --set '//solar/@share'
refuses 'names no attribute' run --set 'share=0.7'
printf 'arrival_s,prompt_tokens,output_tokens\n0,10,3\n' >mine.csv
try 0 check doorstep --resolved --set '//workload/@trace=mine.csv' # of the working folder
says out 'trace="mine.csv"'
refuses 'no such file in the working folder, beside' run --set '//workload/@trace=none.csv'
refuses '--output needs a value' run -o
refuses "needs a value before '--json'" run -o --json
refuses "takes one SCENARIO, but got 'a' and 'b'" run a b
refuses 'needs a SCENARIO' check
refuses 'needs a RESULTS' report
refuses 'say which one' schema
refuses 'say which one' schema --xsd --man

# --- scenarios
refuses "no file 'nosuch.xml'; shipped scenarios are: " run nosuch.xml
says err doorstep
refuses "did you mean the shipped scenario 'doorstep'?" run dorstep
refuses "did you mean the shipped scenario 'doorstep'?" check doorstpe.xml
mkdir folder
refuses "'folder' is a folder" run folder
refuses "'.' is a folder" check .
: >empty.xml
refuses 'empty.xml' check empty.xml
printf '<scenario name="x">\n  <tiem start="now"/>\n  <homes cuont="3"/>\n</scenario>\n' >wrong.xml
refuses "wrong.xml:2:" check wrong.xml
says err "wrong.xml:3:" 'did you mean <time>?' "did you mean 'count'?"
refuses 'wrong.xml:2:' run wrong.xml
refuses '--set' check doorstep --set '//nosuch/@count=3'
refuses '--set' check doorstep --set '//homes/@count=many'
try 0 check doorstep
silent err
says out 'doorstep.xml: ok ('
check "one line says that all is well" [ "$(wc -l <out)" -eq 1 ]
try 0 check doorstep --resolved --set '//homes/@count=3'
silent err
says out 'count="3"'
cp out resolved.xml
try 0 check resolved.xml --resolved
check "what is resolved stays as it is" cmp out resolved.xml

# --- traces
refuses 'needs an ACTION' trace
refuses "did you mean 'info'?" trace inof hour.csv
refuses 'write info, convert or make' trace remember hour.csv
refuses 'needs a FILE' trace info
refuses 'info takes one FILE, but got 2' trace info a.csv b.csv
refuses 'convert takes two FILEs' trace convert a.csv
refuses 'info takes no --to' trace info --to=azure a.csv
refuses "--to: 'csv' is no form; write hearth, azure or mooncake" trace convert --to=csv a b
refuses "--duration: '7' is no time" trace make --duration=7 a.xml b.csv
refuses "nosuch.csv" trace info nosuch.csv
hour=$HEARTH_DATA/data/chat-hour.csv
try 0 trace info chat-hour.csv
says out 'form       hearth'
try 0 trace info "$hour"
silent err
says out 'form       hearth' 'CV of gaps' 'IDC'
try 0 trace info --json "$hour"
says out '"gap_cv"' '"rate_per_s"' '"p99"'
if command -v python3 >/dev/null; then
	check "--json is JSON" python3 -c 'import json; assert json.load(open("out"))["requests"] > 500'
fi
try 0 trace info --fit "$hour"
silent err
mv out like-it.xml
try 0 trace make like-it.xml made.csv --duration='1 h' --seed=3
silent err
says out 'made.csv: '
mv made.csv first.csv
try 0 trace make like-it.xml made.csv --duration='1 h' --seed=3
check "one description and seed, the same bytes" cmp made.csv first.csv
try 0 trace make like-it.xml made.csv --duration='1 h' --seed=4
check "another seed, other requests" sh -c '! cmp -s made.csv first.csv'
try 0 trace make like-it.xml made.csv --set //workload/@requests=70
check "as many requests as were asked for" [ "$(grep -c '^[0-9]' made.csv)" -eq 70 ]
refuses 'it never ends' trace make like-it.xml made.csv
echo '<workload concurrency="3"/>' >clients.xml
refuses 'leave out concurrency=' trace make clients.xml made.csv --duration='1 h'
refuses 'here it must be <workload>' trace make resolved.xml made.csv
refuses 'cannot be told from its name' trace convert first.csv first.txt
refuses 'would replace' trace convert first.csv ./first.csv
try 4 trace convert first.csv /nonexistent/x.csv
try 0 trace convert first.csv azure.csv --to=azure
silent err
try 0 trace convert azure.csv again.csv
"$hearth" trace info --json azure.csv | grep -v '"\(file\|sha256\|form\)"' >one
"$hearth" trace info --json again.csv | grep -v '"\(file\|sha256\|form\)"' >two
check "nothing that is measured is lost" cmp one two
try 0 trace convert first.csv moon.jsonl
says err 'times below a millisecond'
printf 'arrival_s,prompt_tokens,output_tokens\n0,1000000000000,3\n-1,5,5\n1,-5,5\n' >wrong.csv
refuses 'wrong.csv:2:3: error: prompt_tokens is 1000000000000' trace info wrong.csv
says err 'wrong.csv:3:1: error: arrival_s' 'wrong.csv:4:3: error: prompt_tokens is -5'
refuses 'wrong.csv:2:3: error: prompt_tokens' run azure-conv-4x4h100 \
    --set //workload/@trace=wrong.csv

# --- metrics
try 0 explain
silent err
says out latency.ttft_s
try 0 explain latency.ttft_s
says out unit formula source 'better    lower'
mv out whole
try 0 explain latency.ttft_s.p90
check "a statistic is explained by its metric" cmp out whole
try 0 explain grid.margin_pu
says out 'better    higher'
try 0 explain grid.voltage_pu.min
check "no direction is better for a voltage" sh -c '! grep better out'
try 0 explain latency
says out latency.ttft_s
refuses "did you mean 'latency.ttft_s'?" explain latency.tfft_s
refuses "'hearth explain' lists them" explain nothing-like-it

# --- catalogues
try 0 catalog
silent err
says out 'devices ' 'models ' 'engines ' 'cables ' 'streets '
check "the kinds fit 79 columns" sh -c '! grep -E "^.{80}" out'
try 0 catalog devices
silent err
says out 'bandwidth' 'rtx-4090' '25 W?' 'recalled, to be re-checked'
mv out whole
try 0 catalog device
check "the element's own name will do" cmp out whole
try 0 catalog devices rtx-4090
silent err
says out 'device rtx-4090 (devices.xml:' '1.008 TB/s      seen [2]' '25 W            recalled' \
    'Epoch AI, GeForce RTX 4090' 'Room for models'
# 0.9 of 24 GB less 2 bytes for each of 8.03e9 weights, at 131072 bytes a token: 42 thousand.
check "llama-3.1-8b in fp16 leaves a 4090 42 k tokens" \
    grep -q '^llama-3.1-8b  *42 k ' out
try 0 catalog models llama-3.1-8b
says out '16.06 GB' '131.072 kB a token' 'Devices that hold it'
check "a weight of 16 GB leaves 12 GB no room" grep -q '^rtx-3060  *-' out
try 0 catalog cables nayy-4x50
says out 'rating' '142 A'
try 0 catalog streets european-lv
says out '25 of them'
try 0 catalog --csv
silent err
says out 'kind,name,attribute,value,unit,verify,source' 'device,h100-sxm,tdp,700,W,seen,' \
    'model,llama-3.1-8b,layers,32,1,seen,'
check "no figure of a device is without trust or source" \
    sh -c '! grep -E "^device,[^,]*,(memory|tdp|idle),[^,]*,[^,]*,(,|[a-z]*,\$)" out'
if command -v python3 >/dev/null; then
	try 0 catalog devices h100-sxm --json
	check "the JSON says 3.35e12 B/s, seen" python3 -c '
import json
row, = json.load(open("out"))
b = row["bandwidth"]
assert b["value"] == 3.35e12 and b["unit"] == "B/s" and b["verify"] == "seen" and b["source"], b
assert row["roundness"]["verify"] == "derived", row'
fi
refuses "did you mean 'devices'?" catalog devcies
refuses "'hearth catalog' lists them" catalog frobnicate
refuses "did you mean 'rtx-4090'?" catalog devices rtx-4900
refuses "'hearth catalog models' lists them" catalog models zzzzzzzz
try 0 catalog devices h100-sxm --md
silent err
says out '| attribute | value |  | source |' '| tdp | 700 W | seen | '
try 0 catalog --md
says out '| devices | '
refuses 'exclude each other' catalog --json --csv
refuses 'exclude each other' explain --md --json
refuses "takes one KIND and one NAME" catalog devices a b

# --- runs: the output is looked at before anything is run
begin=$(date +%s)
try 4 run -o /nonexistent/x.h5
silent out
says err "'/nonexistent'"
try 4 run -o folder
says err "'folder' is a folder"
try 4 run -o empty.xml/x.h5
try 4 run -o /dev/null
says err 'not a regular file'
try 4 run -o ''
check "a wrong output is found at once" [ $(($(date +%s) - begin)) -le 3 ]

try 0 run
says out VALID
says err 'Results were not kept'
mv out summary
try 0 run doorstep -q -o kept.h5
silent out
silent err
try 0 run --json
silent err
says out '"'
if command -v python3 >/dev/null; then
	check "--json is JSON" python3 -c 'import json; assert json.load(open("out"))["title"] == "doorstep"'
fi
try 0 run -q --fingerprint
says out 'event order 0x'
check "one line for the fingerprint" [ "$(wc -l <out)" -eq 1 ]
"$hearth" run <&- >out 2>err
is_status 0 "hearth run without standard input" $?
check "the summary does not depend on the input" cmp out summary
mkdir gone
(cd gone && rmdir ../gone && "$hearth" run >../out 2>../err)
is_status 0 "hearth run in a folder that is gone" $?
check "the summary does not depend on the folder" cmp out summary

# --- reports
try 0 report kept.h5
silent err
check "the page's name is printed" [ "$(cat out)" = kept.html ]
check "the page is there" grep -qi '<html' kept.html
refuses 'nosuch.h5' report nosuch.h5
refuses 'empty.xml' report empty.xml
refuses 'folder' report folder
refuses 'would replace the results' report kept.h5 -o kept.h5
head -c 5000 kept.h5 >cut.h5
refuses 'cut.h5' report cut.h5
check "no page of damaged results" [ ! -e cut.html ]
try 4 report kept.h5 -o /nonexistent/x.html

# --- series by characters
try 0 plot kept.h5
check "series are listed" grep -q '^grid/voltage_min ' out
try 0 plot kept.h5 --csv
check "their ranges for a spreadsheet" grep -q '^transformer_loading,1,' out
try 0 plot kept.h5 solar grid/battery --csv
check "every step" [ "$(wc -l <out)" -eq 1441 ]
check "with its head" [ "$(head -n 1 out)" = time_s,solar,battery ]
refuses "did you mean 'solar'" plot kept.h5 solr
refuses 'other thing' plot kept.h5 'other thing'
refuses 'needs a RESULTS' plot
refuses 'nosuch.h5' plot nosuch.h5 solar
refuses 'one of' plot kept.h5 --csv --md
if command -v gnuplot >/dev/null; then
	COLUMNS=60 try 0 plot kept.h5 solar voltage_min
	silent err
	check "as wide as the terminal" [ "$(awk '{ if (length > n) n = length } END { print n }' out)" -le 60 ]
	check "two units, two pictures" [ "$(grep -c 'hours since the start' out)" -eq 2 ]
fi
mkdir nothing
PATH=$scratch/nothing "$hearth" plot kept.h5 solar >out 2>err
is_status 0 "hearth plot without gnuplot" $?
check "without gnuplot: the range" grep -q '^grid/solar ' out
check "without gnuplot: what to install" grep -q 'gnuplot-nox' err

# --- standard output that is lost
for words in --help 'schema --xsd' explain 'run --json'; do
	if [ -c /dev/full ]; then
		"$hearth" $words >/dev/full 2>err
		is_status 4 "hearth $words >/dev/full" $?
		says err 'cannot write to the standard output'
	fi
	"$hearth" $words >&- 2>err
	is_status 4 "hearth $words >&-" $?
	says err 'cannot write to the standard output'
done
mkfifo pipe
(: <pipe) &
exec 3>pipe
wait
"$hearth" schema --xsd >&3 2>err
is_status 4 "hearth schema into a broken pipe" $?
says err 'closed before all was written'
exec 3>&-

# --- runs that are stopped leave what was there before
cp kept.h5 before.h5
for signal in INT TERM HUP; do
	mkdir "stopped-$signal"
	timeout --preserve-status -s $signal 0.3 \
	    "$hearth" run -o "stopped-$signal/x.h5" --set '//time/@duration=100 d' >out 2>err
	is_status 5 "hearth run, then $signal" $?
	says err 'interrupted'
	check "nothing is left after $signal" [ -z "$(ls "stopped-$signal")" ]
done
mkdir limited
(
	ulimit -f 8 && cd limited && exec "$hearth" run -q -o x.h5 2>../err
)
is_status 4 "hearth run above the limit of file sizes" $?
says err 'x.h5'
check "nothing is left above the limit" [ -z "$(ls limited)" ]
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 555 readonly
	try 4 run -o readonly/x.h5
	says err 'Permission denied'
fi
finish
