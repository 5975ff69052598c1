/* hearth grid solve NETWORK */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/paths.h"
#include "cli/grid.h"
#include "cli/status.h"
#include "models/grid/matpower.h"
#include "models/grid/network_csv.h"
#include "models/grid/sweep.h"

/* Voltages then agree with any other order of the sums to some 1e-11. */
static const double tolerance_pu = 1e-12;

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

static void warn_dead(const struct network *n, const struct topology *t, struct err_list *e)
{
	for (size_t i = 0; i < n->buses; i++) {
		const struct net_bus *b = n->bus[i];
		bool live = false;
		for (int k = 0; k < NET_PHASES; k++)
			live |= b->node[k] != NET_NONE && topology_is_live(t, b->node[k]);
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
	warn_dead(c->network, c->topology, e);
	if (json)
		grid_print_json(c);
	else
		grid_print(c);
	return STATUS_DONE;
}

static int solve_nodal(struct grid_case *c, bool json, struct err_list *e)
{
	struct nodal *s = nodal_new(c->network, (struct err_pos){ c->name, 0, 0 }, e);
	if (!s) return STATUS_USAGE;
	c->engine = ENGINE_NODAL;
	c->result = nodal_solve(s, tolerance_pu);
	c->topology = nodal_topology(s);
	c->v = nodal_v(s);
	int status = tell(c, json, e);
	nodal_free(s);
	return status;
}

/* The nodal equations have the last word on what the sweep does not take, and on what it
 * finds no operating point for. */
static int solve_network(struct grid_case *c, bool json, struct err_list *e)
{
	struct sweep *s = sweep_takes(c->network, true);
	int status;
	if (s) c->result = sweep_solve(s, tolerance_pu);
	if (c->result.converged) {
		c->engine = ENGINE_SWEEP;
		c->topology = sweep_topology(s);
		c->v = sweep_v(s);
		status = tell(c, json, e);
	} else {
		status = solve_nodal(c, json, e);
	}
	sweep_free(s);
	return status;
}

static int solve(const char *path, bool json, struct err_list *e)
{
	struct network *n = is_folder(path) ? network_read_csv(path, e) : mp_read(path, e);
	struct grid_case c = { .name = path, .network = n };
	int status = n ? solve_network(&c, json, e) : STATUS_USAGE;
	network_free(n);
	return status;
}

int grid_solve(const struct options *o, struct err_list *e)
{
	char *path = find_network(o->further.word[0], e);
	int status = path ? solve(path, options_flag(o, GRID_JSON), e) : STATUS_USAGE;
	free(path);
	return status;
}
