#!/bin/sh
# A study of 60 points gives the same bytes whoever starts its parts: a cluster of which a node is
# lost midway, mpirun, GNU parallel, or one process.
. "${srcdir:-.}/tests/shell.sh"
. "$srcdir/tests/slurm.sh"
trap 'slurm_stop; rm -rf "$scratch"' EXIT
points=60
parts=4
skipped=

leave_out() { # WHAT WHY
	echo "skipped: $1: $2"
	skipped=1
}

# Names that a shell would take apart.
work="$scratch/a study's \$folders"
mkdir "$work" && cd "$work" || exit 99

# Six hours of the street: some 50 ms a point.
write_study() {
	sed 's/duration="1 d"/duration="6 h"/' "$srcdir/scenarios/doorstep.xml" >doorstep.xml
	cat >study.xml <<END
<study name="street, 6 h" scenario="doorstep.xml" seed="5" replications="3">
  <axis name="hosts" path="//homes/node/@share" values="0.1; 0.2; 0.3; 0.4"/>
  <axis name="batteries" path="//homes/battery/@share" from="0" to="1" count="5"/>
  <metric name="grid.margin_pu"/>
</study>
END
}

plan() { # FOLDER
	"$hearth" sweep plan -o "$1" study.xml >"$1.plan.log" 2>&1 || { cat "$1.plan.log"; return 1; }
}

# Those of a part of the plan, or of all.
ids() { # FOLDER [PART]
	sed '/^#/d; /^id\t/d; s/\t.*//' "$1/plan.tsv" | awk -v n="$parts" -v k="${2:-0}" \
	    '!k || (NR - k) % n == 0'
}

# Results in place, with what tells a file from another of its name and when it was written.
done_files() { # FOLDER
	find "$1/points" -name '*.h5' -printf '%f %i %T@\n' | sort
}

count_done() { # FOLDER [PART]
	ids "$1" "${2:-0}" >"$scratch/ids"
	done_files "$1" 2>/dev/null | grep -cFf "$scratch/ids"
}

is_complete() { # FOLDER
	[ "$(count_done "$1")" = "$points" ] && [ "$("$hearth" sweep status "$1")" = \
	    "street, 6 h: $points of $points points done, 0 failed, 0 missing" ]
}

# What collect makes of them too.
same_bytes() { # FOLDER
	"$hearth" sweep collect "$1" >/dev/null && diff -r reference/points "$1/points" &&
	    cmp reference/sweep.csv "$1/sweep.csv"
}

# A line a point that was computed, in the logs that runs keep for collect.
computed_twice() { # FOLDER
	cat "$1"/summaries/*.tsv | sed '/^#/d; s/\t.*//' | sort | uniq -d
}
computed_once() { ! computed_twice "$1" | grep .; }

# ---- SLURM ----

part_on() { # NODE
	slurm squeue -h -t R -w "$1" -o %K
}

is_midway() {
	part=$(part_on n2)
	[ -n "$part" ] && n=$(count_done cluster "$part") && [ "$n" -ge 3 ] && [ "$n" -le 12 ]
}

# The node takes two parts, one after the other: there are two chances to meet it midway.
lose_node() {
	await 30 is_midway && slurm_kill_node n2 && done_files cluster >"$scratch/before" &&
	    n=$(count_done cluster "$part") && echo "lost with $n of 15 points of part $part done" &&
	    [ "$n" -ge 3 ] && [ "$n" -lt 15 ]
}

is_restarted() {
	grep -q "Requeuing JobId=[0-9]*_$part(" "$slurm_home/slurmctld.log" &&
	    grep -q "Allocate JobId=[0-9]*_$part(.*NodeList=n1" "$slurm_home/slurmctld.log"
}

