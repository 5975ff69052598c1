#include "cli/grid_table.h"

#include <math.h>
#include <string.h>

#include "models/grid/flow.h"

struct table *(*grid_table_named(const char *name))(const struct grid_case *c)
{
#define X(table) \
	if (!strcmp(name, #table)) return grid_table_##table;
	GRID_TABLE_LIST(X)
#undef X
	return NULL;
}

const char *grid_bus(const struct network *n, uint32_t node)
{
	if (node == NET_GROUND) return "earth";
	uint32_t bus = n->node[node].bus;
	return bus == NET_NONE ? "neutral" : n->bus[bus]->name;
}

const char *grid_phase(const struct network *n, const struct net_bus *b, int phase)
{
	return n->alike > 1 ? "abc" : network_phase_name(b, phase);
}

double grid_highest_a(const struct net_element *el, const double complex *v)
{
	double complex current[NET_TERMINALS];
	double most = 0;
	flow_currents(el, v, current);
	for (uint32_t k = 0; k < el->terminals; k++) most = fmax(most, cabs(current[k]));
	return most;
}

static const struct table_column voltage_columns[] = {
	{ "bus", "bus", TABLE_LEFT }, { "phase", "phase", TABLE_LEFT },
	{ "v_v", "voltage to earth, V", TABLE_RIGHT }, { "v_pu", "of nominal", TABLE_RIGHT },
	{ "angle_deg", "angle", TABLE_RIGHT }, { NULL },
};

struct table *grid_table_voltages(const struct grid_case *c)
{
	struct table *t = table_new(voltage_columns);
	for (size_t i = 0; i < c->network->buses; i++) {
		const struct net_bus *b = c->network->bus[i];
		for (int k = 0; k < NET_PHASES; k++) {
			if (b->node[k] == NET_NONE || !topology_is_live(c->topology, b->node[k]))
				continue;
			double complex at = c->v[b->node[k]];
			double pu = cabs(at) / b->nominal_v, degrees = carg(at) * 180 / M_PI;
			table_text(t, b->name);
			table_text(t, grid_phase(c->network, b, k));
			table_number(t, cabs(at), "%.3f", cabs(at));
			table_number(t, pu, "%.5f", pu);
			table_number(t, degrees, "%.3f", degrees);
		}
	}
	return t;
}

static const struct table_column element_columns[] = {
	{ "element", "element", TABLE_LEFT }, { "from", "from", TABLE_LEFT },
	{ "to", "to", TABLE_LEFT }, { "highest_a", "highest A", TABLE_RIGHT },
	{ "in_w", "kW in", TABLE_RIGHT }, { "in_var", "kvar in", TABLE_RIGHT },
	{ "lost_w", "kW lost", TABLE_RIGHT }, { NULL },
};

struct table *grid_table_elements(const struct grid_case *c)
{
	const struct network *n = c->network;
	struct table *t = table_new(element_columns);
	for (size_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		if (el->kind == NET_SHUNT) continue;
		double complex in = n->alike * flow_power(el, c->v, 0, el->sends);
		double complex lost = n->alike * flow_power(el, c->v, 0, el->terminals);
		double highest_a = grid_highest_a(el, c->v);
		table_text(t, el->name);
		table_text(t, grid_bus(n, el->node[0]));
		table_text(t, grid_bus(n, el->node[el->sends]));
		table_number(t, highest_a, "%.2f", highest_a);
		table_number(t, creal(in), "%.3f", creal(in) / 1e3);
		table_number(t, cimag(in), "%.3f", cimag(in) / 1e3);
		table_number(t, creal(lost), "%.4f", creal(lost) / 1e3);
	}
	return t;
}

static const struct table_column power_columns[] = {
	{ "what", "", TABLE_LEFT }, { "w", "kW", TABLE_RIGHT }, { "var", "kvar", TABLE_RIGHT },
	{ NULL },
};

static void add_power(struct table *t, const char *what, double complex va)
{
	table_text(t, what);
	table_number(t, creal(va), "%.4f", creal(va) / 1e3);
	table_number(t, cimag(va), "%.4f", cimag(va) / 1e3);
}

struct table *grid_table_power(const struct grid_case *c)
{
	struct flow_totals f = flow_totals(c->network, c->v);
	struct table *t = table_new(power_columns);
	add_power(t, "sources deliver", f.source_va);
	add_power(t, "loads draw", f.load_va);
	add_power(t, "lines lose", f.kept_va[NET_LINE] + f.kept_va[NET_SUPPLY]);
	add_power(t, "transformers lose", f.kept_va[NET_TRANSFORMER]);
	add_power(t, "capacitors take", f.kept_va[NET_SHUNT]);
	return t;
}
