#!/bin/sh
# hearth compare: what it says of runs, what it refuses, and its gates' exit status.
. "${srcdir:-.}/tests/shell.sh"
cd "$scratch" || exit 99
HEARTH_DATA=$srcdir
export HEARTH_DATA

try() { # STATUS WORDS...: hearth compare; its streams are then in `out` and `err`
	want=$1
	shift
	"$hearth" compare "$@" >out 2>err </dev/null
	got=$?
	check "hearth compare $*: status $got, not $want" [ "$got" -eq "$want" ] || cat err
}
says() { # STREAM TEXT...
	stream=$1
	shift
	for text; do
		check "'$text' on $stream" grep -qF -e "$text" "$stream" || cat "$stream"
	done
}
line() { # PATTERN: a row of the table
	check "a line like '$1'" grep -Eq -e "$1" out || cat out
}
silent() { check "nothing on $1" [ ! -s "$1" ] || cat "$1"; }
refuses() { # TEXT WORDS...
	text=$1
	shift
	try 2 "$@"
	silent out
	says err "$text"
}

# A morning of the built-in street, three seeds, and with twice as many homes that answer.
run() { # FILE WORDS...
	file=$1
	shift
	"$hearth" run doorstep -q -o "$file" --set='//time/@duration=3 h' \
	    --set='//workload/@repeat=3' "$@"
}
for seed in 1 2 3; do
	check "run a$seed" run a$seed.h5 --seed=$seed
	check "run b$seed" run b$seed.h5 --seed=$seed --set='//homes/node/@share=0.4'
done
check "run with two changes" run two.h5 --seed=1 --set='//homes/node/@share=0.4' \
    --set='//homes/@count=40'
check "run with another device" run device.h5 --seed=1 --set="//homes/node/@device=rtx-3090"

# --- a run with itself
try 0 a1.h5 a1.h5 --all
silent err
check "nothing changed" sh -c '! grep -Eq "better|worse|higher|lower|shown" out'
line '^service.done .* same$'

# --- two runs
try 0 a1.h5 b1.h5
says out 'before   a1.h5: doorstep, seed 0x1, VALID' '/@share: 0.2 -> 0.4' 'b1.h5 against a1.h5' \
    'no interval is made up' '(a) the same requests in both runs'
line '^energy.device_j_per_token .* - +worse$'
line '^score.device_correct_per_kj .* - +worse$'
line '^latency.ttft_s.p50 .* to .*\(a\) '
check "no colour but on a terminal" sh -c '! grep -q "$(printf "\033")" out'
try 0 b1.h5 a1.h5 energy.device_j_per_token
line '^energy.device_j_per_token .* better$'
check "one metric only" [ "$(grep -c '^energy\|^service\|^latency' out)" -eq 1 ]
try 0 a1.h5 b1.h5 device.h5 --differ=//homes/node -m service.done
says out 'b1.h5 against a1.h5' 'device.h5 against a1.h5' 'rows of catalogues'
try 0 a1.h5 a2.h5 latency.ttft_s.mean
says out 'the seeds differ'

# --- groups, paired by seed whatever their order
try 0 a1.h5 a2.h5 a3.h5 -- b3.h5 b1.h5 b2.h5 energy.device_j_per_token service.done
says out '3 pairs of runs with the same seed' '(c) paired by seed'
line '^energy.device_j_per_token .*\(c\) +worse$'
line '^service.done .* same$'
mv out in-order
try 0 a1.h5 a2.h5 a3.h5 -- b1.h5 b2.h5 b3.h5 energy.device_j_per_token service.done
check "the order of runs changes no number" sh -c \
    'grep "^energy" in-order >x; grep "^energy" out | cmp - x'
try 0 a1.h5 a2.h5 -- b2.h5 b3.h5 service.done
says out 'left out: a1.h5, whose seed 0x1' 'left out: b3.h5' '1 pairs'
refuses 'no seed is on both sides' a1.h5 -- b2.h5 b3.h5
refuses 'have one seed, 0x1' a1.h5 a1.h5 -- b1.h5

# --- what may differ
refuses '/@share: 0.2 -> 0.4' a1.h5 two.h5
says err '/@count: 55 -> 40' "--differ='//homes/@count'" 'differ in more than was asked'
refuses 'differ in more than --differ names' a1.h5 two.h5 --differ=//homes/@count
check "only the other one is told" sh -c '! grep -q "55 -> 40" err'
try 0 a1.h5 two.h5 --differ=//homes/@count --differ=//homes/node/@share service.done
try 0 a1.h5 two.h5 --differ=any service.done
refuses 'differ in more than was asked' a1.h5 b2.h5 -- b1.h5 b3.h5
refuses 'selects nothing in either' a1.h5 b1.h5 --differ=//hoems
refuses 'is not well-formed XPath' a1.h5 b1.h5 --differ='//homes['

