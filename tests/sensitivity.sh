#!/bin/sh
# hearth sensitivity on studies whose answer is known: what homes pay is price times energy.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

printf 'time_s,home\n0,1\n43200,1\n' >flat.csv
cat >bill.xml <<'XML'
<scenario name="bill">
  <time start="2024-06-20T00:00+02:00" duration="1 h" step="30 min"/>
  <place latitude="48 deg" longitude="11 deg" altitude="500 m"/>
  <tariff price="0.3 EUR/kWh"/>
  <homes count="1"><load annual="4000 kWh" profile="flat.csv"/></homes>
</scenario>
XML

study() { # NAME REPLICATIONS SAMPLE [COUNT]: plans, runs and collects it
	count=${4:+count=\"$4\"}
	cat >"$1.xml" <<XML
<study name="$1" scenario="bill.xml" seed="3" replications="$2">
  <axis name="altitude" path="//place/@altitude" from="0 m" to="1000 m" $count/>
  <axis name="price" path="//tariff/@price" from="0.1 EUR/kWh" to="0.5 EUR/kWh" $count/>
  <axis name="annual" path="//load/@annual" from="2000 kWh" to="6000 kWh" $count/>
  <sample $3/>
  <metric name="cost.total"/>
</study>
XML
	{ "$hearth" sweep plan "$1.xml" && "$hearth" sweep run -j 2 "$1" &&
	    "$hearth" sweep collect "$1"; } >log 2>&1 && return
	cat log
	return 1
}
ranks() { # STUDY AXIS...: in that order, those of no influence last
	"$hearth" sensitivity "$1" --csv | awk -F, 'NR > 1 { print $4 }' | tr '\n' ' ' >got
	shift
	[ "$(cat got)" = "$* " ] && return
	echo "ranked: $(cat got)"
	return 1
}
figure() { # STUDY AXIS COLUMN: a cell of the table
	"$hearth" sensitivity "$1" --csv | awk -F, -v axis="$2" -v column="$3" '
	    NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i }
	    $4 == axis { print $c }'
}
near() { # VALUE WANTED MOST
	awk -v x="$1" -v y="$2" -v most="$3" \
	    'BEGIN { d = x - y; exit x == "" || d > most || -d > most }' && return
	echo "got '$1', wanted $2 within $3"
	return 1
}
holds() { # STUDY AXIS COLUMN VALUE: its interval does
	awk -v lo="$(figure "$1" "$2" "$3_low")" -v hi="$(figure "$1" "$2" "$3_high")" -v x="$4" \
	    'BEGIN { exit lo == "" || x < lo || x > hi }' && return
	echo "$3 of $2: the interval does not hold $4"
	return 1
}
says() { # STATUS TEXT ARGUMENT...
	want=$1
	text=$2
	shift 2
	"$hearth" sensitivity "$@" >out 2>&1
	got=$?
	[ $got = "$want" ] && grep -q -- "$text" out && return
	echo "status $got:"
	cat out
	return 1
}

# --- shares of the variance. Relative variances of price and annual use, uniform: 0.4^2 / 12 / 0.3^2
# = 0.14815 and 4^2 / 12 / 4^2 = 0.08333; of their product 1.14815 * 1.08333 - 1 = 0.24383. First-order
# indices are 0.60759 and 0.34177, total ones 0.14815 * 1.08333 / 0.24383 = 0.65823 and 0.39241.
check "a saltelli study" study shares 1 'design="saltelli" points="32"'
check "price before use before altitude" ranks shares price annual altitude
check "total index of price" holds shares price total 0.65823
check "total index of use" holds shares annual total 0.39241
check "first-order index of price" holds shares price first 0.60759
check "first-order index of use" holds shares annual first 0.34177
check "near the truth" near "$(figure shares price total)" 0.65823 0.05
check "altitude has none" near "$(figure shares altitude total)" 0 1e-12
check "one replication says nothing of chance" says 0 "one replication" shares

