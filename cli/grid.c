/* hearth grid ACTION [FILE] */
#include "cli/grid.h"

#include <string.h>

#include "base/units.h"
#include "cli/action.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/grid_table.h"
#include "cli/jobs.h"
#include "cli/set.h"

enum { PLACEMENTS_MAX = 100000 };

static const char *refuse_placements(const char *value)
{
	uint64_t n;
	if (options_parse_u64(value, &n) && n >= 1 && n <= PLACEMENTS_MAX) return NULL;
	return "is no whole number from 1 to 100000";
}

static const char *refuse_step(const char *value)
{
	struct quantity q;
	char why[160];
	if (units_parse(value, DIM_FRACTION, &q, why, sizeof why) && q.si > 0 && q.si <= 1)
		return NULL;
	return "is no share above 0 and up to 1; write such as 0.05 or '5 %'";
}

static const char *refuse_load(const char *value)
{
	if (!strcmp(value, GRID_LOAD_FULL) || !strcmp(value, GRID_LOAD_WORKLOAD)) return NULL;
	return "is no load; write full or workload";
}

static const char *refuse_table(const char *value)
{
	return grid_table_named(value) ? NULL : "is no table; write " GRID_TABLE_WORDS;
}

static const struct option_row options[] = {
	[GRID_LOAD] = { "load", 0, "LOAD", GRID_LOAD_FULL,
	    "hosting: what nodes draw: 'full', their full power all the time, or 'workload', what "
	    "the scenario's requests make of them",
	    .refuse = refuse_load, .words = "full workload" },
	[GRID_PLACEMENTS] = { "placements", 0, "N", "10",
	    "hosting: random orders of the homes to try at every share",
	    .refuse = refuse_placements },
	[GRID_STEP] = { "step", 0, "SHARE", "10 %, or one home where that is more",
	    "hosting: from one share of the homes to the next; no finer than one home",
	    .refuse = refuse_step },
	[GRID_SEED] = { "seed", 0, "N", "the scenario's", "hosting: seed of every random stream",
	    .refuse = options_refuse_u64 },
	[GRID_SET] = { "set", 0, "XPATH=VALUE", NULL,
	    "hosting: override an attribute of the scenario; may be repeated, in order", true,
	    set_refuse },
	[GRID_JOBS] = { "jobs", 'j', "N", "1",
	    "hosting: threads that make runs side by side; what is printed is the same bytes",
	    .refuse = jobs_refuse },
	[GRID_CONTROLS] = { "controls", 0, NULL, NULL,
	    "solve: let regulators, capacitors and inverters act until all are at rest" },
	[GRID_TABLE] = { "table", 0, "TABLE", "all but with --csv, which prints voltages",
	    "solve: one table alone: " GRID_TABLE_WORDS, .refuse = refuse_table,
	    .words = "voltages elements power regulators capacitors inverters" },
	[GRID_JSON] = { "json", 0, NULL, NULL,
	    "print what was found as one JSON object, with units in its keys" },
	[GRID_CSV] = FORM_CSV_OPTION,
	[GRID_MD] = FORM_MD_OPTION,
	{ NULL },
};

enum { FORMS = 1u << GRID_JSON | 1u << GRID_CSV | 1u << GRID_MD };

static const struct action actions[] = {
	{ "solve", 1, 1, "one NETWORK", 
	    1u << GRID_CONTROLS | 1u << GRID_TABLE | FORMS, grid_solve },
	{ "hosting", 0, 1, "at most one SCENARIO",
	    1u << GRID_LOAD | 1u << GRID_PLACEMENTS | 1u << GRID_STEP | 1u << GRID_SEED |
		1u << GRID_SET | 1u << GRID_JOBS | FORMS,
	    grid_hosting },
	{ NULL },
};

static int run(const struct options *o)
{
	return action_run(actions, o);
}

static const struct example examples[] = {
	{ "hearth grid solve village", "the flow in a shipped network" },
	{ "hearth grid solve --controls rural",
	    "the flow after regulators, capacitors and inverters have come to rest" },
	{ "hearth grid solve na-secondary", "homes at 120/240 V" },
	{ "hearth grid solve --json village >flow.json", "the same for another program" },
	{ "hearth grid solve --csv --table=elements village >flows.csv",
	    "one of its tables for a spreadsheet" },
	{ "hearth grid hosting --placements=2 --step='50 %' doorstep",
	    "how many homes of a street can have a node at full power, roughly" },
	{ "hearth grid hosting --load=workload --placements=2 --step='50 %' doorstep",
	    "the same with nodes that answer the scenario's requests" },
	{ NULL, NULL },
};

