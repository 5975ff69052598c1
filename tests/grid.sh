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
says out 'solved by the sweep'
solve 0 --json village
with_python "JSON: what the sources deliver is drawn or lost" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
taken = flow["load_w"] + flow["line_loss_w"] + flow["transformer_loss_w"]
assert flow["converged"] and abs(flow["source_w"] / taken - 1) < 1e-12, flow["source_w"]
assert abs(sum(e["lost_w"] for e in flow["elements"]) + flow["load_w"] - flow["source_w"]) < 1e-6
assert len(flow["voltages"]) == 24 and all(v["live"] for v in flow["voltages"])
END

# --- split-phase: both engines, and legs in the place of phases
solve 0 na-secondary
says out 'solved by the sweep'
check "legs are named" grep -qE '^home 7 +2 ' out
solve 0 --json na-secondary
with_python "at 240 V and on legs: what is drawn arrives, and the legs are about opposite" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
taken = flow["load_w"] + flow["line_loss_w"] + flow["transformer_loss_w"]
assert abs(flow["load_w"] - 143000) < 1e-6 and abs(flow["source_w"] / taken - 1) < 1e-9
legs = [v for v in flow["voltages"] if v["bus"].startswith("home")]
assert len(legs) == 66 and {v["phase"] for v in legs} == {"1", "2"}
assert all(110 < v["v_v"] < 125 and 0.9 < v["v_pu"] < 1.05 for v in legs)
one = {v["bus"]: v["angle_deg"] for v in legs if v["phase"] == "1"}
assert all(abs(abs(v["angle_deg"] - one[v["bus"]]) - 180) < 1 for v in legs if v["phase"] == "2")
END
# The lateral fed from both ends is no tree.
cp -r "$srcdir/data/networks/na-secondary" ring
chmod -R u+w ring
echo 'back,lateral 5,head,b,1/0-ts,700' >>ring/lines.csv
solve 0 --json ring
says out '"engine": "nodal"'
solve_split() { # FILE LINE TEXT: one row more in the shipped network
	rm -rf split
	cp -r "$srcdir/data/networks/na-secondary" split
	chmod -R u+w split
	echo "$2" >>"split/$1"
	solve 2 split
	says err "$3"
}
solve_split loads.csv 'x,home 1,a,1,0' \
    "bus: 'home 1' is a split-phase bus in another row; write its legs, 1, 2 or 12"
solve_split lines.csv 'x,head,home 1,12,4/0,9' \
    "from: 'head' has phases in another row; legs 1 and 2 are of a bus behind"
solve_split lines.csv 'x,home 1,home 2,12,1/0-ts,9' \
    "code: '1/0-ts' is not in triplex.csv, where codes of legs are; add it there"
solve_split loads.csv 'x,home 1,a1,1,0' "phase: 'a1' names no phases"
solve_split centre_tapped.csv 'x,head,abc,new,25,7.2,120,1.2,1.7,0' \
    "phase: 'abc' is no primary; write one phase, as a, for one to earth, or two, as ab"
solve_split centre_tapped.csv 'x,home 1,12,new,25,0.24,120,1.2,1.7,0' "phase: '12' is no primary"
solve_split centre_tapped.csv 'x,head,a,head,25,7.2,120,1.2,1.7,0' \
    "to: 'head' has phases in another row"
solve_split centre_tapped.csv 'x,head,a,new,25,7.2,120,-1.2,1.7,-2' \
    "no_load_kw: '-2' must not be below 0"
says err "r_pct: '-1.2' must not be below 0"
cp -r "$srcdir/data/networks/na-secondary" legs
chmod -R u+w legs
echo 'name,from,to,conn,phase,tap
R,home 1,shed,open-delta,12,4' >legs/regulators.csv
solve 2 legs
says err "phase: '12' is a leg; regulators stand before centre-tapped transformers"
solve_split triplex.csv ',0.5,0.3,0.2,0.2' "code: '' must be a name of at most 63 bytes"

