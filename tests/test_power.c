/* Power of a board: its forms, against numbers worked out by hand. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/compute/meter.h"
#include "tests/published.h"

#define HEAD "phase,tokens,power_w\n"

static char shown[4096];

/* What is wrong with a table; its levels otherwise. */
static bool parse(const char *text, struct levels level[PHASES])
{
	char *copy = mem_text(text);
	struct err_list *e = err_new();
	bool good = power_table_parse("p.csv", copy, strlen(copy), level, e);
	FILE *f = fmemopen(shown, sizeof shown, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	free(copy);
	return good;
}

Test(power, table_is_linear_between_its_rows)
{
	struct levels l[PHASES];
	cr_assert(parse("# a board\n" HEAD "token,3,211\ntoken,7,231\nprompt,1,300\ntoken,8,230\n", l),
	    "%s", shown);
	const struct levels *t = &l[PHASE_TOKEN];
	cr_expect_eq(levels_w(t, 1), 211.0);
	cr_expect_eq(levels_w(t, 3), 211.0);
	cr_expect_eq(levels_w(t, 4), 216.0); /* a quarter of the way */
	cr_expect_eq(levels_w(t, 7), 231.0);
	cr_expect_eq(levels_w(t, 8), 230.0);
	cr_expect_eq(levels_w(t, 1000), 230.0);
	cr_expect_eq(levels_w(&l[PHASE_PROMPT], 77), 300.0);
}

Test(power, table_says_what_is_wrong)
{
	static const struct {
		const char *text, *want;
	} row[] = {
		{ "", "at least one row of each phase" },
		{ HEAD "token,1,200\n", "at least one row of each phase" },
		{ "phase,batch,power\n", "p.csv:1:1: error: the header must be" },
		{ HEAD "decode,1,200\n", "p.csv:2:1: error: the phase is prompt or token" },
		{ HEAD "token,0,200\n", "p.csv:2:7: error: tokens are 1 or more" },
		{ HEAD "token,3,200\ntoken,3,201\n", "p.csv:3:7: error: tokens are 1 or more" },
		{ HEAD "token,3,0\n", "p.csv:2:9: error: not a power in watts" },
		{ HEAD "token,3,2 kW\n", "p.csv:2:9: error: not a power in watts" },
		{ HEAD "token,3\n", "p.csv:2:1: error: a row has three fields" },
		{ HEAD "token,\"3,200\n", "p.csv:2:7: error: " },
	};
	struct levels l[PHASES];
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		cr_expect_not(parse(row[i].text, l), "row %zu", i);
		cr_expect_not_null(strstr(shown, row[i].want), "row %zu: %s", i, shown);
	}
}

Test(power, constants_hold_by_phase)
{
	struct power_par p = { .tdp_w = 400, .idle_w = 63, .base_w = NAN, .bw_w = NAN, .fl_w = NAN,
		.fl_exp = NAN, .max_w = NAN, .form = POWER_PHASE, .prompt_w = 400, .token_w = 250 };
	struct power w = power_init(&p);
	struct meter m = meter_init(&w, 312e12, 2.039e12);
	cr_expect_eq(meter_held_w(&m, 17, 0), 250.0);
	cr_expect_eq(meter_held_w(&m, 17, 1), 400.0); /* one token of a prompt among the 17 */
	struct run r = { .time_s = 0.5, .time_step_s = 0.25, .held_w = meter_held_w(&m, 3, 0) };
	cr_expect_eq(run_energy_j(&r, &m, 0, 3), 250 * (0.5 + 0.75 + 1.0));
	p.form = POWER_UTIL;
	w = power_init(&p);
	m = meter_init(&w, 312e12, 2.039e12);
	cr_expect_eq(meter_held_w(&m, 17, 1), 0.0);
}

/* The next row of 512 prompt tokens on so many devices: batch, and the watts of an
 * A100 of 400 W while it decodes. */
static bool next_decode(struct table *t, int split, double *batch, double *w)
{
	while (table_next(t)) {
		if (table_number(t, "tp") != split || table_number(t, "prompt") != 512) continue;
		*batch = table_number(t, "batch");
		*w = 400 * table_number(t, "avg_power_over_tdp");
		return true;
	}
	return false;
}

/* Patel et al. 2024, "Splitwise": Llama 2 70B on 2, 4 and 8 A100, batches of 1 to
 * 16. A table of the first and the last row gives the three between. */
Test(power, table_of_splitwise)
{
	for (int split = 2; split <= 8; split *= 2) {
		struct levels l = { .n = 0 };
		struct table t;
		double batch, w, worst = 0;
		int n = 0;
		table_open(&t, "hardware/a100-phase-power.csv");
		while (next_decode(&t, split, &batch, &w)) {
			if (batch > 1 && batch < 16) continue;
			l.tokens[l.n] = batch;
			l.power_w[l.n++] = w;
		}
		table_close(&t);
		cr_assert_eq(l.n, 2);
		table_open(&t, "hardware/a100-phase-power.csv");
		for (; next_decode(&t, split, &batch, &w); n++)
			worst = fmax(worst, fabs(levels_w(&l, batch) / w - 1));
		table_close(&t);
		cr_log_info("%d A100: worst %.1f %% of %d rows", split, 100 * worst, n);
		cr_expect_eq(n, 5);
		cr_expect_lt(worst, 0.03);
	}
}

/* With a slope of 1.66 and a floor of 0.62: at 0.9 of the clock the voltage is 0.834. */
Test(power, a_clock_switches_less_at_less_voltage)
{
	struct power_par p = { .tdp_w = 700, .idle_w = 113, .base_w = 308, .bw_w = 162,
		.fl_w = 1089, .fl_exp = 0.89, .max_w = 620, .cap_floor_w = NAN,
		.voltage_floor = 0.62, .voltage_slope = 1.66 };
	cr_expect_eq(power_clock_frac(&p, 1), 1.0);
	cr_expect(epsilon_eq(dbl, power_clock_frac(&p, 0.9), 0.9 * 0.834 * 0.834, 1e-15));
	cr_expect(epsilon_eq(dbl, power_clock_frac(&p, 0.1), 0.1 * 0.62 * 0.62, 1e-15));
	struct power w = power_at_clock(&p, 0.9);
	cr_expect(epsilon_eq(dbl, w.base_w, 113 + 195 * 0.6260004, 1e-9));
	cr_expect(epsilon_eq(dbl, w.fl_w, 1089 * 0.6260004, 1e-9));
	cr_expect_eq(w.bw_w, 162.0);
	p.idle_w = 331; /* above the base power: nothing of it is switched off */
	cr_expect_eq(power_at_clock(&p, 0.5).base_w, 308.0);
}
