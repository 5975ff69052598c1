/* Efficiency of a battery's inverter and cells by power: points joined by lines. */
#ifndef HEARTH_MODELS_ENERGY_BATTERY_CURVE_H
#define HEARTH_MODELS_ENERGY_BATTERY_CURVE_H

#include <stdbool.h>
#include <stddef.h>

enum { BATTERY_CURVE_POINTS_MAX = 8 };

/* share[] rises; below the first point and above the last the ends hold. */
struct battery_curve {
	size_t n;                                  /* points; 0: there is none */
	double share[BATTERY_CURVE_POINTS_MAX];    /* of the rated power, 0 to 1 */
	double eff_frac[BATTERY_CURVE_POINTS_MAX]; /* one way, 0.3 to 1 */
};

/* Points "SHARE:EFFICIENCY, SHARE:EFFICIENCY, ..." as plain numbers, or the word
 * "citylearn": the default curve of CityLearn 2 (J. R. Vazquez-Canteli et al. 2019,
 * ACM BuildSys, 356-357), 0.83 up to 0.3 of the power, 0.90 from 0.7 to 0.8, 0.85 at
 * full, there and back, so that one way is its square root. False with a reason in
 * why when the text is neither. */
bool battery_curve_parse(const char *text, struct battery_curve *c, char *why, size_t size);

static inline double battery_curve_at(const struct battery_curve *c, double share)
{
	size_t i = 0;
	while (i < c->n && c->share[i] < share) i++;
	if (i == 0 || i == c->n) return c->eff_frac[i == 0 ? 0 : i - 1];
	double x = (share - c->share[i - 1]) / (c->share[i] - c->share[i - 1]);
	return c->eff_frac[i - 1] + x * (c->eff_frac[i] - c->eff_frac[i - 1]);
}

#endif
