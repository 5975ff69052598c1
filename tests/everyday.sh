#!/bin/sh
# The commands of every day: examples, init, and tables in every form.
. "${srcdir:-.}/tests/shell.sh"
cd "$scratch" || exit 99
HEARTH_DATA=$srcdir
export HEARTH_DATA

try() { # STATUS WORDS...: runs hearth; its streams are then in `out` and `err`
	want=$1
	shift
	"$hearth" "$@" >out 2>err </dev/null
	status=$?
	check "hearth $*: status $status, not $want" [ "$status" -eq "$want" ] || cat err
}
says() { # STREAM TEXT...: a file has each of these
	stream=$1
	shift
	for text; do
		check "'$text' on $stream" grep -qF -e "$text" "$stream" || cat "$stream"
	done
}
refuses() { # STATUS TEXT WORDS...
	status=$1
	text=$2
	shift 2
	try "$status" "$@"
	check "nothing on out" [ ! -s out ]
	says err "$text"
}

# --- examples
try 0 examples
check "nothing on err" [ ! -s err ]
check "it fits 79 columns" sh -c '! grep -E "^.{80}" out'
try 0 examples list --csv
check "there are twelve at least" [ "$(wc -l <out)" -gt 12 ]
for file in "$srcdir"/scenarios/*.xml; do
	grep -Eq '<(scenario|study)' "$file" || continue
	name=${file##*/}
	name=${name%.xml}
	check "$name is listed" grep -q "^$name,\(scenario,seconds\|study,minutes\),[^,]" out
done
check "none without a sentence" sh -c '! grep -E "^[^,]*,[a-z]*,[a-z]*,," out'
says out ',AzureLLMInferenceTrace_conv.csv'
try 0 examples show v2g-street
says out 'v2g-street, a scenario' 'run:   hearth run v2g-street'
try 0 examples show azure-conv-2p2d
says out 'needs: AzureLLMInferenceTrace_conv.csv'
refuses 2 "did you mean 'doorstep'?" examples show dorstep
refuses 2 "'hearth examples' lists them" examples show zzzzzzzzzz
refuses 2 "'doorstep' is no action; write 'hearth examples show doorstep'" examples doorstep
refuses 2 'show takes one NAME' examples show
refuses 2 'show takes no --json' examples show doorstep --json
refuses 2 'exclude each other' examples --csv --json
refuses 2 'is a path' examples copy ../data/devices
refuses 2 "no example 'hearth'" examples show hearth # the schema is none
refuses 2 'hearth init my.xml' examples copy doorstep my.xml

try 0 examples copy doorstep mine
check "the copy is the file" cmp mine/doorstep.xml "$srcdir/scenarios/doorstep.xml"
check "and runs" "$hearth" run mine/doorstep.xml -q
check "with its schema" [ -s mine/hearth.xsd ]
try 0 examples copy suburb.xml mine
check "a second one beside it" [ -s mine/suburb.xml ]
try 0 examples copy doorstep mine
says err 'is there already, with the same content'
echo '<!-- mine -->' >>mine/doorstep.xml
refuses 4 'mine/doorstep.xml: error: it is there already and is not overwritten' \
    examples copy doorstep mine
check "what was changed stays" grep -q mine mine/doorstep.xml
touch taken
refuses 4 'taken' examples copy doorstep taken

