/* How many answers of a run one may expect to be correct. */
#ifndef HEARTH_MODELS_SITE_SCORE_H
#define HEARTH_MODELS_SITE_SCORE_H

#include <stddef.h>

#include "models/site/pool.h"

/* Mean over the finished requests of the score of the model that answered, less what its
 * node's variant loses (models/compute/variant.h), and of a spiking network its own accuracy
 * where it is measured or its law given (models/compute/spiking.h); where <tiers> says how much of the gap
 * between two tiers is recovered, and both have answered, so far from the small tier's mean to
 * the large one's (tiers_score, models/control/tiers.h). The score is that of a public
 * benchmark, not of the requests of this run: nobody has marked their answers. */
struct score {
	double frac;
	const char *benchmark; /* NULL: not known, because nothing was answered, a model or
	                          variant that answered has no score, or two are of different
	                          benchmarks */
};

struct score score_expected(const struct pool *p, size_t requests);

/* Energy to intelligence: expected correct answers per kilojoule, 1000 frac / j, of a share
 * frac of correct answers at j joules an answer, j > 0. It is accuracy over energy where
 * Saad-Falcon et al. 2025 (arXiv 2511.07885, "intelligence per watt") take accuracy over
 * power, which rewards slow machines. A figure says nothing without the boundary of j. */
double score_correct_per_kj(double frac, double j);

#endif
