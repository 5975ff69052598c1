/* What a reported number means: defined once, beside the code that computes it.
 *
 * `hearth explain` prints these rows; metric_put gives them to the results file
 * as the attributes long_name, units, formula, source and better. */
#ifndef HEARTH_MODELS_METRIC_H
#define HEARTH_MODELS_METRIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/dataset.h"

/* Which of two values of a metric is the better one, all else equal. Neither: it depends,
 * as for a voltage, or the metric only says how much there was. */
enum metric_better { NEITHER_IS_BETTER, LOWER_IS_BETTER, HIGHER_IS_BETTER };

struct metric {
	const char *key;     /* "latency.ttft_s"; parts append ".p50" and so on */
	const char *unit;    /* "s" */
	const char *about;   /* one sentence, in the field's words, without final stop */
	const char *formula; /* as text: "t(first token received) - t(request sent)" */
	const char *source;  /* author year, equation; or standard, clause */
	enum metric_better better;
};

/* Every table of metrics, NULL at the end; a table ends with a NULL key
 * (models/metrics.c holds the list, one word a table). */
extern const struct metric *const metric_tables[];

const struct metric *metric_find(const char *key); /* NULL: not defined */

/* A key of the summary names a metric and which statistic of it ("latency.ttft_s.p90"):
 * the longest beginning that is a metric. NULL: there is none. */
const struct metric *metric_of(const char *key);

/* "lower", "higher"; NULL where neither is better. */
const char *metric_better(const struct metric *m);

/* A number with its 95 % interval (NAN, NAN: none to state) from n observations. */
struct estimate {
	double value, lo, hi;
	int64_t n;
};

/* An exact count or integral: no interval. */
struct estimate estimate_exact(double value, int64_t n);

/* Puts metric `key` (which must be defined: a bug otherwise) into the summary of
 * `d`; `part` is NULL or a statistic such as "p50", which is appended to the key. */
void metric_put(struct dataset *d, const char *key, const char *part, struct estimate x);

#endif
