/* hearth grid solve NETWORK */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/paths.h"
#include "cli/form.h"
#include "cli/grid.h"
#include "cli/status.h"
#include "models/grid/matpower.h"
#include "models/grid/network_csv.h"
#include "models/grid/settle.h"

/* Voltages then agree with any other order of the sums to some 1e-11. */
static const double tolerance_pu = 1e-12;

/* Controls begin at noon, for what goes by the clock. Three regulators behind each other
 * that cross all their steps at 30 s each take 48 minutes. */
static const double noon_s = 12 * 3600, settle_limit_s = 4 * 3600;

/* What of it is printed, and how. */
struct show {
	enum table_form form;
	const char *table; /* that one alone; NULL: all */
};

static bool is_folder(const char *path)
{
	struct stat st;
	return path && !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int is_network(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Shipped ones are told by name, for there are few. */
static void refuse_unknown(const char *name, struct err_list *e)
{
	char *folder = paths_in("data", "networks"), *shipped = mem_text("");
	struct dirent **entry;
	int entries = folder ? scandir(folder, &entry, is_network, alphasort) : -1;
	for (int i = 0; i < entries; i++) {
		char *more = mem_print("%s%s %s", shipped, i ? "," : "", entry[i]->d_name);
		free(shipped);
		shipped = more;
		free(entry[i]);
	}
	if (entries >= 0) free(entry);
	err_at(e, (struct err_pos){ 0 },
	    "no network '%s'; name a folder of tables, a MATPOWER case file, or a shipped one:%s",
	    name, shipped);
	free(shipped);
	free(folder);
}

/* A folder or file as named, or a shipped network; NULL with an entry in e. */
static char *find_network(const char *name, struct err_list *e)
{
	struct stat st;
	if (!stat(name, &st)) return mem_text(name);
	char *shipped = paths_find_folder(name, NULL);
	if (!shipped) refuse_unknown(name, e);
	return shipped;
}

static void warn_dead_loads(const struct network *n, const struct topology *t, struct err_list *e)
{
	for (size_t i = 0; i < n->loads; i++) {
		const struct net_load *l = &n->load[i];
		if (topology_is_live(t, l->plus) && topology_is_live(t, l->minus)) continue;
		char *at = topology_node_name(n, topology_is_live(t, l->plus) ? l->minus : l->plus);
		err_warn(e, (struct err_pos){ 0 },
		    "load %s: %s has no way to a source: it is unserved, in whole or in part",
		    l->name, at);
		free(at);
	}
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
	warn_dead_loads(n, t, e);
}

static int tell(struct grid_case *c, struct solver *s, const struct show *show, struct err_list *e)
{
	const struct nodal_result *r = solver_result(s);
	c->result = *r;
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
	c->engine = solver_engine(s);
	c->topology = solver_topology(s);
	c->v = solver_v(s);
	warn_dead(c->network, c->topology, e);
	if (show->table) return grid_print_table(c, show->table, show->form, e) ? STATUS_DONE : STATUS_USAGE;
	grid_print(c, show->form);
	return STATUS_DONE;
}

static int solve_flow(struct grid_case *c, struct solver *s, const struct show *show, struct err_list *e)
{
	if (!solver_solve(s, tolerance_pu, e)) return STATUS_USAGE;
	return tell(c, s, show, e);
}

static int let_act(
    struct grid_case *c, struct solver *s, struct controls *acting, const struct show *show, struct err_list *e)
{
	enum settle_end end = controls_settle(acting, s, tolerance_pu, settle_limit_s, e);
	if (end == SETTLE_REFUSED) return STATUS_USAGE;
	if (end == SETTLE_HUNTS) {
		fprintf(stderr,
		    "hearth grid: %s: the controls hunt: after %.0f h something still moves; "
		    "widen bands or set longer delays downstream\n",
		    c->name, settle_limit_s / 3600);
		return STATUS_INVALID;
	}
	c->controls = acting;
	return tell(c, s, show, e);
}

/* What no engine would take; controls look at it before one does. */
static bool is_sound(const struct network *n, const char *name, struct err_list *e)
{
	struct topology *t = topology_new(n, (struct err_pos){ name, 0, 0 }, e);
	topology_free(t);
	return t != NULL;
}

static int solve_controlled(
    struct grid_case *c, struct network *n, struct solver *s, const struct show *show, struct err_list *e)
{
	if (!is_sound(n, c->name, e)) return STATUS_USAGE;
	struct controls *acting = controls_new(n, noon_s);
	int status = STATUS_USAGE;
	if (acting)
		status = let_act(c, s, acting, show, e);
	else
		err_at(e, (struct err_pos){ c->name, 0, 0 },
		    "nothing is controlled; give regulators.csv a set_v, or add "
		    "capacitor_controls.csv or inverters.csv");
	controls_free(acting);
	return status;
}

static int solve(
    const char *path, const struct options *o, const struct show *show, struct err_list *e)
{
	struct network *n = is_folder(path) ? network_read_csv(path, e) : mp_read(path, e);
	if (!n) return STATUS_USAGE;
	struct grid_case c = { .name = path, .network = n };
	struct solver *s = solver_new(n, path);
	int status = STATUS_USAGE;
	if (options_flag(o, GRID_CONTROLS))
		status = solve_controlled(&c, n, s, show, e);
	else
		status = solve_flow(&c, s, show, e);
	solver_free(s);
	network_free(n);
	return status;
}

int grid_solve(const struct options *o, struct err_list *e)
{
	struct show show = { .table = options_text(o, GRID_TABLE) };
	if (!form_of(o, GRID_JSON, &show.form)) return STATUS_USAGE;
	if (show.form == TABLE_CSV && !show.table) show.table = "voltages";
	char *path = find_network(o->further.word[0], e);
	int status = path ? solve(path, o, &show, e) : STATUS_USAGE;
	free(path);
	return status;
}
