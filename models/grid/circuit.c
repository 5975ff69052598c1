#include "models/grid/circuit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/circuit_flow.h"

static const double tolerance_pu = 1e-12;

/* ---- what is looked at ---- */

static uint32_t place_of(const struct circuit *c, uint32_t node)
{
	return c->sweep ? sweep_place(c->sweep, node) : node;
}

/* A load without power of its own takes part as its customer's others do. */
static void share_loads(struct circuit *c)
{
	const struct network *n = c->network;
	c->load = mem_new(n->loads, sizeof *c->load);
	for (uint32_t k = 0; k < c->customers; k++) {
		const struct net_customer *who = &n->customer[k];
		double sum_va = 0;
		for (uint32_t i = who->first; i < who->first + who->loads; i++)
			sum_va += cabs(n->load[i].s_va);
		for (uint32_t i = who->first; i < who->first + who->loads; i++)
			c->load[i].share =
			    sum_va > 0 ? cabs(n->load[i].s_va) / sum_va : 1.0 / who->loads;
	}
}

static void list_plants(struct circuit *c)
{
	const struct network *n = c->network;
	bool *owned = mem_new(n->loads, sizeof *owned);
	for (uint32_t k = 0; k < c->customers; k++)
		for (uint32_t i = 0; i < n->customer[k].loads; i++)
			owned[n->customer[k].first + i] = true;
	c->plant = mem_new(n->loads, sizeof *c->plant);
	c->plant_va = mem_new(n->loads, sizeof *c->plant_va);
	for (uint32_t i = 0; i < n->loads; i++)
		if (!owned[i]) c->plant[c->plants++] = i;
	free(owned);
}

/* Customers know no other law than constant power. */
static void set_laws(struct circuit *c)
{
	for (uint32_t i = 0; i < c->network->loads; i++) {
		struct net_load *l = &c->network->load[i];
		l->power = 1;
		l->current = l->impedance = 0;
		l->low_pu = c->low_pu;
		l->high_pu = INFINITY;
	}
}

static void place_loads(struct circuit *c)
{
	for (uint32_t i = 0; i < c->network->loads; i++) {
		const struct net_load *l = &c->network->load[i];
		c->load[i].plus = place_of(c, l->plus);
		c->load[i].minus = l->minus == NET_GROUND ? NET_GROUND : place_of(c, l->minus);
	}
}

static void list_elements(struct circuit *c)
{
	const struct network *n = c->network;
	c->line = mem_new(n->elements, sizeof *c->line);
	c->element = mem_new(n->elements, sizeof *c->element);
	for (uint32_t i = 0; i < n->elements; i++) {
		const struct net_element *el = &n->element[i];
		if (el->kind == NET_LINE && !isnan(el->rating_a)) c->line[c->lines++] = i;
		if (el->nameplate != NET_NONE) c->element[c->transformers++] = i;
	}
}

static bool has_corners(const struct circuit *c, const struct net_bus *b, uint32_t *corner)
{
	for (int k = 0; k < NET_PHASES; k++) {
		if (b->node[k] == NET_NONE) return false;
		corner[k] = place_of(c, b->node[k]);
		if (corner[k] == NET_NONE) return false;
	}
	return true;
}

/* Not those in front of the meter. */
static void list_places(struct circuit *c)
{
	const struct network *n = c->network;
	c->place = mem_new(n->buses, sizeof *c->place);
	c->corner = mem_new(n->buses, sizeof *c->corner);
	for (uint32_t i = 0; i < n->buses; i++)
		if (has_corners(c, n->bus[i], c->corner[c->places])) c->place[c->places++] = i;
}

/* After an outage has begun or ended: some may lie where reduction leaves out, and read 0. */
static void place_corners(struct circuit *c)
{
	for (uint32_t i = 0; i < c->places; i++)
		for (int k = 0; k < NET_PHASES; k++) {
			const struct net_bus *b = c->network->bus[c->place[i]];
			c->corner[i][k] = place_of(c, b->node[k]);
		}
}

