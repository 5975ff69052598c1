/* Mean, variance and extremes of values that come one by one.
 *
 * Welford's recurrence (1962, Technometrics 4(3)), so that the variance of
 * values far from zero keeps its digits; two tallies merge by the formula of
 * Chan, Golub and LeVeque (1983, The American Statistician 37(3), eq. 2.1). The
 * last digits of a merge depend on its order: always merge in the same. */
#ifndef HEARTH_SIM_TALLY_H
#define HEARTH_SIM_TALLY_H

#include <stdint.h>

struct tally {
	uint64_t count;
	double mean, squares; /* squares: sum of (x - mean)^2 */
	double min, max;
};

#define TALLY_EMPTY ((struct tally){ 0 })

void tally_add(struct tally *t, double x);
void tally_merge(struct tally *into, const struct tally *from);

/* NAN when nothing was added; the variance (divided by n - 1) and what follows
 * from it when fewer than two values were. */
double tally_mean(const struct tally *t);
double tally_min(const struct tally *t);
double tally_max(const struct tally *t);
double tally_variance(const struct tally *t);
double tally_sd(const struct tally *t);

/* Half the width of the confidence interval of the mean at `level` (0.95) for
 * independent values that are nearly normal or many: Student's t. For means of
 * replications, not for the values of one run, which depend on each other. */
double tally_half_width(const struct tally *t, double level);

/* Student's t: how many standard errors the interval reaches to each side. */
double student_t(double level, double degrees);

#endif
