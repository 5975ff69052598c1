#!/bin/sh
# hearth grid: networks from tables and MATPOWER cases, and what is wrong in them.
. "${srcdir:-.}/tests/shell.sh"
HEARTH_DATA=$srcdir
export HEARTH_DATA
cd "$scratch" || exit 1

solve() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" grid solve "$@" >out 2>err
	status=$?
	check "hearth grid solve $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat out err
}
says() { # STREAM TEXT
	check "'$2' on $1" grep -qF -e "$2" "$1" || cat "$1"
}

with_python() { # WHAT, a program on standard input
	command -v python3 >/dev/null || {
		echo "passed over, no python3: $1"
		return
	}
	check "$1" python3 - out
}

solve 0 village
says out 'sources deliver'
says out 'lowest voltage'
solve 0 --json village
with_python "JSON: what the sources deliver is drawn or lost" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
taken = flow["load_w"] + flow["line_loss_w"] + flow["transformer_loss_w"]
assert flow["converged"] and abs(flow["source_w"] / taken - 1) < 1e-12, flow["source_w"]
assert abs(sum(e["lost_w"] for e in flow["elements"]) + flow["load_w"] - flow["source_w"]) < 1e-6
assert len(flow["voltages"]) == 24 and all(v["live"] for v in flow["voltages"])
END

# --- words
solve 2 nowhere
says err "no network 'nowhere'"
"$hearth" grid 2>err
check "an action is wanted" grep -q ACTION err
"$hearth" grid hosting village 2>err
says err "'hosting' is no action; write solve"

# --- tables: every fault at once, with its line
mkdir tables
solve 2 tables
says err 'no source.csv'
echo 'bus,kv_ll,v_pu
near,0.4,1' >tables/source.csv
echo 'name,from,to,phases,code,length_m
one,near,far,abd,thin,50
two,near,far,abc,thick,50
three,near,far,abc,thin,-3
four,near,far,abc,thin,nan' >tables/lines.csv
echo 'code,r1_ohm_km,x1_ohm_km,r0_ohm_km,x0_ohm_km
thin,0.6,0.1,2.4,0.4' >tables/linecodes.csv
solve 2 tables
says err "lines.csv:2:"
says err "phases: 'abd' names no phases"
says err "lines.csv:3:1: error: code: 'thick' is not in linecodes.csv"
says err "lines.csv:4:1: error: length_m: '-3' must be above 0"
says err "lines.csv:5:"
echo 'name,from,to,phases,code' >tables/lines.csv
solve 2 tables
says err "no column 'length_m'"
echo 'name,from,to,phases,code,length_m
one,near,far,abc,thin,50' >tables/lines.csv
echo 'bus,phase,kw,kvar
far,a,4,1
away,b,3,1' >tables/loads.csv
solve 0 tables
says err 'bus away has no way to a source'
says out 'far'
echo 'name,from,to,phases,state
gate,far,away,abc,ajar' >tables/switches.csv
solve 2 tables
says err "switches.csv:2:1: error: state: 'ajar' is neither open nor closed"
echo 'name,from,to,phases,state
gate,far,away,abc,closed' >tables/switches.csv
solve 0 tables
check "a closed switch brings voltage" [ ! -s err ]
echo 'bus,phase,kw,kvar,conn
far,ab,4,1,wye' >tables/loads.csv
solve 2 tables
says err 'write one phase in wye, two, as ab, in delta'
echo 'name,from,to,conn,phase,tap
R,near,far,wye,a,4' >tables/regulators.csv
echo 'bus,phase,kw,kvar
far,a,4,1' >tables/loads.csv
echo 'name,from,to,conn,phase,tap
R,near,far,wye,a,4
S,near,far,wye,a,4' >tables/regulators.csv
solve 2 tables
says err 'two regulators or sources meet at far a'

# --- MATPOWER: one line of 1 + 2j % on 10 MVA, 12 kV; the root of its quadratic
matpower() { # BUS-TYPE BRANCH-ROW EXTRA
	cat <<END
function mpc = two
%% a case
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	12	1	1.1	0.9;
	2	$1	3	1.5	0	0	1	1	0	12	1	1.1	0.9; % draws
];
mpc.gen = [ 1 0 0 10 -10 1.02 100 1 10 0 ];
mpc.branch = [
	$2
];
mpc.gencost = [
	2 0 0 3 0 20 0;
];
${3:-}
END
}
matpower 1 '1 2 0.01 0.02 0 0 0 0 0 0 1 -360 360' >two.m
solve 0 --json two.m
with_python "two buses follow the quadratic" <<'END'
import json, math, sys
flow = json.load(open(sys.argv[1]))
r, x, p, q, e = 0.01, 0.02, 0.3, 0.15, 1.02
b, c = 2 * (r * p + x * q) - e * e, (r * r + x * x) * (p * p + q * q)
v = math.sqrt((-b + math.sqrt(b * b - 4 * c)) / 2)
assert abs(flow["voltages"][1]["v_pu"] - v) < 1e-11, (flow["voltages"][1], v)
assert abs(flow["source_w"] - 1e7 * (p + r * (p * p + q * q) / v ** 2)) < 1e-4, flow["source_w"]
END
matpower 2 '1 2 0.01 0.02 0 0 0 0 0 0 1' >two.m
solve 2 two.m
says err 'two.m:7:1: error: bus 2: a generator holds its voltage'
matpower 1 '1 3 0.01 0.02 0 0 0 0 0 0 1' >two.m
solve 2 two.m
says err 'two.m:11:1: error: branch 1 - 3 ends at a bus that is not in mpc.bus'
matpower 1 '1 2 0 0 0 0 0 0 0 0 1' >two.m
solve 2 two.m
says err 'branch 1 - 2 has no impedance'
matpower 1 '1 2 0.01 fast 0 0 0 0 0 0 1' >two.m
solve 2 two.m
says err "two.m:11:1: error: mpc.branch: 'fast' is not a number"
matpower 1 '1 2 0.01' >two.m
solve 2 two.m
says err 'mpc.branch: 3 columns are not enough'
matpower 1 '1 2 0.01 0.02 0 0 0 0 0 0 1' 'mpc.bus(:, 3) = mpc.bus(:, 3) / 1e3;' >two.m
solve 2 two.m
says err 'mpc.bus is computed here'
matpower 1 '1 2 0.01 0.02 0 0 0 0 0 0 1' | head -n 6 >two.m
solve 2 two.m
says err 'the matrix has no end'
matpower 1 '1 2 0.01 0.02 0 0 0 0 0 0 1' | grep -v baseMVA >two.m
solve 2 two.m
says err 'no mpc.baseMVA'
solve 2 "$srcdir/scenarios/doorstep.xml"
says err 'no MATPOWER case'
finish
