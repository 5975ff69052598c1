/* The IEEE European low-voltage test feeder: 906 buses and 55 customers through a day of
 * minutes (IEEE PES Distribution System Analysis Subcommittee, 2015). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/grid/flow.h"

enum { MINUTES = 1440, BANDS = 7, GAP_MINUTES = 60 };

/* What a minute's flow is judged by. */
struct minute {
	double v1_v, v32_v, v53_v;           /* at three loads */
	double complex phase_va[NET_PHASES]; /* out of the transformer */
	double source_w, loss_w, low_pu, high_pu, unbalance_frac;
	double outside[BANDS]; /* customers, as in the columns */
};

/* Columns of opendss_minute_metrics.csv: voltage limits of the customers. */
static const struct band {
	const char *column, *sum;
	double limit, nominal_v;
	bool above;
} bands[BANDS] = {
	{ "n_below_0.95", "customer_minutes_below_0.95", 0.95, 416 / 1.7320508075688772, false },
	{ "n_above_1.05", "customer_minutes_above_1.05", 1.05, 416 / 1.7320508075688772, true },
	{ "n_below_0.917", "customer_minutes_below_0.917", 0.917, 416 / 1.7320508075688772, false },
	{ "n_above_1.058", "customer_minutes_above_1.058", 1.058, 416 / 1.7320508075688772, true },
	{ "n_en_below_0.90", "customer_minutes_en_below_0.90", 0.90, 230, false },
	{ "n_en_above_1.10", "customer_minutes_en_above_1.10", 1.10, 230, true },
	{ "n_en_below_0.85", "customer_minutes_en_below_0.85", 0.85, 230, false },
};

struct day {
	struct network *n;
	struct nodal *s;
	double complex *peak_va; /* [loads] */
	double *share;           /* [MINUTES * loads] of the peak */
	struct minute minute[MINUTES];
};

static bool read_profiles(struct validate_job *j, struct day *d)
{
	static const char *const columns[] = { "minute", NULL };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee_eulv/profiles_1min.csv");
	bool good = path && sheet_open(&t, path, columns, j->e);
	for (size_t m = 0; good && m < MINUTES && sheet_next(&t); m++)
		for (size_t i = 0; i < d->n->loads; i++) {
			char column[24];
			snprintf(
			    column, sizeof column, "p%zu", i + 1); /* load i has profile i + 1 */
			d->share[m * d->n->loads + i] = sheet_number(&t, column);
		}
	if (path) sheet_close(&t);
	free(path);
	return good;
}

static double load_v(const struct day *d, size_t i)
{
	return cabs(nodal_v(d->s)[d->n->load[i].plus]);
}

static void judge_customers(const struct day *d, struct minute *m)
{
	for (int b = 0; b < BANDS; b++)
		for (size_t i = 0; i < d->n->loads; i++) {
			double over = load_v(d, i) / bands[b].nominal_v - bands[b].limit;
			m->outside[b] += bands[b].above ? over > 0 : over < 0;
		}
}

/* Buses of the low-voltage side are those behind the transformer. */
static void judge_buses(const struct day *d, struct minute *m)
{
	const double complex *v = nodal_v(d->s);
	m->low_pu = INFINITY;
	for (size_t i = 0; i < d->n->buses; i++) {
		const struct net_bus *b = d->n->bus[i];
		if (b->nominal_v > 1000) continue;
		m->unbalance_frac = fmax(m->unbalance_frac, flow_unbalance(b, v));
		for (int k = 0; k < NET_PHASES; k++) {
			double pu = cabs(v[b->node[k]]) / (416 / sqrt(3));
			m->low_pu = fmin(m->low_pu, pu);
			m->high_pu = fmax(m->high_pu, pu);
		}
	}
}

static void judge_transformer(const struct day *d, struct minute *m)
{
	double complex current[NET_TERMINALS];
	for (size_t i = 0; i < d->n->elements; i++) {
		const struct net_element *el = &d->n->element[i];
		if (el->kind != NET_TRANSFORMER) continue;
		flow_currents(el, nodal_v(d->s), current);
		for (int k = 0; k < NET_PHASES; k++)
			m->phase_va[k] = -nodal_v(d->s)[el->node[NET_PHASES + k]] *
					 conj(current[NET_PHASES + k]);
	}
}

/* The meter of the reference stands behind the source's impedance. */
static void judge_losses(const struct day *d, struct minute *m)
{
	struct flow_totals f = flow_totals(d->n, nodal_v(d->s));
	double source_loss_w = creal(f.kept_va[NET_SUPPLY]);
	m->source_w = creal(f.source_va) - source_loss_w;
	m->loss_w = creal(f.kept_va[NET_LINE] + f.kept_va[NET_TRANSFORMER]);
}