# --- networks below networks
solve 0 suburb
says out 'west 23/home 55'
below() { # FILE LINE TEXT: one row more in a small one
	rm -rf two
	mkdir -p two
	cp "$srcdir"/data/networks/suburb/linecodes.csv "$srcdir"/data/networks/suburb/source.csv two
	cp -r "$srcdir/data/networks/village" two/village
	chmod -R u+w two
	echo 'name,from,to,phases,code,length_m
cable,substation,corner,abc,na2xs2y-150,900' >two/lines.csv
	echo 'name,bus,network
old,corner,village' >two/below.csv
	[ -z "$1" ] || echo "$2" >>"two/$1"
	if [ -n "$3" ]; then
		solve 2 two
		says err "$3"
	else
		solve 0 --json two
	fi
}
below below.csv 'new,corner,village' ''
with_python "what hangs twice below a bus draws twice, behind the cable alone" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
drawn = {e["name"]: e for e in flow["elements"]}
assert abs(drawn["old/village"]["in_w"] - drawn["new/village"]["in_w"]) < 1e-3, drawn.keys()
both = drawn["old/village"]["in_w"] + drawn["new/village"]["in_w"]
assert abs(drawn["cable"]["in_w"] - drawn["cable"]["lost_w"] - both) < 1e-3, both
assert flow["engine"] == "sweep" and flow["converged"]
names = {v["bus"] for v in flow["voltages"]}
assert "old/church" in names and "new/church" in names and "old/station" not in names
END
below below.csv 'new,nowhere,village' "bus: 'nowhere' is in no other table"
below below.csv 'new,corner,../two' "network: '../two' names no folder"
below below.csv 'new,corner,town' "'two/town' has no source.csv"
below village/source.csv 'other,20,1,900,3' "bus: 'other' is a second source"
below source.csv '' ''
sed -i 's/,20,/,11,/' two/source.csv
solve 2 two
says err "kv_ll: '20' is not the voltage of the bus that it hangs below"

# --- outages in a run: interruptions and what they leave unserved, by hand
cat >outage.xml <<'END'
<scenario name="outage">
  <time start="2024-06-20T00:00Z" duration="6 h" step="15 min"/>
  <place latitude="50 deg" longitude="10 deg"/>
  <feeder network="village">
    <outage at="1 h" duration="20 min"/>
    <outage at="3.1 h" duration="37 min" of="lane"/>
    <outage at="5 h" duration="299 s" of="main road 2"/>
  </feeder>
  <homes count="12"><load annual="4000 kWh"/></homes>
</scenario>
END
"$hearth" run outage.xml --json >out 2>err
with_python "SAIFI, SAIDI, CAIDI and MAIFI of three outages of a village" <<'END'
import csv, json, os, sys
def rows(table):
    path = os.environ["HEARTH_DATA"] + "/data/networks/village/" + table
    return list(csv.DictReader(line for line in open(path) if not line.startswith("#")))
bus, lines = [row["bus"] for row in rows("loads.csv")], rows("lines.csv")
def behind(name):
    reached = {line["to"] for line in lines if line["name"] == name}
    for line in lines:
        if line["from"] in reached: reached.add(line["to"])
    return sum(b in reached for b in bus)
behind_lane, behind_road = behind("lane"), behind("main road 2")
assert behind_lane > 0 and behind_road > 0
run, n = json.load(open(sys.argv[1])), len(bus)
assert run["validity"] == "VALID" and n == 12
def near(key, value): assert abs(run[key] - value) < 1e-9, (key, run[key], value)
near("grid.saifi", 1 + behind_lane / n)
near("grid.saidi_min", 20 + 37 * behind_lane / n)
near("grid.caidi_min", (20 * n + 37 * behind_lane) / (n + behind_lane))
near("grid.asai_pu", 1 - (20 + 37 * behind_lane / n) / 360)
near("grid.maifi", behind_road / n)
assert run["grid.unserved_j"] == run["grid.unserved_outage_j"] > 0
assert run["ledger"]["total"]["residual"] < 1e-9
END

# --- every shipped network carries homes, and an idle transformer loses nothing
for network in na-secondary rural suburb/street village; do
	cat >homes.xml <<END
