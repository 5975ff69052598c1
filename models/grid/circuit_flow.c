#include "models/grid/circuit_flow.h"

#include <math.h>

#include "base/mem.h"
#include "models/grid/flow.h"

static bool is_live(const struct circuit *c, uint32_t element)
{
	const struct net_element *el = &c->network->element[element];
	if (c->cut || el->open) return false;
	if (c->sweep) return c->block[element] != NET_NONE;
	return nodal_is_live(c->nodal, el->node[0]);
}

uint32_t circuit_far_phases(const struct circuit *c, const struct net_element *el)
{
	uint32_t phases = 0;
	for (uint32_t k = el->sends; k < el->terminals; k++)
		phases += c->network->node[el->node[k]].bus != NET_NONE;
	return phases;
}

void circuit_list_blocks(struct circuit *c)
{
	c->block = sweep_element_blocks(c->sweep);
	c->kind = mem_new(sweep_blocks(c->sweep), sizeof *c->kind);
	for (size_t b = 0; b < sweep_blocks(c->sweep); b++) c->kind[b] = NET_SHUNT;
	for (uint32_t i = 0; i < c->network->elements; i++) {
		if (c->block[i] == NET_NONE) continue;
		c->kind[c->block[i]] = c->network->element[i].kind;
		if (c->network->element[i].kind == NET_SUPPLY) c->meter = c->block[i];
	}
}

static void set_lane(struct lanes *x, uint32_t k, double complex value)
{
	x->re[k] = creal(value);
	x->im[k] = cimag(value);
}

/* Neutrals stand behind the phases and carry no current out of the element. */
static void nodal_flow(const struct circuit *c, uint32_t element, struct branch_flow *f)
{
	const struct net_element *el = &c->network->element[element];
	const double complex *v = nodal_v(c->nodal);
	double complex a[NET_TERMINALS];
	flow_currents(el, v, a);
	*f = (struct branch_flow){ 0 };
	for (uint32_t k = 0; k < el->terminals; k++) {
		bool near = k < el->sends;
		uint32_t lane = near ? k : k - el->sends;
		if (lane >= NET_PHASES) continue;
		set_lane(near ? &f->near_v : &f->far_v, lane,
		    el->node[k] == NET_GROUND ? 0 : v[el->node[k]]);
		set_lane(near ? &f->near_a : &f->far_a, lane, near ? a[k] : -a[k]);
	}
}

void circuit_flow(const struct circuit *c, uint32_t element, struct branch_flow *f)
{
	if (!is_live(c, element)) {
		*f = (struct branch_flow){ 0 };
		return;
	}
	if (c->nodal) {
		nodal_flow(c, element, f);
		return;
	}
	uint32_t block = c->block[element];
	sweep_near(c->sweep, block, &f->near_v, &f->near_a);
	f->far_v = *sweep_block_v(c->sweep, block);
	f->far_a = *sweep_block_a(c->sweep, block);
}

double lanes_most_a2(const struct lanes *a)
{
	double most = 0;
	for (int k = 0; k < NET_PHASES; k++) {
		double a2 = a->re[k] * a->re[k] + a->im[k] * a->im[k];
		most = a2 > most ? a2 : most;
	}
	return most;
}

static double lanes_sum_a2(const struct lanes *a)
{
	double re = a->re[0] + a->re[1] + a->re[2], im = a->im[0] + a->im[1] + a->im[2];
	return re * re + im * im;
}

/* Without shunts a line carries the same at both ends. */
struct line_squares circuit_line(const struct circuit *c, uint32_t element)
{
	if (c->sweep && is_live(c, element) && sweep_is_series(c->sweep, c->block[element])) {
		const struct lanes *a = sweep_block_a(c->sweep, c->block[element]);
		return (struct line_squares){ lanes_most_a2(a), lanes_sum_a2(a) };
	}
	struct branch_flow f;
	circuit_flow(c, element, &f);
	return (struct line_squares){ fmax(lanes_most_a2(&f.near_a), lanes_most_a2(&f.far_a)),
		lanes_sum_a2(&f.far_a) };
}

static void sum_nodal(struct circuit *c)
{
	struct flow_totals t = flow_totals(c->network, nodal_v(c->nodal));
	c->sums.line_loss_w = creal(t.kept_va[NET_LINE]);
	c->sums.transformer_loss_w = creal(t.kept_va[NET_TRANSFORMER]);
	double complex meter_va = t.source_va - t.kept_va[NET_SUPPLY];
	c->sums.meter_w = creal(meter_va);
	c->sums.meter_var = cimag(meter_va);
}

static void sum_sweep(struct circuit *c)
{
	double loss_w[NET_KINDS] = { 0 };
	for (uint32_t b = 1; b < sweep_blocks(c->sweep); b++)
		if (c->kind[b] < NET_SHUNT) loss_w[c->kind[b]] += sweep_loss_w(c->sweep, b);
	c->sums.line_loss_w = loss_w[NET_LINE];
	c->sums.transformer_loss_w = loss_w[NET_TRANSFORMER];
	double complex va =
	    lanes_va(sweep_block_v(c->sweep, c->meter), sweep_block_a(c->sweep, c->meter));
	c->sums.meter_w = creal(va);
	c->sums.meter_var = cimag(va);
}

/* Nothing that is lost is below 0, but where next to nothing flows rounding may make it so. The
 * meter then reads that much more, so that the powers balance as before. */
static void lose(struct circuit_sums *s, double *loss_w)
{
	if (*loss_w >= 0) return;
	s->meter_w -= *loss_w;
	*loss_w = 0;
}

void circuit_sum(struct circuit *c)
{
	if (c->cut) return;
	if (c->nodal)
		sum_nodal(c);
	else
		sum_sweep(c);
	lose(&c->sums, &c->sums.line_loss_w);
	lose(&c->sums, &c->sums.transformer_loss_w);
}
