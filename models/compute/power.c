#include "models/compute/power.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double given(double value, double rule)
{
	return isnan(value) ? rule : value;
}

static struct power constants(const struct power_par *p)
{
	return (struct power){
		.base_w = given(p->base_w, 0.32 * p->tdp_w),
		.bw_w = given(p->bw_w, 0.65 * p->tdp_w),
		.fl_w = given(p->fl_w, 2.4 * p->tdp_w),
		.fl_exp = given(p->fl_exp, 1),
		.max_w = given(p->max_w, 0.92 * p->tdp_w),
		.cap_floor_w = given(p->cap_floor_w, 0.31 * p->tdp_w),
		.cap_exp = p->cap_exp,
	};
}

static struct levels constant(double w)
{
	return (struct levels){ .n = 1, .tokens = { 1 }, .power_w = { w } };
}

/* Its faults were reported by power_check: only a file that changed since can fail. */
static void read_table(struct power *w, const char *path)
{
	struct err_list *e = err_new();
	bool good = power_table_read(path, w->level, e);
	err_print(e, stderr);
	err_free(e);
	if (!good) abort();
}

static void fill_levels(struct power *w, const struct power_par *p)
{
	w->by_phase = p->form != POWER_UTIL;
	if (p->form == POWER_PHASE) {
		w->level[PHASE_PROMPT] = constant(p->prompt_w);
		w->level[PHASE_TOKEN] = constant(p->token_w);
	} else if (p->form == POWER_TABLE) {
		read_table(w, p->table);
	}
}

struct power power_init(const struct power_par *p)
{
	struct power w = constants(p);
	fill_levels(&w, p);
	return w;
}

double power_clock_frac(const struct power_par *p, double clock_frac)
{
	double v = fmax(p->voltage_floor, 1 - p->voltage_slope * (1 - clock_frac));
	return clock_frac * v * v;
}

struct power power_at_clock(const struct power_par *p, double clock_frac)
{
	struct power w = power_init(p);
	double k = power_clock_frac(p, clock_frac), still_w = fmin(w.base_w, p->idle_w);
	w.base_w = still_w + k * (w.base_w - still_w);
	w.fl_w *= k;
	return w;
}

double power_least_w(const struct power_par *p)
{
	return fmax(p->idle_w, constants(p).cap_floor_w);
}

double power_w(const struct power *p, double u_bw, double u_fl)
{
	double arithmetic = p->fl_exp == 1 ? u_fl : pow(u_fl, p->fl_exp);
	return fmin(p->max_w, p->base_w + p->bw_w * u_bw + p->fl_w * arithmetic);
}

static double highest_w(const struct power *p)
{
	double most_w = 0;
	for (int phase = 0; phase < PHASES; phase++)
		for (int i = 0; i < p->level[phase].n; i++)
			most_w = fmax(most_w, p->level[phase].power_w[i]);
	return most_w;
}

double power_full_w(const struct power *p, double busy_frac, double idle_w)
{
	if (!p->by_phase) return power_w(p, busy_frac, busy_frac);
	return busy_frac * highest_w(p) + (1 - busy_frac) * idle_w;
}

static void check_form(const struct power_par *p, const struct object *o, struct err_list *e)
{
	const char *element = o->cls->element;
	struct levels level[PHASES];
	if (p->form == POWER_PHASE && (isnan(p->prompt_w) || isnan(p->token_w)))
		err_at(e, object_attr_pos(o, "power-model"),
		    "%s: power-model=\"phase\" needs power-prompt= and power-token=", element);
	if (p->form == POWER_TABLE && !p->table)
		err_at(e, object_attr_pos(o, "power-model"),
		    "%s: power-model=\"table\" needs power-table=, a CSV file", element);
	if (p->form != POWER_TABLE && p->table)
		err_at(e, object_attr_pos(o, "power-table"),
		    "%s: power-table= is not read; write power-model=\"table\" too", element);
	if (p->form == POWER_TABLE && p->table) power_table_read(p->table, level, e);
}

void power_check(const struct power_par *p, const struct object *o, struct err_list *e)
{
	const char *element = o->cls->element;
	struct power w = constants(p);
	check_form(p, o, e);
	if (p->idle_w > w.max_w)
		err_at(e, object_attr_pos(o, "idle"),
		    "%s: idle=\"%g W\" is above the highest power of %g W; lower it", element,
		    p->idle_w, w.max_w);
	if (p->unloaded_w > p->idle_w)
		err_at(e, object_attr_pos(o, "idle-unloaded"),
		    "%s: idle-unloaded=\"%g W\" is above idle=\"%g W\"; lower it", element,
		    p->unloaded_w, p->idle_w);
	if (w.base_w > w.max_w)
		err_at(e, object_attr_pos(o, "power-base"),
		    "%s: power-base=\"%g W\" is above the highest power of %g W; lower it", element,
		    w.base_w, w.max_w);
}
