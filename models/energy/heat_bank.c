#include "models/energy/heat_bank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"

void heat_bank_init(struct heat_bank *b, size_t n)
{
	double *s = mem_new(9 * n, sizeof *s);
	float *f = mem_new(6 * n, sizeof *f);
	*b = (struct heat_bank){
		.n = n,
		.air_k = s,
		.mass_k = s + n,
		.step = { s + 2 * n, s + 3 * n, s + 4 * n, s + 5 * n, s + 6 * n, s + 7 * n,
		    s + 8 * n },
		.mode = f,
		.heat_w = f + n,
		.cool_w = f + 2 * n,
		.heat_k = f + 3 * n,
		.cool_k = f + 4 * n,
		.aperture_m2 = f + 5 * n,
		.store = s,
		.store_f = f,
	};
}

void heat_bank_fini(struct heat_bank *b)
{
	free(b->store);
	free(b->store_f);
}

/* From the set point, over half a band, in the direction that the unit drives the air. */
static double cycle_k(double band_k, double at)
{
	return band_k * (at < 0.5 ? 2 * at - 0.5 : 1.5 - 2 * at);
}

void heat_bank_set(struct heat_bank *b, size_t i, const struct heating_house *h, double band_k,
    double outdoor_k, double at)
{
	struct etp_step s = etp_step_make(&h->envelope.heat, CLOUD_TICK_S);
	b->step.aa[i] = s.aa;
	b->step.am[i] = s.am;
	b->step.ma[i] = s.ma;
	b->step.mm[i] = s.mm;
	b->step.raa[i] = s.raa;
	b->step.ram[i] = s.ram;
	b->step.rmm[i] = s.rmm;
	b->heat_w[i] = (float)h->heat_w;
	b->cool_w[i] = (float)h->cool_w;
	b->heat_k[i] = (float)h->heat_k;
	b->cool_k[i] = (float)h->cool_k;
	b->aperture_m2[i] = (float)h->envelope.aperture_m2;
	bool runs = at < 0.5, cold = outdoor_k<h->heat_k, hot = outdoor_k> h->cool_k;
	double air_k = outdoor_k;
	if (cold) air_k = h->heat_k + cycle_k(band_k, at);
	if (hot) air_k = h->cool_k - cycle_k(band_k, at);
	if (runs && cold && h->heat_w > 0) b->mode[i] = 1;
	if (runs && hot && h->cool_w > 0) b->mode[i] = -1;
	b->air_k[i] = b->mass_k[i] = air_k;
}

CLONES static void power_of(size_t n, const float *restrict mode, const float *restrict heat_w,
    const float *restrict cool_w, double per_heat, double per_cool, double *restrict power_w)
{
	for (size_t i = 0; i < n; i++) {
		double m = (double)mode[i];
		double heats = 0.5 * (m * m + m), cools = 0.5 * (m * m - m);
		power_w[i] =
		    per_heat * heats * (double)heat_w[i] + per_cool * cools * (double)cool_w[i];
	}
}

void heat_bank_power(const struct heat_bank *b, const struct hvac_rates *r, size_t begin,
    size_t end, double *power_w)
{
	assert(begin <= end && end <= b->n);
	power_of(end - begin, b->mode + begin, b->heat_w + begin, b->cool_w + begin,
	    r->electric[HVAC_HEAT], r->electric[HVAC_COOL], power_w);
}

/* The same for all houses in a tick. */
struct common {
	double per_heat, per_cool, outdoor_k, window_w_m2, band_k;
};

CLONES static void advance(const struct common *all, const struct heat_bank *b, size_t begin,
    size_t n, const double *restrict gain_w, double *restrict outside_k)
{
	const struct common c = *all;
	double *restrict air = b->air_k + begin, *restrict mass = b->mass_k + begin;
	const double *restrict aa = b->step.aa + begin, *restrict am = b->step.am + begin;
	const double *restrict ma = b->step.ma + begin, *restrict mm = b->step.mm + begin;
	const double *restrict raa = b->step.raa + begin, *restrict ram = b->step.ram + begin;
	const double *restrict rmm = b->step.rmm + begin;
	float *restrict mode = b->mode + begin;
	const float *restrict heat_w = b->heat_w + begin, *restrict cool_w = b->cool_w + begin;
	const float *restrict heat_k = b->heat_k + begin, *restrict cool_k = b->cool_k + begin;
	const float *restrict aperture = b->aperture_m2 + begin;
	PASSES_APART
	for (size_t i = 0; i < n; i++) {
		double m = (double)mode[i];
		double heats = 0.5 * (m * m + m), cools = 0.5 * (m * m - m);
		/* half of what comes in, and half of the sun, goes into the mass */
		double half_w = 0.5 * (gain_w[i] + c.window_w_m2 * (double)aperture[i]);
		double air_w = half_w + c.per_heat * heats * (double)heat_w[i] +
			       c.per_cool * cools * (double)cool_w[i];
		struct etp_step s = { aa[i], am[i], ma[i], mm[i], raa[i], ram[i], rmm[i] };
		struct etp_state x = { air[i], mass[i] };
		x = etp_after(&s, x, c.outdoor_k, air_w, half_w);
		air[i] = x.air_k;
		mass[i] = x.mass_k;
		double low = (double)heat_k[i], high = (double)cool_k[i];
		mode[i] = (float)hvac_thermostat(m, x.air_k, low, high, 0.5 * c.band_k);
		double below = low - c.band_k - x.air_k, above = x.air_k - high - c.band_k;
		double out = below > above ? below : above;
		outside_k[i] = out > 0 ? out : 0;
	}
}

void heat_bank_advance(struct heat_bank *b, const struct hvac_rates *r, const struct heating_air *a,
    double band_k, size_t begin, size_t end, const double *gain_w, double *outside_k)
{
	assert(begin <= end && end <= b->n);
	struct common c = { r->heat[HVAC_HEAT], r->heat[HVAC_COOL], a->outdoor_k, a->window_w_m2,
		band_k };
	advance(&c, b, begin, end - begin, gain_w, outside_k);
}
