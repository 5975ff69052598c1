#include "models/grid/inverter.h"

#include <math.h>
#include <string.h>

struct inverter_par inverter_default(enum inverter_category c, double rated_va, double rated_w)
{
	static const struct {
		double v_pu[INVERTER_VAR_POINTS], most_pu, response_s;
	} table8[] = {
		[INVERTER_CATEGORY_A] = { { 0.90, 1, 1, 1.10 }, 0.25, 10 },
		[INVERTER_CATEGORY_B] = { { 0.92, 0.98, 1.02, 1.08 }, 0.44, 5 },
	};
	struct inverter_par p = { .rated_va = rated_va,
		.rated_w = rated_w,
		.var_pu = { table8[c].most_pu, 0, 0, -table8[c].most_pu },
		.watt_v_pu = { 1.06, 1.10 }, /* table 10, both categories */
		.watt_least_pu = 0,
		.var_response_s = table8[c].response_s,
		.watt_response_s = 10 };
	memcpy(p.var_v_pu, table8[c].v_pu, sizeof p.var_v_pu);
	return p;
}

void inverter_begin(struct inverter_state *s)
{
	*s = (struct inverter_state){ .limit_pu = 1 };
}

static double between(double x, double x0, double y0, double x1, double y1)
{
	return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

double inverter_var_pu(const struct inverter_par *p, double v_pu)
{
	const double *v = p->var_v_pu, *q = p->var_pu;
	if (!p->volt_var) return 0;
	if (v_pu <= v[0]) return q[0];
	for (int i = 1; i < INVERTER_VAR_POINTS; i++)
		if (v_pu <= v[i]) return between(v_pu, v[i - 1], q[i - 1], v[i], q[i]);
	return q[INVERTER_VAR_POINTS - 1];
}

double inverter_limit_pu(const struct inverter_par *p, double v_pu)
{
	const double *v = p->watt_v_pu;
	if (!p->volt_watt || v_pu <= v[0]) return 1;
	if (v_pu >= v[1]) return p->watt_least_pu;
	return between(v_pu, v[0], 1, v[1], p->watt_least_pu);
}

static double tau_s(double response_s)
{
	return response_s / M_LN10; /* 1 - exp(-response / tau) = 0.9 */
}

static void approach(double *x, double target, double dt_s, double response_s)
{
	*x += (*x - target) * expm1(-dt_s / tau_s(response_s));
}

static double var_target(const struct inverter_par *p, double v_pu, double available_w)
{
	return available_w < INVERTER_AWAKE_PU * p->rated_w ? 0 : inverter_var_pu(p, v_pu);
}

void inverter_pass(const struct inverter_par *p, struct inverter_state *s, double v_pu,
    double available_w, double dt_s)
{
	if (v_pu == 0) return;
	approach(&s->var_pu, var_target(p, v_pu, available_w), dt_s, p->var_response_s);
	approach(&s->limit_pu, inverter_limit_pu(p, v_pu), dt_s, p->watt_response_s);
}

/* The longest that stands at a right angle to `first`. */
static double beside(double rated, double first)
{
	return sqrt(fmax(rated * rated - first * first, 0));
}

static double within(double x, double most)
{
	return fmax(-most, fmin(x, most));
}

struct inverter_power inverter_power(
    const struct inverter_par *p, const struct inverter_state *s, double available_w)
{
	double allowed_w = fmin(available_w, s->limit_pu * p->rated_w);
	double w = fmin(allowed_w, p->rated_va), var = within(s->var_pu * p->rated_va, p->rated_va);
	if (p->watt_first)
		var = within(var, beside(p->rated_va, w));
	else
		w = fmin(w, beside(p->rated_va, var));
	return (struct inverter_power){ w, var, available_w - allowed_w, allowed_w - w };
}

struct inverter_gap inverter_gap(
    const struct inverter_par *p, const struct inverter_state *s, double v_pu, double available_w)
{
	struct inverter_gap g = { 0, 0 };
	if (v_pu == 0) return g;
	double most_pu = available_w / p->rated_w;
	g.var_pu = var_target(p, v_pu, available_w) - s->var_pu;
	g.watt_pu = fmin(inverter_limit_pu(p, v_pu), most_pu) - fmin(s->limit_pu, most_pu);
	return g;
}

static double resolve_s(double slope, double response_s)
{
	return slope > 0 ? tau_s(response_s) * log1p(1 / slope) : INFINITY;
}

double inverter_resolve_s(const struct inverter_par *p)
{
	double var_s = INFINITY, watt_s = INFINITY;
	for (int i = 1; i < INVERTER_VAR_POINTS && p->volt_var; i++) {
		double dv = p->var_v_pu[i] - p->var_v_pu[i - 1];
		if (dv > 0)
			var_s = fmin(var_s,
			    resolve_s((p->var_pu[i - 1] - p->var_pu[i]) / dv, p->var_response_s));
	}
	if (p->volt_watt)
		watt_s = resolve_s((1 - p->watt_least_pu) / (p->watt_v_pu[1] - p->watt_v_pu[0]),
		    p->watt_response_s);
	return fmin(var_s, watt_s);
}
