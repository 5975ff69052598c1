/* What the runs of a hosting capacity add up to. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "cli/grid_hosting.h"

void hosting_sum(struct hosting_level *l, size_t placements)
{
	double *margin_pu = mem_new(placements, sizeof *margin_pu);
	l->worst = l->run;
	l->homes = l->run[0].homes;
	for (size_t p = 0; p < placements; p++) {
		margin_pu[p] = l->run[p].margin_pu;
		l->over += margin_pu[p] < 0;
		if (margin_pu[p] < l->worst->margin_pu) l->worst = &l->run[p];
	}
	sort_f64(margin_pu, placements);
	l->min_pu = margin_pu[0];
	l->median_pu = (margin_pu[(placements - 1) / 2] + margin_pu[placements / 2]) / 2;
	l->max_pu = margin_pu[placements - 1];
	free(margin_pu);
}

struct hosting_capacity hosting_capacity(const struct hosting *h)
{
	struct hosting_capacity c = { NAN, NAN, NULL };
	for (size_t i = 0; i < h->levels; i++) {
		const struct hosting_level *l = &h->level[i];
		if (l->over < h->placements) c.some_frac = l->share_frac;
		if (!c.bound && l->over) c.bound = l;
		if (!c.bound) c.every_frac = l->share_frac;
	}
	if (c.bound) return c;
	c.bound = h->level;
	for (size_t i = 1; i < h->levels; i++)
		if (h->level[i].min_pu < c.bound->min_pu) c.bound = &h->level[i];
	return c;
}

struct hosting_doubt hosting_doubt(const struct hosting *h, enum validity stamp)
{
	struct hosting_doubt d = { 0 };
	for (size_t i = 0; i < h->levels; i++) {
		const struct hosting_level *l = &h->level[i];
		for (size_t k = 0; k < l->runs; k++) {
			if (l->run[k].validity != stamp) continue;
			if (d.runs++) continue;
			d.level = l;
			d.placement = k + 1;
			d.failed = l->run[k].failed;
		}
	}
	return d;
}

size_t hosting_runs(const struct hosting *h)
{
	size_t runs = 0;
	for (size_t i = 0; i < h->levels; i++) runs += h->level[i].runs;
	return runs;
}
