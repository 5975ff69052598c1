#include "models/energy/water_bank.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"
#include "models/energy/cloud.h"

void water_bank_init(struct water_bank *b, size_t n, long day)
{
	*b = (struct water_bank){
		.n = n,
		.t_k = mem_new(n, sizeof *b->t_k),
		.on = mem_new(n, sizeof *b->on),
		.power_w = mem_new(n, sizeof *b->power_w),
		.low_k = mem_new(n, sizeof *b->low_k),
		.high_k = mem_new(n, sizeof *b->high_k),
		.s_per_c = mem_new(n, sizeof *b->s_per_c),
	};
	hot_water_bank_init(&b->draws, n, day);
}

void water_bank_fini(struct water_bank *b)
{
	free(b->t_k);
	free(b->on);
	free(b->power_w);
	free(b->low_k);
	free(b->high_k);
	free(b->s_per_c);
	hot_water_bank_fini(&b->draws);
}

void water_bank_set(struct water_bank *b, size_t i, const struct water_heater_par *par,
    double volume_l, double power_w, double set_k, double at)
{
	b->power_w[i] = (float)power_w;
	b->low_k[i] = (float)(set_k - 0.5 * par->band_k);
	b->high_k[i] = (float)(set_k + 0.5 * par->band_k);
	b->s_per_c[i] = (float)(CLOUD_TICK_S / (volume_l * 1e-3 * WATER_J_M3_K));
	b->t_k[i] = set_k + (at - 0.5) * par->band_k;
}

CLONES static void power_of(size_t n, const float *restrict on, const float *restrict rated_w,
    double *restrict power_w)
{
	for (size_t i = 0; i < n; i++) power_w[i] = (double)(on[i] * rated_w[i]);
}

void water_bank_power(const struct water_bank *b, size_t begin, size_t end, double *power_w)
{
	assert(begin <= end && end <= b->n);
	power_of(end - begin, b->on + begin, b->power_w + begin, power_w);
}

CLONES static void advance(size_t n, double *restrict t_k, float *restrict on,
    const float *restrict power_w, const float *restrict low_k, const float *restrict high_k,
    const float *restrict s_per_c, const float *restrict flow_m3_s, double ua_w_k, double inlet_k,
    const double *restrict room_k, double *restrict loss_w, double *restrict drawn_w)
{
	for (size_t i = 0; i < n; i++) {
		double t = t_k[i], room = room_k[i];
		double set_k = 0.5 * ((double)low_k[i] + (double)high_k[i]);
		double w = tank_mixed_w_k(
		    (double)flow_m3_s[i] * WATER_J_M3_K, set_k, inlet_k, t);
		double element_w = (double)(on[i] * power_w[i]);
		struct tank_node x = tank_node_after(
		    t, (double)s_per_c[i], ua_w_k, w, inlet_k, room, element_w);
		loss_w[i] = ua_w_k * (x.mean_k - room);
		drawn_w[i] = w * (x.mean_k - inlet_k);
		t_k[i] = x.end_k;
		float stays = x.end_k <= (double)high_k[i] ? on[i] : 0;
		on[i] = x.end_k < (double)low_k[i] ? 1 : stays;
	}
}

void water_bank_advance(struct water_bank *b, const struct water_heater_par *par, size_t begin,
    size_t end, const double *room_k, double *loss_w, double *drawn_w)
{
	assert(begin <= end && end <= b->n);
	advance(end - begin, b->t_k + begin, b->on + begin, b->power_w + begin, b->low_k + begin,
	    b->high_k + begin, b->s_per_c + begin, b->draws.flow_m3_s + begin, par->ua_w_k,
	    par->inlet_k, room_k, loss_w, drawn_w);
}
