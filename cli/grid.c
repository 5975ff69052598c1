/* hearth grid ACTION NETWORK */
#include "cli/grid.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/paths.h"
#include "cli/command.h"
#include "models/grid/matpower.h"
#include "models/grid/network_csv.h"

enum { JSON };

/* Voltages then agree with any other order of the sums to some 1e-11. */
static const double tolerance_pu = 1e-12;

static const struct option_row options[] = {
	[JSON] = { "json", 0, NULL, NULL,
	    "print voltages, flows and losses as one JSON object, with units in its keys" },
	{ NULL },
};

static bool is_folder(const char *path)
{
	struct stat st;
	return path && !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* A folder or file as named, or a shipped network; NULL with an entry in e. */
static char *find_network(const char *name, struct err_list *e)
{
	struct stat st;
	char *shipped = strchr(name, '/') ? NULL : paths_in("data/networks", name);
	if (!stat(name, &st)) {
		free(shipped);
		return mem_text(name);
	}
	if (is_folder(shipped)) return shipped;
	free(shipped);
	err_at(e, (struct err_pos){ 0 },
	    "no network '%s'; name a folder of tables, a MATPOWER case file, or the shipped "
	    "'village'",
	    name);
	return NULL;
}

static void warn_dead(const struct network *n, const struct nodal *s, struct err_list *e)
{
	for (size_t i = 0; i < n->buses; i++) {
		const struct net_bus *b = n->bus[i];
		bool live = false;
		for (int k = 0; k < NET_PHASES; k++)
			live |= b->node[k] != NET_NONE && nodal_is_live(s, b->node[k]);
		if (!live)
			err_warn(e, (struct err_pos){ 0 },
			    "bus %s has no way to a source: it is without voltage, its loads "
			    "unserved",
			    b->name);
	}
}

static int tell(const struct grid_case *c, bool json, struct err_list *e)
{
	const struct nodal_result *r = &c->result;
	if (!r->converged) {
		fprintf(stderr,
		    "hearth grid: %s: no operating point: after %u iterations a voltage still "
		    "moves "
		    "by %.2g of its nominal; the loads are more than the network can carry\n",
		    c->name, r->iterations, r->change_pu);
		return STATUS_INVALID;
	}
	if (r->to_earth_a > 1e-6) {
		fprintf(stderr,
		    "hearth grid: %s: %.3g A of loads to earth hang in a part that has no earth; "
		    "connect them between phases, or earth a transformer's neutral\n",
		    c->name, r->to_earth_a);
		return STATUS_INVALID;
	}
	warn_dead(c->network, c->nodal, e);
	if (json)
		grid_print_json(c);
	else
		grid_print(c);
	return STATUS_DONE;
}

static int solve(const char *path, bool json, struct err_list *e)
{
	struct network *n = is_folder(path) ? network_read_csv(path, e) : mp_read(path, e);
	struct nodal *s = n ? nodal_new(n, (struct err_pos){ path, 0, 0 }, e) : NULL;
	int status = STATUS_USAGE;
	if (s) {
		struct grid_case c = { path, n, s, nodal_solve(s, tolerance_pu) };
		status = tell(&c, json, e);
	}
	nodal_free(s);
	network_free(n);
	return status;
}

static int run(const struct options *o)
{
	if (strcmp(o->operand, "solve")) {
		fprintf(stderr,
		    "hearth grid: error: '%s' is no action; write solve\n"
		    "Try 'hearth grid --help'.\n",
		    o->operand);
		return STATUS_USAGE;
	}
	struct err_list *e = err_new();
	char *path = find_network(o->further.word[0], e);
	int status = path ? solve(path, options_flag(o, JSON), e) : STATUS_USAGE;
	err_print(e, stderr);
	free(path);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth grid solve village", "the flow in a shipped network" },
	{ "hearth grid solve --json village >flow.json", "the same for another program" },
	{ NULL, NULL },
};

const struct command grid_command = {
	.name = "grid",
	.about = "solve the power flow of a distribution network",
	.text =
	    "ACTION solve NETWORK prints voltages, flows and losses of an unbalanced three-phase "
	    "network at its loads, with taps and switches as they stand. A network is a folder of "
	    "tables (CSV), a MATPOWER case file (numbers only, as savecase writes them), or the "
	    "name of a shipped one.\n\n"
	    "Tables: source.csv, lines.csv, linecodes.csv, transformers.csv, regulators.csv, "
	    "switches.csv, loads.csv and capacitors.csv, of which only the first must be there; "
	    "the shipped network shows their columns. Lines are three-phase matrices or sequence "
	    "codes; transformers wye, floating-wye or delta; regulators in wye or open delta; "
	    "loads in wye or delta, of constant power (PQ), current (I) or impedance (Z), outside "
	    "0.8 to 1.2 of the nominal voltage the impedance that they are there.\n\n"
	    "Ends with status 1 when there is no operating point. Parts without a source are "
	    "named and without voltage.",
	.operand = { "ACTION", true, NULL, "solve" },
	.further = { "NETWORK", true, NULL,
	    "a folder of tables, a case file, or a shipped network" },
	.options = options,
	.examples = examples,
	.run = run,
};
