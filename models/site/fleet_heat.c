/* Heating, cooling and hot water of a street: on ticks of a minute of UTC, whatever the grid
 * step. A step is cut where ticks begin; power is that of each tick's mode. Heat of appliances,
 * nodes and tanks is gathered over the tick, at whose end the houses move. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "models/site/fleet_build.h"
#include "models/site/meters.h"

/* Of a step, what lies within one tick. */
struct piece {
	double dt_s, weight;  /* its length, and over the step's */
	const double *load_w; /* appliances; the fleet's own array when it is all of the step */
	const double *node_w; /* NULL: none */
	bool first;           /* of the step */
	bool whole;           /* all of the tick */
	bool ends;            /* the tick ends with it */
};

/* The sky of a tick: that of the step where they are the same; of what lies in the run and in
 * the weather's file, where a run begins or ends within a minute. */
static const struct sky *tick_sky(struct fleet *f, const struct step *st, int64_t tick)
{
	struct sky *s = &f->parts->heat.sky;
	double begin_s = (double)tick * CLOUD_TICK_S, end_s = begin_s + CLOUD_TICK_S;
	if (st->utc_s == begin_s && st->dt_s == CLOUD_TICK_S) return &f->parts->sky;
	if (begin_s < s->begin_s) begin_s = s->begin_s;
	if (!sky_covers(s, begin_s, end_s - begin_s)) end_s = fmin(end_s, st->utc_s + st->dt_s);
	struct step minute = { .dt_s = end_s - begin_s, .utc_s = begin_s, .zone_s = st->zone_s };
	sky_step(s, &minute);
	return s;
}

static void start_tick(struct fleet *f, const struct step *st, int64_t tick)
{
	struct heat_parts *h = &f->parts->heat;
	h->tick = tick;
	h->air = heating_air_of(tick_sky(f, st, tick));
	for (size_t i = 0; i < h->heatings; i++) {
		struct heating_part *s = &h->heating[i];
		s->rates = hvac_rates_at(&s->unit, &s->curve, h->air.outdoor_k);
	}
	long local_min = (long)floor(((double)tick * CLOUD_TICK_S + st->zone_s) / 60);
	long day = local_min / HOT_WATER_DAY_MIN;
	for (size_t i = 0; i < h->waters; i++)
		hot_water_bank_tick(
		    &h->water[i].bank.draws, day, (int)(local_min - day * HOT_WATER_DAY_MIN));
}

/* Heat of people and devices in homes from..from + n: the mean of the tick when it ends. */
static void gather_heat(struct fleet *f, const struct piece *p, size_t from, size_t n, double *gain_w)
{
	double *gain_j = f->parts->heat.gain_j + from;
	const double *load_w = p->load_w + from;
	for (size_t i = 0; i < n; i++) gain_w[i] = HEATING_APPLIANCE_FRAC * load_w[i];
	if (p->node_w)
		for (size_t i = 0; i < n; i++) gain_w[i] += p->node_w[from + i];
	if (p->whole) return;
	for (size_t i = 0; i < n; i++) gain_j[i] += gain_w[i] * p->dt_s;
	if (!p->ends) return;
	for (size_t i = 0; i < n; i++) {
		gain_w[i] = gain_j[i] / CLOUD_TICK_S;
		gain_j[i] = 0;
	}
}

/* A list of homes rises; where it skips none, loops over it are plain ones. */
static bool in_row(const uint32_t *home, size_t n)
{
	return n > 0 && home[n - 1] - home[0] == n - 1;
}

CLONES static void add_row(size_t n, double weight, const double *restrict power_w,
    double *restrict part_w, double *restrict load_w)
{
	for (size_t k = 0; k < n; k++) {
		double w = weight * power_w[k];
		part_w[k] += w;
		load_w[k] += w;
	}
}

CLONES static void add_row_heat(size_t n, const double *restrict loss_w, double *restrict gain_w)
{
	for (size_t k = 0; k < n; k++) gain_w[k] += loss_w[k];
}

/* Adds to the homes' loads, and to their part of it; returns the sum. */
static double add_power(struct fleet *f, const struct piece *p, const uint32_t *home, size_t n,
    const double *power_w, double *part_w)
{
	double *load_w = f->parts->load_w;
	if (in_row(home, n))
		add_row(n, p->weight, power_w, part_w + home[0], load_w + home[0]);
	else
		for (size_t k = 0; k < n; k++) {
			double w = p->weight * power_w[k];
			part_w[home[k]] += w;
			load_w[home[k]] += w;
		}
	return meters_sum(n, power_w);
}

CLONES static void room_row(size_t n, const double *restrict air_k, double otherwise_k,
    double *restrict room_k)
{
	for (size_t k = 0; k < n; k++) room_k[k] = air_k[k] > 0 ? air_k[k] : otherwise_k;
}

/* The air around tanks: of the house, or (NAN) of the room that the element says. */
static void gather_rooms(const struct heat_parts *h, const struct water_part *s,
    const uint32_t *home, size_t n, double *room_k)
{
	if (in_row(home, n)) {
		room_row(n, h->room_k + home[0], s->par->room_k, room_k);
		return;
	}
	for (size_t k = 0; k < n; k++) {
		double air_k = h->room_k[home[k]];
		room_k[k] = air_k > 0 ? air_k : s->par->room_k;
	}
}

