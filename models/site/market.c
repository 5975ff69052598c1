#include "models/site/market.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/grid/series.h"
#include "models/grid/merit.h"
#include "models/site/supply.h"

#define J_PER_KWH 3.6e6

struct market {
	size_t units;
	const struct unit_par **par;
	struct merit_unit *unit;   /* all of a kind as one */
	struct series **available; /* of all of a kind, W */
	int64_t *out;              /* units of a kind that are lost; may be more than there are */
	size_t *order;
	double *output_w, *available_w, *joule; /* [units] */
	struct series *demand;     /* W */
	double scarcity_per_j;
	struct market_total total;
	float *generation_w; /* [steps][units] */
	size_t cap;          /* in steps */
};

static struct series *read_available(const struct unit_par *p, struct err_list *e)
{
	double whole_w = p->capacity_w * (double)p->count;
	return p->availability ? series_share(p->availability, whole_w, e)
			       : series_constant(whole_w);
}

static struct series *read_demand(const struct demand_par *p, struct err_list *e)
{
	const struct series_form mw = { "mw", 1e6, 0, (enum series_gaps)p->gaps };
	if (p->series) return series_read(p->series, &mw, e);
	if (p->shape) return series_relative(p->shape, p->power_w, e);
	return series_constant(p->power_w);
}

static void make_room(struct market *m, size_t n)
{
	m->units = n;
	m->par = mem_new(n, sizeof *m->par);
	m->unit = mem_new(n, sizeof *m->unit);
	m->available = mem_new(n, sizeof *m->available);
	m->out = mem_new(n, sizeof *m->out);
	m->order = mem_new(n, sizeof *m->order);
	m->output_w = mem_new(n, sizeof *m->output_w);
	m->available_w = mem_new(n, sizeof *m->available_w);
	m->joule = mem_new(n, sizeof *m->joule);
}

static void make_units(struct market *m, const struct object *first, struct err_list *e)
{
	size_t n = 0, k = 0;
	for (const struct object *o = first; o; o = object_next(o)) n++;
	make_room(m, n);
	for (const struct object *o = first; o; o = object_next(o), k++) {
		const struct unit_par *p = o->par;
		double whole_w = p->capacity_w * (double)p->count;
		m->par[k] = p;
		m->unit[k] = (struct merit_unit){ whole_w, p->cost_per_j, p->carbon_kg_j,
			isnan(p->ramp_per_s) ? INFINITY : p->ramp_per_s * whole_w };
		m->available[k] = read_available(p, e);
		m->output_w[k] = NAN; /* the first step finds them where it wants them */
		if (!(m->scarcity_per_j >= p->cost_per_j)) m->scarcity_per_j = p->cost_per_j;
	}
	merit_order(m->unit, n, m->order);
}

static void check_cover(const struct market *m, const struct object *demand,
    const struct time_par *time, struct err_list *e)
{
	bool endless = isnan(time->duration_s);
	double duration_s = endless ? INFINITY : time->duration_s;
	if (series_covers(m->demand, time->start.utc_s, duration_s)) return;
	err_at(e, object_attr_pos(demand, "series"), "%s", endless
	    ? "demand: a series has an end and this run has none; write duration= in <time>"
	    : "demand: the series does not cover the run from start to end");
}

struct market *market_new(const struct object *scenario, const struct time_par *time,
    struct err_list *e)
{
	const struct object *supply = object_child(scenario, &supply_class);
	const struct object *unit = object_child(supply, &unit_class);
	const struct object *demand = object_child(supply, &demand_class);
	size_t before = err_count(e);
	if (!unit) return NULL;
	struct market *m = mem_new(1, sizeof *m);
	m->scarcity_per_j = NAN;
	m->total.margin_frac = INFINITY;
	m->total.price_max_per_j = -INFINITY;
	make_units(m, unit, e);
	double written = ((const struct supply_par *)supply->par)->scarcity_per_j;
	if (!isnan(written)) m->scarcity_per_j = written;
	m->demand = read_demand(demand->par, e);
	if (m->demand) check_cover(m, demand, time, e);
	if (err_count(e) == before) return m;
	market_free(m);
	return NULL;
}

void market_free(struct market *m)
{
	if (!m) return;
	for (size_t k = 0; k < m->units; k++) series_free(m->available[k]);
	series_free(m->demand);
	free(m->par);
	free(m->unit);
	free(m->available);
	free(m->out);
	free(m->order);
	free(m->output_w);
	free(m->available_w);
	free(m->joule);
	free(m->generation_w);
	free(m);
}

