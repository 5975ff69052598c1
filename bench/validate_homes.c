/* The model of households against measured ones.
 *
 * The model has neither their people nor their appliances, only their yearly use: what is
 * compared is the shape of the load. Its homes take the mean power of the measured ones
 * one by one, and live through the same number of steps. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sheet.h"
#include "bench/load_shape.h"
#include "bench/validate_energy.h"
#include "models/energy/house_bank.h"

/* A table of homes side by side. */
struct street {
	const char *name, *table;
	const char *prefix, *suffix; /* of the columns that are loads */
	double step_s;
	double w_per_unit; /* the table's figures into mean watts */
	double begin_s;    /* local time of the first row, since 1970 */
	/* Limits of the relative errors, NAN: told only. */
	double load_factor, base_share, day, diversity;
};

/* What the model does not know shows: the Californian homes cool their air and one of
 * them is empty for months, CREST's have showers of 9 kW, and half of the Swiss ones heat
 * with electricity, at night. */
static const struct street streets[] = {
	{ .name = "80 Swiss homes",
	    .table = "energy/homes_ch_15min/load_kwh.csv",
	    .prefix = "h",
	    .suffix = "",
	    .step_s = 900,
	    .w_per_unit = 4000,
	    .begin_s = 17833 * 86400.0, /* 2018-10-29, a Monday */
	    .load_factor = 0.3,
	    .base_share = 0.15,
	    .day = 0.3,
	    .diversity = 0.2 },
	{ .name = "12 Californian homes",
	    .table = "energy/homes_us_pv_hourly/homes_01_12.csv",
	    .prefix = "b",
	    .suffix = "_load_kwh",
	    .step_s = 3600,
	    .w_per_unit = 1000,
	    .begin_s = 17013 * 86400.0 + 23 * 3600, /* 2016-07-31 23:00 */
	    .load_factor = 0.1,
	    .base_share = 0.6,
	    .day = 0.2,
	    .diversity = 0.1 },
	{ .name = "70 homes of CREST",
	    .table = "energy/homes_eulv_1min/load_kw.csv",
	    .prefix = "p",
	    .suffix = "",
	    .step_s = 60,
	    .w_per_unit = 1000,
	    .begin_s = 17833 * 86400.0, /* the table says no date */
	    .load_factor = 0.55,
	    .base_share = 0.15,
	    .day = NAN,
	    .diversity = 0.35 },
};

static bool is_load(const struct street *s, const char *column)
{
	size_t n = strlen(column), m = strlen(s->suffix);
	return column[0] == s->prefix[0] && column[1] >= '0' && column[1] <= '9' && n >= m &&
	       !strcmp(column + n - m, s->suffix);
}

static void read_row(const struct street *s, struct sheet *t, struct load_curves *c)
{
	double *row = c->w + c->rows++ * c->homes;
	for (int k = 0; k < t->columns; k++)
		if (is_load(s, t->header[k]))
			*row++ = s->w_per_unit * sheet_number(t, t->header[k]);
}

/* False: not there (counted) or faulty. */
static bool read_curves(struct validate_job *j, const struct street *s, struct load_curves *c)
{
	struct sheet t;
	char *path = validate_table(j, s->table);
	*c = (struct load_curves){ 0 };
	if (!path) return false;
	static const char *const none[] = { NULL };
	if (sheet_open(&t, path, none, j->e)) {
		for (int k = 0; k < t.columns; k++) c->homes += is_load(s, t.header[k]);
		while (sheet_next(&t)) {
			c->w = mem_resize(c->w, (c->rows + 1) * c->homes, sizeof *c->w);
			read_row(s, &t, c);
		}
	}
	sheet_close(&t);
	free(path);
	return c->rows > 0;
}

/* The same number of modelled homes, each with the mean power of a measured one, for as
 * many steps. */
static void model_curves(const struct street *s, const struct load_curves *measured,
    uint64_t population, struct load_curves *c)
{
	static const struct load_par par = {
		.out_frac = 0.5, .absent_frac = 0.05, .regular_frac = 0.6
	}; /* the defaults of <load> */
	struct pcg64 g = rng_stream(population, 0, rng_entity("validate"), RNG_LOAD);
	struct house *house = mem_new(measured->homes, sizeof *house);
	struct house_bank b;
	for (size_t h = 0; h < measured->homes; h++) {
		double mean_w = gsl_stats_mean(measured->w + h, measured->homes, measured->rows);
		uint64_t who = pcg64_next(&g);
		house[h] = house_make(&par, mean_w * 365 * 86400, who, pcg64_next(&g));
	}
	house_bank_init(&b, house, measured->homes, s->begin_s);
	*c = *measured;
	c->w = mem_new(c->rows * c->homes, sizeof *c->w);
	for (size_t r = 0; r < c->rows; r++)
		house_bank_step(
		    &b, s->begin_s + s->step_s * (double)r, s->step_s, c->w + r * c->homes);
	house_bank_fini(&b);
}

/* Sizes of groups. */
static const size_t groups[] = { 1, 2, 5, 10, 20, 40, 70 };
enum { GROUPS = sizeof groups / sizeof *groups, POPULATIONS = 8 };

struct figures {
	double load_factor, base_share, day, diversity[GROUPS];
};

static void add_figures(
    const struct street *s, const struct load_curves *c, double weight, struct figures *f)
{
	size_t day = (size_t)(86400 / s->step_s);
	struct load_shape shape = load_shape(c);
	f->load_factor += weight * shape.load_factor;
	f->base_share += weight * shape.base_share;
	if (day < c->rows) f->day += weight * load_autocorrelation(c, day);
	for (int g = 0; g < GROUPS && groups[g] <= c->homes; g++)
		f->diversity[g] += weight * load_diversity(c, groups[g]);
}

static void add_row(struct validate_job *j, const struct street *s, const char *what, double got,
    double want, double limit)
{
	struct worst w = { 0 };
	char *text = mem_print("%s: %s, %.2g measured", s->name, what, want);
	worst_add(&w, got / want - 1);
	validate_worst(j, text, s->table, w, NULL, limit);
	free(text);
}

static void compare(struct validate_job *j, const struct street *s, const struct load_curves *c)
{
	struct figures want = { 0 }, got = { 0 };
	struct worst diversity = { 0 };
	add_figures(s, c, 1, &want);
	for (uint64_t p = 0; p < POPULATIONS; p++) {
		struct load_curves model;
		model_curves(s, c, p, &model);
		add_figures(s, &model, 1.0 / POPULATIONS, &got);
		free(model.w);
	}
	add_row(j, s, "load factor", got.load_factor, want.load_factor, s->load_factor);
	add_row(j, s, "base share", got.base_share, want.base_share, s->base_share);
	if (want.day != 0) add_row(j, s, "autocorrelation, a day", got.day, want.day, s->day);
	for (int g = 0; g < GROUPS && groups[g] <= c->homes; g++)
		worst_add(&diversity, got.diversity[g] / want.diversity[g] - 1);
	char *text = mem_print("%s: after-diversity peak of 1 to %zu homes", s->name, c->homes);
	validate_worst(j, text, s->table, diversity, NULL, s->diversity);
	free(text);
}

void validate_homes(struct validate_job *j)
{
	for (size_t i = 0; i < sizeof streets / sizeof *streets; i++) {
		struct load_curves c;
		if (read_curves(j, &streets[i], &c)) compare(j, &streets[i], &c);
		free(c.w);
	}
}
