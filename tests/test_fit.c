/* Constants from synthetic measurements whose constants are known. */
#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "bench/fit.h"

enum { ROWS = 300 };

/* t = t0 + ((m / a)^p + (1 / b)^p)^(1/p): the smooth roofline of a matrix product,
 * where m tokens cost m / a and the matrix 1 / b. */
struct points {
	double tokens[ROWS], time_s[ROWS];
};

static double time_s(const void *ctx, const double *v, size_t row)
{
	const struct points *x = ctx;
	double arithmetic = x->tokens[row] / v[0], memory = 1 / v[1];
	return v[2] + pow(pow(arithmetic, v[3]) + pow(memory, v[3]), 1 / v[3]);
}

static const struct fit_constant constant[] = {
	{ "a", "1/s", 1, 1e4, { 500, 100, 3000 }, "measure many tokens", false },
	{ "b", "1/s", 1, 1e3, { 50, 10, 300 }, "measure few tokens", false },
	{ "t0", "s", 0, 1, { 0.01, 0.1, 0.001 }, "measure short times", false },
	{ "p", "", 1, 20, { 1.5, 3, 6 }, "measure between", true },
};
static const double truth[] = { 731, 23, 0.037, 1.7 };

/* Times with an error of up to `noise`, alternating so that it has no trend. */
static struct fit_problem problem(struct points *x, double from, double to, double noise)
{
	for (int i = 0; i < ROWS; i++) {
		x->tokens[i] = from * pow(to / from, (double)i / (ROWS - 1));
		x->time_s[i] = time_s(x, truth, (size_t)i) * (1 + noise * ((i * 7) % 13 - 6) / 6);
	}
	return (struct fit_problem){ constant, 4, FIT_STARTS_MAX, x->time_s, ROWS, time_s, x };
}

Test(fit, known_constants_come_back)
{
	struct points x;
	struct fit f;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0);
	cr_assert(fit_solve(&f, &p));
	for (int i = 0; i < 4; i++)
		cr_expect_lt(fabs(f.value[i] / truth[i] - 1), 1e-4, "%s: %.9g", constant[i].name,
		    f.value[i]);
	p = problem(&x, 0.1, 1e4, 0.05);
	cr_assert(fit_solve(&f, &p));
	for (int i = 0; i < 4; i++) {
		cr_expect_lt(fabs(f.value[i] / truth[i] - 1), 0.2, "%s: %.9g", constant[i].name,
		    f.value[i]);
		cr_expect_lt(fabs(f.value[i] - truth[i]), 4 * f.error[i], "%s: %g +- %g",
		    constant[i].name, f.value[i], f.error[i]);
	}
}

/* A tenth of the rows five times too slow: least squares alone would give t0 and b
 * half as much again. */
Test(fit, rows_far_off_count_little)
{
	struct points x;
	struct fit f;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0.01);
	for (int i = 0; i < ROWS; i += 10) x.time_s[i] *= 5;
	cr_assert(fit_solve(&f, &p));
	for (int i = 0; i < 4; i++)
		cr_expect_lt(fabs(f.value[i] / truth[i] - 1), 0.1, "%s: %.9g", constant[i].name,
		    f.value[i]);
}

static bool names(const struct fit_problem *p, const char *wanted, bool *identified)
{
	struct fit f;
	char text[4096] = "";
	struct err_list *e = err_new();
	FILE *out = fmemopen(text, sizeof text - 1, "w");
	cr_assert(fit_solve(&f, p));
	*identified = fit_identifies(&f, p, (struct err_pos){ "table.csv", 0, 0 }, e);
	err_print(e, out);
	fclose(out);
	err_free(e);
	return strstr(text, wanted) != NULL;
}

Test(fit, says_what_the_rows_do_not_identify)
{
	struct points x;
	bool identified;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0.01);
	cr_expect_not(names(&p, "identify", &identified));
	cr_expect(identified);
	/* at 1e5 tokens and more, a matrix's 43 ms and t0's 37 are nothing in 136 s */
	p = problem(&x, 1e5, 1e7, 0.01);
	cr_expect(names(&p, "do not identify t0", &identified));
	cr_expect_not(identified);
	cr_expect(names(&p, "do not identify b", &identified));
	cr_expect(names(&p, "measure few tokens", &identified));
	/* at a thousandth of a token there is no arithmetic */
	p = problem(&x, 1e-6, 1e-3, 0.01);
	cr_expect(names(&p, "do not identify a", &identified));
	cr_expect_not(identified);
}

Test(fit, refuses_fewer_rows_than_it_needs)
{
	struct points x;
	struct fit f;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0);
	p.rows = 4;
	cr_expect_not(fit_solve(&f, &p));
}

/* Held-out errors of noise that no constant explains are those of the noise: mean
 * magnitude of (-6 ... 6) / 6 is 42/78 of it. */
Test(fit, cross_validation_holds_rows_out)
{
	static double predicted[ROWS];
	struct points x;
	struct fit f;
	double sum = 0;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0.05);
	cr_assert(fit_solve(&f, &p));
	fit_cross_validate(&f, &p, predicted);
	int same = 0;
	for (int i = 0; i < ROWS; i++) {
		sum += fabs(predicted[i] / x.time_s[i] - 1) / ROWS;
		same += predicted[i] == time_s(&x, f.value, (size_t)i);
	}
	cr_expect_float_eq(sum, 0.05 * 42 / 78, 0.003);
	cr_expect_lt(same, ROWS / 10);
}

Test(fit, the_same_twice)
{
	struct points x;
	struct fit f, g;
	struct fit_problem p = problem(&x, 0.1, 1e4, 0.05);
	cr_assert(fit_solve(&f, &p));
	cr_assert(fit_solve(&g, &p));
	cr_expect_eq(memcmp(&f, &g, sizeof f), 0);
}
