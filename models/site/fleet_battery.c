/* The stationary batteries of a street. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

static void draw(struct fleet_builder *b)
{
	struct fleet_parts *p = b->p;
	double air_k = sky_ambient_k(&p->sky, b->utc_s, b->local_s - b->utc_s, 60);
	p->batteries = fleet_elements(b, &battery_class);
	p->battery = mem_new(p->batteries, sizeof *p->battery);
	for (size_t i = 0; i < p->batteries; i++) {
		struct battery_part *s = &p->battery[i];
		const struct battery_par *par = fleet_element(b, &battery_class, i)->par;
		s->n = fleet_pick(b, &battery_class, HOMES_BATTERY, i, &s->home);
		battery_kind_init(&s->kind, par);
		s->unit = mem_new(s->n, sizeof *s->unit);
		s->soc_per_j = mem_new(s->n, sizeof *s->soc_per_j);
		for (size_t k = 0; k < s->n; k++) {
			struct pcg64 g = fleet_population(b, s->home[k], HOMES_BATTERY, i);
			double capacity_j = dist_draw(&par->capacity_j, &g);
			double power_w = dist_draw(&par->power_w, &g);
			battery_unit_init(&s->unit[k], &s->kind, capacity_j, power_w, air_k);
		}
	}
}

/* Each home's soc begins at nothing; NAN without a battery. */
static void clear_soc(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->batteries; i++)
		for (size_t k = 0; k < p->battery[i].n; k++) p->soc[p->battery[i].home[k]] = 0;
}

/* What all batteries of a home can hold, as it is now; p->soc lends its room. */
static void weigh_soc(struct fleet_parts *p)
{
	clear_soc(p);
	for (size_t i = 0; i < p->batteries; i++) {
		const struct battery_part *s = &p->battery[i];
		for (size_t k = 0; k < s->n; k++) p->soc[s->home[k]] += s->unit[k].cells.capacity_j;
	}
	for (size_t i = 0; i < p->batteries; i++) {
		struct battery_part *s = &p->battery[i];
		for (size_t k = 0; k < s->n; k++) s->soc_per_j[k] = 1 / p->soc[s->home[k]];
	}
}

static void add_soc(struct fleet_parts *p)
{
	clear_soc(p);
	for (size_t i = 0; i < p->batteries; i++) {
		const struct battery_part *s = &p->battery[i];
		for (size_t k = 0; k < s->n; k++)
			p->soc[s->home[k]] += s->unit[k].stored_j * s->soc_per_j[k];
	}
}

void fleet_battery_build(struct fleet_builder *b)
{
	draw(b);
	for (size_t h = 0; h < b->n; h++) b->p->soc[h] = NAN;
	weigh_soc(b->p);
	add_soc(b->p);
}

/* What the batteries of an element did in a step. */
struct sums {
	double in_w, out_w; /* at the wall */
	struct battery_flow flow;
};

static void sums_add(struct sums *s, const struct battery_flow *b)
{
	s->in_w += b->ac_w > 0 ? b->ac_w : 0;
	s->out_w += b->ac_w < 0 ? -b->ac_w : 0;
	s->flow.charge_j += b->charge_j;
	s->flow.discharge_j += b->discharge_j;
	s->flow.loss_j += b->loss_j;
	s->flow.leak_j += b->leak_j;
}

static void book(struct fleet_total *t, const struct sums *s, double dt_s)
{
	t->battery_in_j += s->in_w * dt_s;
	t->battery_out_j += s->out_w * dt_s;
	t->charge_j += s->flow.charge_j;
	t->discharge_j += s->flow.discharge_j;
	t->conversion_j += s->flow.loss_j;
	t->leak_j += s->flow.leak_j;
}

/* Units are longer than what the processor fetches ahead by itself. */
enum { FETCH_AHEAD = 4 };

static void fetch(const struct battery_unit *u)
{
	__builtin_prefetch(u, 1);
	__builtin_prefetch((const char *)u + 64, 1);
}