/* gain_w: of the block's homes, gets what the tanks lose at the end of the tick. */
static void step_water(struct fleet *f, const struct piece *p, struct water_part *s, size_t block,
    double *gain_w)
{
	double w[FLEET_BLOCK], room_k[FLEET_BLOCK], loss_w[FLEET_BLOCK];
	size_t begin = s->first[block], n = s->first[block + 1] - begin;
	const uint32_t *home = s->home + begin;
	water_bank_power(&s->bank, begin, begin + n, w);
	f->step.water_j += add_power(f, p, home, n, w, f->parts->water_w) * p->dt_s;
	if (!p->ends) return;
	gather_rooms(&f->parts->heat, s, home, n, room_k);
	water_bank_advance(&s->bank, s->par, begin, begin + n, room_k, loss_w, w);
	if (in_row(home, n))
		add_row_heat(n, loss_w, gain_w + (home[0] - block * FLEET_BLOCK));
	else
		for (size_t k = 0; k < n; k++) gain_w[home[k] - block * FLEET_BLOCK] += loss_w[k];
	f->step.drawn_j += meters_sum(n, w) * CLOUD_TICK_S;
}

static void step_heating(struct fleet *f, const struct piece *p, struct heating_part *s,
    size_t block, const double *gain_w)
{
	double w[FLEET_BLOCK], gain[FLEET_BLOCK];
	const struct heat_parts *h = &f->parts->heat;
	size_t begin = s->first[block], n = s->first[block + 1] - begin;
	const uint32_t *home = s->home + begin;
	heat_bank_power(&s->bank, &s->rates, begin, begin + n, w);
	f->step.heating_j += add_power(f, p, home, n, w, f->parts->heating_w) * p->dt_s;
	if (!p->ends) return;
	const double *mine_w = gain;
	if (in_row(home, n))
		mine_w = gain_w + (home[0] - block * FLEET_BLOCK);
	else
		for (size_t k = 0; k < n; k++) gain[k] = gain_w[home[k] - block * FLEET_BLOCK];
	heat_bank_advance(
	    &s->bank, &s->rates, &h->air, s->par->band_k, begin, begin + n, mine_w, w);
	f->step.outside_k_s += meters_sum(n, w) * CLOUD_TICK_S;
	const double *air_k = s->bank.air_k + begin;
	if (in_row(home, n))
		memcpy(h->room_k + home[0], air_k, n * sizeof *air_k);
	else
		for (size_t k = 0; k < n; k++) h->room_k[home[k]] = air_k[k];
}

/* Homes block by block, so that what one loop leaves is near when the next takes it. */
static void step_block(struct fleet *f, const struct piece *p, size_t block)
{
	struct heat_parts *h = &f->parts->heat;
	double gain_w[FLEET_BLOCK];
	size_t from = block * FLEET_BLOCK;
	size_t n = f->n - from < FLEET_BLOCK ? f->n - from : FLEET_BLOCK;
	if (p->first)
		for (size_t i = from; i < from + n; i++)
			f->parts->heating_w[i] = f->parts->water_w[i] = 0;
	gather_heat(f, p, from, n, gain_w);
	for (size_t i = 0; i < h->waters; i++) step_water(f, p, &h->water[i], block, gain_w);
	for (size_t i = 0; i < h->heatings; i++) step_heating(f, p, &h->heating[i], block, gain_w);
}

/* Appliances between two cuts of a step; the fleet's own array when there is none. */
static const double *load_between(struct fleet *f, const struct piece *p, double local_s)
{
	struct fleet_parts *parts = f->parts;
	if (p->weight == 1) {
		fleet_load_step(f, local_s, p->dt_s, parts->load_w);
		return parts->load_w;
	}
	double *piece_w = parts->heat.piece_w;
	fleet_load_step(f, local_s, p->dt_s, piece_w);
	if (p->first)
		for (size_t i = 0; i < f->n; i++) parts->load_w[i] = 0;
	for (size_t i = 0; i < f->n; i++) parts->load_w[i] += p->weight * piece_w[i];
	return piece_w;
}

void fleet_heat_step(struct fleet *f, const struct step *st, const double *node_w)
{
	struct heat_parts *h = &f->parts->heat;
	if (!h->heatings && !h->waters) {
		fleet_load_step(f, st->utc_s + st->zone_s, st->dt_s, f->parts->load_w);
		return;
	}
	double now_s = st->utc_s, end_s = st->utc_s + st->dt_s;
	while (now_s < end_s) {
		int64_t tick = (int64_t)floor(now_s / CLOUD_TICK_S);
		double next_s = (double)(tick + 1) * CLOUD_TICK_S, until_s = fmin(next_s, end_s);
		struct piece p = {
			.dt_s = until_s - now_s,
			.weight = (until_s - now_s) / st->dt_s,
			.node_w = node_w,
			.first = now_s == st->utc_s,
			.whole = until_s - now_s == CLOUD_TICK_S,
			.ends = until_s == next_s,
		};
		if (tick != h->tick) start_tick(f, st, tick);
		p.load_w = load_between(f, &p, now_s + st->zone_s);
		for (size_t b = 0; b * FLEET_BLOCK < f->n; b++) step_block(f, &p, b);
		now_s = until_s;
	}
}

double fleet_room_mean_k(const struct fleet *f)
{
	const struct heat_parts *h = &f->parts->heat;
	double sum_k = 0, n = 0;
	for (size_t i = 0; i < h->heatings; i++) {
		sum_k += meters_sum(h->heating[i].bank.n, h->heating[i].bank.air_k);
		n += (double)h->heating[i].bank.n;
	}
	return n > 0 ? sum_k / n : NAN;
}

size_t fleet_heated(const struct fleet *f)
{
	const struct heat_parts *h = &f->parts->heat;
	size_t n = 0;
	for (size_t i = 0; i < h->heatings; i++) n += h->heating[i].bank.n;
	return n;
}

bool fleet_has_water(const struct fleet *f)
{
	return f->parts->heat.waters > 0;
}
