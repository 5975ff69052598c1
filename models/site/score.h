/* How many answers of a run one may expect to be correct. */
#ifndef HEARTH_MODELS_SITE_SCORE_H
#define HEARTH_MODELS_SITE_SCORE_H

#include <stddef.h>

#include "models/site/pool.h"

/* Mean over the finished requests of the score of the model that answered. The
 * score is that of a public benchmark, not of the requests of this run: nobody has
 * marked their answers. */
struct score {
	double frac;
	const char *benchmark; /* NULL: not known, because nothing was answered, a model that
	                          answered has no score, or two are of different benchmarks */
};

struct score score_expected(const struct pool *p, size_t requests);

#endif
