/* A solved network as a whole: its tables and what stands out, or one JSON object. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cli/grid.h"
#include "cli/grid_table.h"
#include "models/grid/flow.h"

enum { JSON_DIGITS = 12 };

static const char *const kind_name[] = {
	[NET_LINE] = "line", [NET_TRANSFORMER] = "transformer", [NET_SHUNT] = "capacitor",
	[NET_SUPPLY] = "supply"
};

static const char *const engine_name[] = { [SOLVER_SWEEP] = "sweep", [SOLVER_NODAL] = "nodal" };
static const char *const engine_words[] = {
	[SOLVER_SWEEP] = "sweep", [SOLVER_NODAL] = "nodal equations"
};

static double degrees(double complex v)
{
	return carg(v) * 180 / M_PI;
}

/* ---- JSON ---- */

static json_t *voltages_json(const struct grid_case *c)
{
	const double complex *v = c->v;
	json_t *all = json_array();
	for (size_t i = 0; i < c->network->buses; i++) {
		const struct net_bus *b = c->network->bus[i];
		for (int k = 0; k < NET_PHASES; k++) {
			if (b->node[k] == NET_NONE) continue;
			bool live = topology_is_live(c->topology, b->node[k]);
			double complex at = v[b->node[k]];
			json_array_append_new(all,
			    json_pack("{s:s, s:s, s:b, s:f, s:o, s:f}", "bus", b->name, "phase",
				grid_phase(c->network, b, k), "live", live, "v_v", cabs(at), "v_pu",
				live ? json_real(cabs(at) / b->nominal_v) : json_null(),
				"angle_deg", degrees(at)));
		}
	}
	return all;
}

static json_t *elements_json(const struct grid_case *c)
{
	const double complex *v = c->v;
	json_t *all = json_array();
	for (size_t i = 0; i < c->network->elements; i++) {
		const struct net_element *el = &c->network->element[i];
		double complex in = c->network->alike * flow_power(el, v, 0, el->sends);
		double complex lost = c->network->alike * flow_power(el, v, 0, el->terminals);
		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:f}", "name", el->name, "kind",
			kind_name[el->kind], "from", grid_bus(c->network, el->node[0]), "to",
			grid_bus(c->network, el->node[el->sends]), "highest_a", grid_highest_a(el, v),
			"in_w", creal(in), "in_var", cimag(in), "lost_w", creal(lost)));
	}
	return all;
}

static void print_json(const struct grid_case *c)
{
	struct flow_totals f = flow_totals(c->network, c->v);
	json_t *all = json_pack("{s:s, s:s, s:b, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:o}",
	    "network", c->name, "engine", engine_name[c->engine], "converged", c->result.converged,
	    "iterations", (int)c->result.iterations, "source_w", creal(f.source_va), "source_var",
	    cimag(f.source_va), "load_w", creal(f.load_va), "load_var", cimag(f.load_va),
	    "line_loss_w", creal(f.kept_va[NET_LINE] + f.kept_va[NET_SUPPLY]), "transformer_loss_w",
	    creal(f.kept_va[NET_TRANSFORMER]),
	    "voltages", voltages_json(c), "elements", elements_json(c));
	if (c->controls) json_object_set_new(all, "controls", grid_controls_json(c->controls));
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));
	putchar('\n');
	json_decref(all);
}

/* ---- for people ---- */

/* Buses with the lowest and highest voltage and the most unbalance. */
struct extremes {
	const struct net_bus *low, *high, *uneven;
	int low_phase, high_phase;
	double low_pu, high_pu, uneven_frac;
};

static void weigh_bus(const struct grid_case *c, const struct net_bus *b, struct extremes *x)
{
	const double complex *v = c->v;
	for (int k = 0; k < NET_PHASES; k++) {
		if (b->node[k] == NET_NONE || !topology_is_live(c->topology, b->node[k])) continue;
		double pu = cabs(v[b->node[k]]) / b->nominal_v;
		if (!x->low || pu < x->low_pu) {
			x->low = b;
			x->low_phase = k;
			x->low_pu = pu;
		}
		if (!x->high || pu > x->high_pu) {
			x->high = b;
			x->high_phase = k;
			x->high_pu = pu;
		}
	}
	double uneven = flow_unbalance(b, v);
	if (uneven > x->uneven_frac) {
		x->uneven_frac = uneven;
		x->uneven = b;
	}
}

static struct extremes extremes_of(const struct grid_case *c)
{
	struct extremes x = { 0 };
	for (size_t i = 0; i < c->network->buses; i++) weigh_bus(c, c->network->bus[i], &x);
	return x;
}

static void print_extremes(const struct grid_case *c)
{
	struct extremes x = extremes_of(c);
	printf("\nlowest voltage   %.5f of nominal, %s %s\n", x.low_pu, x.low->name,
	    grid_phase(c->network, x.low, x.low_phase));
	printf("highest voltage  %.5f of nominal, %s %s\n", x.high_pu, x.high->name,
	    grid_phase(c->network, x.high, x.high_phase));
	if (x.uneven)
		printf("most unbalance   %.4f %% (|V2| / |V1|), %s\n", 100 * x.uneven_frac,
		    x.uneven->name);
}

/* With an empty line before it; nothing without a table. */
static void print_table(struct table *t, enum table_form form)
{
	if (!t) return;
	putchar('\n');
	table_print(t, form, stdout);
	table_free(t);
}

void grid_print(const struct grid_case *c, enum table_form form)
{
	if (form == TABLE_JSON) {
		print_json(c);
		return;
	}
	printf("%s: %zu buses, %zu elements; solved by the %s in %u iterations\n", c->name,
	    c->network->buses, c->network->elements, engine_words[c->engine], c->result.iterations);
	print_table(grid_table_voltages(c), form);
	print_table(grid_table_elements(c), form);
	print_table(grid_table_power(c), form);
	print_extremes(c);
	if (!c->controls) return;
	printf("\ncontrols at rest after %.0f s\n", c->controls->now_s);
	print_table(grid_table_regulators(c), form);
	print_table(grid_table_capacitors(c), form);
	print_table(grid_table_inverters(c), form);
}

bool grid_print_table(const struct grid_case *c, const char *name, enum table_form form,
    struct err_list *e)
{
	struct table *t = grid_table_named(name)(c);
	if (t) table_print(t, form, stdout);
	else if (c->controls) err_at(e, (struct err_pos){ c->name, 0, 0 }, "it has no %s", name);
	else
		err_at(e, (struct err_pos){ c->name, 0, 0 }, "no %s have acted; let them by --controls",
		    name);
	table_free(t);
	return t != NULL;
}