# --- gates
try 1 a1.h5 b1.h5 --fail-if='energy.device_j_per_token > +2 %'
says out 'gate FAILED: energy.device_j_per_token > +2 %' 'no interval'
try 0 a1.h5 b1.h5 --fail-if='energy.device_j_per_token > +400 %'
says out 'gate held'
try 1 a1.h5 a2.h5 a3.h5 -- b1.h5 b2.h5 b3.h5 --fail-if='energy.device_j_per_token > 1 J/token' \
    --fail-if='service.done < -1 %'
says out 'gate FAILED: energy.device_j_per_token > 1 J/token' 'gate held: service.done < -1 %'
refuses "--fail-if: 'energy' has no '>'" a1.h5 b1.h5 --fail-if=energy
try 2 a1.h5 b1.h5 --fail-if='energy.device_j_per_token > 2 s'
says err "is in 'J/token'"
try 2 a1.h5 b1.h5 --fail-if='datacentre.plans > 2'
says err 'neither side has'

# --- forms
try 0 a1.h5 b1.h5 --csv service.done
check "CSV begins with its columns" sh -c 'head -n 1 out | grep -q "^comparison,metric,unit,before,after"'
try 0 a1.h5 b1.h5 --md service.done
line '^\| .* \| service.done \|'
try 1 a1.h5 b1.h5 --json --fail-if='energy.device_j_per_token > +2 %'
if command -v python3 >/dev/null; then
	cat >look.py <<-'END'
		import json
		c = json.load(open('out'))
		rows = {r['metric']: r for r in c['rows']}
		e = rows['energy.device_j_per_token']
		assert e['verdict'] == 'worse' and e['low'] is None and e['after'] - e['before'] == e['change']
		assert rows['latency.ttft_s.p50']['low'] <= rows['latency.ttft_s.p50']['change']
		assert c['gates'][0]['failed'] and not c['comparisons'][0]['invalid']
	END
	check "JSON reads back" python3 -I look.py
fi
try 0 a1.h5 b1.h5 -o page.html service.done
check "a page" grep -q 'b1.h5 against a1.h5' page.html
check "that loads nothing" sh -c '! grep -Eq "src=|href=|http" page.html'
refuses 'would replace the results' a1.h5 b1.h5 -o a1.h5
refuses 'exclude each other' a1.h5 b1.h5 --csv --md

# --- in a report
check "a report with its baseline" "$hearth" report b1.h5 --baseline=a1.h5 -o b1.html >out 2>err
says b1.html 'b1.h5 against a1.h5' '/@share: 0.2 -&gt; 0.4' 'no interval is made up'
check "behind the answer" sh -c 'awk "/<h2>/ { print }" b1.html | sed -n 2p | grep -q "against a1.h5"'
report() { # TEXT WORDS...: refused
	text=$1
	shift
	"$hearth" report "$@" >out 2>err
	got=$?
	check "hearth report $*: status $got, not 2" [ "$got" -eq 2 ]
	says err "$text"
}
report 'differ in more than was asked' two.h5 --baseline=a1.h5
report 'would replace the results' two.h5 --baseline=a1.h5 -o a1.h5
check "more may differ" "$hearth" report two.h5 --baseline=a1.h5 --differ=any -o two.html >out 2>err
check "without a baseline there is no such section" "$hearth" report b1.h5 -o plain.html >out 2>err
check "no comparison" sh -c '! grep -q "a1.h5" plain.html'

# --- results that say of themselves that they are not valid
check "run beyond its limits" sh -c '"$1" run doorstep -q -o suspect.h5 --seed=1 \
    --set="//time/@duration=3 h" --set="//workload/@repeat=3" \
    --set="//transformer/@rating=1 kVA"' sh "$hearth"
try 0 a1.h5 suspect.h5 service.done
says out 'suspect.h5 is SUSPECT; hearth report suspect.h5 says why'
# No scenario fails the checks that make a run INVALID: the word is put into a file and sealed.
for python in python3 /usr/bin/python3 ''; do
	"${python:-false}" -I -c 'import h5py' 2>/dev/null && break
done
if [ -n "$python" ]; then
	head -c -80 b1.h5 >bad.h5
	check "a file is changed" "$python" -I -c '
import h5py
with h5py.File("bad.h5", "r+") as f:
    f.attrs["validity"] = "INVALID"'
	digest=$(sha256sum bad.h5 | cut -d ' ' -f 1)
	printf '\nhearth-sha256 %s\n' "$digest" >>bad.h5
	try 1 a1.h5 bad.h5 service.done
	says out 'INVALID: a run failed a self-check' 'bad.h5 is INVALID'
	try 1 a1.h5 bad.h5 service.done --csv
	says err 'INVALID: a run failed a self-check'
	try 1 a1.h5 bad.h5 service.done -o bad.html
	says bad.html 'INVALID'
