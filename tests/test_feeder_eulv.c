/* The IEEE European low-voltage test feeder (906 buses, 55 single-phase
 * customers, one day of minutes) against its published solutions. The data is
 * not part of hearth: without HEARTH_SHARED these tests are skipped. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/network_csv.h"
#include "models/grid/stress.h"

enum { BUSES = 906, CUSTOMERS = 55, MINUTES = 1440 };

struct eulv {
	struct feeder *f;
	double peak_w[CUSTOMERS], tan_phi[CUSTOMERS];
	FILE *profiles;
};

static char *shared_path(const char *name)
{
	const char *shared = getenv("HEARTH_SHARED");
	return mem_print("%s/data/feeders/ieee_eulv%s%s", shared ? shared : ".", *name ? "/" : "",
	    name);
}

static FILE *open_table(const char *name)
{
	char *path = shared_path(name), line[4096];
	FILE *in = fopen(path, "r");
	if (!in) cr_skip_test("needs %s: set HEARTH_SHARED to the folder with data/feeders", path);
	cr_assert_not_null(fgets(line, sizeof line, in)); /* the header */
	free(path);
	return in;
}

static void eulv_init(struct eulv *u)
{
	*u = (struct eulv){ .profiles = open_table("profiles_1min.csv") };
	char *folder = shared_path("");
	struct err_list *e = err_new();
	struct network *n = network_read_csv(folder, e);
	cr_assert_not_null(n);
	cr_assert(eq(sz, n->customers, CUSTOMERS));
	for (int c = 0; c < CUSTOMERS; c++) {
		double complex va = n->load[c].s_va;
		u->peak_w[c] = creal(va);
		u->tan_phi[c] = cimag(va) / creal(va);
	}
	struct feeder_par par = { .name = "eulv", .v_low_pu = 0.8 };
	u->f = feeder_build(&par, &n, 1, (struct err_pos){ 0 }, e);
	cr_assert_not_null(u->f);
	err_free(e);
	free(folder);
}

static void eulv_fini(struct eulv *u)
{
	feeder_free(u->f);
	fclose(u->profiles);
}

/* Solves the next minute of the profiles; their order is that of the loads. */
static void eulv_minute(struct eulv *u)
{
	double p[CUSTOMERS], q[CUSTOMERS];
	cr_assert_eq(fscanf(u->profiles, " %*d"), 0);
	for (int c = 0; c < CUSTOMERS; c++) {
		cr_assert_eq(fscanf(u->profiles, ",%lf", &p[c]), 1);
		p[c] *= u->peak_w[c];
		q[c] = p[c] * u->tan_phi[c];
	}
	cr_assert(feeder_solve(u->f, p, q));
}

static double worst_voltage(const struct eulv *u, const char *table)
{
	const struct network *n = u->f->circuit[0]->network;
	FILE *in = open_table(table);
	char bus[16], phase;
	double v, worst = 0;
	int seen = 0;
	while (fscanf(in, " %15[^,],%c,%lf,%*[^\n]", bus, &phase, &v) == 3) {
		if (!strcmp(bus, "sourcebus")) continue;
		uint32_t node = network_find(n, bus)->node[phase - 'a'];
		double ours = cabs(circuit_node_v(u->f->circuit[0], node));
		worst = fmax(worst, fabs(ours - v));
		seen++;
	}
	fclose(in);
	cr_expect(eq(int, seen, 3 * BUSES));
	return worst;
}

/* GridLAB-D's voltages of the working group's solution, printed to 1 uV. Another
 * engine at a tight tolerance is as far from them: its own iteration ends there. */
Test(eulv, voltages_are_the_published_ones)
{
	struct eulv u;
	eulv_init(&u);
	for (int minute = 1; minute <= MINUTES; minute++) {
		eulv_minute(&u);
		if (minute != 1 && minute != 566 && minute != MINUTES) continue;
		char table[64];
		snprintf(table, sizeof table, "published_voltages_min%d.csv", minute);
		double worst_v = worst_voltage(&u, table);
		cr_expect(lt(dbl, worst_v, 5e-5), "minute %d: %g V off", minute, worst_v);
	}
	eulv_fini(&u);
}

