/* The electric cars of a street. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/connection.h"
#include "models/site/fleet_build.h"

static struct pcg64 trips(const struct fleet_builder *b, size_t home, size_t i)
{
	struct pcg64 g = rng_stream(b->run_seed, 0, fleet_home_entity(b, home), RNG_VEHICLE);
	pcg64_advance(&g, (unsigned __int128)i << 64);
	return g;
}

/* The file was read once when the scenario was checked: that it can be read
 * again is taken for granted. */
static struct sessions *read_sessions(const struct vehicle_par *par)
{
	if (!par->sessions) return NULL;
	struct err_list *e = err_new();
	struct sessions *t = sessions_read(par->sessions, par->faults, e);
	err_print(e, stderr);
	err_free(e);
	if (!t) abort();
	return t;
}

static void build_element(struct fleet_builder *b, struct vehicle_part *s, size_t i)
{
	s->par = fleet_element(b, &vehicle_class, i)->par;
	s->n = fleet_pick(b, &vehicle_class, HOMES_VEHICLE, i, &s->home);
	s->sessions = read_sessions(s->par);
	struct vehicle *car = mem_new(s->n, sizeof *car);
	for (size_t k = 0; k < s->n; k++) {
		struct pcg64 g = fleet_population(b, s->home[k], HOMES_VEHICLE, i);
		double capacity_j = dist_draw(&s->par->capacity_j, &g);
		double charger_w = dist_draw(&s->par->charger_w, &g);
		struct pcg64 own = trips(b, s->home[k], i);
		car[k] = vehicle_make(s->par, capacity_j, charger_w, own, s->sessions);
	}
	vehicle_bank_init(&s->bank, s->par, car, s->n, b->local_s);
	if (isfinite(connection_limit(b->homes).import_w)) s->cap_w = mem_new(s->n, sizeof *s->cap_w);
	if (vehicle_listens(s->par)) s->request_w = mem_new(s->n, sizeof *s->request_w);
}

void fleet_vehicle_build(struct fleet_builder *b)
{
	struct fleet_parts *p = b->p;
	p->vehicles = fleet_elements(b, &vehicle_class);
	p->vehicle = mem_new(p->vehicles, sizeof *p->vehicle);
	for (size_t i = 0; i < p->vehicles; i++) build_element(b, &p->vehicle[i], i);
}

/* What the dispatch asks of each car, as of a battery. */
static void dispatch(const struct fleet_parts *p, const struct vehicle_part *s)
{
	const struct dispatch_part *d = &p->dispatch;
	const struct price_view view[2] = { dispatch_view(&d->rule, s->par->eff_frac, false),
		dispatch_view(&d->rule, s->par->eff_frac, true) };
	for (size_t k = 0; k < s->n; k++) {
		size_t home = s->home[k];
		struct dispatch_order order = dispatch_order(&d->rule, &view[d->has_sun[home]],
		    d->peak ? &d->peak[home] : NULL, &s->bank.car[k].store,
		    vehicle_bank_stored_j(&s->bank, k));
		s->request_w[k] = dispatch_request_w(order, d->limit, p->net_w[home]);
	}
}

/* What its own home's meter asks of each car. */
static void balance(const struct fleet_parts *p, const struct vehicle_part *s)
{
	for (size_t k = 0; k < s->n; k++) s->request_w[k] = -p->net_w[s->home[k]];
}

/* What the connection leaves each car, after the batteries have given all they can. */
static void cap(const struct fleet_parts *p, const struct vehicle_part *s)
{
	const struct dispatch_part *d = &p->dispatch;
	for (size_t k = 0; k < s->n; k++) {
		size_t home = s->home[k];
		s->cap_w[k] = fmax(d->limit.import_w + d->give_w[home] - p->net_w[home], 0);
	}
}

/* What cars lose while they charge is their own use; what they lose while they
 * give back is lost for all, as a battery's is. */
static void add_flow(struct fleet_total *t, const struct vehicle_flow *v)
{
	t->vehicle_j += v->drawn_j;
	t->vehicle_returned_j += v->given_j;
	t->vehicle_loss_j += v->drawn_j - v->charge_j;
	t->charge_j += v->charge_j;
	t->discharge_j += v->discharge_j;
	t->conversion_j += v->loss_j;
	t->trip_j += v->trip_j;
	t->short_j += v->short_j;
	t->leak_j += v->leak_j;
	t->departures += v->departures;
	t->unready += v->unready;
	t->missed_j += v->missed_j;
}

static void step_element(struct fleet *f, struct vehicle_part *s, const struct step *st)
{
	struct fleet_parts *p = f->parts;
	if (s->request_w) (s->par->policy == VEHICLE_V2G ? dispatch : balance)(p, s);
	if (s->cap_w) cap(p, s);
	struct vehicle_flow sum = vehicle_bank_step(
	    &s->bank, st->utc_s + st->zone_s, s->request_w, s->cap_w, st->dt_s);
	add_flow(&f->step, &sum);
	for (size_t k = 0; k < s->n; k++) {
		p->vehicle_w[s->home[k]] += s->bank.ac_w[k];
		p->net_w[s->home[k]] += s->bank.ac_w[k];
	}
}

void fleet_vehicle_step(struct fleet *f, const struct step *st)
{
	struct fleet_parts *p = f->parts;
	for (size_t i = 0; i < f->n; i++) p->vehicle_w[i] = 0;
	for (size_t i = 0; i < p->vehicles; i++) step_element(f, &p->vehicle[i], st);
}

void fleet_vehicle_free(struct fleet_parts *p)
{
	for (size_t i = 0; i < p->vehicles; i++) {
		struct vehicle_part *s = &p->vehicle[i];
		vehicle_bank_fini(&s->bank);
		sessions_free(s->sessions);
		free(s->request_w);
		free(s->cap_w);
		free(s->home);
	}
	free(p->vehicle);
}