# --- screening: of the whole range of price, 0.4 times the use; of use, 4000 times the price
check "a morris study" study screen 1 'design="morris" points="8"'
check "the same order" ranks screen price annual altitude
check "mu* of price over mu* of use" near "$(awk -v a="$(figure screen price mu_star)" \
    -v b="$(figure screen annual mu_star)" 'BEGIN { printf "%.9g", a / b }')" 1.3333 0.3
check "altitude does nothing" near "$(figure screen altitude mu_star)" 0 1e-12
check "a tornado of its steps" says 0 "low to high" screen --method=tornado

# --- a grid of both ends: 0.4 * 4000 over 0.3 * 4000, whatever the seed
check "a grid" study ends 2 'design="grid"' 2
check "once more" ranks ends price annual altitude
check "change by price over change by use" near "$(awk -v a="$(figure ends price change)" \
    -v b="$(figure ends annual change)" 'BEGIN { printf "%.9g", a / b }')" 1.333333 1e-6
check "what two replications leave to chance" says 0 "that 2 replications left" ends
check "shares of two levels, without an interval" says 0 "alone" ends -m sobol

# --- the same bytes
"$hearth" sensitivity shares --json >first.json
"$hearth" sensitivity shares --json >second.json
check "the same bytes once more" cmp first.json second.json
check "JSON is well-formed" python3 -c 'import json; json.load(open("first.json"))'
check "Markdown" says 0 '^| cost.total | [-12]* | price |' shares --md

# --- holes: a block is dropped with the point that is gone, and the others stay
victim=$(sed -n '/^[0-9a-f]\{16\}/{s/\t.*//p;q}' shares/plan.tsv)
rm "shares/points/${victim%??????????????}/$victim.h5"
check "a table older than its points" says 2 "run: hearth sweep collect" shares
"$hearth" sweep collect shares >log 2>&1
check "a block is dropped and counted" says 0 "1 of 32 blocks dropped" shares
check "and told in the head" says 0 "1 of 160 points were not run" shares
check "without it the truth is still held" holds shares price total 0.65823
victim=$(sed -n '/^[0-9a-f]\{16\}/{s/\t.*//p;q}' ends/plan.tsv)
rm "ends/points/${victim%??????????????}/$victim.h5"
"$hearth" sweep collect ends >log 2>&1
check "shares of a grid need all of it" says 2 "need every setting" ends -m sobol
check "its tornado does not" says 0 "3 of 12 comparisons dropped" ends

# --- the page about a study: what its name says stays text, to browsers, gnuplot and shells
says_page() { # TEXT: in the page, and nothing from elsewhere
	grep -q -- "$1" shares/report.html && ! grep -q 'src=\|href="http\|@import' shares/report.html
}
sed -i 's/^# study .*/# study <b>`touch hit`<\/b>/' shares/plan.tsv
check "a page is written" "$hearth" report shares
check "its title is text" says_page '<h1>&lt;b&gt;&#96;touch hit&#96;&lt;/b&gt;</h1>'
check "nothing was run" [ ! -e hit ]
check "what moves most" says_page '<li>cost.total: <b>price</b> has'
check "what is left out" says_page '1 of 32 blocks left out'
check "what was not run" says_page '1 not run'
check "what an axis sets" says_page '//load/@annual'
if command -v gnuplot >/dev/null; then
	check "figures with words" says_page 'role="img" aria-label="cost.total along price'
	check "each has numbers" [ "$(grep -c '<figure>' shares/report.html)" = \
	    "$(grep -c 'numbers as CSV' shares/report.html)" ]
fi
PATH= "$hearth" report shares >out 2>&1
check "without gnuplot: numbers" says_page 'Not drawn: gnuplot is not installed'

# --- what cannot be answered
check "a hypercube" study filled 1 'design="latin-hypercube" points="3"'
check "whose page has no ranks" "$hearth" report filled
check "a design without pairs" says 2 'design="morris"' filled
check "shares from trajectories" says 2 'design="saltelli"' screen -m sobol
check "a method that is none" says 2 "none of tornado" screen -m sobl
check "a metric that is none" says 2 "did you mean 'cost.total'" screen cost.totl
check "a folder that is none" says 2 "hearth sweep plan" bill.xml
check "two forms" says 2 "exclude each other" screen --json --csv
finish