static void solve_day(struct validate_job *j, struct day *d)
{
	for (size_t i = 0; i < MINUTES; i++) {
		struct minute *m = &d->minute[i];
		for (size_t k = 0; k < d->n->loads; k++)
			d->n->load[k].s_va = d->peak_va[k] * d->share[i * d->n->loads + k];
		if (!nodal_solve(d->s, VALIDATE_TOLERANCE_PU).converged)
			err_at(j->e, (struct err_pos){ "feeders/ieee_eulv", 0, 0 },
			    "minute %zu did not converge", i + 1);
		if (i % GAP_MINUTES == 0) validate_gap(j->gap, d->n, d->s);
		m->v1_v = load_v(d, 0);
		m->v32_v = load_v(d, 31);
		m->v53_v = load_v(d, 52);
		judge_customers(d, m);
		judge_buses(d, m);
		judge_transformer(d, m);
		judge_losses(d, m);
	}
}

/* ---- against the published day ---- */

/* The day as the working group printed it, solved with two programs. The powers that it
 * printed of OpenDSS differ by up to 3.1 W from those of the other and from hearth's, which
 * agree to 0.05 W: they are told, not judged. */
static const struct printed {
	const char *program, *volts, *watts, *vars;
	double limit_w;
} printed[] = {
	{ "gridlabd", "European LV day, by GridLAB-D: voltages of three loads",
	    "European LV day, by GridLAB-D: active power of the transformer",
	    "European LV day, by GridLAB-D: its reactive power", 3 },
	{ "opendss", "European LV day, printed by OpenDSS: three loads' voltages",
	    "European LV day, printed by OpenDSS: active power",
	    "European LV day, printed by OpenDSS: reactive power", NAN },
};

struct day_errors {
	struct worst v, w, var;
};

static double printed_number(const struct sheet *t, const char *program, const char *quantity)
{
	char column[32];
	snprintf(column, sizeof column, "%s_%s", program, quantity);
	return sheet_number(t, column);
}

static void compare_printed(
    const struct sheet *t, const char *program, const struct minute *m, struct day_errors *g)
{
	static const char *const volts[] = { "v_load1", "v_load32", "v_load53" },
				 *const watts[] = { "pa_kw", "pb_kw", "pc_kw" },
				 *const vars[] = { "qa_kvar", "qb_kvar", "qc_kvar" };
	double is[] = { m->v1_v, m->v32_v, m->v53_v };
	for (int k = 0; k < NET_PHASES; k++) {
		worst_add(&g->v, is[k] - printed_number(t, program, volts[k]));
		worst_add(
		    &g->w, creal(m->phase_va[k]) - 1e3 * printed_number(t, program, watts[k]));
		worst_add(
		    &g->var, cimag(m->phase_va[k]) - 1e3 * printed_number(t, program, vars[k]));
	}
}

static void compare_published(struct validate_job *j, const struct day *d, const struct printed *p)
{
	static const char *const columns[] = { "opendss_v_load1", "opendss_pa_kw",
		"gridlabd_v_load1", "gridlabd_pa_kw", NULL };
	struct day_errors g = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee_eulv/published_timeseries.csv");
	if (path && sheet_open(&t, path, columns, j->e))
		for (size_t i = 0; i < MINUTES && sheet_next(&t); i++)
			compare_printed(&t, p->program, &d->minute[i], &g);
	if (path) sheet_close(&t);
	free(path);
	validate_worst(j, p->volts, "published_timeseries.csv", g.v, "V", 3e-3);
	validate_worst(j, p->watts, "published_timeseries.csv", g.w, "W", p->limit_w);
	validate_worst(j, p->vars, "published_timeseries.csv", g.var, "var", p->limit_w);
}

/* ---- against OpenDSS, minute by minute ---- */

struct judged {
	struct worst v, power, counts;
};

static void compare_minute(const struct sheet *t, const struct minute *m, struct judged *g)
{
	worst_add(&g->v, m->low_pu - sheet_number(t, "vmin_pu416"));
	worst_add(&g->v, m->high_pu - sheet_number(t, "vmax_pu416"));
	worst_add(&g->v, m->unbalance_frac - sheet_number(t, "max_vuf_pct") / 100);
	worst_add(&g->power, m->source_w / (1e3 * sheet_number(t, "p_source_kw")) - 1);
	for (int b = 0; b < BANDS; b++)
		worst_add(&g->counts, m->outside[b] - sheet_number(t, bands[b].column));
}

