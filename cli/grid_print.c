/* A solved network as text and as JSON. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cli/grid.h"
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

static const char *bus_of(const struct network *n, uint32_t node)
{
	if (node == NET_GROUND) return "earth";
	uint32_t bus = n->node[node].bus;
	return bus == NET_NONE ? "neutral" : n->bus[bus]->name;
}

static double degrees(double complex v)
{
	return carg(v) * 180 / M_PI;
}

/* The phase of a node, or its leg; of a balanced equivalent "abc". */
static const char *phase_name(const struct network *n, const struct net_bus *b, int phase)
{
	return n->alike > 1 ? "abc" : network_phase_name(b, phase);
}

static double highest_a(const struct net_element *el, const double complex *v)
{
	double complex current[NET_TERMINALS];
	double most = 0;
	flow_currents(el, v, current);
	for (uint32_t k = 0; k < el->terminals; k++) most = fmax(most, cabs(current[k]));
	return most;
}

/* ---- text ---- */

static int name_width(const struct network *n)
{
	size_t most = strlen("bus");
	for (size_t i = 0; i < n->buses; i++)
		if (strlen(n->bus[i]->name) > most) most = strlen(n->bus[i]->name);
	for (size_t i = 0; i < n->elements; i++)
		if (strlen(n->element[i].name) > most) most = strlen(n->element[i].name);
	return (int)most;
}

static void print_voltages(const struct grid_case *c, int width)
{
	const double complex *v = c->v;
	printf("\n%-*s  phase   voltage to earth, V  of nominal   angle\n", width, "bus");
	for (size_t i = 0; i < c->network->buses; i++) {
		const struct net_bus *b = c->network->bus[i];
		for (int k = 0; k < NET_PHASES; k++) {
			if (b->node[k] == NET_NONE || !topology_is_live(c->topology, b->node[k]))
				continue;
			double complex at = v[b->node[k]];
			printf("%-*s  %-5s %22.3f %10.5f %8.3f\n", width, b->name,
			    phase_name(c->network, b, k), cabs(at), cabs(at) / b->nominal_v,
			    degrees(at));
		}
	}
}

static void print_elements(const struct grid_case *c, int width)
{
	const double complex *v = c->v;
	printf("\n%-*s  %-*s  %-*s %10s %10s %10s %10s\n", width, "element", width, "from", width,
	    "to", "highest A", "kW in", "kvar in", "kW lost");
	for (size_t i = 0; i < c->network->elements; i++) {
		const struct net_element *el = &c->network->element[i];
		if (el->kind == NET_SHUNT) continue;
		double complex in = c->network->alike * flow_power(el, v, 0, el->sends);
		double complex lost = c->network->alike * flow_power(el, v, 0, el->terminals);
		printf("%-*s  %-*s  %-*s %10.2f %10.3f %10.3f %10.4f\n", width, el->name, width,
		    bus_of(c->network, el->node[0]), width, bus_of(c->network, el->node[el->sends]),
		    highest_a(el, v), creal(in) / 1e3, cimag(in) / 1e3, creal(lost) / 1e3);
	}
}

static void print_power(const char *what, double complex va)
{
	printf("%-22s %12.4f kW %12.4f kvar\n", what, creal(va) / 1e3, cimag(va) / 1e3);
}

static void print_totals(const struct flow_totals *f)
{
	putchar('\n');
	print_power("sources deliver", f->source_va);
	print_power("loads draw", f->load_va);
	print_power("lines lose", f->kept_va[NET_LINE] + f->kept_va[NET_SUPPLY]);
	print_power("transformers lose", f->kept_va[NET_TRANSFORMER]);
	print_power("capacitors take", f->kept_va[NET_SHUNT]);
}

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

void grid_print(const struct grid_case *c)
{
	struct flow_totals f = flow_totals(c->network, c->v);
	struct extremes x = extremes_of(c);
	int width = name_width(c->network);
	printf("%s: %zu buses, %zu elements; solved by the %s in %u iterations\n", c->name,
	    c->network->buses, c->network->elements, engine_words[c->engine], c->result.iterations);
	print_voltages(c, width);
	print_elements(c, width);
	print_totals(&f);
	printf("\nlowest voltage   %.5f of nominal, %s %s\n", x.low_pu, x.low->name,
	    phase_name(c->network, x.low, x.low_phase));
	printf("highest voltage  %.5f of nominal, %s %s\n", x.high_pu, x.high->name,
	    phase_name(c->network, x.high, x.high_phase));
	if (x.uneven)
		printf("most unbalance   %.4f %% (|V2| / |V1|), %s\n", 100 * x.uneven_frac,
		    x.uneven->name);
	if (c->controls) grid_print_controls(c->controls);
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
				phase_name(c->network, b, k), "live", live, "v_v", cabs(at), "v_pu",
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
			kind_name[el->kind], "from", bus_of(c->network, el->node[0]), "to",
			bus_of(c->network, el->node[el->sends]), "highest_a", highest_a(el, v),
			"in_w", creal(in), "in_var", cimag(in), "lost_w", creal(lost)));
	}
	return all;
}

void grid_print_json(const struct grid_case *c)
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
