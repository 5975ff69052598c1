/* Arrival processes against their closed forms. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/work/arrivals.h"

Test(arrivals, the_closed_forms_of_a_process_made_by_hand)
{
	/* 7/s for 20 s, 2/s for 60 s on average: s = 1/20 + 1/60 = 1/15, busy 1/4 of the
	 * time, mean 3.25/s, variance 3/16 x 25 = 4.6875; IDC = 1 + 2 x 4.6875 x 15/3.25;
	 * CV^2 = 1 + 9.375/(14 + 3.25/15) */
	struct mmpp m = { { 7, 2 }, { 1 / 20.0, 1 / 60.0 } };
	double limit = 1 + 140.625 / 3.25;
	cr_expect_float_eq(mmpp_mean_hz(&m), 3.25, 1e-12);
	cr_expect_float_eq(mmpp_idc(&m, INFINITY), limit, 1e-9);
	cr_expect_float_eq(mmpp_idc(&m, 15), 1 + (limit - 1) * exp(-1), 1e-9); /* 1 - (1 - 1/e) */
	cr_expect_float_eq(mmpp_idc(&m, 1e-6), 1 + (limit - 1) * 1e-6 / 30, 1e-9);
	cr_expect_float_eq(mmpp_cv(&m), sqrt(1 + 9.375 / (14 + 3.25 / 15)), 1e-12);
}

/* An interrupted Poisson process: Kuczura (1973), "The interrupted Poisson process as an
 * overflow process", Bell Syst. Tech. J. 52: CV^2 = 1 + 2 rate off/(on + off)^2 with the
 * rates `off` of ending a busy and `on` of ending a calm spell. */
Test(arrivals, without_calm_requests_it_is_interrupted_poisson)
{
	struct mmpp m = { { 11, 0 }, { 0.3, 0.7 } };
	cr_expect_float_eq(mmpp_cv(&m), sqrt(1 + 2 * 11 * 0.3), 1e-12);
	cr_expect_float_eq(mmpp_idc(&m, INFINITY), 1 + 2 * 11 * 0.3, 1e-12); /* it is renewal */
}

static const struct arrivals_par fits[] = {
	{ ARRIVALS_MMPP, 5.53, 1.09, 20.6, 50, NAN }, /* the Azure 2023 conversation trace's */
	{ ARRIVALS_MMPP, 3, 2.7, 9, 0.7, NAN },
	{ ARRIVALS_MMPP, 3, 3, 9, 0.7, NAN }, /* CV^2 = IDC: no calm requests */
	{ ARRIVALS_MMPP, 3, 1, 7, 13, 5 }, { ARRIVALS_MMPP, 3, 1, 7, 13, NAN }, /* halves */
	{ ARRIVALS_MMPP, 3, 1, 70, 3, NAN },                                    /* on and off */
	{ ARRIVALS_MMPP, 3, 1, NAN, 3, 17 },                                    /* on and off */
};
enum { FITS = sizeof fits / sizeof *fits };

static struct mmpp fitted(const struct arrivals_par *p)
{
	char why[200] = "";
	struct mmpp m;
	cr_assert(mmpp_fit(p, &m, why, sizeof why), "%s", why);
	return m;
}

Test(arrivals, a_fit_has_the_figures_that_were_given)
{
	for (int i = 0; i < FITS; i++) {
		const struct arrivals_par *p = &fits[i];
		struct mmpp m = fitted(p);
		double jumps = m.leave_hz[0] + m.leave_hz[1];
		cr_expect_float_eq(mmpp_mean_hz(&m), p->rate_hz, 1e-9, "%d", i);
		cr_expect_float_eq(jumps * p->timescale_s, 1, 1e-9, "%d", i);
		cr_expect(m.rate_hz[0] > p->rate_hz && m.rate_hz[1] >= 0, "%d", i);
		cr_expect(m.leave_hz[0] > 0 && m.leave_hz[1] > 0, "%d", i);
		if (!isnan(p->idc))
			cr_expect_float_eq(mmpp_idc(&m, INFINITY) / p->idc, 1, 1e-9, "%d", i);
		if (p->cv != 1) cr_expect_float_eq(mmpp_cv(&m) / p->cv, 1, 1e-9, "%d", i);
		if (!isnan(p->peak_hz)) cr_expect_float_eq(m.rate_hz[0], p->peak_hz, 1e-9, "%d", i);
	}
	cr_expect_float_eq(fitted(&fits[2]).rate_hz[1], 0, 1e-9);
	cr_expect_float_eq(fitted(&fits[4]).leave_hz[0], fitted(&fits[4]).leave_hz[1], 1e-9);
	cr_expect_eq(fitted(&fits[5]).rate_hz[1], 0);
	cr_expect_eq(fitted(&fits[6]).rate_hz[1], 0);
}

Test(arrivals, what_no_process_has_is_refused)
{
	static const struct {
		struct arrivals_par par;
		const char *part;
	} row[] = {
		{ { ARRIVALS_MMPP, 3, 1, 7, NAN, NAN }, "write timescale=" },
		{ { ARRIVALS_MMPP, 3, 1, NAN, 7, NAN }, "write idc= or peak=" },
		{ { ARRIVALS_MMPP, 3, 2, NAN, 7, NAN }, "write idc= or peak=" },
		{ { ARRIVALS_MMPP, 3, 2, 7, 7, 9 }, "one too many" },
		{ { ARRIVALS_MMPP, 3, 0.9, 7, 7, NAN }, "write gamma" },
		{ { ARRIVALS_MMPP, 3, 3, 7, 7, NAN }, "has idc 9 at least" },
		{ { ARRIVALS_MMPP, 3, 1, 1, 7, NAN }, "write poisson" },
		{ { ARRIVALS_MMPP, 3, 1, 7, 7, 3 }, "not above the mean rate" },
		{ { ARRIVALS_MMPP, 3, 1, 70, 7, 5 }, "it is 29 at most" }, /* 1 + 2 x 2 x 7 */
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct mmpp m;
		char why[200] = "";
		cr_expect_not(mmpp_fit(&row[i].par, &m, why, sizeof why), "%zu", i);
		cr_expect(strstr(why, row[i].part) != NULL, "%zu: %s", i, why);
	}
}

