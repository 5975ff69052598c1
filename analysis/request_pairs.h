/* Two runs that served the same requests, request by request. */
#ifndef HEARTH_ANALYSIS_REQUEST_PAIRS_H
#define HEARTH_ANALYSIS_REQUEST_PAIRS_H

#include <stdbool.h>

#include "analysis/shift.h"
#include "base/dataset.h"

/* How far a latency of the summary ("latency.ttft_s.p90") moved from one run to the other, by
 * the differences of each request. False when there is nothing to pair: the key is of something
 * else, the requests (id, prompt and output tokens) are not the same, one run answered some
 * that the other did not, or what is kept of the requests does not give the summary's value.
 * The interval may still be NAN, as shift.h says. */
bool request_pairs_shift(const struct dataset *before, const struct dataset *after, const char *key,
    struct shift *s);

#endif
