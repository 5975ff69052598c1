#include "models/compute/meter.h"

#include <gsl/gsl_integration.h>
#include <math.h>

static struct rule rule_init(int points)
{
	struct rule q = { .points = points };
	gsl_integration_glfixed_table *t = gsl_integration_glfixed_table_alloc((size_t)points);
	for (int i = 0; i < points; i++)
		gsl_integration_glfixed_point(-1, 1, (size_t)i, &q.x[i], &q.w[i], t);
	gsl_integration_glfixed_table_free(t);
	return q;
}

struct meter meter_init(const struct power *p, double flops_s, double bytes_s)
{
	return (struct meter){
		.base_w = p->base_w,
		.byte_j = p->bw_w / bytes_s,
		.flop_j = p->fl_w / pow(flops_s, p->fl_exp),
		.exponent = p->fl_exp,
		.max_w = p->max_w,
		.few = rule_init(3),
		.many = rule_init(RULE_POINTS_MAX),
		.cap_floor_w = p->cap_floor_w,
		.cap_exp = p->cap_exp,
		.by_phase = p->by_phase,
		.level = { p->level[PHASE_PROMPT], p->level[PHASE_TOKEN] },
	};
}

double meter_held_w(const struct meter *m, int64_t tokens, int64_t prefill_tokens)
{
	if (!m->by_phase) return 0;
	enum power_phase phase = prefill_tokens > 0 ? PHASE_PROMPT : PHASE_TOKEN;
	return levels_w(&m->level[phase], (double)tokens);
}

/* flops^q t^(1-q) */
static double mix(const struct meter *m, double flops, double time_s)
{
	return m->exponent == 1 ? flops : time_s * pow(flops / time_s, m->exponent);
}

static double limited_j(const struct meter *m, double most_w, double time_s, double flops,
    double bytes)
{
	double j = m->base_w * time_s + m->byte_j * bytes + m->flop_j * mix(m, flops, time_s);
	return fmin(most_w * time_s, j);
}

double meter_iteration_j(const struct meter *m, double time_s, double flops, double bytes)
{
	return limited_j(m, m->max_w, time_s, flops, bytes);
}

static double time_at(const struct run *r, double j)
{
	return r->time_s + j * r->time_step_s;
}

static double flops_at(const struct run *r, double j)
{
	return r->flops + j * r->flops_step;
}

static double mix_at(const struct run *r, const struct meter *m, double j)
{
	return mix(m, flops_at(r, j), time_at(r, j));
}

/* d/dj of flops^q t^(1-q) */
static double mix_slope(const struct run *r, const struct meter *m, double j)
{
	double relative = m->exponent * r->flops_step / flops_at(r, j) +
	    (1 - m->exponent) * r->time_step_s / time_at(r, j);
	return mix_at(r, m, j) * relative;
}

/* Sum of mix over [from, to) by the midpoint Euler-Maclaurin formula (Abramowitz
 * and Stegun 1964, 25.4.30 as a sum): the integral over [from - 1/2, to - 1/2]
 * less 1/24 of the difference of the slopes at its ends. */
static double mix_panel(const struct run *r, const struct meter *m, const struct rule *q,
    int64_t from, int64_t to)
{
	double a = (double)from - 0.5, b = (double)to - 0.5;
	double half = 0.5 * (b - a), mid = 0.5 * (a + b), sum = 0;
	for (int i = 0; i < q->points; i++) sum += q->w[i] * mix_at(r, m, mid + half * q->x[i]);
	return half * sum - (mix_slope(r, m, b) - mix_slope(r, m, a)) / 24;
}

/* How far from j the nearest singularity lies, where flops or time would be 0. */
static double mix_reach(const struct run *r, int64_t j)
{
	double flops = r->flops_step > 0 ? flops_at(r, (double)j) / r->flops_step : INFINITY;
	double time = r->time_step_s > 0 ? time_at(r, (double)j) / r->time_step_s : INFINITY;
	return fmin(flops, time);
}

/* Panels no longer than the reach keep ten Gauss points below 1e-14; three
 * suffice where the panel is a fiftieth of it. The next Euler-Maclaurin term is
 * 7/5760 reach^-4, so that terms nearer than 1000 are added one by one. */
static double mix_sum(const struct run *r, const struct meter *m, int64_t from, int64_t to)
{
	if (m->exponent == 1)
		return series_sum(flops_at(r, (double)from), r->flops_step, to - from);
	double sum = 0;
	for (int64_t j = from; j < to;) {
		double reach = mix_reach(r, j);
		if (reach < 1000 || to - j < 4) {
			sum += mix_at(r, m, (double)j++);
			continue;
		}
		int64_t end = (double)(to - j) > reach ? j + (int64_t)reach : to;
		const struct rule *q = 50 * (double)(end - j) <= reach ? &m->few : &m->many;
		sum += mix_panel(r, m, q, j, end);
		j = end;
	}
	return sum;
}

/* Lowest and highest power in [from, to) before any limit: each utilisation is a
 * quotient of affine functions, hence monotone, so its ends bound it. */
struct bounds {
	double low_w, high_w;
};

static struct bounds power_bounds(const struct run *r, const struct meter *m, int64_t from,
    int64_t to)
{
	double low[2], high[2];
	for (int end = 0; end < 2; end++) {
		double j = (double)(end ? to - 1 : from), t = time_at(r, j);
		low[end] = m->byte_j * (r->bytes + j * r->bytes_step) / t;
		high[end] = m->flop_j * mix_at(r, m, j) / t;
	}
	return (struct bounds){
		.low_w = m->base_w + fmin(low[0], low[1]) + fmin(high[0], high[1]),
		.high_w = m->base_w + fmax(low[0], low[1]) + fmax(high[0], high[1]),
	};
}

double run_demand_w(const struct run *r, const struct meter *m)
{
	if (r->held_w > 0) return r->held_w;
	return meter_iteration_j(m, r->time_s, r->flops, r->bytes) / r->time_s;
}

double run_most_w(const struct run *r, const struct meter *m, int64_t n)
{
	if (r->held_w > 0) return r->held_w;
	return fmin(m->max_w, power_bounds(r, m, 0, n).high_w);
}

static double one_by_one(const struct run *r, const struct meter *m, double most_w, int64_t from,
    int64_t to)
{
	double sum = 0;
	for (int64_t i = from; i < to; i++) {
		double j = (double)i;
		sum += limited_j(m, most_w, time_at(r, j), flops_at(r, j),
		    r->bytes + j * r->bytes_step);
	}
	return sum;
}

double run_energy_j(const struct run *r, const struct meter *m, int64_t from, int64_t to)
{
	int64_t n = to - from;
	double most_w = r->most_w > 0 ? fmin(m->max_w, r->most_w) : m->max_w;
	if (r->held_w > 0)
		return r->held_w * series_sum(time_at(r, (double)from), r->time_step_s, n);
	if (n <= 2) return one_by_one(r, m, most_w, from, to);
	struct bounds p = power_bounds(r, m, from, to);
	double time_s = series_sum(time_at(r, (double)from), r->time_step_s, n);
	if (p.low_w >= most_w) return most_w * time_s;
	if (p.high_w <= most_w) {
		double bytes =
		    series_sum(r->bytes + (double)from * r->bytes_step, r->bytes_step, n);
		return m->base_w * time_s + m->byte_j * bytes + m->flop_j * mix_sum(r, m, from, to);
	}
	if (n <= 16) return one_by_one(r, m, most_w, from, to); /* the limit is crossed in here */
	int64_t middle = from + n / 2;
	return run_energy_j(r, m, from, middle) + run_energy_j(r, m, middle, to);
}