static bool take_engine(struct circuit *c, struct err_pos pos, struct err_list *e)
{
	c->sweep = sweep_takes(c->network, true);
	if (!c->sweep) c->nodal = nodal_new(c->network, pos, e);
	if (c->sweep) circuit_list_blocks(c);
	return c->sweep || c->nodal;
}

struct circuit *circuit_new(
    struct network *n, double low_pu, struct err_pos pos, struct err_list *e)
{
	struct circuit *c = mem_new(1, sizeof *c);
	c->network = n;
	c->low_pu = low_pu;
	c->customers = (uint32_t)n->customers;
	if (!take_engine(c, pos, e)) {
		circuit_free(c);
		return NULL;
	}
	share_loads(c);
	list_plants(c);
	set_laws(c);
	place_loads(c);
	list_elements(c);
	list_places(c);
	return c;
}

void circuit_free(struct circuit *c)
{
	if (!c) return;
	sweep_free(c->sweep);
	nodal_free(c->nodal);
	network_free(c->network);
	free(c->line);
	free(c->element);
	free(c->place);
	free(c->plant);
	free(c->plant_va);
	free(c->load);
	free(c->block);
	free(c->kind);
	free(c->corner);
	free(c);
}

/* ---- solution ---- */

static struct nodal_result run(struct circuit *c)
{
	struct nodal_result r = c->sweep ? sweep_solve(c->sweep, tolerance_pu)
					 : nodal_solve(c->nodal, tolerance_pu);
	c->iterations += r.iterations;
	return r;
}

static void set_loads(struct circuit *c, const double *p_w, const double *q_var)
{
	for (uint32_t k = 0; k < c->customers; k++) {
		const struct net_customer *who = &c->network->customer[k];
		for (uint32_t i = who->first; i < who->first + who->loads; i++)
			c->network->load[i].s_va = (p_w[k] + I * q_var[k]) * c->load[i].share;
	}
}

static void clear_loads(struct circuit *c)
{
	for (size_t i = 0; i < c->network->loads; i++) c->network->load[i].s_va = 0;
}

static void keep_plants(struct circuit *c)
{
	for (uint32_t i = 0; i < c->plants; i++)
		c->plant_va[i] = c->network->load[c->plant[i]].s_va;
}

static void restore_plants(struct circuit *c)
{
	for (uint32_t i = 0; i < c->plants; i++)
		c->network->load[c->plant[i]].s_va = c->plant_va[i];
}

/* From the last solution, then from the flow without loads. */
static bool solve(struct circuit *c, const double *p_w, const double *q_var)
{
	c->iterations = 0;
	if (c->cut) return true; /* there is nothing to solve */
	set_loads(c, p_w, q_var);
	keep_plants(c);
	if (run(c).converged || run(c).converged) return true;
	clear_loads(c);
	bool rests = run(c).converged;
	assert(rests); /* without loads the equations are linear */
	restore_plants(c);
	return false;
}

/* ---- customers ---- */

static double complex at_place(const struct circuit *c, uint32_t place)
{
	if (place == NET_GROUND || c->cut) return 0;
	return c->sweep ? sweep_place_v(c->sweep, place) : nodal_v(c->nodal)[place];
}

/* What one load gets, and what it misses below the limit: there the power is that of the
 * current at the limit, S |V|^2 / V_l^2, or S |V| / V_l of a generator. Above it nothing is
 * missing. Returns its voltage. */
static double read_load(struct circuit *c, uint32_t i, double wanted_w, double *served_w)
{
	double complex v = at_place(c, c->load[i].plus) - at_place(c, c->load[i].minus);
	double pu = sqrt(creal(v) * creal(v) + cimag(v) * cimag(v)) /
		    c->network->load[i].nominal_v;
	if (!c->converged) pu = 0;
	double part = pu < c->low_pu ? pu / c->low_pu : 1;
	double got_w = wanted_w * (wanted_w >= 0 ? part * part : part);
	if (wanted_w >= 0)
		c->sums.unserved_w += wanted_w - got_w;
	else
		c->sums.curtailed_w += got_w - wanted_w;
	*served_w += got_w;
	return pu;
}

