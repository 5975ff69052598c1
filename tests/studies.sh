#!/bin/sh
# The shipped studies give the numbers that are kept in tests/golden/studies, and their answers
# are what these come to. Of the large ones a part is run here, which all values of their axes
# are in; HEARTH_STUDIES=all runs the whole, and with HEARTH_GOLDEN keeps it.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA

command -v python3 >/dev/null || skip "no python3"
golden=$srcdir/tests/golden/studies
all=${HEARTH_STUDIES:-}

# answers NAME SHARD: a study, of which the shard is run
answers() {
	folder=$scratch/$1
	write=
	shard=$2
	[ -z "$all" ] || shard=1/1
	[ -z "$all" ] || [ -z "${HEARTH_GOLDEN:-}" ] || write=--write
	"$hearth" sweep plan "$1" -o "$folder" >/dev/null 2>&1 &&
	    "$hearth" sweep run -j 2 --shard "$shard" "$folder" >/dev/null &&
	    "$hearth" sweep collect "$folder" >/dev/null &&
	    PYTHONDONTWRITEBYTECODE=1 python3 "$srcdir/tests/check_study.py" \
		"$srcdir/scenarios/$1.xml" "$folder/sweep.csv" "$golden/$1.csv" $write
}

# What a study is run on by all its axes: none of the shipped ones loses anything by being
# written again.
can_be_planned() { # NAME
	printf '<study name="all" scenario="%s"><axis name="s" path="/scenario/@seed" values="1"/></study>\n' \
	    "$srcdir/scenarios/$1.xml" >"$scratch/all.xml"
	"$hearth" sweep plan "$scratch/all.xml" -o "$scratch/all" >"$scratch/log" 2>&1 ||
	    { cat "$scratch/log"; false; }
}

check "what-matters" answers what-matters 1/1
check "how-many-gpu-homes" answers how-many-gpu-homes 1/11
check "edge-or-centre" answers edge-or-centre 1/3

for name in datacentre-bess suburb v2g-street mixed-fleet; do
	check "$name as the scenario of a study" can_be_planned "$name"
done

# On the published European feeder every home can host two GPUs, and voltage is what binds.
ieee=${HEARTH_SHARED:-}/data/feeders/ieee_eulv
on_the_ieee_feeder() { # SOLAR SHARE CLIENTS HOLDS
	sed "s|<feeder .*|<feeder network=\"$ieee\"/>|" "$srcdir/scenarios/feeder-homes.xml" \
	    >"$scratch/ieee.xml"
	"$hearth" run "$scratch/ieee.xml" --json --set "//time/@start=2024-06-20T00:00+02:00" \
	    --set "//weather/@temperature=18 degC" --set "//solar/@share=$1" \
	    --set "//battery/@share=0" --set "//homes/node/@share=$2" --set "//homes/node/@count=2" \
	    --set "//workload/@concurrency=$3" >"$scratch/ieee.json" 2>/dev/null
	python3 - "$scratch/ieee.json" "$4" <<'END'
import json, sys
s = json.load(open(sys.argv[1]))
assert (s["grid.margin_pu"] >= 0) == (sys.argv[2] == "holds"), s["grid.margin_pu"]
assert round(s["grid.transformer_loading_pu.max"], 2) <= 0.19, "19 % of the rating"
END
}
if [ -r "$ieee/lines.csv" ]; then
	check "IEEE: two GPUs in every home" on_the_ieee_feeder 0.3 1 110 holds
	check "IEEE: sun on 60 % of the roofs alone" on_the_ieee_feeder 0.6 0.02 2 breaks
	check "IEEE: the nodes mend it" on_the_ieee_feeder 0.6 1 110 holds
else
	echo "the IEEE European feeder: passed over: no \$HEARTH_SHARED/data/feeders/ieee_eulv"
fi
finish
