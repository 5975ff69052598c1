#include "models/grid/feeder_network.h"

#include <math.h>

#include "models/grid/branch.h"
#include "models/grid/network_csv.h"
#include "models/grid/street.h"
#include "models/grid/topology.h"

/* |z| = U^2 / S_k, split by x/r. */
static double complex source_ohm(const struct feeder_par *p)
{
	if (isnan(p->fault_va)) return 0;
	double z_ohm = p->v_ll_v * p->v_ll_v / p->fault_va;
	return z_ohm * (1 + I * p->fault_x_r) / sqrt(1 + p->fault_x_r * p->fault_x_r);
}

/* The high side is referred to the low one, so that the windings have one rated voltage. */
static void add_transformer(
    struct network *n, const struct transformer_par *t, double v_ll_v, uint32_t from, uint32_t to)
{
	uint32_t near[NET_PHASES], far[NET_PHASES];
	struct branch_side high = { WINDING_DELTA, v_ll_v, near };
	struct branch_side low = { WINDING_EARTHED, v_ll_v, far };
	for (int k = 0; k < NET_PHASES; k++) {
		near[k] = network_node(n, from, k);
		far[k] = network_node(n, to, k);
	}
	branch_transformer(
	    n, t->name, &high, &low, t->rating_va, transformer_series_pu(t), t->no_load_w);
	network_nameplate(n, t);
}

/* The street's busbar is fed by the transformer, which stands behind the meter. */
struct network *feeder_network(
    const struct feeder_par *par, const struct transformer_par *written, const char *busbar)
{
	struct network *n = network_new();
	double nominal_v = par->v_ll_v / sqrt(3);
	uint32_t at = network_bus(n, written ? "(station)" : busbar);
	branch_supply(n, at, par->source_pu * nominal_v, nominal_v, source_ohm(par));
	if (!written) return n;
	struct transformer_par t = transformer_resolve(written);
	add_transformer(n, &t, par->v_ll_v, at, network_bus(n, busbar));
	return n;
}

static struct network *street_network(
    const struct feeder_par *par, const struct transformer_par *written, uint32_t customers)
{
	struct network *n = feeder_network(par, written, street_busbar(par->street));
	struct street_place at = { "", par->v_ll_v / sqrt(3) };
	street_add(n, par->street, &at, customers);
	network_nominal(n);
	return n;
}

/* An open switch or a phase that no line brings: who hangs there is dark throughout, which no
 * run is meant to be about. */
static bool is_supplied(
    const struct network *n, struct err_pos pos, const char *folder, struct err_list *e)
{
	struct topology *t = topology_new(n, pos, e);
	bool all = t != NULL;
	for (size_t i = 0; i < n->loads && t; i++) {
		const struct net_load *l = &n->load[i];
		bool live = topology_is_live(t, l->plus);
		if (live && topology_is_live(t, l->minus)) continue;
		char *at = topology_node_name(n, live ? l->minus : l->plus);
		err_at(e, pos,
		    "feeder: network '%s': load '%s' hangs at %s, which has no way to a source; "
		    "connect it, or take the load out",
		    folder, l->name, at);
		free(at);
		all = false;
	}
	topology_free(t);
	return all;
}

/* Service points beyond the customers stay without load. */
static struct network *tables_network(
    const char *folder, struct err_pos pos, uint32_t *customers, struct err_list *e)
{
	struct network *n = network_read_csv(folder, e);
	if (n && !is_supplied(n, pos, folder, e)) {
		network_free(n);
		n = NULL;
	}
	if (!n) return NULL;
	uint32_t here = *customers < n->customers ? *customers : (uint32_t)n->customers;
	for (size_t c = here; c < n->customers; c++)
		for (uint32_t i = 0; i < n->customer[c].loads; i++)
			n->load[n->customer[c].first + i].s_va = 0;
	n->customers = here;
	*customers -= here;
	return n;
}

struct network *feeder_network_of(const struct object *o, uint32_t *customers, struct err_list *e)
{
	const struct feeder_par *par = o->par;
	if (par->network) return tables_network(par->network, o->pos, customers, e);
	const struct object *t = object_child(o, &transformer_class);
	uint32_t points = street_points(par->street);
	uint32_t here = *customers < points ? *customers : points;
	*customers -= here;
	return street_network(par, t ? t->par : NULL, here);
}