const struct command grid_command = {
	.name = "grid",
	.about = "solve a distribution network, or find how many nodes a street can host",
	.text =
	    "ACTION solve NETWORK prints voltages, flows and losses of an unbalanced three-phase "
	    "network at its loads, with taps and switches as they stand. A network is a folder of "
	    "tables (CSV), a MATPOWER case file (numbers only, as savecase writes them), or the "
	    "name of a shipped one.\n\n"
	    "Tables: source.csv, lines.csv, linecodes.csv, triplex.csv, transformers.csv, "
	    "centre_tapped.csv, regulators.csv, switches.csv, loads.csv, capacitors.csv, "
	    "capacitor_controls.csv and inverters.csv, of which only the first must be there; the "
	    "shipped networks, 'village' (European), 'na-secondary' (North American homes) and "
	    "'rural' (controls), show their columns. Lines are three-phase matrices or codes of "
	    "sequences or, for triplex cables, of legs; transformers wye, floating-wye or delta, "
	    "or centre-tapped: behind those a bus has the legs 1 and 2 in the place of phases, "
	    "and 12 lies between them, at 240 V; regulators in wye or open delta; "
	    "loads in wye or delta, of constant power (PQ), current (I) or impedance (Z), outside "
	    "0.8 to 1.2 of the nominal voltage the impedance that they are there.\n\n"
	    "A tree on one bus of sources, of lines, capacitors, regulators in wye and "
	    "transformers with an earthed wye or a centre tap behind them, is solved by a backward "
	    "and forward "
	    "sweep; everything else by the nodal equations, which find the same. The output says "
	    "which it was.\n\n"
	    "With --controls, devices that have settings in the tables act from there on, at "
	    "constant loads: regulators behind line drop compensators, by their bands and delays; "
	    "capacitors switched by voltage, reactive power or the clock, which begins at noon; "
	    "inverters by Volt-VAR and Volt-Watt (IEEE 1547). What is printed is the network "
	    "when all are at rest, and what each has done.\n\n"
	    "Ends with status 1 when there is no operating point, or controls hunt. Parts without "
	    "a source are "
	    "named and without voltage.\n\n"
	    "ACTION hosting SCENARIO finds the hosting capacity for compute: the largest share of "
	    "homes that can have a node before a limit of the feeder is crossed (voltage, "
	    "unbalance, lines, transformer; hearth explain grid.margin_pu). It runs the scenario "
	    "at shares from 0 to 1, each in several placements: random orders of the homes, of "
	    "which the first ones have the node, so that nodes may cluster at the end of a line. "
	    "'In every placement' is the largest share up to which no placement crosses a limit, "
	    "'in some' the largest at which at least one does not; more placements make the first "
	    "smaller and the second larger. Several <node> of <homes> keep their proportions.\n\n"
	    "With --load=full, which is how connections are dimensioned, the nodes of homes draw "
	    "their full power all the time: each accelerator its power cap or the highest power "
	    "of its model, the host what it draws at work, and what their power supply loses. "
	    "The capacity is then the wires' alone, whoever asks for what; nobody asks anything, "
	    "and the scenario needs a duration. With --load=workload nodes draw what the <workload> "
	    "makes of them, little while they have nothing to answer: more nodes then share the "
	    "same requests, so that a light workload fits in all homes. For another one change it, "
	    "as with --set '//workload/@rate=2/s'. There shares begin at one step unless a "
	    "<datacentre> can answer.\n\n"
	    "Placements differ in nothing but the homes that have nodes; the seed draws all else "
	    "(loads, solar modules, cars, weather, requests) and is the same in all of them. With "
	    "--load=workload any row can be seen whole: hearth run SCENARIO --set "
	    "'//homes/@placement=3' --set '//homes/node/@share=0.4'.\n\n"
	    "The end says how many runs are SUSPECT (a step whose power flow has no solution, "
	    "or loads below the voltage at which they keep their power) or INVALID, and why the "
	    "first one is. Ends with status 1 when a run is INVALID.",
	.operand = { "ACTION", true, NULL, "solve or hosting", .words = "solve hosting" },
	.further = { "INPUT", false, "for hosting doorstep",
	    "solve: a NETWORK, that is a folder of tables, a case file, or a shipped network; "
	    "hosting: a SCENARIO, a file or the name of a shipped one",
	    .words = "solve:@networks solve:@folders solve:@.m hosting:@scenarios" },
	.options = options,
	.examples = examples,
	.run = run,
};
