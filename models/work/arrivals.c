#include "models/work/arrivals.h"

#include <assert.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BUSY, CALM };

struct why {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct why why, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why.text, why.size, fmt, ap);
	va_end(ap);
	return false;
}

/* From the two rates and the mean that they must have. */
static void from_rates(double busy_hz, double calm_hz, const struct arrivals_par *p, struct mmpp *m)
{
	double busy_frac = (p->rate_hz - calm_hz) / (busy_hz - calm_hz);
	*m = (struct mmpp){
		.rate_hz = { busy_hz, calm_hz },
		.leave_hz = { (1 - busy_frac) / p->timescale_s, busy_frac / p->timescale_s },
	};
}

/* With a b = product and (a - m)(m - b) = variance, a + b = (variance + m^2 +
 * product)/m; the discriminant is written as a sum of squares. */
static bool fit_cv(const struct arrivals_par *p, double variance, struct mmpp *m, struct why why)
{
	double mean = p->rate_hz, excess = p->cv * p->cv - 1;
	if (excess < 0)
		return refuse(
		    why, "burstiness %g is below 1, which no mmpp has; write gamma", p->cv);
	if (excess > p->idc - 1)
		return refuse(why,
		    "burstiness %g squared is above idc %g; the process of these has idc %.4g at "
		    "least",
		    p->cv, p->idc, p->cv * p->cv);
	double product = mean / p->timescale_s * ((p->idc - 1) / excess - 1);
	double sum = (variance + mean * mean + product) / mean;
	double off = product + variance - mean * mean;
	double root = sqrt(off * off + 4 * variance * mean * mean) / mean;
	double busy_hz = (sum + root) / 2;
	from_rates(busy_hz, product / busy_hz, p, m);
	return true;
}

static bool fit_peak(const struct arrivals_par *p, double variance, struct mmpp *m, struct why why)
{
	double above = p->peak_hz - p->rate_hz;
	double below = isnan(p->idc) ? p->rate_hz : variance / above;
	double most = 1 + 2 * above * p->timescale_s;
	if (!(above > 0))
		return refuse(
		    why, "peak %g /s is not above the mean rate, %g /s", p->peak_hz, p->rate_hz);
	if (below > p->rate_hz)
		return refuse(why,
		    "idc %g takes a higher peak or a longer timescale; with these it is %.4g at "
		    "most",
		    p->idc, most);
	from_rates(p->peak_hz, p->rate_hz - below, p, m);
	return true;
}

bool mmpp_fit(const struct arrivals_par *p, struct mmpp *m, char *text, size_t size)
{
	struct why why = { text, size };
	double mean = p->rate_hz, variance = (p->idc - 1) * mean / (2 * p->timescale_s);
	bool has_cv = p->cv != 1, has_peak = !isnan(p->peak_hz);
	if (isnan(p->timescale_s)) return refuse(why, "an mmpp has a timescale; write timescale=");
	if (has_cv && has_peak)
		return refuse(why, "burstiness= and peak= are one too many; leave one out");
	if (isnan(p->idc) && !has_peak)
		return refuse(why, "an mmpp has an idc or a peak; write idc= or peak=");
	if (p->idc <= 1) return refuse(why, "idc %g is not above 1; write poisson", p->idc);
	if (has_peak) return fit_peak(p, variance, m, why);
	if (has_cv) return fit_cv(p, variance, m, why);
	if (variance <= mean * mean)
		from_rates(mean + sqrt(variance), mean - sqrt(variance), p, m);
	else
		from_rates(mean + variance / mean, 0, p, m);
	return true;
}

static double jumps_hz(const struct mmpp *m)
{
	return m->leave_hz[BUSY] + m->leave_hz[CALM];
}

static double busy_frac(const struct mmpp *m)
{
	return m->leave_hz[CALM] / jumps_hz(m);
}

double mmpp_mean_hz(const struct mmpp *m)
{
	return busy_frac(m) * m->rate_hz[BUSY] + (1 - busy_frac(m)) * m->rate_hz[CALM];
}

static double variance_of(const struct mmpp *m)
{
	double apart = m->rate_hz[BUSY] - m->rate_hz[CALM];
	return busy_frac(m) * (1 - busy_frac(m)) * apart * apart;
}

double mmpp_cv(const struct mmpp *m)
{
	double both = m->rate_hz[BUSY] * m->rate_hz[CALM] + mmpp_mean_hz(m) * jumps_hz(m);
	return sqrt(1 + 2 * variance_of(m) / both);
}

double mmpp_idc(const struct mmpp *m, double window_s)
{
	double x = jumps_hz(m) * window_s;
	double part = isinf(x) ? 1 : 1 + expm1(-x) / x;
	return 1 + 2 * variance_of(m) / (mmpp_mean_hz(m) * jumps_hz(m)) * part;
}

struct arrivals {
	struct arrivals_par par;
	struct mmpp mmpp;
	int state;
	gsl_rng *g;
};

struct arrivals *arrivals_new(const struct arrivals_par *p, struct pcg64 g)
{
	struct arrivals *a = mem_new(1, sizeof *a);
	char why[200];
	a->par = *p;
	a->g = rng_gsl(g);
	if (p->kind == ARRIVALS_MMPP) {
		bool fits = mmpp_fit(p, &a->mmpp, why, sizeof why);
		assert(fits);
		(void)fits;
		a->state = gsl_rng_uniform(a->g) < busy_frac(&a->mmpp) ? BUSY : CALM;
	}
	return a;
}

void arrivals_free(struct arrivals *a)
{
	if (!a) return;
	gsl_rng_free(a->g);
	free(a);
}

/* A request or a jump, whichever comes first: both wait exponentially. */
static double mmpp_gap_s(struct arrivals *a)
{
	double gap_s = 0;
	for (;;) {
		double asks_hz = a->mmpp.rate_hz[a->state], jumps = a->mmpp.leave_hz[a->state];
		gap_s += gsl_ran_exponential(a->g, 1 / (asks_hz + jumps));
		if (gsl_rng_uniform(a->g) * (asks_hz + jumps) < asks_hz) return gap_s;
		a->state = a->state == BUSY ? CALM : BUSY;
	}
}

double arrivals_gap_s(struct arrivals *a)
{
	const struct arrivals_par *p = &a->par;
	if (p->kind == ARRIVALS_MMPP) return mmpp_gap_s(a);
	if (p->kind == ARRIVALS_POISSON || p->cv == 1)
		return gsl_ran_exponential(a->g, 1 / p->rate_hz);
	double shape = 1 / (p->cv * p->cv);
	return gsl_ran_gamma(a->g, shape, 1 / (shape * p->rate_hz));
}