<scenario name="homes">
  <time start="2024-06-20T00:00Z" duration="2 h" step="5 min"/>
  <place latitude="50 deg" longitude="10 deg"/>
  <feeder network="$network"/>
  <homes count="7"><load annual="4000 kWh"/></homes>
</scenario>
END
	check "homes on $network" "$hearth" run homes.xml -q
done
mkdir idle
cp "$srcdir"/data/networks/village/*.csv idle
chmod -R u+w idle
echo 'spare,busbar,shed,Dd,0,2500,0.4,0.4,2,8' >>idle/transformers.csv
sed 's|network="[^"]*"|network="idle"|' homes.xml >idle.xml
check "homes beside an idle delta" "$hearth" run idle.xml -q

# --- words
solve 2 nowhere
says err "no network 'nowhere'"
"$hearth" grid 2>err
check "an action is wanted" grep -q ACTION err
"$hearth" grid flow village 2>err
says err "'flow' is no action; write solve or hosting"
"$hearth" grid solv village 2>err
says err "did you mean 'solve'?"
"$hearth" grid solve 2>err
says err "solve takes one NETWORK, but got 0"
"$hearth" grid solve --seed=3 village 2>err
says err "solve takes no --seed"

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
says out 'solved by the sweep'
cp tables/lines.csv lines.csv
echo 'two,away,near,abc,thin,70' >>tables/lines.csv
solve 0 --json tables
says out '"engine": "nodal"' # a loop
mv lines.csv tables/lines.csv
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

# --- what is controlled
solve 0 --controls rural
says out 'controls at rest after'
solve 0 --json --controls rural
with_python "the shipped feeder's controls come to rest, each having acted" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
c = flow["controls"]
assert len(c["regulators"]) == 3 and len(c["capacitors"]) == 1 and len(c["inverters"]) == 3
assert all(r["band_low_v"] <= r["relay_v"] <= r["band_high_v"] for r in c["regulators"]), c
assert sum(r["operations"] for r in c["regulators"]) > 3 and c["capacitors"][0]["closed"]
solar, barns, roof = c["inverters"]
assert solar["var"] < -1e5 and barns["curtailed_w"] > 5e4 and abs(roof["var"]) < 9, c["inverters"]
limit_w = 1.05e6 * (1 - (barns["v_pu"] - 1.06) / 0.04) # Volt-Watt of its 1050 kW
assert abs(barns["w"] - limit_w) < 2e-4 * 1.05e6, (barns, limit_w)
taken = flow["load_w"] + flow["line_loss_w"] + flow["transformer_loss_w"]
assert abs(flow["source_w"] - taken) < 1e-3, flow["source_w"]
END
mv out once
solve 0 --json --controls rural
check "the same bytes again" cmp once out
solve 0 --json rural
with_python "without --controls nothing acts" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
assert "controls" not in flow
END
solve 2 --controls village
says err 'nothing is controlled; give regulators.csv a set_v'
"$hearth" grid hosting --controls doorstep 2>err
says err 'hosting takes no --controls'

mkdir controlled
cp tables/source.csv tables/linecodes.csv controlled
echo 'name,from,to,phases,code,length_m
one,near,far,abc,thin,50
two,away,end,abc,thin,50' >controlled/lines.csv
echo 'name,from,to,conn,phase,tap,set_v,band_v,pt_ratio,r_v,ct_a,delay_s,gang
R,far,away,wye,a,0.5,120,2,2,,,,
S,far,away,wye,b,0,120,0.7,2,1,,-3,
T,far,away,wye,c,3,,,,,,,yes' >controlled/regulators.csv
solve 2 controlled
says err "regulators.csv:2:1: error: tap: '0.5' is no step that a control moves; write -16 to 16"
says err "regulators.csv:3:1: error: band_v: '0.7' is narrower than a step of 5/8 %"
says err "ct_a: '' is no finite number; write one"
says err "delay_s: '-3' must be at least 0"
says err "regulators.csv:4:1: error: set_v: '' is empty; the first unit of a gang has its settings"
echo 'name,from,to,conn,phase,tap,set_v,band_v,pt_ratio,gang
R,far,away,wye,a,2,120,2,2,yes
R,far,away,wye,b,2,,,,yes
R,far,away,wye,c,3,118,,,yes' >controlled/regulators.csv
solve 2 controlled
says err "regulators.csv:4:1: error: tap: '3' differs from that of the gang's first unit"
says err "set_v: '118' is not read: its gang follows the first unit"
sed -i 's/c,3,118/c,2,/' controlled/regulators.csv
solve 0 --json --controls controlled
with_python "a gang moves together: 230.94 V are 115.47 V at the relay, five steps bring 119.08 V" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
r = flow["controls"]["regulators"]
assert len(r) == 1 and r[0]["phase"] == "abc" and r[0]["tap"] == 5, r
v = {x["phase"]: x["v_pu"] for x in flow["voltages"] if x["bus"] == "away"}
assert all(abs(v[k] - (1 + 0.00625 * 5)) < 1e-9 for k in "abc"), v
END
echo 'bus,phase,kvar,kv_nominal
end,a,10,0.23
end,b,10,0.23
near,a,5,0.23' >controlled/capacitors.csv
echo 'bus,by,on,off,line,state,on_delay_s
end,voltage,1.02,0.98,,,
near,reactive,4,1,one,,
near,time,7,31,,,20
away,voltage,0.9,1.1,,,
end,reactive,10,-20,three,shut,
end,daily,10,-20,,,' >controlled/capacitor_controls.csv
solve 2 controlled
says err "capacitor_controls.csv:2:1: error: off: '0.98' must be above 'on'"
says err "capacitor_controls.csv:3:1: error: off: '1' is not so far below 'on' as the bank has kvar"
says err "capacitor_controls.csv:4:1: error: bus: 'near' has a control already"
says err "capacitor_controls.csv:5:1: error: bus: 'away' has no capacitor"
echo 'bus,by,on,off,line,state,on_delay_s
near,time,7,31,,shut,20
end,reactive,40,-20,three,,' >controlled/capacitor_controls.csv
solve 2 controlled
says err "off: '31' is no hour of the day; write 0 to 24"
says err "on_delay_s: '20' is of no use to a clock"
says err "state: 'shut' is neither closed nor open"
says err "line: 'three' is no line or transformer"
echo 'bus,by,on,off
near,time,18,6
end,daily,0.95,1.05' >controlled/capacitor_controls.csv
solve 2 controlled
says err "by: 'daily' is no control of capacitors; write voltage, reactive or time"
echo 'bus,by,on,off,state
near,time,18,6,
end,voltage,0.97,1.1,open' >controlled/capacitor_controls.csv
echo 'name,bus,phase,kva,kw,rated_kw,volt_var,category,priority
roof,end,a,5,-4,,yes,,
barn,end,abc,5,4,6,maybe,c,kvar' >controlled/inverters.csv
solve 2 controlled
says err "inverters.csv:2:1: error: kw: '-4' must be at least 0"
says err "rated_kw: '6' is more than the inverter's kva"
says err "volt_var: 'maybe' is neither yes nor no"
says err "category: 'c' is no category of IEEE 1547; write a or b"
says err "priority: 'kvar' gives way to nothing; write var or watt"
rm controlled/inverters.csv
solve 0 --controls controlled
says out 'near       open       1           0  12.03 h: closes at 18, opens at 6' # at noon, and 90 s on
says out 'end        open       0           -'

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

# A bank alone whose band is narrower than what it does to its voltage.
cp -R "$srcdir/data/networks/rural" hunting
chmod -R u+w hunting
rm hunting/inverters.csv hunting/regulators.csv
echo 'name,from,to,phases,state
crossing,crossing,crossing r,abc,closed' >hunting/switches.csv
echo 'bus,by,on,off,state
dairy,voltage,0.94,0.945,open' >hunting/capacitor_controls.csv
solve 1 --controls hunting
says err 'the controls hunt: after 4 h something still moves'

# --- inverters of homes: a sunny noon on a high source
sunny() { # NAME WORDS...
	name=$1
	shift
	"$hearth" run sunny.xml --json "$@" >"$name.json" 2>err
	check "a sunny noon with $*" [ $? -eq 0 ] || cat err
}
cat >sunny.xml <<'END'
<scenario name="sunny" seed="3">
<time start="2024-06-20T11:00+02:00" duration="1 h" step="1 min"/>
<place latitude="48 deg" longitude="11.5 deg"/>
<feeder street="european-lv" source="1.05" fault-level="20 MVA"><transformer rating="250 kVA"/></feeder>
<homes count="55"><load annual="3500 kWh"/><solar share="1" capacity="10 kW"/></homes>
</scenario>
END
sunny none
sunny var --set '//feeder/@volt-var=yes'
sunny watt --set '//feeder/@volt-watt=yes'
sunny both --set '//feeder/@volt-var=yes' --set '//feeder/@volt-watt=yes'
with_python "Volt-VAR and Volt-Watt lower the voltage; what is kept back is curtailed" <<'END'
import json
none, var, watt, both = (json.load(open(n + ".json")) for n in ("none", "var", "watt", "both"))
top = "grid.voltage_pu.max"
assert none[top] > 1.09 and both[top] < min(var[top], watt[top]), (none[top], both[top])
assert max(var[top], watt[top]) < none[top] - 0.005, (var[top], watt[top])
assert "grid.volt_watt_j" not in none and none["grid.curtailed_j"] == 0
assert var["grid.volt_watt_j"] == 0 and watt["grid.volt_watt_j"] > 1e7
assert both["grid.volt_watt_j"] < watt["grid.volt_watt_j"], both["grid.volt_watt_j"]
for r in (var, watt, both):
    kept = r["grid.volt_watt_j"] + r["grid.volt_var_j"]
    assert abs(r["grid.curtailed_j"] - kept) < 1e-9 * max(kept, 1), (r["grid.curtailed_j"], kept)
    assert r["homes.solar_j"] == none["homes.solar_j"] # wanted stays wanted
END

# --- a network whose own controls act in a run
cat >lumps.xml <<'END'
<scenario name="lumps" seed="3">
<time start="2024-06-20T09:00+02:00" duration="3 h" step="1 min"/>
<place latitude="48 deg" longitude="11.5 deg"/>
<feeder network="rural" count="2"/>
<homes count="28"><load annual="900 MWh"/></homes>
</scenario>
END
for jobs in 1 2; do
	"$hearth" run lumps.xml -j$jobs --json >lumps$jobs.json 2>err
	check "controls in a run with -j$jobs" [ $? -eq 0 ] || cat err
done
check "the same bytes with -j2" cmp lumps1.json lumps2.json
with_python "taps move, plants are curtailed, the books close" <<'END'
import json
r = json.load(open("lumps1.json"))
assert r["grid.tap_operations"] > 3 and r["grid.capacitor_operations"] >= 0, r["grid.tap_operations"]
kept = r["grid.volt_watt_j"] + r["grid.volt_var_j"]
assert kept > 1e7 and r["grid.curtailed_j"] >= kept * (1 - 1e-9), (kept, r["grid.curtailed_j"])
assert abs(r["check.ledger_residual"]) < 1e-9 and abs(r["check.meter_residual"]) < 1e-9
END

# --- hosting capacity
hosting() { # STATUS WORDS...
	want=$1
	shift
	"$hearth" grid hosting "$@" >out 2>err
	status=$?
	check "hearth grid hosting $*: status $status, not $want" [ "$status" -eq "$want" ] ||
	    cat out err
}
# Two lines of three homes, which draw nothing but what idle nodes do, as nobody asks: ten of
# 70.65 W at the plug, three-phase at 400 V, are 1.02 A a home. At 2.5 A a line carries two
# homes' nodes: 2 homes fit wherever they are, 3 and 4 where no line has three, 5 nowhere.
six() { # RATING
	cat <<END
<scenario name="six" seed="1">
<time start="2024-06-20T00:00+02:00" duration="5 min" step="1 min"/>
<place latitude="52 deg" longitude="13 deg"/>
<cable name="thin" r="0.1 ohm/km" x="0.1 ohm/km" rating="$1" source="for a test" verify="derived"/>
<street name="two lines" source="for a test">
<segment from="substation" to="left" length="10 m" cable="thin" customers="3" phases="abc"/>
<segment from="substation" to="right" length="10 m" cable="thin" customers="3" phases="abc"/>
</street>
<feeder street="two lines"/>
<homes count="6">
<node count="10" device="rtx-4090" model="llama-3.1-8b" weights="q4" engine="vllm-cuda-graph"/>
</homes>
</scenario>
END
}
six '2.5 A' >six.xml
hosting 0 --load=workload --step=0.1667 --placements=20 --json six.xml
with_python "a third of the homes in every placement, two thirds in some, by the lines" <<'END'
import json, sys
h = json.load(open(sys.argv[1]))
assert [l["homes"] for l in h["levels"]] == [1, 2, 3, 4, 5, 6], h["levels"]
assert abs(h["hosting_every_frac"] - 2 / 6) < 1e-3 and abs(h["hosting_some_frac"] - 4 / 6) < 1e-3
over = [l["placements_over"] for l in h["levels"]]
assert over[:2] == [0, 0] and over[4:] == [20, 20], over
assert 0 < over[2] < over[3] < 20, over # 1 in 10 and 2 in 5 are expected
assert h["bound"]["crossed"] and h["bound"]["limit"] == "line rating", h["bound"]
assert h["bound"]["asset"] in ("substation - left", "substation - right"), h["bound"]
assert abs(h["levels"][5]["margin_pu.min"] - (1 - 3 * 1.02 / 2.5)) < 5e-3, h["levels"][5]
END
hosting 0 --load=workload --step=0.1667 --placements=5 --json six.xml
mv out once
hosting 0 --load=workload --step=0.1667 --placements=5 --json --seed=1 six.xml
check "the same seed gives the same bytes" cmp once out
hosting 0 --load=workload --step=0.1667 --placements=5 --json -j3 six.xml
check "any number of threads gives the same bytes" cmp once out
hosting 0 --load=workload --step=0.1667 --placements=20 six.xml
says out 'hosting capacity: 33.34 % of homes in every placement, 66.68 % of homes in some; bound by'
says out '(line rating), from 50.01 % on'
for placement in 1 2 3 4 5; do
	"$hearth" run six.xml --set '//homes/node/@share=0.5' \
	    --set "//homes/@placement=$placement" --json >run$placement.json 2>err
done
with_python "each placement is one that hearth run shows" <<'END'
import json
seen = [json.load(open(f"run{k}.json"))["grid.margin_pu"] for k in range(1, 6)]
found = json.load(open("once"))["levels"][2]["margin_pu"][:5]
assert all(abs(a - b) < 1e-11 for a, b in zip(seen, found)), (seen, found)
END
six '100 A' >strong.xml
hosting 0 --load=workload --step='50 %' --placements=2 strong.xml
says out '100 % of homes in every placement, 100 % of homes in some; no limit is crossed'
six '1 A' >weak.xml
hosting 0 --load=workload --step=0.1667 --placements=2 weak.xml
says out 'less than 16.67 % of homes in every placement, less than 16.67 % of homes in some; bound by'
hosting 2 --step='5 %' six.xml
says err '--step: 5 % is finer than one home of 6; write 0.1667 or more'
hosting 2 --step=0.5 --set '//homes/node/@share=0' six.xml
says err 'a share of 0 says nothing of the proportions'
sed '/<feeder/d' six.xml >bare.xml
hosting 2 bare.xml
says err 'bare.xml:1:1: error: scenario: without a feeder there is no limit to cross'
sed '/<node/d' six.xml >bare.xml
hosting 2 bare.xml
says err 'bare.xml:10:1: error: homes: none of them has anything to host; add a <node>'
sed 's/ duration="5 min"//' six.xml >bare.xml
hosting 2 bare.xml
says err 'bare.xml:2:1: error: time: nodes at full power answer nothing'
hosting 2 --load=half six.xml
says err "is no load; write full or workload"
hosting 2 -j0 six.xml
says err "is no number of threads"
hosting 2 --placements=0 six.xml
says err "is no whole number from 1 to 100000"
hosting 2 --step=2 six.xml
says err "is no share above 0 and up to 1"

# Nodes at full power: ten of 300 W and 80 W of host behind 0.92 are 4130.4 W a home, beside
# 1 kW of power factor 0.95. Of 20 kVA that leaves sqrt(20^2 - 1.972^2) - 6 = 13.90 kW: three
# homes' nodes fit wherever they are, the fourth does not.
echo 'time_s,flat' >flat.csv
for hour in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23; do
	echo "$((hour * 3600)),1"
done >>flat.csv
six '100 A' |
    sed 's/count="10"/& power-cap="300 W"/
	s/<homes count="6">/&<load annual="8760 kWh" profile="flat.csv"\/>/
	s/<feeder \(.*\)\/>/<feeder \1><transformer rating="20 kVA" load-loss="20 W" \
	no-load-loss="0.1 W" impedance="0.5 %"\/><\/feeder>/' >full.xml
hosting 0 --step=0.1667 --placements=3 --json full.xml
with_python "(rating - other load) / node power of the homes, by the transformer" <<'END'
import json, math, sys
h = json.load(open(sys.argv[1]))
assert h["load"] == "full" and h["runs"] == 1 + 5 * 3 + 1, h["runs"]
assert [l["homes"] for l in h["levels"]] == [0, 1, 2, 3, 4, 5, 6], h["levels"]
fit = (math.sqrt(20 ** 2 - (6 * math.tan(math.acos(0.95))) ** 2) - 6) / (10 * 0.380 / 0.92)
assert math.floor(fit) == 3, fit
assert abs(h["hosting_every_frac"] - 3 / 6) < 1e-3 and abs(h["hosting_some_frac"] - 3 / 6) < 1e-3
assert h["bound"]["crossed"] and h["bound"]["asset"] == "transformer", h["bound"]
assert h["bound"]["limit"] == "transformer rating", h["bound"]
for n in (3, 4, 5): # above, the hot spot is further beyond its limit
    loading = math.hypot(6 + n * 3.8 / 0.92, 6 * math.tan(math.acos(0.95))) / 20
    assert abs(h["levels"][n]["margin_pu.min"] - (1 - loading)) < 3e-3, (n, h["levels"][n])
assert h["valid"] and h["suspect"] == {"runs": 0} and h["invalid"] == {"runs": 0}, h["suspect"]
END
mv out once
hosting 0 --step=0.1667 --placements=3 --json -j2 full.xml
check "any number of threads gives the same bytes" cmp once out
hosting 0 --load=workload --step='50 %' --placements=2 full.xml
says out 'six: 6 homes, nodes by the workload, seed 0x1'
says out 'hosting capacity: 100 % of homes in every placement'

# At the end of 20 km the loads do not get the voltage at which they keep their power.
sed 's/length="10 m"/length="20 km"/' full.xml >far.xml
hosting 0 --step='50 %' --placements=2 --json far.xml
with_python "runs that are SUSPECT are counted, and the first one has its reason" <<'END'
import json, sys
h = json.load(open(sys.argv[1]))
assert h["runs"] == 4 and h["suspect"]["runs"] == 3 and h["valid"], h["suspect"]
assert h["suspect"]["first_share_frac"] == 0.5 and h["suspect"]["first_placement"] == 1
assert h["suspect"]["first_failed"] == "check.low_voltage_steps is 1, of 0.01 at most", h["suspect"]
assert [l["placements_over"] for l in h["levels"]] == [0, 2, 2], h["levels"]
END
hosting 0 --step='50 %' --placements=2 far.xml
says out 'SUSPECT: 3 of 4 runs, the first at 50 % of homes, placement 1: check.low_voltage_steps is 1'

# --- tables that are wrong in ways that a network could still be made of
spoil() { # TABLE SED-PROGRAM: of the village
	rm -rf spoilt
	cp -r "$srcdir/data/networks/village" spoilt
	chmod -R u+w spoilt
	sed -i "$2" "spoilt/$1"
}
spoil lines.csv 's/^lane,church,school/lane,school,school/'
solve 2 spoilt
says err "to: 'school' is where it begins; name another bus"
spoil transformers.csv 's/station,busbar/busbar,busbar/'
solve 2 spoilt
says err "to: 'busbar' is where it begins; name another bus"
spoil source.csv 's/^station,20/station,1e308/'
solve 2 spoilt
says err "kv_ll: '1e308' is beyond any network; write at most 1e12"
spoil source.csv 's/^station,20/station,20000/'
solve 2 spoilt
says err "kv_ll: '20000' is no voltage of a grid; write kV, as 20"
spoil source.csv 's/1\.01/5556/'
solve 2 spoilt
says err "v_pu: '5556' is no part of the nominal voltage; write 0.5 to 1.5"
spoil linecodes.csv 's/^nayy-4x50,0.641/nayy-4x50,-0.641/'
solve 2 spoilt
says err "name: 'lane' gives power: its resistances are below 0"
# Of a phase (r0 + 2 r1) / 3 = -0.137 ohm/km.
spoil linecodes.csv 's/^nayy-4x150,0.206,0.080,0.824/nayy-4x150,0.206,0.080,-0.824/'
solve 2 spoilt
says err "name: 'main road 1' gives power"
# Below ten stations the same row is read ten times and told once.
rm -rf spoilt
cp -r "$srcdir/data/networks/suburb" spoilt
chmod -R u+w spoilt
sed -i '9s/,[abc],/,none,/' spoilt/street/lines.csv
solve 2 spoilt
says err "phases: 'none' names no phases"
check "told once" [ "$(grep -c 'names no phases' err)" -eq 1 ]
# Two regulators of one phase, which controls look at before an engine does.
rm -rf spoilt
cp -r "$srcdir/data/networks/rural" spoilt
chmod -R u+w spoilt
sed -i '$p' spoilt/regulators.csv
solve 2 --controls spoilt
says err 'two regulators or sources meet at crossing r c; open a switch between them'

# --- loads without a way to the source: told, and no number is spoilt; a run refuses them
spoil lines.csv 's/^lane,church,school/lane,church,scholl/'
solve 0 --json spoilt
says err 'bus school has no way to a source'
says err 'load school a: school a has no way to a source: it is unserved'
with_python "what is dark draws nothing" <<'END'
import json, sys
flow = json.load(open(sys.argv[1]))
taken = flow["load_w"] + flow["line_loss_w"] + flow["transformer_loss_w"]
assert abs(flow["source_w"] / taken - 1) < 1e-12 and flow["load_w"] > 0, flow["load_w"]
END
village() { # ATTRIBUTES OF HOMES
	cat <<END
<scenario name="spoilt">
<time start="2024-06-20T00:00Z" duration="10 min"/>
<place latitude="50 deg" longitude="10 deg"/>
<feeder network="spoilt"/>
<homes $1/>
</scenario>
END
}
village 'count="3"' >spoilt.xml
"$hearth" run spoilt.xml >out 2>err
check "a run refuses loads without a way to a source" [ $? -eq 2 ]
says err "spoilt.xml:4:1: error: feeder: network './spoilt': load 'school a' hangs at school a, which has"
says err 'connect it, or take the load out'

# --- a looped network without any load: rounding is no loss, of either sign
spoil lines.csv '$a ring,school,square,abc,nayy-4x50,100'
village 'count="0"' >spoilt.xml
"$hearth" run spoilt.xml >out 2>err
check "nobody at home, in a ring" [ $? -eq 0 ] || cat err
spoil lines.csv ''
"$hearth" run spoilt.xml >out 2>err
check "nobody at home, on a tree" [ $? -eq 0 ] || cat err
finish