else
	echo "not tested: INVALID results; python3 with h5py is not installed"
fi

# --- studies
study() { # NAME SCENARIO: a study of two axes in three seeds, run and collected
	cat >"$1.xml" <<-END
		<study name="$1" scenario="$2" seed="1" replications="3">
		  <axis name="hosts" path="//homes/node/@share" values="0.1; 0.4"/>
		  <axis name="batteries" path="//homes/battery/@share" values="0; 0.5"/>
		  <axis name="length" path="//time/@duration" values="1 h"/>
		  <metric name="energy.site_j_per_token"/>
		  <metric name="latency.ttft_s.p50"/>
		</study>
	END
	for action in plan run collect; do
		case $action in plan) what=$1.xml ;; *) what=$1 ;; esac
		check "sweep $action $what" "$hearth" sweep $action "$what" >/dev/null 2>&1
	done
}
cp "$srcdir/scenarios/doorstep.xml" here.xml
sed -i 's/repeat="24"/repeat="1"/' here.xml
sed 's/<policy /<policy routing="cloud-only" /; s/routing="spill-to-cloud" *//' here.xml >cloud.xml
study one here.xml
study two cloud.xml
try 0 --by=hosts one
says out 'hosts = 0.4 against 0.1' 'study one, hosts = 0.1' '2 settings in 3 seeds' '(c) paired by seed' \
    '/@share: 0.1 -> 0.4'
line '^energy.site_j_per_token .* to .*\(c\) +worse$'
check "the study's metrics only" [ "$(grep -c '^[a-z]*\.' out)" -eq 2 ]
try 1 one --by=hosts --json --fail-if='energy.site_j_per_token > +2 %'
if command -v python3 >/dev/null; then
	cat >look.py <<-'END'
		# Once more from sweep.csv: means over settings, then t of two degrees of freedom.
		import csv, json, math
		points = list(csv.DictReader(open('one/sweep.csv')))
		row = next(r for r in json.load(open('out'))['rows'] if r['metric'] == 'energy.site_j_per_token')
		def mean(seed, hosts):
		    v = [float(p[row['metric']]) for p in points if p['seed'] == seed and p['hosts'] == hosts]
		    assert len(v) == 2
		    return sum(v) / 2
		d = [mean(s, '0.4') - mean(s, '0.1') for s in sorted({p['seed'] for p in points})]
		m = sum(d) / 3
		half = 4.302652729911275 * math.sqrt(sum((x - m) ** 2 for x in d) / 2 / 3)
		close = lambda a, b: abs(a - b) <= 1e-9 * abs(m)
		assert row['n'] == 3 and row['method'] == 'seeds'
		assert close(row['change'], m) and close(row['low'], m - half) and close(row['high'], m + half)
	END
	check "the interval, worked from the table of the study" python3 -I look.py
fi
try 0 one two service.done latency.ttft_s.p50
says out 'two against one' '@routing: spill-to-cloud -> cloud-only' '4 settings in 3 seeds'
line '^service.done .* same$'
line '^latency.ttft_s.p50 .*\(c\) +better$'
point=$(sed -n 's/^\([0-9a-f]\{16\}\),1,.*/\1/p' one/sweep.csv | head -n 1)
rm -f one/points/*/"$point.h5" && rm -rf one/summaries
check "collect without a point" "$hearth" sweep collect one >/dev/null 2>&1
try 0 one two energy.site_j_per_token
says out '11 of 12 points' '3 settings in 3 seeds' 'left out: 5 points'
refuses "no axis 'hsots' (did you mean 'hosts'?)" one --by=hsots
refuses 'has one level only' one --by=length
refuses 'takes the folder of one study' one two --by=hosts
refuses 'takes the folder of one study' a1.h5 --by=hosts
refuses 'cannot be compared with each other' a1.h5 one
refuses 'is between runs' one -- two
report '--baseline is for a run' one --baseline=a1.h5
rm one/sweep.csv
refuses 'sweep collect' one two

# --- usage
refuses 'needs a RUN'
refuses 'needs two runs at least' a1.h5
refuses "needs two runs at least" one
refuses "there is no file and no metric 'nosuch.h5'" a1.h5 nosuch.h5
refuses "did you mean the metric 'latency.ttft_s'" a1.h5 b1.h5 latency.tfft_s
refuses "nothing here has the metric 'datacentre'" a1.h5 b1.h5 datacentre
refuses "side of the '--' has no run" a1.h5 --
printf 'no results' >text.h5
refuses text.h5 a1.h5 text.h5
finish
