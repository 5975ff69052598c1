/* What a trace is like: the figures by which traces are compared. */
#ifndef HEARTH_MODELS_WORK_TRACE_FIGURES_H
#define HEARTH_MODELS_WORK_TRACE_FIGURES_H

#include "models/work/trace.h"

/* Windows in which requests are counted: 1, 10 and 60 s. */
enum { TRACE_WINDOWS = 3 };
extern const int trace_window_s[TRACE_WINDOWS];

/* Shares at which lengths are given: 1, 25, 50, 75, 90, 99 and 100 %. */
enum { TRACE_SHARES = 7 };
extern const int trace_share_pct[TRACE_SHARES];

/* When requests come. NAN where there are too few to tell. */
struct trace_times {
	size_t stamps;             /* distinct times */
	double rate_hz;            /* requests over the span */
	double cv;                 /* coefficient of variation of the gaps */
	double idc[TRACE_WINDOWS]; /* variance over mean of the counts; whole windows only */
	size_t windows[TRACE_WINDOWS];
};

struct trace_lengths {
	double quantile[TRACE_SHARES], mean; /* tokens */
};

struct trace_figures {
	size_t requests;
	double span_s;
	struct trace_times times;
	struct trace_lengths prompt, output;
	size_t blocks, hits; /* prefix blocks; those that an infinite cache has already */
};

void trace_figures(const struct trace *t, struct trace_figures *f);

/* Figures of the times alone, of n > 0 requests in order. */
void trace_times(const struct request *r, size_t n, struct trace_times *f);

/* Index of dispersion of the counts in the whole windows from time 0 to end_ns; NAN
 * when there are fewer than two, or no requests in them. */
double trace_idc(const struct request *r, size_t n, int64_t end_ns, int64_t window_ns);

/* The quantile at 0 <= p <= 1 of n > 0 ascending lengths: linear between order
 * statistics (Hyndman and Fan 1996, "Sample quantiles in statistical packages", type
 * 7). */
double trace_quantile(const int32_t *sorted, size_t n, double p);

/* The lengths of a trace in ascending order; the caller frees. */
int32_t *trace_sorted_prompts(const struct trace *t);
int32_t *trace_sorted_outputs(const struct trace *t);

#endif
