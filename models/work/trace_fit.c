#include "models/work/trace_fit.h"

#include <math.h>
#include <stdlib.h>

#include "models/work/trace_figures.h"

#define NS_PER_S 1000000000LL

/* No process has an index below CV^2; the two may be written with four digits. */
#define ROOM 1.002

enum { WINDOWS = 4, LEAST_WINDOWS = 10, STEPS = 200 };
static const int window_s[WINDOWS] = { 1, 10, 60, 300 };

/* The index of dispersion in windows of so many lengths; NAN: too few windows, or too
 * near to the steps of the stamps. */
struct counts {
	double idc[WINDOWS];
	bool dispersed; /* more than a Poisson process by chance */
};

static struct counts count(const struct trace *t)
{
	struct counts c = { .dispersed = false };
	for (int k = 0; k < WINDOWS; k++) {
		int64_t window_ns = window_s[k] * NS_PER_S;
		double windows = floor((double)t->span_ns / (double)window_ns);
		c.idc[k] = NAN;
		if (windows < LEAST_WINDOWS || window_ns < 3 * t->step_ns) continue;
		c.idc[k] = trace_idc(t->request, t->count, t->span_ns, window_ns);
		/* of a Poisson process the index has standard deviation sqrt(2/windows) */
		c.dispersed |= c.idc[k] > 1.05 && c.idc[k] > 1 + 4 * sqrt(2 / windows);
	}
	return c;
}

/* How far the counts of a process with that index in long windows and that time scale
 * are from the trace's: squares of logarithms. */
static double misfit(const struct counts *c, double idc, double timescale_s)
{
	double sum = 0;
	for (int k = 0; k < WINDOWS; k++) {
		double x = window_s[k] / timescale_s;
		double model = 1 + (idc - 1) * (1 + expm1(-x) / x);
		if (c->idc[k] > 1) sum += pow(log(model / c->idc[k]), 2);
	}
	return sum;
}

static double between(double low, double high, int step)
{
	return low * pow(high / low, (double)step / STEPS);
}

/* The least misfit of a grid of ratios: time scales from a tenth of a second to a tenth
 * of the trace, indices from what the gaps allow to twenty times the largest seen. */
static void fit_bursts(const struct counts *c, double span_s, struct arrivals_par *p)
{
	double best = INFINITY, most = 1, least = fmax(1.01, ROOM * p->cv * p->cv);
	for (int k = 0; k < WINDOWS; k++)
		if (c->idc[k] > most) most = c->idc[k];
	for (int i = 0; i <= STEPS; i++) {
		double timescale_s = between(0.1, fmax(1, span_s / 10), i);
		for (int j = 0; j <= STEPS; j++) {
			double idc = between(least, 20 * fmax(most, least), j);
			double off = misfit(c, idc, timescale_s);
			if (off >= best) continue;
			best = off;
			p->idc = idc;
			p->timescale_s = timescale_s;
		}
	}
}

static struct dist lengths(int32_t *sorted, size_t n)
{
	/* dense above, where the tokens are: means within 3 % for the published traces */
	static const double share[] = { 0, 0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
		0.98, 0.99, 0.995, 0.999, 1 };
	struct dist d = { .kind = DIST_QUANTILES,
		.min = 1,
		.max = TRACE_TOKENS_MAX,
		.n = sizeof share / sizeof *share };
	for (int i = 0; i < d.n; i++) {
		d.weight[i] = share[i];
		d.value[i] = round(trace_quantile(sorted, n, share[i]));
	}
	free(sorted);
	return d;
}

bool trace_fit(const struct trace *t, struct trace_fit *fit)
{
	struct trace_times times;
	struct counts c = count(t);
	trace_times(t->request, t->count, &times);
	if (times.stamps < 3) return false;
	/* gaps below a step are not known */
	double cv = t->step_ns ? 1 : times.cv;
	*fit = (struct trace_fit){
		.arrivals = { ARRIVALS_GAMMA, times.rate_hz, cv, NAN, NAN, NAN },
		.prompt = lengths(trace_sorted_prompts(t), t->count),
		.output = lengths(trace_sorted_outputs(t), t->count),
	};
	struct arrivals_par *p = &fit->arrivals;
	if (!c.dispersed && fabs(p->cv - 1) <= 0.05) {
		p->kind = ARRIVALS_POISSON;
		p->cv = 1;
	} else if (c.dispersed && p->cv >= 1) {
		p->kind = ARRIVALS_MMPP;
		if (p->cv < 1.01) p->cv = 1; /* too near to a Poisson process to tell more */
		fit_bursts(&c, (double)t->span_ns / (double)NS_PER_S, p);
	}
	return true;
}
