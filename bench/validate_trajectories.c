/* Temperatures of transformers through days and weeks, as another implementation of
 * IEC 60076-7 computes them (alliander-opensource, transformer-thermal-model 0.6.0), and
 * its step-load example with the values that the standard prints. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_energy.h"
#include "models/grid/transformer.h"

#define MIN_S 60.0

static const struct transformer_par example = {
	.no_load_w = 1, /* losses are known by their ratio only */
	.load_w = 1000,
	.oil_rise_k = 38.3,
	.gradient_k = 14.5,
	.hot_spot = 1.4,
	.tau_oil_s = 150 * MIN_S,
	.tau_winding_s = 7 * MIN_S,
	.k11 = 0.5,
	.k21 = 2,
	.k22 = 2,
	.oil_exponent = 0.8,
	.winding_exponent = 1.3,
};

static const struct transformer_par distribution = {
	.no_load_w = 800,
	.load_w = 5200,
	.oil_rise_k = 60,
	.indoors = true,
	.gradient_k = 23,
	.hot_spot = 1.2,
	.tau_oil_s = 180 * MIN_S,
	.tau_winding_s = 4 * MIN_S,
	.k11 = 1,
	.k21 = 1,
	.k22 = 2,
	.oil_exponent = 0.8,
	.winding_exponent = 1.6,
};

static const struct transformer_par power = {
	.no_load_w = 16000,
	.load_w = 80000,
	.oil_rise_k = 60,
	.gradient_k = 17,
	.hot_spot = 1.3,
	.tau_oil_s = 210 * MIN_S,
	.tau_winding_s = 10 * MIN_S,
	.k11 = 0.5,
	.k21 = 2,
	.k22 = 2,
	.oil_exponent = 0.8,
	.winding_exponent = 1.3,
};

/* A table: load and air of a row hold from the row before on. */
static const struct trajectory {
	const char *what, *file;
	double rated_a, start_k; /* start_k: of the top oil; NAN: the air's */
	const struct transformer_par *par;
} trajectories[] = {
	{ "the standard's steps by another program", "iec_step_example.csv", 1000, 273.15 + 38.3,
	    &example },
	{ "distribution, a week by the quarter", "distribution_week_15min.csv", 900, NAN,
	    &distribution },
	{ "distribution, a day of overload by the minute", "distribution_day_1min_overload.csv",
	    900, NAN, &distribution },
	{ "power, cooled by air, three days by ten minutes", "power_onan_3days_10min.csv", 1500,
	    NAN, &power },
};

struct gaps {
	struct worst peer_k, standard_k, rate;
};

/* The peer's rates are printed with 4 to 5 digits; below 1e-4 with fewer. */
static void compare_rates(const struct sheet *t, const struct transformer_state *s, struct gaps *g)
{
	const double least = 1e-3;
	double normal = sheet_number(t, "V_normal"), upgraded = sheet_number(t, "V_upgraded");
	if (normal > least)
		worst_add(
		    &g->rate, transformer_ageing_iec(PAPER_ORDINARY, s->hot_spot_k) / normal - 1);
	if (upgraded > least)
		worst_add(
		    &g->rate, transformer_ageing_iec(PAPER_UPGRADED, s->hot_spot_k) / upgraded - 1);
}

static void compare(const struct sheet *t, const struct transformer_state *s, struct gaps *g)
{
	double oil_c = s->top_oil_k - 273.15, hot_c = s->hot_spot_k - 273.15;
	worst_add(&g->peer_k, oil_c - sheet_number(t, "top_oil_C"));
	worst_add(&g->peer_k, hot_c - sheet_number(t, "hot_spot_C"));
	if (sheet_has(t, "V_normal")) compare_rates(t, s, g);
	if (!*sheet_text(t, "iec_top_oil_C")) return;
	worst_add(&g->standard_k, oil_c - sheet_number(t, "iec_top_oil_C"));
	worst_add(&g->standard_k, hot_c - sheet_number(t, "iec_hot_spot_C"));
}

static void follow(const struct trajectory *c, struct sheet *t, struct gaps *g)
{
	struct transformer_state s = { 0 };
	double before_min = NAN;
	while (sheet_next(t)) {
		double minute = sheet_number(t, "minute"),
		       k = sheet_number(t, "load_A") / c->rated_a;
		double air_k = sheet_number(t, "ambient_C") + 273.15;
		if (isnan(before_min))
			s.hot_spot_k = s.top_oil_k = isnan(c->start_k) ? air_k : c->start_k;
		else
			transformer_heat(c->par, k, k, air_k, MIN_S * (minute - before_min), &s);
		before_min = minute;
		compare(t, &s, g);
	}
}

static void add_trajectory(struct validate_job *j, const struct trajectory *c)
{
	static const char *const columns[] = { "minute", "load_A", "ambient_C", "top_oil_C",
		"hot_spot_C", NULL };
	struct gaps g = { 0 };
	struct sheet t;
	char *file = mem_print("reference/transformer/%s", c->file);
	char *path = validate_table(j, file);
	if (path) {
		if (sheet_open(&t, path, columns, j->e)) follow(c, &t, &g);
		sheet_close(&t);
	}
	char *text = mem_print("transformer, %s", c->what);
	validate_worst(j, text, c->file, g.peer_k, "K", 1e-6);
	validate_worst(
	    j, "the same against the standard's own values", c->file, g.standard_k, "K", 1.5);
	validate_worst(j, "its ageing, as printed", c->file, g.rate, NULL, 1e-3);
	free(text);
	free(path);
	free(file);
}

void validate_trajectories(struct validate_job *j)
{
	for (size_t i = 0; i < sizeof trajectories / sizeof *trajectories; i++)
		add_trajectory(j, &trajectories[i]);
}