# What was in place when the node was lost is still the same file, and was computed by nobody again.
# What a dead process had computed but not put in place may be.
nothing_again() {
	done_files cluster >"$scratch/after"
	comm -23 "$scratch/before" "$scratch/after" >"$scratch/changed"
	computed_twice cluster | grep -Ff - "$scratch/before" >>"$scratch/changed"
	[ ! -s "$scratch/changed" ] && return
	echo "computed again:"
	cat "$scratch/changed"
	return 1
}

no_leftovers() {
	! find cluster -name '*.tmp*' -o -name '*.fail.json' | grep .
}

on_slurm() {
	"$hearth" sweep slurm --tasks=$parts cluster >study.sh &&
	    slurm sbatch --mem=400 --time=10 --output="$scratch/part-%a.log" study.sh
}

try_slurm() {
	missing=$(slurm_missing)
	[ -z "$missing" ] || { leave_out SLURM \
	    "no $missing: install slurmctld slurmd slurm-client munge"; return; }
	check "a plan for the cluster" plan cluster
	check "SLURM starts" slurm_start || { tail -n 20 "$slurm_home"/*.log; return; }
	check "sbatch takes the script" on_slurm || return
	check "a node is lost midway" lose_node || return
	check "the queue empties" await 100 slurm_is_done
	check "the lost part was started again, on the other node" is_restarted
	check "all points are done" is_complete cluster || cat "$scratch"/part-*.log
	check "no point was computed twice" nothing_again
	check "nothing lies about" no_leftovers
	check "a cluster's bytes are those of one process" same_bytes cluster
}

# ---- MPI ----

# As root and with more processes than cores, which its defaults refuse.
under_mpi() {
	OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
	    OMPI_MCA_rmaps_base_oversubscribe=1 mpirun "$@" >mpi.log 2>&1
}

refused_by_mpi() { # STATUS TEXT COMMAND...
	status=$1 text=$2
	shift 2
	"$@" >mpi.log 2>&1
	[ $? = "$status" ] && grep -q "$text" mpi.log
}

try_mpi() {
	mpi=$build/hearth-mpi
	[ -x "$mpi" ] || { leave_out MPI "built without --with-mpi"; return; }
	command -v mpirun >/dev/null || { leave_out MPI "no mpirun: install openmpi-bin"; return; }
	check "a plan for MPI" plan mpi
	check "mpirun runs it" under_mpi -n 2 "$mpi" mpi || cat mpi.log
	check "all points are done" is_complete mpi
	check "each once" computed_once mpi
	check "two processes shared them" [ "$(grep -c ' 30 now' mpi.log)" = 2 ]
	check "MPI's bytes are those of one process" same_bytes mpi
	check "a folder without a plan is refused, by all" \
	    refused_by_mpi 2 plan.tsv under_mpi -n 2 "$mpi" "$scratch"
	check "--shard is its own" refused_by_mpi 2 'gives --shard itself' "$mpi" --shard=1/2 mpi
	check "a launcher of another MPI is told" \
	    refused_by_mpi 2 'different kinds of MPI' env PMI_SIZE=2 "$mpi" mpi
}

# ---- GNU parallel ----

try_parallel() {
	parallel --version 2>/dev/null | grep -q '^GNU' ||
	    { leave_out "GNU parallel" "install parallel"; return; }
	check "a plan for GNU parallel" plan lines
	check "a command a part" sh -c '"$1" sweep commands --tasks=7 lines >parts' - "$hearth"
	check "seven of them" [ "$(wc -l <parts)" = 7 ]
	check "parallel runs them" sh -c 'cd / && parallel -j 2 <"$1/parts"' - "$work" >/dev/null
	check "all points are done" is_complete lines
	check "each once" computed_once lines
	check "parallel's bytes are those of one process" same_bytes lines
}

write_study
check "a plan" plan reference || finish
check "one process runs it" "$hearth" sweep run -j 2 reference || finish
check "its table" "$hearth" sweep collect reference
check "all points are done" is_complete reference
try_parallel
try_mpi
try_slurm
[ -z "$skipped" ] || [ "$failures" -gt 0 ] || exit 77
finish