/* What is left of a home's planned power after those of its batteries that come before. */
static struct dispatch_order rest_of(const struct ahead_bank *a, size_t home, double done_w)
{
	struct dispatch_order order = a->order[home];
	order.plan_w -= done_w;
	return order;
}

static void step_element(struct fleet *f, struct battery_part *s, double dt_s)
{
	struct fleet_parts *p = f->parts;
	const struct dispatch_part *d = &p->dispatch;
	double *soc = p->soc, *battery_w = p->battery_w, *net_w = p->net_w;
	/* all of an element have the same efficiency */
	double eff_frac = s->n ? s->unit[0].cells.eff_frac : 1;
	struct battery_air air = battery_air_at(&s->kind, p->sky.ambient_k, dt_s);
	const struct price_view view[2] = { dispatch_view(&d->rule, eff_frac, false),
		dispatch_view(&d->rule, eff_frac, true) };
	struct sums sums = { 0 };
	for (size_t k = 0; k < s->n; k++) {
		size_t home = s->home[k];
		struct battery_unit *u = &s->unit[k];
		fetch(&s->unit[k + FETCH_AHEAD < s->n ? k + FETCH_AHEAD : k]);
		struct dispatch_order order = d->ahead
		    ? rest_of(d->ahead, home, battery_w[home])
		    : dispatch_order(&d->rule, &view[d->has_sun[home]],
			  d->peak ? &d->peak[home] : NULL, &u->cells, u->stored_j);
		double request_w = dispatch_request_w(order, d->limit, net_w[home]);
		struct battery_flow b = battery_unit_step(u, &s->kind, &air, request_w);
		soc[home] += u->stored_j * s->soc_per_j[k];
		battery_w[home] += b.ac_w;
		net_w[home] += b.ac_w;
		sums_add(&sums, &b);
	}
	book(&f->step, &sums, dt_s);
}

void fleet_battery_reach(struct fleet *f, double dt_s)
{
	struct fleet_parts *p = f->parts;
	double *give_w = p->dispatch.give_w;
	for (size_t h = 0; h < f->n; h++) give_w[h] = 0;
	for (size_t i = 0; i < p->batteries; i++) {
		const struct battery_part *s = &p->battery[i];
		for (size_t k = 0; k < s->n; k++) {
			const struct battery *b = &s->unit[k].cells;
			double stored_j = s->unit[k].stored_j;
			struct battery_flow flow = battery_step(b, &stored_j, -b->power_w, dt_s);
			give_w[s->home[k]] -= flow.ac_w;
		}
	}
}

/* By the batteries so far; it grows when a day of theirs ends. */
static double days_lived(const struct fleet_parts *p)
{
	double days = 0;
	for (size_t i = 0; i < p->batteries; i++) days += p->battery[i].kind.mean[0].days;
	return days;
}

void fleet_battery_step(struct fleet *f, double dt_s)
{
	struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) p->battery_w[i] = 0;
	double days = days_lived(p);
	clear_soc(p);
	for (size_t i = 0; i < p->batteries; i++) step_element(f, &p->battery[i], dt_s);
	if (days_lived(p) > days) { /* capacities have faded */
		weigh_soc(p);
		add_soc(p);
	}
}

void fleet_battery_outlook(
    const struct fleet *f, enum chemistry chemistry, struct battery_outlook *o)
{
	const struct fleet_parts *p = f->parts;
	*o = (struct battery_outlook){ 0 };
	for (size_t i = 0; i < p->batteries; i++) {
		const struct battery_part *s = &p->battery[i];
		if (s->kind.par->chemistry != (int)chemistry) continue;
		battery_outlook_add_kind(o, &s->kind);
		for (size_t k = 0; k < s->n; k++) battery_outlook_add(o, &s->kind, &s->unit[k]);
	}
	battery_outlook_finish(o, chemistry);
}

void fleet_battery_free(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->batteries; i++) {
		free(p->battery[i].home);
		free(p->battery[i].unit);
		free(p->battery[i].soc_per_j);
	}
	free(p->battery);
}
