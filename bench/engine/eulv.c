/* The IEEE European low-voltage feeder (906 buses, 55 customers) through minutes of a day.
 *
 * flow_...: 150 minutes at 1e-8, each from the one before, by the nodal equations, by the
 * sweep of all buses and by that of the reduced tree, and reduced to its loads, with and
 * without the voltages that are then asked for. The result is the voltages of the last
 * minute, checked against the nodal equations, whose own are checked against the sweep's.
 *
 * take_...: changes that are taken in between two solutions, in place as of a tap or an
 * outage, or by another tree or other equations, as of a switch; afterwards the flow must be
 * as it was. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sheet.h"
#include "bench/engine/engine.h"
#include "models/grid/dense.h"
#include "models/grid/network_csv.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

enum { BUSES = 906, CHANGES = 10 }; /* of the feeder, without its source; of a call */

#define PEER(name, us, start) \
	{ name, BUSES * 1e6 / (us), "IEEE European LV feeder, 906 buses, minutes of a day, " start \
	    #us " us a solve, one thread of a 2.6 GHz Zen 4" }
const struct bench_peer eulv_peers[] = {
	PEER("pandapower 2.13.1 runpp_3ph", 88000, "cold start, "),
	PEER("power-grid-model 1.13, Newton, 1e-8", 2595, ""),
	PEER("power-grid-model 1.13, iterative current, 1e-8", 808, ""),
	PEER("OpenDSS 9.8, yearly mode, 1e-8", 630, ""),
	PEER("OpenDSS 9.8, yearly mode, 1e-4", 379, ""),
	{ NULL, 0, NULL },
};

/* The feeder and all that solves it, which cases share. */
struct plant {
	struct network *n;
	struct nodal *nodal;
	struct sweep *full, *reduced;
	struct dense *dense;
	double complex *load_va; /* [ENGINE_DAY * loads] */
	int users;
};

static double complex across(const struct plant *p, const double complex *v)
{
	return v[p->n->load[p->n->loads - 1].plus];
}
static double complex v_nodal(struct plant *p)
{
	return across(p, nodal_v(p->nodal));
}
static double complex v_full(struct plant *p)
{
	return across(p, sweep_v(p->full));
}
static double complex v_reduced(struct plant *p)
{
	return across(p, sweep_v(p->reduced));
}
static double complex v_dense(struct plant *p)
{
	return across(p, dense_v(p->dense));
}
static double complex v_ports(struct plant *p)
{
	return dense_load_v(p->dense)[p->n->loads - 1];
}

static const double tolerance_pu = 1e-8;

static bool go_nodal(struct plant *p)
{
	return nodal_solve(p->nodal, tolerance_pu).converged;
}
static bool go_full(struct plant *p)
{
	return sweep_solve(p->full, tolerance_pu).converged;
}
static bool go_reduced(struct plant *p)
{
	return sweep_solve(p->reduced, tolerance_pu).converged;
}
static bool go_dense(struct plant *p)
{
	return dense_solve(p->dense, tolerance_pu).converged;
}

static bool tap_nodal(struct plant *p)
{
	return nodal_retap(p->nodal);
}
static bool tap_sweep(struct plant *p)
{
	return sweep_retap(p->reduced);
}
static bool tap_dense(struct plant *p)
{
	return dense_refill(p->dense);
}
static bool values_nodal(struct plant *p)
{
	return nodal_refill(p->nodal);
}
static bool values_sweep(struct plant *p)
{
	return sweep_refill(p->reduced);
}

static bool switch_nodal(struct plant *p)
{
	struct err_list *e = err_new();
	nodal_free(p->nodal);
	p->nodal = nodal_new(p->n, (struct err_pos){ 0 }, e);
	err_free(e);
	return p->nodal != NULL;
}
static bool switch_sweep(struct plant *p)
{
	sweep_free(p->reduced);
	p->reduced = sweep_takes(p->n, true);
	return p->reduced != NULL;
}

/* That in the middle, and what hangs behind it. */
static bool open_and_close(struct plant *p)
{
	uint32_t element = (uint32_t)p->n->elements / 2;
	bool *open = &p->n->element[element].open;
	*open = true;
	bool good = sweep_open(p->reduced, element, true);
	*open = false;
	return sweep_open(p->reduced, element, false) && good;
}

static const struct way {
	const char *kernel;
	bool (*change)(struct plant *p); /* NULL: solutions are timed */
	bool (*go)(struct plant *p);
	double complex (*v)(struct plant *p); /* across the last load */
	bool asks;                            /* for voltages, of each solution */
} ways[] = {
	{ "flow_nodal", NULL, go_nodal, v_nodal, true },
	{ "flow_sweep", NULL, go_full, v_full, false },
	{ "flow_sweep_v", NULL, go_full, v_full, true },
	{ "flow_reduced", NULL, go_reduced, v_reduced, false },
	{ "flow_reduced_v", NULL, go_reduced, v_reduced, true },
	{ "flow_dense", NULL, go_dense, v_ports, false },
	{ "flow_dense_loads", NULL, go_dense, v_ports, true },
	{ "flow_dense_v", NULL, go_dense, v_dense, true },
	{ "take_tap_nodal", tap_nodal, go_nodal, v_nodal, false },
	{ "take_tap_sweep", tap_sweep, go_reduced, v_reduced, false },
	{ "take_tap_dense", tap_dense, go_dense, v_ports, false },
	{ "take_values_nodal", values_nodal, go_nodal, v_nodal, false },
	{ "take_values_sweep", values_sweep, go_reduced, v_reduced, false },
	{ "take_switch_nodal", switch_nodal, go_nodal, v_nodal, false },
	{ "take_switch_sweep", switch_sweep, go_reduced, v_reduced, false },
	{ "take_open_sweep", open_and_close, go_reduced, v_reduced, false },
};

struct work {
	struct plant *p;
	const struct way *way;
	double complex sum_v; /* of the voltages asked for */
	bool failed;
};

static void set_minute(struct plant *p, int minute)
{
	const double complex *load_va = p->load_va + (size_t)minute * p->n->loads;
	for (size_t i = 0; i < p->n->loads; i++)
		p->n->load[i].s_va = load_va[i];
}

static void run_day(void *ctx)
{
	struct work *w = ctx;
	for (int k = 0; k < ENGINE_MINUTES; k++) {
		set_minute(w->p, engine_minute_of_day(k));
		w->failed |= !w->way->go(w->p);
		if (w->way->asks) w->sum_v += w->way->v(w->p);
	}
}

static void run_changes(void *ctx)
{
	struct work *w = ctx;
	for (int i = 0; i < CHANGES; i++) w->failed |= !w->way->change(w->p);
}

static double work_error(void *ctx)
{
	struct work *w = ctx;
	bool is_nodal = w->way->v == v_nodal;
	set_minute(w->p, engine_minute_of_day(ENGINE_MINUTES - 1));
	w->failed |= !w->way->go(w->p) || !(is_nodal ? go_full : go_nodal)(w->p);
	double complex v = w->way->v(w->p), twin = (is_nodal ? v_full : v_nodal)(w->p);
	return w->failed ? INFINITY : cabs(v - twin) / cabs(twin);
}

static void plant_free(struct plant *p)
{
	if (!p || --p->users > 0) return;
	nodal_free(p->nodal);
	sweep_free(p->full);
	sweep_free(p->reduced);
	dense_free(p->dense);
	network_free(p->n);
	free(p->load_va);
	free(p);
}

static void work_free(void *ctx)
{
	struct work *w = ctx;
	plant_free(w->p);
	free(w);
}

static bool read_loads(struct plant *p, const char *folder, struct err_list *e)
{
	static const char *const columns[] = { "minute", NULL };
	struct sheet t;
	char *path = mem_print("%s/profiles_1min.csv", folder);
	size_t m = 0;
	p->load_va = mem_new(ENGINE_DAY * p->n->loads, sizeof *p->load_va);
	if (sheet_open(&t, path, columns, e))
		for (; m < ENGINE_DAY && sheet_next(&t); m++)
			for (size_t i = 0; i < p->n->loads; i++) {
				char column[24];
				snprintf(column, sizeof column, "p%zu", i + 1);
				p->load_va[m * p->n->loads + i] =
				    p->n->load[i].s_va * sheet_number(&t, column);
			}
	sheet_close(&t);
	free(path);
	return m == ENGINE_DAY;
}

/* NULL with entries in e when it cannot be read or solved in all ways. */
static struct plant *plant_new(const char *folder, struct err_list *e)
{
	struct plant *p = mem_new(1, sizeof *p);
	p->n = network_read_csv(folder, e);
	if (p->n && read_loads(p, folder, e)) {
		p->nodal = nodal_new(p->n, (struct err_pos){ folder, 0, 0 }, e);
		p->full = sweep_takes(p->n, false);
		p->reduced = sweep_takes(p->n, true);
		p->dense = dense_takes(p->n);
	}
	if (p->nodal && p->full && p->reduced && p->dense) return p;
	err_at(e, (struct err_pos){ folder, 0, 0 }, "no tree with a day of %d minutes",
	    ENGINE_DAY);
	plant_free(p);
	return NULL;
}

static void add(struct suite *s, struct plant *p, const struct way *way)
{
	struct work *w = mem_new(1, sizeof *w);
	*w = (struct work){ .p = p, .way = way };
	p->users++;
	struct bench_case c = { .kernel = way->kernel, .threads = 1, .pages = "", .ctx = w,
		.items = (double)BUSES * ENGINE_MINUTES, .item = "bus", .run = run_day, .error = work_error,
		.error_max = 1e-6, .free = work_free, .peer = way == ways ? eulv_peers : NULL };
	snprintf(c.shape, sizeof c.shape, "%d buses", BUSES);
	if (way->change) {
		c.items = CHANGES;
		c.item = "change";
		c.run = run_changes;
	}
	suite_add(s, &c);
}

void eulv_add(struct suite *s)
{
	char *folder = engine_data(s, "the IEEE European low-voltage feeder", "feeders/ieee_eulv");
	struct err_list *e = err_new();
	struct plant *p = folder ? plant_new(folder, e) : NULL;
	for (size_t i = 0; p && i < sizeof ways / sizeof *ways; i++)
		if (!suite_quick(s) || i == 0) add(s, p, &ways[i]);
	err_print(e, stderr);
	err_free(e);
	free(folder);
}