# What an example includes, and a study's scenario, come along with their folders.
mkdir -p home/data home/scenarios/parts/deep
cp "$srcdir"/data/*.* home/data
cp "$srcdir"/scenarios/hearth.xsd home/scenarios
echo '<fragment><include href="deep/solar.xml"/></fragment>' >home/scenarios/parts/roof.xml
echo '<solar share="0.5" capacity="3 kW"/>' >home/scenarios/parts/deep/solar.xml
cat >home/scenarios/whole.xml <<'END'
<scenario name="whole"><about>Homes with roofs; and so on.</about>
  <time start="2024-06-20T00:00Z" duration="1 h" step="5 min"/>
  <place latitude="50 deg" longitude="10 deg"/>
  <homes count="3"><load annual="3000 kWh"/><include href="parts/roof.xml"/></homes>
</scenario>
END
echo '<study name="many" scenario="whole"><about>How many? Few.</about></study>' \
    >home/scenarios/many.xml
HEARTH_DATA=$PWD/home
try 0 examples list --csv
says out 'many,study,minutes,How many,' 'whole,scenario,seconds,Homes with roofs,'
try 0 examples copy many there
check "all five files came" cmp out - <<'END'
there/many.xml
there/whole.xml
there/parts/roof.xml
there/parts/deep/solar.xml
there/hearth.xsd
END
check "and they run" "$hearth" run there/whole.xml -q
echo '<scenario name="broken">' >home/scenarios/broken.xml
refuses 2 'broken.xml:' examples
HEARTH_DATA=$PWD/nowhere
refuses 2 'set HEARTH_DATA' examples
HEARTH_DATA=$srcdir

# --- init
for kind in street datacentre server; do
	try 0 init --kind=$kind
	says out "my-$kind.xml"
	says err "hearth check my-$kind.xml"
	try 0 check my-$kind.xml
	try 0 run my-$kind.xml
	says out VALID
	command -v xmllint >/dev/null &&
	    check "editors accept my-$kind.xml" xmllint --noout --nonet \
		--schema "$srcdir/scenarios/hearth.xsd" my-$kind.xml
	check "my-$kind.xml is what is shipped" cmp -s my-$kind.xml "$srcdir/data/starters/$kind.xml"
done
check "every starter is a kind" [ "$(ls "$srcdir/data/starters" | wc -l)" -eq 3 ]
rm my-street.xml
try 0 init
mv my-street.xml one
check "a street without --kind" cmp one "$srcdir/data/starters/street.xml"
echo precious >my-street.xml
refuses 4 'my-street.xml: error: it is there already and is not overwritten' init
check "what was there stays" [ "$(cat my-street.xml)" = precious ]
ln -s nowhere link.xml
refuses 4 'link.xml' init link.xml
refuses 2 "write chatbot.xml" init chatbot
refuses 2 "write such as my-street.xml" init -
refuses 2 "hearth init --kind=server" init server
refuses 2 "is no kind; write street, datacentre or server" init --kind=city
refuses 4 'none/my.xml' init none/my.xml
check "no temporary file is left" [ -z "$(ls | grep tmp)" ]

# --- tables: the same cells in every form
if command -v python3 >/dev/null; then
	for words in 'examples list' explain 'catalog devices' 'validate spiking' 'bench --list' \
	    'bench --list-energy' 'grid solve village' 'trace info chat-hour.csv' 'run'; do
		# shellcheck disable=SC2086 # several words
		for form in csv json md; do
			try 0 $words --$form
			mv out $form
		done
		check "hearth $words: CSV, JSON and Markdown can be read" python3 - <<'END'
import csv, json
rows = list(csv.reader(open("csv", newline="")))
assert len(rows) > 1 and all(len(r) == len(rows[0]) for r in rows), rows[:2]
assert len(set(rows[0])) == len(rows[0]) and all(rows[0]), rows[0]
json.load(open("json"))
lines = [l for l in open("md") if l.startswith("|")]
# A table is its head, its rule and as many cells in each row.
cells = lambda l: len(l.replace("\\|", "").split("|"))
assert lines[1].startswith("|---") and cells(lines[0]) == cells(lines[1]) == cells(lines[2])
END
	done
	"$hearth" run --csv >csv 2>/dev/null
	"$hearth" run --json >json 2>/dev/null
	check "CSV and JSON of a run have the same numbers" python3 - <<'END'
import csv, json
run = json.load(open("json"))
rows = {r["metric"]: r["value"] for r in csv.DictReader(open("csv", newline=""))}
assert len(rows) > 100
for key, value in rows.items():
	assert (float(value) == run[key]) if value else run[key] is None, key
END
	for table in voltages elements power; do
		try 0 grid solve village --csv --table=$table
		mv out one
		check "$table of a network" python3 -c '
import csv, sys
rows = list(csv.DictReader(open("one", newline="")))
assert len(rows) > 3 and all(None not in r.values() for r in rows)'
	done
fi
try 0 grid solve --controls --csv --table=regulators rural
says out 'regulator,phase,tap,operations,last_s,relay_v,band_low_v,band_high_v' 'crossing,a,1,1,'
refuses 2 'no regulators have acted; let them by --controls' grid solve --csv --table=regulators rural
refuses 2 "is no table; write voltages, elements" grid solve --table=voltage village
refuses 2 'hosting takes no --table' grid hosting --table=power
refuses 2 'exclude each other' run --csv --md
refuses 2 'exclude each other' bench --list --csv --json
refuses 2 'make takes no --csv' trace make --csv a b
try 0 run --set '//homes/@count=3' --md
says out '| metric | value | n | 95 % interval | about |' '| energy.grid_j_per_token | '
try 0 run -q
check "quiet is quiet" [ ! -s out ]

# --- doctor
try 0 doctor
says out 'HDF5' 'KLU' 'gnuplot' 'OpenCL' 'powercap' 'broken, which it does not'
check "it fits 79 columns, but for paths" sh -c '! grep -v / out | grep -E "^.{80}"'
try 0 doctor --csv
says out 'area,item,state,found,cost,remedy'
check "what is missing has its cost and remedy" sh -c '! grep -E ",missing,[^,]*,," out'
PATH=$scratch/empty "$hearth" doctor >out 2>err
check "without programs: status $?" grep -q '^gnuplot  *missing' out
says out 'apt-get install gnuplot-nox' 'tables in the place of figures'
HEARTH_DATA=$PWD/nowhere
try 1 doctor
says out 'BROKEN' "$PWD/nowhere"
HEARTH_DATA=$PWD/home
try 1 doctor # there is no doorstep in it
says out 'built-in scenario  BROKEN' "no file 'doorstep'"
HEARTH_DATA=$srcdir

# --- completion: what the program answers
words() { # EXPECTED WORD...: is among what the last word can become
	expected=$1
	shift
	for word; do
		set -- "$@" "=$word"
		shift
	done
	"$hearth" completion words "$@" >out 2>err
	check "$* may become '$expected'" grep -q "^$expected	" out || cat out
}
lacks() { # WORD: is not among these
	check "not '$1'" sh -c '! grep -q "^$1" out' - "$1" || cat out
}
words run r
words --version --v
words --seed= run --see
lacks --set=
words '--set=' run doorstep -o x.h5 --set
words suburb run sub
words doorstep check ''
words '//homes/@count=' run --set //homes/@cou
words '--set=//homes/@count=' run --set=//homes/@cou
words full grid hosting --load ''
words --load=workload grid hosting --load=w
words village grid solve vil
lacks doorstep
words doorstep grid hosting door
lacks village
words latency.ttft_s explain latency.t
words devices catalog ''
words rtx-4090 catalog devices rtx-
lacks llama
words llama-3.1-8b catalog models llama-3.1-8
words llama-3.1-8b bench --predict llama
words q8 bench --weights ''
words gemm bench memory ge
words spiking validate s
words rtx-4090 calibrate products --device rtx-4
words fish completion f
words datacentre init --kind d
words mooncake trace convert --to m
words v2g-street examples copy v2g
words sweep help swe
"$hearth" completion words =report = >out
check "a report is of .h5" grep -q '^:files	h5$' out
"$hearth" completion words =run =-o = >out
check "-o is a .h5" grep -q '^:files	h5$' out
"$hearth" completion words =examples =copy =doorstep = >out
check "a copy goes to a folder" grep -qx :folders out
"$hearth" completion words =run =-- =--se >out
check "there are no options behind --" sh -c '! grep -q seed out'
"$hearth" completion words =nothing = >out
check "no words for no command" [ ! -s out ]
"$hearth" completion words >out
check "nor for none" [ ! -s out ]
refuses 2 "did you mean 'fish'?" completion fihs
refuses 2 'write bash, zsh or fish' completion powershell
refuses 2 'takes one SHELL' completion bash zsh
refuses 2 'needs a SHELL' completion

# Every word that a table offers is one that its option takes: it is no news to the parser.
offered() { # OPTION WORDS...: the values of an option
	option=$1
	shift
	"$hearth" completion words "=$1" "=--$option=" | sed -n "s/^--$option=\([^	]*\)	.*/\1/p"
}
for pair in grid/load grid/table bench/weights trace/to init/kind; do
	command=${pair%/*}
	option=${pair#*/}
	offered "$option" "$command" >values
	check "--$option of $command has values" [ -s values ]
	while read -r value; do
		"$hearth" "$command" "--$option=$value" --help >/dev/null 2>err
		check "hearth $command --$option=$value" [ ! -s err ] || cat err
	done <values
