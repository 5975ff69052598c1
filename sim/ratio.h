/* Confidence interval of a ratio of sums, from observations in pairs.
 *
 * A mean over values that come in groups is the sum of the groups' sums S_i over
 * that of their sizes N_i. With k groups that are independent of each other, and
 * R = sum S_i / sum N_i, its variance is about
 *     k / (k - 1) sum (S_i - R N_i)^2 / (sum N_i)^2
 * whatever the dependence within a group (Cochran 1977, "Sampling Techniques", 3rd
 * ed., eq. 6.13, with a large population). */
#ifndef HEARTH_SIM_RATIO_H
#define HEARTH_SIM_RATIO_H

enum { RATIO_MAX = 64 };

struct ratio {
	double s[RATIO_MAX], n[RATIO_MAX];
	int k;
};

void ratio_add(struct ratio *r, double s, double n); /* at most RATIO_MAX times */
double ratio_value(const struct ratio *r);           /* NAN when all sizes are 0 */

/* Half the width of the interval at `level` (0.95) by Student's t with k - 1
 * degrees of freedom; NAN with fewer than two groups. */
double ratio_half(const struct ratio *r, double level);

#endif
