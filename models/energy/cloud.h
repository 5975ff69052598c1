/* Clouds as a random process, correlated along the street.
 *
 * The sky over home i is a Gaussian z_i(t) with mean 0 and variance 1,
 *
 *     z_i = sqrt(c) Z + sqrt(1 - c) u_i,
 *
 * where the shared Z and the home's own u_i are Ornstein-Uhlenbeck processes of
 * one time constant (G. E. Uhlenbeck and L. S. Ornstein 1930, Physical Review
 * 36, 823), so that c is the correlation between any two homes. Independent
 * clouds would average out, and the transformer would never see a ramp.
 *
 * z is turned into the covered share of the sky, N, whose law is Beta with the
 * asked mean m and a + b = 1: U-shaped, mostly clear or mostly covered (L. W.
 * Falls 1974, "The beta distribution: a statistical model for world cloud
 * cover", Journal of Geophysical Research 79(9), 1261-1264), and N into the
 * clear-sky index, 1 - 0.75 N^3.4 (F. Kasten and G. Czeplak 1980, "Solar and
 * terrestrial radiation dependent on the amount and type of cloud", Solar
 * Energy 24(2), 177-189, eq. 1). The index never passes 1: the brightening at
 * the edge of a cloud is left out.
 *
 * The process lives on ticks of a minute of UTC, whatever the grid step: a step
 * takes the mean of the ticks that it covers, by time, so the same seed gives
 * the same clouds at every step length. */
#ifndef HEARTH_MODELS_ENERGY_CLOUD_H
#define HEARTH_MODELS_ENERGY_CLOUD_H

#include <stddef.h>
#include <stdint.h>

#include "models/energy/weather.h"

enum {
	CLOUD_TICK_S = 60,
	CLOUD_TICKS_MAX = 62,      /* that a step of one hour can touch */
	CLOUD_CELLS_PER_UNIT = 64, /* of the table of the index against z, -5 to 5 */
	CLOUD_CELLS = 10 * CLOUD_CELLS_PER_UNIT,
};

/* Constants of a run. */
struct cloud_law {
	double keep, fresh;  /* of u at one tick: u' = keep u + fresh (a normal number) */
	double shared, own;  /* z = shared Z + own u */
	double index[CLOUD_CELLS + 2]; /* the last is a guard */
};

void cloud_law_init(struct cloud_law *l, const struct weather_par *w);

/* The clear-sky index at z, between the table's points by straight lines. */
static inline double cloud_index(const struct cloud_law *l, double z)
{
	double x = (z + 5) * CLOUD_CELLS_PER_UNIT;
	x = x > 0 ? x : 0;
	x = x < CLOUD_CELLS ? x : CLOUD_CELLS;
	int cell = (int)x;
	return l->index[cell] + (x - cell) * (l->index[cell + 1] - l->index[cell]);
}

/* The ticks of a step, with the shared Z of each. */
struct cloud_ticks {
	int64_t first;                  /* number of the first: minutes since 1970 */
	int n;
	double weight[CLOUD_TICKS_MAX]; /* share of the step; add up to 1 */
	double z[CLOUD_TICKS_MAX];
};

/* The shared process. The state is that of tick `at`. */
struct cloud_shared {
	uint64_t key;
	double z;
	int64_t at;
};

/* Starts at the tick before utc_s, from the stationary law. */
void cloud_shared_init(struct cloud_shared *s, uint64_t key, double utc_s);

/* Fills *t for the step [utc_s, utc_s + dt_s), 0 < dt_s <= 3600, which must not
 * begin before the last one did. */
void cloud_shared_step(const struct cloud_law *l, struct cloud_shared *s, double utc_s, double dt_s,
    struct cloud_ticks *t);

/* The own processes of n sites: key[i] and u[i], all at tick *at. */
struct cloud_bank {
	size_t n;
	uint64_t *key;
	double *u, *index; /* index: mean clear-sky index of the step, after cloud_bank_step */
	int64_t at;
};

/* Allocates; cloud_bank_start must follow when the keys are set. */
void cloud_bank_init(struct cloud_bank *b, size_t n);
void cloud_bank_fini(struct cloud_bank *b);
void cloud_bank_start(struct cloud_bank *b, double utc_s);

/* No clouds of their own in this step: every index is 1. */
void cloud_bank_clear(struct cloud_bank *b);

/* Moves all to the last tick of the step and fills index[]. */
void cloud_bank_step(const struct cloud_law *l, struct cloud_bank *b, const struct cloud_ticks *t);

#endif
