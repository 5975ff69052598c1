#include "models/energy/cloud.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"
#include "models/energy/noise.h"

/* Covered share of the sky, at least `from`, that is not passed with probability
 * p, for mean m. By halving: GSL's own inverse does not converge everywhere. */
static double covered(double p, double m, double from)
{
	double to = 1;
	for (int i = 0; i < 40; i++) { /* to 1e-12 */
		double mid = 0.5 * (from + to);
		if (gsl_cdf_beta_P(mid, m, 1 - m) < p)
			from = mid;
		else
			to = mid;
	}
	return 0.5 * (from + to);
}

/* The ends of cloudiness are points, not laws. So is, to 1e-12, what is nearer to
 * them than 1e-8: P(N > x) is there m ln(1/x), below that of z = 5, and GSL's law
 * overflows for the smallest of m. */
static double covered_at(double z, double m, double from)
{
	const double least = 1e-8;
	return m < least ? 0 : m > 1 - least ? 1 : covered(gsl_cdf_ugaussian_P(z), m, from);
}

void cloud_law_init(struct cloud_law *l, const struct weather_par *w)
{
	l->keep = exp(-CLOUD_TICK_S / w->persistence_s);
	l->fresh = sqrt(1 - l->keep * l->keep);
	l->shared = sqrt(w->correlation_frac);
	l->own = sqrt(1 - w->correlation_frac);
	double n = 0;
	for (int i = 0; i <= CLOUD_CELLS; i++) {
		double z = (double)i / CLOUD_CELLS_PER_UNIT - 5;
		n = covered_at(z, w->cloudiness_frac, n);
		l->index[i] = 1 - 0.75 * pow(n, 3.4);
	}
	l->index[CLOUD_CELLS + 1] = l->index[CLOUD_CELLS];
}

static int64_t tick_of(double utc_s)
{
	return (int64_t)floor(utc_s / CLOUD_TICK_S);
}

/* A draw from the stationary law. Counters of ticks are small: the top is free. */
static double stationary(uint64_t key)
{
	double p = (noise_unit(key, UINT64_MAX - 1) * 0x1p53 + 0.5) * (1 / (0x1p53 + 1));
	return gsl_cdf_ugaussian_Pinv(p);
}

void cloud_shared_init(struct cloud_shared *s, uint64_t key, double utc_s)
{
	*s = (struct cloud_shared){ key, stationary(key), tick_of(utc_s) - 1 };
}

void cloud_shared_step(const struct cloud_law *l, struct cloud_shared *s, double utc_s, double dt_s,
    struct cloud_ticks *t)
{
	assert(dt_s > 0 && dt_s <= 3600 && tick_of(utc_s) >= s->at);
	double end_s = utc_s + dt_s;
	t->first = tick_of(utc_s);
	t->n = 0;
	for (int64_t tick = t->first; (double)tick * CLOUD_TICK_S < end_s; tick++) {
		while (s->at < tick) {
			double fresh = noise_normal(s->key, (uint64_t)++s->at);
			s->z = l->keep * s->z + l->fresh * fresh;
		}
		double from = fmax((double)tick * CLOUD_TICK_S, utc_s);
		double to = fmin((double)(tick + 1) * CLOUD_TICK_S, end_s);
		t->weight[t->n] = (to - from) / dt_s;
		t->z[t->n++] = s->z;
	}
}

void cloud_bank_init(struct cloud_bank *b, size_t n)
{
	*b = (struct cloud_bank){
		.n = n,
		.key = mem_new(n, sizeof *b->key),
		.u = mem_new(n, sizeof *b->u),
		.index = mem_new(n, sizeof *b->index),
	};
}

void cloud_bank_fini(struct cloud_bank *b)
{
	free(b->key);
	free(b->u);
	free(b->index);
}

void cloud_bank_start(struct cloud_bank *b, double utc_s)
{
	b->at = tick_of(utc_s) - 1;
	for (size_t i = 0; i < b->n; i++) b->u[i] = stationary(b->key[i]);
}

CLONES static void advance(const struct cloud_law *l, size_t n, const uint64_t *restrict key,
    double *restrict u, uint64_t tick)
{
	const double keep = l->keep, fresh = l->fresh;
	for (size_t i = 0; i < n; i++) u[i] = keep * u[i] + fresh * noise_normal(key[i], tick);
}

CLONES static void add_index(const struct cloud_law *l, size_t n, const double *restrict u,
    double shared_z, double weight, double *restrict index)
{
	const double own = l->own;
	for (size_t i = 0; i < n; i++) index[i] += weight * cloud_index(l, shared_z + own * u[i]);
}

void cloud_bank_clear(struct cloud_bank *b)
{
	for (size_t i = 0; i < b->n; i++) b->index[i] = 1;
}

void cloud_bank_step(const struct cloud_law *l, struct cloud_bank *b, const struct cloud_ticks *t)
{
	for (size_t i = 0; i < b->n; i++) b->index[i] = 0;
	for (int k = 0; k < t->n; k++) {
		int64_t tick = t->first + k;
		for (; b->at < tick; b->at++) advance(l, b->n, b->key, b->u, (uint64_t)(b->at + 1));
		add_index(l, b->n, b->u, l->shared * t->z[k], t->weight[k], b->index);
	}
}
