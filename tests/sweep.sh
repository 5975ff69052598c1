#!/bin/sh
# Studies: each point gives the bytes of `hearth run`; neither jobs, shards nor order change
# any; what ends a run costs the points under way and nothing else; faults of study files.
#
#     HEARTH_KILLS=100 make check TESTS=tests/sweep.sh      kills so often; 12 without
#     UPDATE=1                                              writes tests/bad-study/*.err
. "${srcdir:-.}/tests/shell.sh"
[ -x "$hearth" ] || skip "no $hearth"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 99

# A street of three that has an hour: milliseconds each.
cat >street.xml <<'EOF'
<scenario name="street">
  <time start="2024-06-20T12:00+02:00" duration="1 h"/>
  <place latitude="52.52 deg" longitude="13.4 deg"/>
  <homes count="3"/>
</scenario>
EOF
cat >study.xml <<'EOF'
<study name="street study" scenario="street.xml" seed="7" replications="2">
  <about>How much does a street use?</about>
  <axis name="homes" path="//homes/@count" values="1; 3; 7; 13; 19"/>
  <axis name="latitude" path="//place/@latitude" from="48 deg" to="54 deg" count="3"/>
  <metric name="energy.site_j"/>
</study>
EOF

# What is in a study's folder but for logs, which are copies: names and digests.
print_of() { # DIR
	(cd "$1" && find . -type f ! -path './summaries/*' -exec sha256sum {} + | LC_ALL=C sort -k 2)
}
same_folders() { # DIR DIR
	print_of "$1" >one
	print_of "$2" >two
	diff one two
}
gives() { # STATUS COMMAND...
	wanted=$1
	shift
	"$@" >said 2>&1
	got=$?
	[ "$got" -eq "$wanted" ] && return
	echo "status $got in the place of $wanted: $*"
	cat said
	return 1
}
temporaries() { find "$1" -name 'hearth-*.tmp'; }
points_in() { find "$1/points" -name '*.h5' | wc -l; }

# --- planning
check "a study is planned" gives 0 "$hearth" sweep plan study.xml -o plain
cp plain/plan.tsv planned
check "and planned again" gives 0 "$hearth" sweep plan study.xml -o plain
check "to the same bytes" cmp planned plain/plan.tsv
check "thirty points and a head" [ "$(wc -l <planned)" -eq $((30 + 8)) ]

# --- running
check "a study runs" gives 0 "$hearth" sweep run plain
check "all points have results" [ "$(points_in plain)" -eq 30 ]
check "a table is collected" gives 0 "$hearth" sweep collect plain
check "a row a point" [ "$(wc -l <plain/sweep.csv)" -eq 31 ]
check "the metric of the study comes first" \
    grep -q '^id,replication,seed,homes,latitude,status,energy.site_j,' plain/sweep.csv
as_run_alone() { # the line of the plan: its file is that of hearth run
	id=$(sed -n "$1p" plain/plan.tsv | cut -f 1)
	"$hearth" run -q -o alone.h5 --seed="$(sed -n "$1p" plain/plan.tsv | cut -f 3)" \
	    --set "//homes/@count=$(sed -n "$1p" plain/plan.tsv | cut -f 4)" \
	    --set "//place/@latitude=$(sed -n "$1p" plain/plan.tsv | cut -f 5)" \
	    plain/scenario.xml 2>/dev/null &&
	    cmp alone.h5 "plain/points/$(echo "$id" | cut -c 1-2)/$id.h5"
}
check "a point is what hearth run gives" as_run_alone 9
check "so is one of the second replication" as_run_alone 37

fresh() { # DIR: planned, nothing run
	rm -rf "$1" && "$hearth" sweep plan study.xml -o "$1" >/dev/null 2>&1
}
fresh jobs
check "four jobs" gives 0 "$hearth" sweep run -j 4 jobs
fresh shards
for k in 3 1 2; do
	check "shard $k of 3" gives 0 "$hearth" sweep run --shard=$k/3 -j 2 shards
done
fresh both
"$hearth" sweep run both >/dev/null 2>&1 &
first=$!
check "a second run in the same folder" gives 0 "$hearth" sweep run -j 2 both
wait "$first" || check "the first one" false
fresh commands
"$hearth" sweep commands -n 4 commands >parts
check "four commands" [ "$(wc -l <parts)" -eq 4 ]
check "that run all" gives 0 sh -e parts
for folder in jobs shards both commands; do
	"$hearth" sweep collect $folder >/dev/null 2>&1
	check "$folder: the same bytes" same_folders plain $folder
