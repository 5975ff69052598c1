/* What hearth sensitivity found, as one JSON object. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "cli/sensitivity.h"

enum { JSON_DIGITS = 12 };

static json_t *number(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static void set_interval(json_t *o, const char *key, const struct interval *x)
{
	json_object_set_new(o, key,
	    json_pack("{s:o, s:o, s:o}", "value", number(x->value), "low", number(x->lo), "high",
		number(x->hi)));
}

static json_t *end_json(double figure, const char *at, const char *to)
{
	json_t *values = json_array();
	if (at) json_array_append_new(values, json_string(at));
	if (to) json_array_append_new(values, json_string(to));
	return json_pack("{s:o, s:o}", "value", number(figure), "at", values);
}

static json_t *axis_json(const struct influence *f, const struct influence_axis *a)
{
	json_t *o = json_pack("{s:s, s:I, s:I}", "axis", a->name, "rank_first",
	    (json_int_t)a->rank.first, "rank_last", (json_int_t)a->rank.last);
	switch (f->method) {
	case INFLUENCE_TORNADO:
		set_interval(o, "change", &a->swing.change);
		json_object_set_new(
		    o, "low", end_json(a->swing.low, a->swing.low_at, a->swing.low_to));
		json_object_set_new(
		    o, "high", end_json(a->swing.high, a->swing.high_at, a->swing.high_to));
		break;
	case INFLUENCE_MORRIS:
		set_interval(o, "mu_star", &a->morris.mu_star);
		set_interval(o, "mu", &a->morris.mu);
		json_object_set_new(o, "sigma", number(a->morris.sigma));
		break;
	case INFLUENCE_SOBOL:
		set_interval(o, "total", &a->sobol.total);
		set_interval(o, "first", &a->sobol.first);
		break;
	}
	return o;
}

static json_t *metric_json(const char *metric, const struct influence *f)
{
	json_t *axes = json_array();
	for (size_t j = 0; !f->is_still && j < f->axes; j++)
		json_array_append_new(axes, axis_json(f, &f->axis[j]));
	json_t *o = json_pack("{s:s, s:o, s:o, s:I, s:o, s:o}", "metric", metric, "mean",
	    number(f->mean), "sd", number(f->sd), "settings_used", (json_int_t)f->settings_used,
	    "noise_frac", number(f->noise_frac), "axes", axes);
	if (f->group)
		json_object_set_new(o, "groups",
		    json_pack("{s:s, s:I, s:I}", "kind", f->group, "planned", (json_int_t)f->groups,
			"used", (json_int_t)f->groups_used));
	if (f->method == INFLUENCE_SOBOL)
		json_object_set_new(o, "first_sum_frac", number(f->first_sum));
	return o;
}

void sensitivity_print_json(const struct sensitivity *s)
{
	const struct outcomes *o = s->outcomes;
	json_t *metrics = json_array();
	for (size_t i = 0; i < s->figures; i++)
		json_array_append_new(metrics, metric_json(s->metric[i], &s->influence[i]));
	json_t *all = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:f, s:o}", "study",
	    o->plan->study, "design", o->design, "method", influence_name(s->method), "settings",
	    (json_int_t)o->settings, "replications", (json_int_t)o->replications, "points_failed",
	    (json_int_t)outcomes_count(o, POINT_FAILED), "points_missing",
	    (json_int_t)outcomes_count(o, POINT_MISSING), "interval_level", INTERVAL_LEVEL,
	    "metrics", metrics);
	json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));
	putchar('\n');
	json_decref(all);
}