done

# --- completion: what the shells make of it, with the real scripts
PATH=$build:$PATH
export PATH
if command -v bash >/dev/null; then
	cat >in.bash <<'END'
. <(hearth completion bash)
complete -p hearth >/dev/null || exit 1
typed() { # LINE: prints what bash would offer, as it splits words at = and @
	local w=$COMP_WORDBREAKS
	COMP_LINE=$1 COMP_POINT=${#1}
	COMP_WORDS=($2)
	[ -n "$3" ] && COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_hearth
	printf '%s\n' "$1:" "${COMPREPLY[@]}"
}
typed 'hearth ru' 'hearth ru'
typed 'hearth run --see' 'hearth run --see'
typed 'hearth grid hosting --load=' 'hearth grid hosting --load ='
typed 'hearth grid hosting --load=w' 'hearth grid hosting --load = w'
typed "hearth run --set //homes/@cou" 'hearth run --set //homes/ @ cou'
typed 'hearth catalog devices rtx-40' 'hearth catalog devices rtx-40'
typed 'hearth report ' 'hearth report' empty
END
	mkdir shell && touch shell/a.h5 shell/a.txt && mkdir shell/sub
	(cd shell && bash ../in.bash >../got 2>../err)
	check "bash completes" cmp got - <<'END' || cat got err
hearth ru:
run
hearth run --see:
--seed=
hearth grid hosting --load=:
full
workload
hearth grid hosting --load=w:
workload
hearth run --set //homes/@cou:
count=
hearth catalog devices rtx-40:
rtx-4080
rtx-4090
hearth report :
sub
a.h5
END
else
	echo "passed over: no bash"
fi
if command -v zsh >/dev/null; then
	cat >in.zsh <<'END'
autoload -Uz compinit && compinit -D -u
source <(hearth completion zsh)
[[ $_comps[hearth] == _hearth ]] || exit 1
_describe() { shift 0; print -l -- "${(@P)2}"; }
_files() { print -- files "$@"; }
words=(hearth run --see) CURRENT=3 && _hearth
words=(hearth grid hosting --load '') CURRENT=5 && _hearth
words=(hearth report '') CURRENT=3 && _hearth
END
	zsh -f in.zsh >got 2>err
	check "zsh completes" cmp got - <<'END' || cat got err
--seed=:seed of every random stream
full:
workload:
files -g *.h5
END
else
	echo "passed over: no zsh"
fi
if command -v fish >/dev/null; then
	cat >in.fish <<'END'
hearth completion fish | source
complete -C 'hearth ru'
complete -C 'hearth run --see'
complete -C 'hearth grid hosting --load '
complete -C 'hearth catalog devices rtx-40'
END
	HOME=$scratch fish --no-config in.fish >got 2>err
	sort got >sorted
	check "fish completes" cmp sorted - <<'END' || cat got err
--seed=	seed of every random stream
full
rtx-4080	device
rtx-4090	device
run	run a scenario and print what came out
workload
END
else
	echo "passed over: no fish"
fi

finish