/* What wind and sun could have given, and what nobody wanted. */
static double curtailed_w(const struct market *m, const struct merit_result *r)
{
	double sum = r->surplus_w;
	for (size_t k = 0; k < m->units; k++)
		if (m->par[k]->availability) sum += fmax(m->available_w[k] - m->output_w[k], 0);
	return sum;
}

static void add_totals(struct market *m, const struct merit_result *r, double demand_w,
    double own_w, double dt_s)
{
	struct market_total *t = &m->total;
	t->steps++;
	t->run_s += dt_s;
	t->demand_j += demand_w * dt_s;
	t->own_j += own_w * dt_s;
	t->generated_j += r->generation_w * dt_s;
	t->carbon_kg += r->average_kg_j * r->generation_w * dt_s;
	t->price_s += r->price_per_j * dt_s;
	t->price_max_per_j = fmax(t->price_max_per_j, r->price_per_j);
	t->marginal_s += r->marginal_kg_j * dt_s;
	t->curtailed_j += curtailed_w(m, r) * dt_s;
	if (demand_w > 0)
		t->margin_frac = fmin(t->margin_frac, r->available_w / demand_w - 1);
	if (!(r->unserved_w > 0)) return;
	t->short_s += dt_s;
	t->unserved_j += r->unserved_w * dt_s;
	t->own_unserved_j += r->unserved_w * fmax(own_w, 0) / demand_w * dt_s;
}

static void keep_generation(struct market *m, double dt_s)
{
	size_t step = (size_t)m->total.steps - 1;
	m->generation_w =
	    mem_grow(m->generation_w, step, &m->cap, m->units * sizeof *m->generation_w);
	for (size_t k = 0; k < m->units; k++) {
		m->joule[k] += m->output_w[k] * dt_s;
		m->generation_w[step * m->units + k] = (float)m->output_w[k];
	}
}

static void fill_row(const struct merit_result *r, double demand_w, struct record_row *row)
{
	row->bulk_demand_w = demand_w;
	row->bulk_unserved_w = r->unserved_w;
	row->bulk_price_per_kwh = J_PER_KWH * r->price_per_j;
	row->bulk_average_g_per_kwh = 1000 * J_PER_KWH * r->average_kg_j;
	row->bulk_marginal_g_per_kwh = 1000 * J_PER_KWH * r->marginal_kg_j;
}

static double available_w(const struct market *m, size_t k, const struct step *st)
{
	double share = (double)market_running(m, k) / (double)m->par[k]->count;
	return share * series_mean(m->available[k], st->utc_s, st->zone_s, st->dt_s);
}

struct market_quote market_step(struct market *m, const struct step *st, double own_w,
    double shift_w, struct record_row *row)
{
	double others_w = series_mean(m->demand, st->utc_s, st->zone_s, st->dt_s) + shift_w;
	double demand_w = fmax(others_w + own_w, 0); /* what is given beyond all demand is lost */
	for (size_t k = 0; k < m->units; k++) m->available_w[k] = available_w(m, k, st);
	const struct merit_period period = { demand_w, st->dt_s, m->scarcity_per_j,
		m->available_w };
	struct merit_result r =
	    merit_dispatch(m->unit, m->order, m->units, &period, m->output_w);
	add_totals(m, &r, demand_w, own_w, st->dt_s);
	keep_generation(m, st->dt_s);
	fill_row(&r, demand_w, row);
	return (struct market_quote){ r.price_per_j, r.average_kg_j, r.marginal_kg_j };
}

void market_lose(struct market *m, size_t unit, int64_t count)
{
	m->out[unit] += count;
}

const struct market_total *market_total(const struct market *m)
{
	return &m->total;
}

size_t market_units(const struct market *m)
{
	return m->units;
}

const struct unit_par *market_unit(const struct market *m, size_t unit)
{
	return m->par[unit];
}

size_t market_find(const struct market *m, const struct unit_par *par)
{
	size_t k = 0;
	while (k < m->units && m->par[k] != par) k++;
	assert(k < m->units);
	return k;
}

int64_t market_running(const struct market *m, size_t unit)
{
	int64_t left = m->par[unit]->count - m->out[unit];
	return left > 0 ? left : 0;
}

double market_capacity_w(const struct market *m, size_t unit)
{
	return m->unit[unit].capacity_w;
}

double market_output_w(const struct market *m, size_t unit)
{
	return m->output_w[unit];
}

double market_unit_j(const struct market *m, size_t unit)
{
	return m->joule[unit];
}

const float *market_generation_w(const struct market *m, long step)
{
	return m->generation_w + (size_t)step * m->units;
}