static void read_customer(struct circuit *c, uint32_t k, double wanted_w)
{
	const struct net_customer *who = &c->network->customer[k];
	double lowest = INFINITY, highest = 0, farthest = 1;
	if (wanted_w >= 0)
		c->sums.delivered_w += wanted_w;
	else
		c->sums.collected_w -= wanted_w;
	c->at.served_w[k] = 0;
	for (uint32_t i = who->first; i < who->first + who->loads; i++) {
		double pu = read_load(c, i, wanted_w * c->load[i].share, &c->at.served_w[k]);
		lowest = pu < lowest ? pu : lowest;
		highest = pu > highest ? pu : highest;
		if (fabs(pu - 1) > fabs(farthest - 1)) farthest = pu;
	}
	c->at.v_pu[k] = farthest;
	c->at.dark[k] = highest == 0 && c->converged;
	c->sums.low += lowest < c->low_pu && !c->at.dark[k];
	if (c->at.dark[k]) c->sums.dark_w += fmax(wanted_w, 0);
}

static void read_plants(struct circuit *c)
{
	double served_w = 0;
	for (uint32_t i = 0; i < c->plants; i++) {
		double wanted_w = creal(c->plant_va[i]);
		assert(wanted_w <= 0);
		c->sums.plant_w -= wanted_w;
		read_load(c, c->plant[i], wanted_w, &served_w);
	}
}

/* ---- the network ---- */

/* (|V2| / |V1|)^2 with 3 V1 = Va + a Vb + a^2 Vc and 3 V2 = Va + a^2 Vb + a Vc. */
static double unbalance2(double complex a, double complex b, double complex c)
{
	double complex half = a - 0.5 * (b + c), turn = I * (sqrt(3) / 2) * (b - c);
	double complex one = half + turn, two = half - turn;
	double one2 = creal(one) * creal(one) + cimag(one) * cimag(one);
	double two2 = creal(two) * creal(two) + cimag(two) * cimag(two);
	return one2 > 0 ? two2 / one2 : 0;
}

/* Line voltage unbalance rate: the largest deviation of a line-to-line voltage from the mean of
 * the three, by that mean (NEMA MG 1, clause 14.36). */
static double lvur(const double complex v[NET_PHASES])
{
	double line_v[NET_PHASES], mean_v = 0, most = 0;
	for (int k = 0; k < NET_PHASES; k++) {
		double complex d = v[k] - v[(k + 1) % NET_PHASES];
		line_v[k] = sqrt(creal(d) * creal(d) + cimag(d) * cimag(d));
		mean_v += line_v[k] / NET_PHASES;
	}
	for (int k = 0; k < NET_PHASES; k++) {
		double off_v = fabs(line_v[k] - mean_v);
		most = off_v > most ? off_v : most;
	}
	return mean_v > 0 ? most / mean_v : 0;
}

static void read_places(struct circuit *c)
{
	for (uint32_t i = 0; i < c->places; i++) {
		const uint32_t *at = c->corner[i];
		double complex v[NET_PHASES] = { 0 };
		for (int k = 0; k < NET_PHASES && c->converged; k++) v[k] = at_place(c, at[k]);
		c->at.unbalance2[i] = unbalance2(v[0], v[1], v[2]);
		c->sums.lvur_pu = fmax(c->sums.lvur_pu, lvur(v));
	}
}

static void read_line(struct circuit *c, uint32_t i)
{
	const struct net_element *el = &c->network->element[c->line[i]];
	struct line_squares at = circuit_line(c, c->line[i]);
	double pu = sqrt(at.most_a2) / el->rating_a;
	double neutral_pu = isnan(el->neutral_a) ? 0 : sqrt(at.sum_a2) / el->neutral_a;
	c->at.line_pu[i] = neutral_pu > pu ? neutral_pu : pu;
}

