/* A synthetic workload that resembles a trace. */
#ifndef HEARTH_MODELS_WORK_TRACE_FIT_H
#define HEARTH_MODELS_WORK_TRACE_FIT_H

#include "base/dist.h"
#include "models/work/arrivals.h"
#include "models/work/trace.h"

/* Arrivals: Poisson when neither gaps nor counts tell otherwise; gamma when gaps are
 * more even than that, or counts are not dispersed; else a modulated Poisson process
 * with the trace's rate and CV of gaps, whose index of dispersion and time scale fit
 * those of the counts in windows of 1 s to 5 minutes by least squares of the
 * logarithms. Of stamps that come in steps, gaps tell nothing and windows of three
 * steps and more count. Lengths: 16 measured quantiles each.
 *
 * Not kept: that long prompts may have short outputs, prefixes that are shared, who
 * asks, and changes of the rate that are slow beside the trace's length, which the
 * process takes for bursts. */
struct trace_fit {
	struct arrivals_par arrivals;
	struct dist prompt, output;
};

/* Fits requests whose times are those of a replay (trace_read). False when there are
 * fewer than three times. */
bool trace_fit(const struct trace *t, struct trace_fit *fit);

#endif
