#include "tests/plant.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/branch.h"
#include "models/grid/network_csv.h"
#include "tests/unit.h"

const double plant_no_shunt[NET_PHASES * NET_PHASES];

double complex plant_turned(double size, double degrees)
{
	return size * cexp(I * degrees * M_PI / 180);
}

/* ---- random trees ---- */

double plant_some(struct plant *p, double low, double high)
{
	return low + (high - low) * pcg64_unit(&p->g);
}

int plant_below(struct plant *p, int n)
{
	return (int)(pcg64_unit(&p->g) * n);
}

/* A bus with some of the phases of another: all, or from one to all but one. */
struct plant_bus *plant_bus(struct plant *p, const struct plant_bus *like, bool fewer)
{
	char *name = mem_print("%d", p->buses);
	struct plant_bus *b = &p->bus[p->buses++];
	int first = fewer && like->phases > 1 ? plant_below(p, 2) : 0;
	*b = (struct plant_bus){ .phases = like->phases - first, .v_v = like->v_v };
	if (fewer && b->phases > 1) b->phases -= plant_below(p, 2);
	for (int k = 0; k < b->phases; k++)
		b->node[k] = network_node(
		    p->n, network_bus(p->n, name), p->n->node[like->node[first + k]].phase);
	free(name);
	return b;
}

/* The node of `like` with the phase of b's k-th. */
static uint32_t facing(
    const struct plant *p, const struct plant_bus *like, const struct plant_bus *b, int k)
{
	for (int i = 0; i < like->phases; i++)
		if (p->n->node[like->node[i]].phase == p->n->node[b->node[k]].phase)
			return like->node[i];
	cr_fatal("no such phase");
}

void plant_line(struct plant *p, const struct plant_bus *from, bool fewer)
{
	const struct plant_bus *to = plant_bus(p, from, fewer);
	double complex z[NET_PHASES * NET_PHASES];
	double b_s[NET_PHASES * NET_PHASES] = { 0 }, scale = from->v_v * from->v_v / 240e3;
	bool shunts = plant_below(p, 3) == 0;
	uint32_t near[NET_PHASES];
	for (int i = 0; i < to->phases; i++) {
		near[i] = facing(p, from, to, i);
		for (int k = 0; k <= i; k++) {
			double complex each =
			    plant_some(p, 0.001, 0.004) + I * plant_some(p, 0.001, 0.005);
			z[i * to->phases + k] = z[k * to->phases + i] =
			    scale * (i == k ? 3 * each : each);
			if (shunts)
				b_s[i * to->phases + k] = b_s[k * to->phases + i] =
				    (i == k ? 3e-3 : -4e-4) / scale * plant_some(p, 0.1, 1);
		}
	}
	cr_assert(branch_line(p->n, "line", to->phases, near, to->node, z, b_s));
}

/* Either way round: what is behind must be an earthed wye. */
static void add_transformer(struct plant *p, const struct plant_bus *from)
{
	struct plant_bus *to = plant_bus(p, from, false);
	to->v_v = from->v_v > 1000 ? 230 : 4800;
	struct branch_side near = { plant_below(p, 2) ? WINDING_DELTA : WINDING_EARTHED,
		from->v_v * sqrt(3), from->node };
	struct branch_side far = { WINDING_EARTHED, to->v_v * sqrt(3), to->node };
	bool turn = plant_below(p, 2);
	branch_transformer(p->n, "transformer", turn ? &far : &near, turn ? &near : &far, 400e3,
	    0.01 + 0.04 * I, 0);
}

static void add_regulator(struct plant *p, const struct plant_bus *from)
{
	const struct plant_bus *to = plant_bus(p, from, false);
	for (int k = 0; k < to->phases; k++) {
		double ratio = 1 + 0.00625 * (plant_below(p, 17) - 8);
		if (plant_below(p, 4) == 0)
			network_join(p->n, from->node[k], to->node[k]);
		else
			network_tie(p->n,
			    &(struct net_tie){ to->node[k], 1, { from->node[k] }, { ratio } });
	}
}

static void add_load(struct plant *p)
{
	const struct plant_bus *b = &p->bus[plant_below(p, p->buses)];
	int k = plant_below(p, b->phases);
	bool line = b->phases > 1 && plant_below(p, 2);
	double power = plant_some(p, 0, 1), current = (1 - power) * plant_some(p, 0, 1);
	struct net_load l = { .name = (char *)"load",
		.plus = b->node[k],
		.minus = line ? b->node[(k + 1) % b->phases] : NET_GROUND,
		.s_va = plant_some(p, -500, 2500) + I * plant_some(p, -300, 900),
		.nominal_v = line ? sqrt(3) * b->v_v : b->v_v,
		.power = power,
		.current = current,
		.impedance = 1 - power - current };
	network_load(p->n, &l);
	if (plant_below(p, 9) == 0)
		branch_shunt(
		    p->n, "capacitor", l.plus, l.minus, I * 700 / (l.nominal_v * l.nominal_v));
}

