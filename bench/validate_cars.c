/* Charging sessions that hearth's cars have against those of the table that they are
 * drawn from, and against the cells that hearth ships of it (data/ev-sessions-no.csv).
 *
 * What is compared is what the cars do, not what is drawn: a session falls away when
 * the one before it has not ended. The days are weighted as the table's. Limits are two
 * standard errors of the table's own figures, by 1000 resamples of its 3365 sessions:
 * mean energy 1.49 %, mean stay 2.43 %, median stay 2.47 %; for the times of plug-in the
 * largest distance of Kolmogorov's test at 5 %, 1.36 / sqrt(3365). So a run with cars
 * is as near to the table as another half year of those garages would be. Cells keep
 * means and joint shape; inside a cell all stays and energies are one. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/paths.h"
#include "base/rng.h"
#include "base/sort.h"
#include "bench/validate_energy.h"
#include "models/energy/vehicle.h"

enum { CARS = 500, DAYS = 210, MINUTES = 1440 };

static const double monday_s = 17903 * 86400.0; /* 2019-01-07 */

/* What a list of sessions is like. */
struct seen {
	size_t n, cap;
	double *stay_s;
	double energy_j, all_s;
	size_t at[MINUTES]; /* plugged in, by minute of the day */
};

static void see(struct seen *s, double arrival_s, double stay_s, double energy_j)
{
	double minute = fmod(arrival_s / 60, MINUTES);
	s->stay_s = mem_grow(s->stay_s, s->n, &s->cap, sizeof *s->stay_s);
	s->stay_s[s->n++] = stay_s;
	s->energy_j += energy_j;
	s->all_s += stay_s;
	s->at[(size_t)minute]++;
}

static double median(struct seen *s)
{
	sort_f64(s->stay_s, s->n);
	return (s->stay_s[(s->n - 1) / 2] + s->stay_s[s->n / 2]) / 2;
}

static double distance(const struct seen *a, const struct seen *b)
{
	double most = 0, sum_a = 0, sum_b = 0;
	for (size_t m = 0; m < MINUTES; m++) {
		sum_a += (double)a->at[m] / (double)a->n;
		sum_b += (double)b->at[m] / (double)b->n;
		most = fmax(most, fabs(sum_a - sum_b));
	}
	return most;
}

static struct seen see_table(const struct sessions *t)
{
	struct seen all = { 0 };
	for (int d = 0; d < SESSIONS_DAYS; d++)
		for (size_t i = 0; i < t->n[d]; i++)
			see(&all, t->of[d][i].arrival_s, t->of[d][i].stay_s, t->of[d][i].energy_j);
	return all;
}

/* A third of the weekdays have a session, of weekends so many that the table's weight
 * of either comes out. */
static struct vehicle_par driver(const struct sessions *table)
{
	double of_weekday = (double)table->n[SESSIONS_WEEKEND] / (double)table->n[SESSIONS_WEEKDAY];
	return (struct vehicle_par){ .weekday_frac = 1 / 3.0,
		.weekend_frac = 1 / 3.0 * of_weekday * 5 / 2, .eff_frac = 0.9, .taper_soc = 0.8 };
}

static struct seen see_cars(const struct vehicle_par *par, const struct sessions *drawn)
{
	struct seen all = { 0 };
	for (uint64_t k = 0; k < CARS; k++) {
		struct pcg64 own = rng_stream(1, 0, k, RNG_VEHICLE);
		struct vehicle car = vehicle_make(par, 2.16e8, 7400, own, drawn);
		struct vehicle_state s;
		double now_s = monday_s, end_s = monday_s + DAYS * 86400.0;
		vehicle_start(par, &car, now_s, &s);
		while (s.return_s < end_s) {
			double to_s = s.return_s;
			see(&all, to_s, s.stay_s, s.trip_j / par->eff_frac);
			vehicle_step(par, &car, &s, now_s, 0, to_s - now_s);
			now_s = to_s;
		}
	}
	return all;
}

static void row(struct validate_job *j, const char *from, const char *what, double error,
    size_t rows, const char *unit, double limit)
{
	char *text = mem_print("cars by %s: %s", from, what);
	struct worst w = { 0 };
	worst_add(&w, error);
	w.rows = rows;
	validate_worst(j, text, "energy/ev_no_sessions/sessions.csv", w, unit, limit);
	free(text);
}

static void compare(struct validate_job *j, const char *from, const struct sessions *table,
    const struct sessions *drawn)
{
	struct vehicle_par par = driver(table);
	struct seen want = see_table(table), got = see_cars(&par, drawn);
	double per_want = 1 / (double)want.n, per_got = 1 / (double)got.n;
	double energy = got.energy_j * per_got / (want.energy_j * per_want) - 1;
	double stay = got.all_s * per_got / (want.all_s * per_want) - 1;
	row(j, from, "mean energy of a session", energy, want.n, NULL, 0.0298);
	row(j, from, "mean time plugged in", stay, want.n, NULL, 0.0486);
	row(j, from, "median time plugged in", median(&got) / median(&want) - 1, want.n, NULL,
	    0.0493);
	row(j, from, "times of plug-in, distance", distance(&got, &want), want.n,
	    "", 0.0234);
	free(want.stay_s);
	free(got.stay_s);
}

void validate_cars(struct validate_job *j)
{
	char *path = validate_table(j, "energy/ev_no_sessions/sessions.csv");
	if (!path) return;
	struct sessions *table = sessions_read(path, true, j->e);
	if (table) compare(j, "the table", table, table);
	free(path);
	path = paths_in("data", "ev-sessions-no.csv");
	struct sessions *cells = path ? sessions_read(path, false, j->e) : NULL;
	if (table && cells) compare(j, "shipped cells", table, cells);
	sessions_free(cells);
	sessions_free(table);
	free(path);
}
