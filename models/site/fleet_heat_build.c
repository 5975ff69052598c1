/* Drawing the houses and water heaters of a street. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/site/fleet_build.h"

/* Where each block of homes begins in a rising list of n of them. */
static size_t *block_starts(size_t homes, const uint32_t *home, size_t n)
{
	size_t blocks = (homes + FLEET_BLOCK - 1) / FLEET_BLOCK, k = 0;
	size_t *first = mem_new(blocks + 1, sizeof *first);
	for (size_t b = 0; b <= blocks; b++) {
		while (k < n && home[k] < b * FLEET_BLOCK) k++;
		first[b] = k;
	}
	return first;
}

/* The file was read once when the scenario was checked: that it can be read again is
 * taken for granted. */
static struct hvac_curve curve_of(const struct heating_par *par)
{
	struct hvac_curve c = { 0 };
	if (!par->curve) return c;
	struct err_list *e = err_new();
	bool good = hvac_curve_read(par->curve, &c, e);
	err_print(e, stderr);
	err_free(e);
	if (!good) abort();
	return c;
}

static void build_heating(struct fleet_builder *b, struct heating_part *s, size_t i, double outdoor_k)
{
	double *room_k = b->p->heat.room_k;
	s->par = fleet_element(b, &heating_class, i)->par;
	size_t n = fleet_pick(b, &heating_class, HOMES_HEATING, i, &s->home);
	s->first = block_starts(b->n, s->home, n);
	s->curve = curve_of(s->par);
	s->unit = heating_unit(s->par);
	heat_bank_init(&s->bank, n);
	for (size_t k = 0; k < n; k++) {
		struct pcg64 g = fleet_population(b, s->home[k], HOMES_HEATING, i);
		double floor_m2 = dist_draw(&s->par->floor_m2, &g);
		double level = dist_draw(&s->par->insulation, &g);
		double heat_k = dist_draw(&s->par->heat_k, &g);
		double cool_k = dist_draw(&s->par->cool_k, &g);
		struct heating_house house =
		    heating_house_make(s->par, &s->curve, floor_m2, level, heat_k, cool_k);
		heat_bank_set(&s->bank, k, &house, s->par->band_k, outdoor_k, pcg64_unit(&g));
		room_k[s->home[k]] = s->bank.air_k[k];
	}
}

static void build_water(struct fleet_builder *b, struct water_part *s, size_t i)
{
	s->par = fleet_element(b, &water_heater_class, i)->par;
	size_t n = fleet_pick(b, &water_heater_class, HOMES_WATER, i, &s->home);
	s->first = block_starts(b->n, s->home, n);
	water_bank_init(&s->bank, n, (long)floor(b->local_s / 86400));
	for (size_t k = 0; k < n; k++) {
		struct pcg64 g = fleet_population(b, s->home[k], HOMES_WATER, i);
		double volume_l = dist_draw(&s->par->volume_l, &g);
		double power_w = dist_draw(&s->par->power_w, &g);
		double set_k = dist_draw(&s->par->set_k, &g);
		double litres = dist_draw(&s->par->litres, &g);
		water_bank_set(&s->bank, k, s->par, volume_l, power_w, set_k, pcg64_unit(&g));
		s->bank.draws.key[k] = fleet_noise_key(b, s->home[k], RNG_HOT_WATER) + i;
		s->bank.draws.rates[k] = hot_water_rates_make(litres);
	}
}

void fleet_heat_build(struct fleet_builder *b)
{
	struct heat_parts *h = &b->p->heat;
	h->heatings = fleet_elements(b, &heating_class);
	h->waters = fleet_elements(b, &water_heater_class);
	if (!h->heatings && !h->waters) return;
	h->tick = INT64_MIN;
	sky_init_beside(&h->sky, &b->p->sky);
	double outdoor_k =
	    sky_ambient_k(&h->sky, b->utc_s, b->local_s - b->utc_s, CLOUD_TICK_S);
	h->heating = mem_new(h->heatings, sizeof *h->heating);
	h->water = mem_new(h->waters, sizeof *h->water);
	h->gain_j = mem_new(b->n, sizeof *h->gain_j);
	h->room_k = mem_new(b->n, sizeof *h->room_k);
	h->piece_w = mem_new(b->n, sizeof *h->piece_w);
	for (size_t i = 0; i < b->n; i++) h->room_k[i] = NAN;
	for (size_t i = 0; i < h->heatings; i++) build_heating(b, &h->heating[i], i, outdoor_k);
	for (size_t i = 0; i < h->waters; i++) build_water(b, &h->water[i], i);
}

void fleet_heat_free(struct fleet_parts *p)
{
	struct heat_parts *h = &p->heat;
	for (size_t i = 0; i < h->heatings; i++) {
		heat_bank_fini(&h->heating[i].bank);
		free(h->heating[i].home);
		free(h->heating[i].first);
	}
	for (size_t i = 0; i < h->waters; i++) {
		water_bank_fini(&h->water[i].bank);
		free(h->water[i].home);
		free(h->water[i].first);
	}
	sky_fini(&h->sky);
	free(h->heating);
	free(h->water);
	free(h->gain_j);
	free(h->room_k);
	free(h->piece_w);
}