struct plant plant_new(uint64_t seed)
{
	struct plant p = { .n = network_new() };
	struct plant_bus *head = &p.bus[p.buses++];
	pcg64_seed(&p.g, seed, 11);
	head->phases = NET_PHASES;
	head->v_v = 2771;
	for (int k = 0; k < NET_PHASES; k++) {
		head->node[k] = network_node(p.n, network_bus(p.n, "0"), k);
		network_source(p.n, head->node[k], plant_turned(2790, 3 - 120 * k), head->v_v);
	}
	while (p.buses < PLANT_BUSES) {
		/* Often on from the last, so that there are chains to reduce. */
		int at = plant_below(&p, 3) ? p.buses - 1 : plant_below(&p, p.buses),
		    kind = plant_below(&p, 12);
		if (kind == 0 && p.bus[at].phases == NET_PHASES)
			add_transformer(&p, &p.bus[at]);
		else if (kind == 1)
			add_regulator(&p, &p.bus[at]);
		else
			plant_line(&p, &p.bus[at], kind < 4);
	}
	for (int i = 0; i < PLANT_LOADS; i++) add_load(&p);
	network_nominal(p.n);
	return p;
}

struct network *plant_one_phase(struct plant *p, uint64_t seed, double heavy)
{
	struct network *n = p->n = network_new();
	uint32_t node[PLANT_ONES] = { network_node(n, network_bus(n, "0"), 0) };
	pcg64_seed(&p->g, seed, 13);
	network_source(n, node[0], plant_turned(2410, 5), 2400);
	for (int i = 1; i < PLANT_ONES; i++) {
		char *name = mem_print("%d", i);
		uint32_t from = node[plant_below(p, 3) ? i - 1 : plant_below(p, i)];
		double complex z = plant_some(p, 0.01, 0.1) + I * plant_some(p, 0.01, 0.1);
		int kind = plant_below(p, 12);
		node[i] = network_node(n, network_bus(n, name), 0);
		if (kind == 0)
			network_tie(n, &(struct net_tie){ node[i], 1, { from }, { 1.0125 } });
		else if (kind == 1)
			branch_tapped(n, name, from, node[i], z, 0, plant_turned(0.99, 2));
		else if (kind == 2)
			branch_tapped(n, name, node[i], from, z, 0, plant_turned(1.01, -1));
		else
			cr_assert(branch_line(n, name, 1, &from, &node[i], &z, plant_no_shunt));
		struct net_load l = { .name = name,
			.plus = node[plant_below(p, i + 1)],
			.minus = NET_GROUND,
			.s_va = heavy * (plant_some(p, -2e3, 9e3) + I * plant_some(p, -2e3, 5e3)),
			.nominal_v = 2400,
			.power = 1,
			.low_pu = plant_some(p, 0.8, 0.95),
			.high_pu = 1.05 };
		if (plant_below(p, 2)) network_load(n, &l);
		free(name);
	}
	network_nominal(n);
	return n;
}

/* ---- engines ---- */

struct nodal *plant_nodal(const struct network *n)
{
	struct err_list *e = err_new();
	struct nodal *s = nodal_new(n, (struct err_pos){ 0 }, e);
	cr_assert_not_null(s);
	err_free(e);
	return s;
}

/* Of a node's nominal voltage; each engine at rest to 1e-13. */
double plant_differ_pu(const struct network *n, struct nodal *reference, struct sweep *s)
{
	double most = 0;
	struct nodal_result a = nodal_solve(reference, 1e-13), b = sweep_solve(s, 1e-13);
	cr_assert(a.converged);
	cr_assert(b.converged, "%g", b.change_pu);
	const double complex *v = sweep_v(s);
	for (uint32_t i = 0; i < n->nodes; i++) {
		if (n->node[i].nominal_v > 0)
			most =
			    fmax(most, cabs(v[i] - nodal_v(reference)[i]) / n->node[i].nominal_v);
		else
			cr_expect_eq(v[i], 0);
	}
	return most;
}

/* ---- changes in place ---- */

/* Taps, sources and shunts: what sweep_retap and nodal_retap take. */
void plant_move_taps(struct plant *p)
{
	for (size_t i = 0; i < p->n->ties; i++)
		p->n->tie[i].weight[0] = 1 + 0.00625 * (plant_below(p, 33) - 16);
	for (size_t i = 0; i < p->n->sources; i++) p->n->source[i].v *= plant_some(p, 0.98, 1.02);
}

/* Every admittance; every fifth line gets a shunt, so that it is a series branch no more. */
void plant_change_elements(struct plant *p)
{
	for (size_t i = 0; i < p->n->elements; i++) {
		struct net_element *el = &p->n->element[i];
		double by = plant_some(p, 0.9, 1.1), size = cabs(el->y[0]);
		for (uint32_t k = 0; k < el->terminals * el->terminals; k++) el->y[k] *= by;
		if (el->kind == NET_LINE && i % 5 == 0) el->y[0] += 1e-6 * size * I;
	}
}

/* ---- published feeders ---- */

struct network *plant_feeder(const char *name)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/feeders/%s", shared ? shared : "..", name);
	struct err_list *e = err_new();
	struct network *n = network_read_csv(path, e);
	if (!n) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/feeders", path);
	err_free(e);
	free(path);
	return n;
}
