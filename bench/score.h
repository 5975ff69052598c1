/* How far predictions are from measurements: relative errors, collected. */
#ifndef HEARTH_BENCH_SCORE_H
#define HEARTH_BENCH_SCORE_H

#include <stddef.h>

struct fit_score {
	double *error; /* predicted / measured - 1 */
	size_t count, cap;
};

void score_add(struct fit_score *s, double predicted, double measured); /* measured > 0 */
void score_free(struct fit_score *s);                                   /* empties it */

/* All as fractions; NAN when nothing was added. */
double score_mean(const struct fit_score *s);   /* of the magnitudes: MAPE */
double score_median(const struct fit_score *s); /* of the magnitudes */
double score_bias(const struct fit_score *s);   /* mean with sign */

#endif