/* Figures of one replication. */
struct sample {
	double rate_hz, cv, idc[3];
};
static const double windows_s[3] = { 1, 10, 60 };
enum { RUNS = 31, SPAN_S = 12000 };

static double idc_of(const int *count, int n)
{
	double sum = 0, squares = 0;
	for (int i = 0; i < n; i++) {
		sum += count[i];
		squares += (double)count[i] * count[i];
	}
	return (squares - sum * sum / n) / sum;
}

static struct sample draw(const struct arrivals_par *p, uint64_t run)
{
	struct arrivals *a = arrivals_new(p, rng_stream(7, run, rng_entity("it"), RNG_TEST));
	struct sample s = { 0 };
	int *count[3];
	double t_s = 0, squares = 0, n = 0, last_s = 0;
	for (int k = 0; k < 3; k++) count[k] = mem_new(SPAN_S, sizeof *count[k]);
	for (;;) {
		double gap_s = arrivals_gap_s(a);
		if (t_s + gap_s >= SPAN_S) break;
		t_s += gap_s;
		squares += gap_s * gap_s;
		last_s = t_s;
		n++;
		for (int k = 0; k < 3; k++) count[k][(int)(t_s / windows_s[k])]++;
	}
	s.rate_hz = n / SPAN_S;
	s.cv = sqrt(squares / n * n * n / last_s / last_s - 1);
	for (int k = 0; k < 3; k++) {
		s.idc[k] = idc_of(count[k], (int)(SPAN_S / windows_s[k]));
		free(count[k]);
	}
	arrivals_free(a);
	return s;
}

/* Within four standard errors, taken from the scatter of the replications. */
static void expect_mean(const double *x, double want, const char *what, int row)
{
	double sum = 0, squares = 0;
	for (int i = 0; i < RUNS; i++) sum += x[i];
	double mean = sum / RUNS;
	for (int i = 0; i < RUNS; i++) squares += (x[i] - mean) * (x[i] - mean);
	double error = sqrt(squares / (RUNS - 1) / RUNS);
	cr_expect(fabs(mean - want) < 4 * error, "row %d, %s: %g for %g, standard error %g", row,
	    what, mean, want, error);
	cr_expect(
	    error < 0.07 * want, "row %d, %s: says nothing, %g of %g", row, what, error, want);
}

static void expect_figures(const struct arrivals_par *p, double cv, const double *idc, int row)
{
	double x[5][RUNS];
	for (int r = 0; r < RUNS; r++) {
		struct sample s = draw(p, (uint64_t)r);
		x[0][r] = s.rate_hz;
		x[1][r] = s.cv;
		for (int k = 0; k < 3; k++) x[2 + k][r] = s.idc[k];
	}
	expect_mean(x[0], p->rate_hz, "rate", row);
	expect_mean(x[1], cv, "CV", row);
	for (int k = 0; k < 3; k++) expect_mean(x[2 + k], idc[k], "IDC", row);
}

/* The sample's index of dispersion lacks the variance of its own mean: the index in a
 * window of the whole span over the number of windows. */
Test(arrivals, draws_have_the_rate_burstiness_and_dispersion_of_the_closed_forms)
{
	static const struct arrivals_par row[] = {
		{ ARRIVALS_MMPP, 5.53, 1.09, 20.6, 20, NAN },
		{ ARRIVALS_MMPP, 3, 2.7, 9, 0.7, NAN },
		{ ARRIVALS_MMPP, 3, 1, NAN, 3, 17 },
	};
	for (int i = 0; i < 3; i++) {
		struct mmpp m = fitted(&row[i]);
		double idc[3];
		for (int k = 0; k < 3; k++)
			idc[k] = mmpp_idc(&m, windows_s[k]) -
				 mmpp_idc(&m, SPAN_S) * windows_s[k] / SPAN_S;
		expect_figures(&row[i], mmpp_cv(&m), idc, i);
	}
}

Test(arrivals, poisson_draws_are_dispersed_by_one_whatever_the_window)
{
	static const struct arrivals_par p = { ARRIVALS_POISSON, 4, 1, NAN, NAN, NAN };
	double idc[3];
	for (int k = 0; k < 3; k++) idc[k] = 1 - windows_s[k] / SPAN_S;
	expect_figures(&p, 1, idc, 0);
}

/* Renewal: in windows that hold many gaps the index is CV^2 (Cox and Lewis 1966, "The
 * statistical analysis of series of events", section 4.5). Rate 97/s and CV 2: the
 * excess at 10 s and beyond is below 1 %. */
Test(arrivals, gamma_draws_are_dispersed_by_the_squared_burstiness)
{
	static const struct arrivals_par p = { ARRIVALS_GAMMA, 97, 2, NAN, NAN, NAN };
	double long_idc = 0, cv = 0;
	for (uint64_t r = 0; r < 3; r++) {
		struct sample s = draw(&p, r);
		long_idc += s.idc[1] / 3;
		cv += s.cv / 3;
	}
	/* 3600 windows: standard error of a variance sqrt(2/3600) = 2.4 % */
	cr_expect_float_eq(long_idc, 4, 4 * 0.024 * 4);
	cr_expect_float_eq(cv, 2, 0.01);
}
