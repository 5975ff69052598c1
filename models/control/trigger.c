#include "models/control/trigger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/sort.h"
#include "models/grid/carbon.h"
#include "models/grid/tariff.h"
#include "sim/quantile.h"

#define QUARTER_S 900.0
#define INSTANT_S 1e-6 /* stamps of one instant differ by less, in doubles of today's UTC */

struct trigger trigger_init(const struct trigger_par *p)
{
	struct trigger t = { .par = *p };
	for (int i = 0; i < SIGNALS; i++) t.past[i].level = NAN;
	return t;
}

static void end_quarter(struct trigger_past *p, double quantile)
{
	double sorted[TRIGGER_QUARTERS];
	p->mean[p->next] = p->sum / p->part_s;
	p->next = (p->next + 1) % TRIGGER_QUARTERS;
	if (p->n < TRIGGER_QUARTERS) p->n++;
	p->sum = p->part_s = 0;
	memcpy(sorted, p->mean, p->n * sizeof *sorted);
	sort_f64(sorted, p->n);
	p->level = quantile_sorted(sorted, p->n, quantile);
}

/* A step may lie across quarters, and hold several. */
static void add_step(
    struct trigger_past *p, double quantile, double utc_s, double dt_s, double value)
{
	double end_s = utc_s + dt_s;
	while (end_s - utc_s > INSTANT_S) {
		double quarter_s = (floor((utc_s + INSTANT_S) / QUARTER_S) + 1) * QUARTER_S;
		bool ends = quarter_s - end_s < INSTANT_S; /* the step goes that far at least */
		double to_s = ends ? quarter_s : end_s;
		p->sum += value * (to_s - utc_s);
		p->part_s += to_s - utc_s;
		utc_s = to_s;
		if (ends) end_quarter(p, quantile);
	}
}

static bool is_high(const struct trigger *t, int i, double value)
{
	return value > t->par.above[i] || value > t->past[i].level; /* never where one is NAN */
}

bool trigger_step(struct trigger *t, double utc_s, double dt_s, const double signal[SIGNALS])
{
	bool high = false;
	for (int i = 0; i < SIGNALS; i++) {
		high = high || is_high(t, i, signal[i]);
		if (!isnan(t->par.quantile[i]) && !isnan(signal[i]))
			add_step(&t->past[i], t->par.quantile[i], utc_s, dt_s, signal[i]);
	}
	if (high && !t->on) t->since_s = utc_s;
	t->on = high || (t->on && utc_s - t->since_s < t->par.hold_s - INSTANT_S);
	return t->on;
}

static bool asks(const struct trigger_par *p, enum signal i)
{
	return !isnan(p->above[i]) || !isnan(p->quantile[i]);
}

static void check_has(
    const struct object *o, bool has, const char *attr, const char *needed, struct err_list *e)
{
	char level[32], quantile[32];
	if (has) return;
	snprintf(level, sizeof level, "%s-above", attr);
	snprintf(quantile, sizeof quantile, "%s-quantile", attr);
	const char *written = object_attr_is_written(o, level) ? level : quantile;
	err_at(e, object_attr_pos(o, written), "%s: %s= needs a %s; add one or leave it out",
	    o->cls->element, written, needed);
}

void trigger_check(const struct trigger_par *p, const struct object *o, const struct object *site,
    const struct object *scenario, struct err_list *e)
{
	bool tariff =
	    object_child(scenario, &tariff_class) || (site && object_child(site, &tariff_class));
	bool carbon = object_child(scenario, &carbon_class);
	if (!asks(p, SIGNAL_PRICE) && !asks(p, SIGNAL_CARBON) && !asks(p, SIGNAL_IMPORT))
		err_at(e, o->pos,
		    "%s: nothing says when; write price-above=, carbon-above= or a quantile",
		    o->cls->element);
	if (asks(p, SIGNAL_PRICE)) check_has(o, tariff, "price", "<tariff>", e);
	if (asks(p, SIGNAL_CARBON)) check_has(o, carbon, "carbon", "<carbon>", e);
}
