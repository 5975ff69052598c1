/* What a reported number means: defined once, beside the code that computes it.
 *
 * `hearth explain` prints these rows; the results file carries `about` as the
 * column's long_name and the formula and source as attributes. */
#ifndef HEARTH_MODELS_METRIC_H
#define HEARTH_MODELS_METRIC_H

struct metric {
	const char *key;     /* "latency.ttft_s"; percentiles append ".p50" and so on */
	const char *unit;    /* "s" */
	const char *about;   /* one sentence, in the field's words */
	const char *formula; /* as text: "t(first token received) - t(request sent)" */
	const char *source;  /* author year, equation; or standard, clause */
};

/* Every table of metrics, NULL at the end; a table ends with a NULL key
 * (models/metrics.c holds the list, one word a table). */
extern const struct metric *const metric_tables[];

const struct metric *metric_find(const char *key); /* NULL: not defined */

#endif
