/* The service-level objectives of a run, found again in its metrics. */
#ifndef HEARTH_ANALYSIS_OBJECTIVE_H
#define HEARTH_ANALYSIS_OBJECTIVE_H

#include <stddef.h>

#include "base/dataset.h"

enum { OBJECTIVE_LIMITS = 3, OBJECTIVE_KEY = 128 };

/* Words of the limits, as in keys: "ttft", "tpot", "e2e". */
extern const char *const objective_limit[OBJECTIVE_LIMITS];

struct objective {
	const char *name; /* "": the unnamed one; owned by the dataset */
	double limit_s[OBJECTIVE_LIMITS]; /* NAN: none */
};

/* The objectives one by one, in order of creation: sets *o and returns the index to
 * go on from; 0: no more. Begin with 0. */
size_t objective_next(const struct dataset *d, size_t from, struct objective *o);

/* "goodput_frac" -> "service.goodput_frac.chat" */
void objective_key(const struct objective *o, const char *metric, char key[OBJECTIVE_KEY]);

/* -> "service.attainment_frac.chat.ttft" */
void objective_limit_key(const struct objective *o, int limit, char key[OBJECTIVE_KEY]);

#endif