/* OpenDSS's run of the day at a tolerance of 1e-10, printed to 1 mW and 1e-6 %. */
Test(eulv, power_and_unbalance_follow_the_day)
{
	struct eulv u;
	eulv_init(&u);
	FILE *in = open_table("opendss_minute_metrics.csv");
	double p, q, loss, loading, vmin, vmax, vuf;
	double worst_w = 0, worst_loss_w = 0, worst_vuf = 0, worst_loading = 0;
	int minutes = 0;
	while (fscanf(in, " %*d,%lf,%lf,%lf,%lf,%lf,%*[^,],%lf,%*[^,],%lf,%*[^\n]", &p, &q, &loss,
	    &loading, &vmin, &vmax, &vuf) == 7) {
		eulv_minute(&u);
		const struct feeder *f = u.f;
		worst_w = fmax(worst_w, fabs(f->sums.meter_w - p * 1e3));
		worst_loss_w = fmax(worst_loss_w,
		    fabs(f->sums.line_loss_w + f->sums.transformer_loss_w - loss * 1e3));
		worst_vuf = fmax(worst_vuf, fabs(100 * f->unbalance_pu - vuf));
		worst_loading = fmax(worst_loading, fabs(100 * f->transformer_pu - loading));
		minutes++;
	}
	fclose(in);
	cr_expect(eq(int, minutes, MINUTES));
	cr_expect(lt(dbl, worst_w, 1e-3), "%g W", worst_w);
	cr_expect(lt(dbl, worst_loss_w, 1e-3), "%g W", worst_loss_w);
	cr_expect(lt(dbl, worst_vuf, 1e-6), "%g %%", worst_vuf);
	cr_expect(lt(dbl, worst_loading, 1e-4), "%g %%", worst_loading);
	eulv_fini(&u);
}

/* The same day through the running metrics, against OpenDSS's summary of it. */
Test(eulv, metrics_follow_the_day)
{
	static const struct {
		const char *key;
		double value, tolerance; /* opendss_day_summary.csv, in SI */
	} rows[] = {
		{ "grid.peak_w.1min", 59408.198, 0.002 },
		{ "grid.peak_w.15min", 40937.7545, 0.002 },
		{ "grid.load_factor_pu", 0.49715637, 2e-8 },
		{ "grid.ramp_w_per_s.1min", 14527.085 / 60, 1e-4 },
		{ "grid.ramp_w_per_s.15min", 14148.2627 / 900, 1e-5 },
		{ "grid.transformer_loading_pu.max", 0.07810492, 1e-6 },
		{ "grid.voltage_unbalance_pu.max", 0.01263655, 1e-8 },
		{ "grid.voltage_pu.min", 0.9814268, 1e-7 }, /* a customer is at the lowest node */
		{ "grid.ansi_a_customer_min", 4701, 0 }, /* all above 1.05, none below 0.95 */
		{ "grid.ansi_b_customer_min", 72, 0 },
		{ "grid.reverse_min", 0, 0 },
	};
	struct eulv u;
	eulv_init(&u);
	struct stress *s = stress_new(u.f);
	double p[CUSTOMERS] = { 0 };
	for (int minute = 0; minute < MINUTES; minute++) {
		eulv_minute(&u);
		struct step step = {
			.begin_ns = minute * 60000000000LL, .dt_s = 60, .utc_s = 60.0 * minute
		};
		stress_step(s, u.f, p, &step, 293.15);
	}
	struct dataset *d = ds_new();
	stress_export(s, d);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ds_metric m;
		cr_assert(ds_metric_find(d, rows[i].key, &m));
		cr_expect(
		    epsilon_eq(dbl, m.value, rows[i].value, rows[i].tolerance), "%s", rows[i].key);
	}
	cr_expect(epsilon_eq(dbl, s->energy_j / 3.6e6, 488.45917, 1e-5));
	cr_expect(
	    epsilon_eq(dbl, (s->line_loss_j + s->transformer_loss_j) / 3.6e6, 4.54501941, 2e-6));
	ds_free(d);
	stress_free(s);
	eulv_fini(&u);
}