done
check "no temporary file is left" [ -z "$(temporaries .)" ]
check "a run of what is done" gives 0 "$hearth" sweep run plain
check "does nothing" grep -q '30 points done before, 0 now' said
rm -rf plain/summaries
cp plain/sweep.csv first.csv
cp plain/sweep.h5 first.h5
check "collected without logs" gives 0 "$hearth" sweep collect plain
check "by the files" grep -q '^30 results files had to be read' said
check "the same table" cmp first.csv plain/sweep.csv
check "the same HDF5" cmp first.h5 plain/sweep.h5

# --- other inputs
sed 's/1 h/2 h/' street.xml >street.new && mv street.new street.xml
check "a plan with another scenario" gives 0 "$hearth" sweep plan study.xml -o plain
check "has other points" gives 0 "$hearth" sweep status plain
check "which are missing" grep -q '0 of 30 points done, 0 failed, 30 missing' said
echo >>plain/scenario.xml
check "a scenario that was changed behind the plan" gives 2 "$hearth" sweep run plain
check "is said to be" grep -q 'not what the plan was made with' said
sed 's/2 h/1 h/' street.xml >street.new && mv street.new street.xml

# --- a file that the scenario names comes along
mkdir -p far/tables
cp "$srcdir/data/carbon-solar.csv" far/tables/own.csv
sed 's|<homes|<carbon intensity="350 g/kWh" shape="tables/own.csv"/> <homes|' street.xml >far/street.xml
cp study.xml far/study.xml
check "a study of a scenario with a file" gives 0 "$hearth" sweep plan far/study.xml -o along
check "the file is beside it" cmp "$srcdir/data/carbon-solar.csv" along/tables/own.csv
rm -rf far
check "and is all that it needs" gives 0 "$hearth" sweep run --shard=1/15 along

# --- killed
fresh killed
kills=${HEARTH_KILLS:-12}
damaged() { # any results file that is not that of the plain run
	for file in $(find killed/points -name '*.h5'); do
		cmp "$file" "jobs/${file#killed/}" || return 0
	done
	return 1
}
undamaged() { ! damaged; }
i=0
while [ "$i" -lt "$kills" ]; do
	[ "$(points_in killed 2>/dev/null)" = 30 ] && rm -rf killed/points
	"$hearth" sweep run -j 2 killed >/dev/null 2>&1 &
	victim=$!
	sleep "0.$(awk -v s="$i" 'BEGIN { srand(s + 1); printf "%03d", 40 + 260 * rand() }')"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
	i=$((i + 1))
done
sleep 0.2 # children end by themselves
check "no damaged file after $kills kills" undamaged
find killed -name 'hearth-*.tmp' -exec touch -d '1 minute ago' {} +
touch -d '1 minute ago' "killed/points/hearth-orphan.tmp"
mkdir -p killed/points/00
touch -d '1 minute ago' killed/points/00/hearth-orphan.tmp
check "what is missing is run" gives 0 "$hearth" sweep run -j 2 killed
check "what was half-written is gone" [ ! -e killed/points/00/hearth-orphan.tmp ]
rm -f killed/points/hearth-orphan.tmp
"$hearth" sweep collect killed >/dev/null 2>&1
check "the same bytes as without kills" same_folders jobs killed

# --- interrupted
fresh told
cat >slow.xml <<'EOF'
<study name="slow" scenario="doorstep.xml">
  <axis name="share" path="//homes/battery/@share" from="0" to="1" count="40"/>
</study>
EOF
check "a longer study" gives 0 "$hearth" sweep plan slow.xml -o told
"$hearth" sweep run -j 2 told >said 2>&1 &
victim=$!
sleep 1
kill -TERM "$victim"
wait "$victim"
check "SIGTERM gives status 5" [ $? -eq 5 ]
check "and leaves no temporary file" [ -z "$(temporaries told)" ]
check "nor a record of failure" [ -z "$(find told -name '*.fail.json')" ]

