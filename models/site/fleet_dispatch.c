/* What the batteries of a street are told, and what its connections may carry. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/connection.h"
#include "models/site/fleet_build.h"

void fleet_dispatch_build(struct fleet_builder *b, enum dispatch_kind otherwise)
{
	struct fleet_parts *p = b->p;
	struct dispatch_part *d = &p->dispatch;
	dispatch_init(&d->rule, b->homes, otherwise);
	d->limit = connection_limit(b->homes);
	d->is_limited = isfinite(d->limit.import_w) || isfinite(d->limit.export_w);
	d->has_sun = mem_new(b->n, sizeof *d->has_sun);
	for (size_t i = 0; i < p->solars; i++)
		for (size_t k = 0; k < p->solar[i].pv.n; k++)
			d->has_sun[p->solar[i].home[k]] = true;
	if (p->vehicles && isfinite(d->limit.import_w)) d->give_w = mem_new(b->n, sizeof *d->give_w);
	bool tracks = d->rule.par.kind == DISPATCH_PEAK && isnan(d->rule.par.target_w);
	if (tracks) d->peak = mem_new(b->n, sizeof *d->peak);
}

void fleet_dispatch_free(struct fleet_parts *p)
{
	dispatch_fini(&p->dispatch.rule);
	free(p->dispatch.has_sun);
	free(p->dispatch.give_w);
	free(p->dispatch.peak);
}

void fleet_dispatch_begin(struct fleet *f, const struct step *st)
{
	struct dispatch_part *d = &f->parts->dispatch;
	dispatch_step(&d->rule, st);
	if (d->give_w) fleet_battery_reach(f, st->dt_s);
}

void fleet_dispatch_see(struct fleet *f, const struct step *st)
{
	struct fleet_parts *p = f->parts;
	struct dispatch_part *d = &p->dispatch;
	fleet_ahead_step(f, st);
	for (size_t i = 0; d->peak && i < f->n; i++)
		peak_see(&d->peak[i], p->net_w[i], d->rule.mean_share, d->rule.is_new_month);
}

/* The inverter gives less, down to nothing. */
static double curtail_w(double *pv_w, double *net_w, double export_w)
{
	double over_w = -export_w - *net_w;
	if (over_w <= 0) return 0;
	double cut_w = fmin(over_w, *pv_w);
	*pv_w -= cut_w;
	*net_w += cut_w;
	return cut_w;
}

void fleet_dispatch_end(struct fleet *f, double dt_s)
{
	struct fleet_parts *p = f->parts;
	struct dispatch_part *d = &p->dispatch;
	double curtailed_w = 0, exceeded_w = 0;
	for (size_t i = 0; d->is_limited && i < f->n; i++) {
		curtailed_w += curtail_w(&p->pv_w[i], &p->net_w[i], d->limit.export_w);
		exceeded_w += fmax(p->net_w[i] - d->limit.import_w, 0);
		exceeded_w += fmax(-d->limit.export_w - p->net_w[i], 0);
	}
	f->step.curtailed_j = curtailed_w * dt_s;
	f->step.exceeded_j = exceeded_w * dt_s;
	for (size_t i = 0; d->peak && i < f->n; i++) peak_learn(&d->peak[i], p->net_w[i]);
}

void fleet_share_outlook(struct fleet *f, const struct outlook *o)
{
	f->parts->dispatch.rule.outlook = o;
}
