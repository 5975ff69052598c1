/* Look-ahead in a street: what each home's batteries are to do in the interval. */
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

void fleet_ahead_build(struct fleet_builder *b)
{
	struct dispatch_part *d = &b->p->dispatch;
	if (d->rule.par.kind != DISPATCH_AHEAD) return;
	d->ahead = mem_new(1, sizeof *d->ahead);
	d->store = mem_new(b->n, sizeof *d->store);
	ahead_bank_init(d->ahead, &d->rule.par, d->limit, b->n);
}

void fleet_ahead_free(struct fleet_parts *p)
{
	struct dispatch_part *d = &p->dispatch;
	if (d->ahead) ahead_bank_fini(d->ahead);
	free(d->ahead);
	free(d->store);
}

/* All of a home as one, as their cells are now: the efficiency at the ratings. */
static void add_up(struct fleet_parts *p, size_t homes)
{
	struct home_store *store = p->dispatch.store;
	for (size_t h = 0; h < homes; h++) store[h] = (struct home_store){ 0 };
	for (size_t i = 0; i < p->batteries; i++) {
		const struct battery_part *part = &p->battery[i];
		for (size_t k = 0; k < part->n; k++) {
			const struct battery *b = &part->unit[k].cells;
			struct home_store *s = &store[part->home[k]];
			s->capacity_j += b->capacity_j;
			s->reserve_j += b->reserve_j;
			s->power_w += b->power_w;
			s->eff_w += b->power_w * battery_eff_frac(b, b->power_w);
			s->stored_j += part->unit[k].stored_j;
		}
	}
}

static void plan(struct fleet *f)
{
	struct fleet_parts *p = f->parts;
	struct dispatch_part *d = &p->dispatch;
	add_up(p, f->n);
	for (size_t h = 0; h < f->n; h++) {
		const struct home_store *s = &d->store[h];
		if (!(s->capacity_j > s->reserve_j)) continue; /* none, or none that may be used */
		struct battery all = { .capacity_j = s->capacity_j, .reserve_j = s->reserve_j,
			.power_w = s->power_w, .eff_frac = s->eff_w / s->power_w };
		ahead_bank_plan(d->ahead, h, &all, s->stored_j, p->net_w[h]);
	}
}

void fleet_ahead_step(struct fleet *f, const struct step *st)
{
	struct dispatch_part *d = &f->parts->dispatch;
	if (!d->ahead) return;
	if (ahead_bank_begin(d->ahead, d->rule.outlook, st)) plan(f);
	ahead_bank_see(d->ahead, st->dt_s, f->parts->net_w);
}

void fleet_plans(const struct fleet *f, long *plans, long *infeasible)
{
	const struct ahead_bank *a = f->parts->dispatch.ahead;
	*plans = a ? a->plans : 0;
	*infeasible = a ? a->infeasible : 0;
}
