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
refuses 2 "hearth init --kind=server" init server
refuses 2 "is no kind; write street, datacentre or server" init --kind=city
refuses 4 'none/my.xml' init none/my.xml
check "no temporary file is left" [ -z "$(ls | grep tmp)" ]

finish
