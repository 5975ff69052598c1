/* What a longer step costs: the same street swept in steps of 1, 5, 15 and 60 minutes.
 *
 * Energy does not depend on it, but for the sun, which is sampled at the middle of a step.
 * What is lost is the coincidence of load and sun within a step, and the height of peaks.
 * Limits: what 70 homes of CREST with the measured output of modules, scaled to 4 kW a home,
 * lose at the same steps (IEEE European Low Voltage Test Feeder, 2015; NREL PVDAQ system 50,
 * 2022-03-19), at least 1 %: the sun's sampling and another day. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/street.h"
#include "bench/validate_energy.h"
#include "models/site/fleet.h"
#include "models/site/ledger.h"

enum { HOMES = 70, SIZES = 3, DAY_S = 86400 };

static const size_t sizes[SIZES] = { 1, 10, 70 }; /* of groups */

/* What CREST's homes lose at a step, by size of group, as shares. */
static const struct loss {
	double step_s;
	const char *minutes;
	double import[SIZES], peak[SIZES];
} losses[] = {
	{ 300, "5", { 0.018, 0.001, 0.000 }, { 0.32, 0.32, 0.17 } },
	{ 900, "15", { 0.041, 0.003, 0.003 }, { 0.52, 0.44, 0.20 } },
	{ 3600, "60", { 0.078, 0.029, 0.021 }, { 0.74, 0.56, 0.23 } },
};
enum { LOSSES = sizeof losses / sizeof *losses };
static const double least_limit = 0.01;
static const double crest_j = 3.6e6 * 3145; /* of a home a year: 359 W */

struct walked {
	double load_j, residual;               /* residual: of the ledger, the worst step's */
	double store_residual;                 /* of cells, over what went into them */
	double import_j[SIZES], peak_w[SIZES]; /* peaks of load: means over the groups */
};

static void see_groups(
    const struct fleet *f, size_t size, double dt_s, double *import_j, double *peak_w)
{
	for (size_t from = 0; from < HOMES; from += size) {
		double net_w = 0, load_w = 0;
		for (size_t h = from; h < from + size; h++) {
			net_w += f->net_w[h];
			load_w += f->load_w[h];
		}
		*import_j += fmax(net_w, 0) * dt_s;
		peak_w[from] = fmax(peak_w[from], load_w);
	}
}

static double store_residual(const struct fleet *f)
{
	const struct fleet_total *t = &f->run;
	double more_j = fleet_stored_j(f) - fleet_stored_first_j(f);
	double in_j = t->charge_j - t->discharge_j - t->leak_j - t->trip_j + t->short_j;
	return fabs(in_j - more_j) / fmax(t->charge_j, 1);
}

/* The day and the place of the measured modules: Golden, Colorado. */
static struct walked walk(struct street *s, double dt_s)
{
	static const struct place_par place = { 0.6937, -1.8357, 1829 };
	struct weather_par weather = weather_default();
	struct walked w = { 0 };
	double peak_w[SIZES][HOMES] = { 0 };
	struct step st = { .dt_s = dt_s, .utc_s = 1647673200, .zone_s = -7 * 3600 };
	weather.correlation_frac = 1; /* one roof was measured */
	struct fleet *f = fleet_new(&s->root, &place, &weather, DISPATCH_SELF_CONSUMPTION, 7, &st);
	for (; (double)st.index * dt_s < DAY_S; st.index++, st.utc_s += dt_s) {
		struct ledger l = { 0 };
		st.begin_ns = llround((double)st.index * dt_s * 1e9);
		fleet_step(f, &st, NULL);
		fleet_book(f, &l);
		w.residual = fmax(w.residual, ledger_residual(&l));
		for (int k = 0; k < SIZES; k++)
			see_groups(f, sizes[k], dt_s, &w.import_j[k], peak_w[k]);
	}
	for (int k = 0; k < SIZES; k++)
		for (int h = 0; h < HOMES; h++) w.peak_w[k] += peak_w[k][h];
	w.load_j = f->run.load_j;
	w.store_residual = store_residual(f);
	fleet_free(f);
	return w;
}

static void add_loss(struct validate_job *j, const char *what, const struct loss *l, size_t size,
    double lost, double limit)
{
	struct worst w = { 0 };
	char *text = mem_print("steps of %s min: %s, groups of %zu", l->minutes, what, size);
	worst_add(&w, lost);
	validate_worst(j, text, "", w, NULL, fmax(limit, least_limit));
	free(text);
}

static void compare(
    struct validate_job *j, const struct loss *l, const struct walked *one, const struct walked *w)
{
	for (int k = 0; k < SIZES; k++) {
		add_loss(j, "import lost", l, sizes[k], w->import_j[k] / one->import_j[k] - 1,
		    l->import[k]);
		add_loss(j, "peak of load lost", l, sizes[k], w->peak_w[k] / one->peak_w[k] - 1,
		    l->peak[k]);
	}
}

/* Every home with load, sun, battery and car. */
static void check_ledger(struct validate_job *j)
{
	struct street s;
	struct worst ledger = { 0 }, store = { 0 };
	street_init(&s, HOMES, true, STREET_LOAD | STREET_SOLAR | STREET_BATTERY | STREET_VEHICLE);
	for (int i = -1; i < LOSSES; i++) {
		struct walked w = walk(&s, i < 0 ? 60 : losses[i].step_s);
		worst_add(&ledger, w.residual);
		worst_add(&store, w.store_residual);
	}
	validate_worst(j, "ledger of a street with all parts, every step, 1 to 60 min", "", ledger,
	    "", LEDGER_TOLERANCE);
	validate_worst(j, "its cells' own balance", "", store, "", LEDGER_TOLERANCE);
}

void validate_steps(struct validate_job *j)
{
	struct street s;
	struct worst energy = { 0 };
	street_init(&s, HOMES, true, STREET_LOAD | STREET_SOLAR);
	s.solar.capacity_w = dist_just(4000);
	s.load.annual_j = dist_just(crest_j);
	struct walked one = walk(&s, 60);
	for (int i = 0; i < LOSSES; i++) {
		struct walked w = walk(&s, losses[i].step_s);
		worst_add(&energy, w.load_j / one.load_j - 1);
		compare(j, &losses[i], &one, &w);
	}
	validate_worst(j, "steps of 5, 15, 60 min: energy of households", "", energy, "", 1e-9);
	check_ledger(j);
}