static void compare_minutes(struct validate_job *j, const struct day *d)
{
	static const char *const columns[] = { "minute", "p_source_kw", "vmin_pu416", "vmax_pu416",
		"max_vuf_pct", "n_below_0.95", "n_en_above_1.10", NULL };
	struct judged g = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee_eulv/opendss_minute_metrics.csv");
	if (path && sheet_open(&t, path, columns, j->e))
		for (size_t i = 0; i < MINUTES && sheet_next(&t); i++)
			compare_minute(&t, &d->minute[i], &g);
	if (path) sheet_close(&t);
	free(path);
	validate_worst(j, "European LV day, by OpenDSS: lowest, highest voltage, unbalance",
	    "opendss_minute_metrics.csv", g.v, "pu", 1e-6);
	validate_worst(j, "European LV day, by OpenDSS: power of the source",
	    "opendss_minute_metrics.csv", g.power, "", 1e-6);
	validate_worst(j, "European LV day, by OpenDSS: customers outside seven limits",
	    "opendss_minute_metrics.csv", g.counts, "", 0);
}

/* ---- the day as a whole ---- */

static double mean_kw(const struct day *d, size_t begin, size_t minutes)
{
	double sum = 0;
	for (size_t i = begin; i < begin + minutes; i++) sum += d->minute[i].source_w;
	return sum / (double)minutes / 1e3;
}

static double peak_kw(const struct day *d, size_t minutes)
{
	double most = 0;
	for (size_t i = 0; i + minutes <= MINUTES; i += minutes)
		most = fmax(most, mean_kw(d, i, minutes));
	return most;
}

static double summed(const struct day *d, const char *quantity)
{
	double loss_kwh = 0, outside[BANDS] = { 0 };
	for (size_t i = 0; i < MINUTES; i++) {
		loss_kwh += d->minute[i].loss_w / 60e3;
		for (int b = 0; b < BANDS; b++) outside[b] += d->minute[i].outside[b];
	}
	if (!strcmp(quantity, "energy_source_kwh")) return mean_kw(d, 0, MINUTES) * 24;
	if (!strcmp(quantity, "energy_loss_kwh")) return loss_kwh;
	if (!strcmp(quantity, "peak_1min_kw")) return peak_kw(d, 1);
	if (!strcmp(quantity, "peak_15min_kw")) return peak_kw(d, 15);
	if (!strcmp(quantity, "load_factor_15min")) return mean_kw(d, 0, MINUTES) / peak_kw(d, 15);
	for (int b = 0; b < BANDS; b++)
		if (!strcmp(quantity, bands[b].sum)) return outside[b];
	return NAN;
}

static void compare_day(struct validate_job *j, const struct day *d)
{
	static const char *const columns[] = { "quantity", "value", NULL };
	struct worst w = { 0 };
	struct sheet t;
	char *path = validate_table(j, "feeders/ieee_eulv/opendss_day_summary.csv");
	if (path && sheet_open(&t, path, columns, j->e))
		while (sheet_next(&t)) {
			double is = summed(d, sheet_text(&t, "quantity"));
			double wanted = sheet_number(&t, "value");
			if (!isnan(is)) worst_add(&w, wanted != 0 ? is / wanted - 1 : is);
		}
	if (path) sheet_close(&t);
	free(path);
	validate_worst(j, "European LV day, by OpenDSS: energy, peaks, customer-minutes",
	    "opendss_day_summary.csv", w, "", 1e-6);
}

void validate_lv_day(struct validate_job *j)
{
	struct day *d = mem_new(1, sizeof *d);
	d->n = validate_network(j, "feeders/ieee_eulv");
	d->s = d->n ? validate_solve(j, d->n, "ieee_eulv") : NULL;
	if (d->s) {
		d->peak_va = mem_new(d->n->loads, sizeof *d->peak_va);
		d->share = mem_new(MINUTES * d->n->loads, sizeof *d->share);
		for (size_t i = 0; i < d->n->loads; i++) d->peak_va[i] = d->n->load[i].s_va;
	}
	if (d->s && read_profiles(j, d)) {
		solve_day(j, d);
		for (size_t i = 0; i < sizeof printed / sizeof *printed; i++)
			compare_published(j, d, &printed[i]);
		compare_minutes(j, d);
		compare_day(j, d);
	}
	nodal_free(d->s);
	network_free(d->n);
	free(d->peak_va);
	free(d->share);
	free(d);
}