# --- points that fail: steps that do not fill the hour, which each value alone does
cat >seven.xml <<'EOF'
<scenario name="seven">
  <time start="2024-06-20T12:00+02:00" duration="7 h" step="1 min"/>
  <place latitude="52.52 deg" longitude="13.4 deg"/>
  <homes count="3"/>
</scenario>
EOF
cat >fail.xml <<'EOF'
<study name="fail" scenario="seven.xml">
  <axis name="step" path="//time/@step" values="1 min; 7 min"/>
  <axis name="duration" path="//time/@duration" values="1 h; 7 h; 13 h"/>
</study>
EOF
"$hearth" sweep plan fail.xml -o fails >/dev/null 2>&1
check "points that fail give status 3" gives 3 "$hearth" sweep run fails
check "the others are done" [ "$(points_in fails)" -eq 4 ]
record=$(find fails -name '*.fail.json' | head -n 1)
check "a record says why" grep -q 'whole number of steps' "$record"
check "and how the point ended" grep -q '"exit_status": 2' "$record"
check "status tells of it" gives 3 "$hearth" sweep status fails
check "with the record's name" grep -q 'failed: fails/points/.*\.fail\.json' said
check "collect keeps its row" gives 0 "$hearth" sweep collect fails
check "without numbers" grep -q '7 min,1 h,failed,,' fails/sweep.csv
check "again, thrice each" gives 3 "$hearth" sweep run --on-fail=retry:2 fails
check "is recorded" grep -q '"tries": 3' "$record"
"$hearth" sweep plan fail.xml -o stops >/dev/null 2>&1
sed '/^#/!{/^id/!d;}' stops/plan.tsv >head
grep -v '^#' stops/plan.tsv | sed 1d | LC_ALL=C sort -t "$(printf '\t')" -k 4,4r -k 5,5 >rows
cat head rows >stops/plan.tsv # the first one fails now
check "with stop" gives 3 "$hearth" sweep run --on-fail=stop stops
check "nothing comes behind the first" [ "$(points_in stops 2>/dev/null)" -eq 0 ]

# A child that is killed: its parent goes on and keeps its signal.
"$hearth" sweep plan slow.xml -o signal >/dev/null 2>&1
"$hearth" sweep run signal >said 2>&1 &
parent=$!
sleep 0.7
child=$(ps -o pid= --ppid "$parent" | head -n 1)
[ -n "$child" ] && kill -9 $child
while [ "$(points_in signal)" -lt 3 ] && kill -0 "$parent" 2>/dev/null; do sleep 0.1; done
kill -TERM "$parent"
wait "$parent"
record=$(find signal -name '*.fail.json' | head -n 1)
check "a killed child leaves a record" [ -n "$record" ]
check "with its signal" grep -q '"signal": 9' "$record"
check "and what it took" grep -q '"max_rss_kib": [1-9]' "$record"
check "others went on" [ "$(points_in signal)" -ge 3 ]

# --- the script for a cluster
"$hearth" sweep slurm -n 7 jobs >job.sh
check "a script that a shell takes" sh -n job.sh
check "an array of seven" grep -q '^#SBATCH --array=1-7$' job.sh
check "of parts of seven" grep -q 'SLURM_ARRAY_TASK_ID/7' job.sh

# --- faults of study files
cp "$srcdir"/tests/bad-study/*.xml . || exit 99
says() { # FILE: what plan prints is FILE's .err, and it makes no folder
	name=${1%.xml}
	"$hearth" sweep plan "$1" -o "made-$name" >out 2>err
	status=$?
	[ -z "${UPDATE:-}" ] || cp err "$srcdir/tests/bad-study/$name.err"
	diff "$srcdir/tests/bad-study/$name.err" err
	[ $? -eq 0 ] && [ "$status" -eq 2 ] && [ -s err ] && [ ! -s out ] && [ ! -e "made-$name" ]
}
for file in "$srcdir"/tests/bad-study/*.xml; do
	check "what ${file##*/} says" says "${file##*/}"
done
for words in "run nowhere" "status nowhere" "collect nowhere" "plan nothing.xml" \
    "run --shard=3/2 jobs" "run --on-fail=maybe jobs" "status -j 2 jobs" "slurm -n 0 jobs"; do
	check "sweep $words" gives 2 "$hearth" sweep $words
done
finish