static void read_transformer(struct circuit *c, uint32_t i)
{
	const struct net_element *el = &c->network->element[c->element[i]];
	const struct net_node *far = &c->network->node[el->node[el->sends]];
	uint32_t phases = circuit_far_phases(c, el);
	double rating_va = c->network->nameplate[el->nameplate].rating_va;
	double rated_a = rating_va / (phases * far->nominal_v);
	struct branch_flow f;
	circuit_flow(c, c->element[i], &f);
	double complex in_va = lanes_va(&f.near_v, &f.near_a);
	double squares_a2 = creal(lanes_va(&f.far_a, &f.far_a));
	c->at.transformer[i] = (struct transformer_flow){
		.w = creal(in_va),
		.var = cimag(in_va),
		.pu = hypot(creal(in_va), cimag(in_va)) / rating_va,
		.winding_pu = sqrt(lanes_most_a2(&f.far_a)) / rated_a,
		.winding_rms_pu = sqrt(squares_a2 / phases) / rated_a,
		.loss_w = creal(in_va) - creal(lanes_va(&f.far_v, &f.far_a)),
	};
}

/* Whether the powers balance as well as the solution promises. Reactive power counts in the
 * scale: a customer's error is a part of its apparent power. */
static bool is_balanced(const struct circuit *c)
{
	const struct circuit_sums *s = &c->sums;
	double in_w = s->meter_w + s->collected_w + s->plant_w + s->unserved_w;
	double out_w = s->delivered_w + s->curtailed_w + s->line_loss_w + s->transformer_loss_w;
	double scale_va = fabs(s->meter_w) + fabs(s->meter_var) + out_w;
	for (size_t i = 0; i < c->network->loads; i++)
		scale_va += fabs(cimag(c->network->load[i].s_va));
	return fabs(in_w - out_w) <= 1e-10 * scale_va;
}

bool circuit_solve(struct circuit *c, const double *p_w, const double *q_var)
{
	c->converged = solve(c, p_w, q_var);
	c->sums = (struct circuit_sums){ 0 };
	for (uint32_t k = 0; k < c->customers; k++) read_customer(c, k, p_w[k]);
	read_plants(c);
	for (uint32_t i = 0; i < c->lines; i++) read_line(c, i);
	for (uint32_t i = 0; i < c->transformers; i++) read_transformer(c, i);
	read_places(c);
	circuit_sum(c);
	assert(is_balanced(c));
	return c->converged;
}

const double complex *circuit_v(const struct circuit *c)
{
	return c->sweep ? sweep_v(c->sweep) : nodal_v(c->nodal);
}

double complex circuit_node_v(const struct circuit *c, uint32_t node)
{
	return circuit_v(c)[node];
}

/* A sweep reads its shunts from the network. */
static bool refill(struct circuit *c, enum controls_change change)
{
	if (c->sweep) return sweep_retap(c->sweep);
	return change == CONTROLS_WEIGHTS ? nodal_retap(c->nodal) : nodal_refill(c->nodal);
}

void circuit_change(struct circuit *c, enum controls_change change)
{
	if (change == CONTROLS_POWERS) return;
	bool good = refill(c, change);
	assert(good);
	(void)good;
}

/* ---- outages ---- */

void circuit_cut(struct circuit *c, bool cut)
{
	c->cut = cut;
}

/* Other parts, other blocks: the engine is chosen anew. */
static void rebuild(struct circuit *c)
{
	struct err_list *e = err_new();
	sweep_free(c->sweep);
	nodal_free(c->nodal);
	free(c->block);
	free(c->kind);
	c->block = NULL;
	c->kind = NULL;
	c->nodal = NULL;
	c->meter = 0;
	bool good = take_engine(c, (struct err_pos){ 0 }, e);
	assert(good); /* a part of what could be solved can be */
	(void)good;
	err_free(e);
	place_loads(c);
	place_corners(c);
}

void circuit_open(struct circuit *c, uint32_t element, bool open)
{
	if (c->network->element[element].open == open) return;
	c->network->element[element].open = open;
	if (!c->sweep || !sweep_open(c->sweep, element, open)) rebuild(c);
}
