/* The power flow of a street of 55 homes, minutes of a day.
 *
 * The street is the layout of data/streets.xml's european-lv, a 250 kVA transformer and a
 * source of 250 MVA; the homes' powers come from a fixed sequence between -3 kW and 5 kW that
 * moves by up to 10 % a step, as minutes do. Every solve starts from the last and ends at 1e-12
 * of the nominal voltage. The result is checked against the nodal equations of the same street:
 * every customer's voltage. Others' figures are of a feeder with more buses, hence by the bus. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/engine/engine.h"
#include "models/grid/branch.h"
#include "models/grid/feeder.h"
#include "models/grid/feeder_network.h"
#include "models/grid/nodal.h"

enum { CUSTOMERS = 55 };

static const struct feeder_par street_par = { .name = "street", .v_ll_v = 400,
	.source_pu = 1.02, .fault_va = 250e6, .fault_x_r = 10, .v_low_pu = 0.8 };

/* Phases `first` and on of a cable of NAYY type: r, x in ohm/km of a phase and the neutral. */
static void add_cable(struct network *n, uint32_t from, uint32_t to, int first, int phases,
    double complex z_ohm_km, double m)
{
	double complex z[NET_PHASES * NET_PHASES];
	double b_s[NET_PHASES * NET_PHASES] = { 0 };
	uint32_t near[NET_PHASES], far[NET_PHASES];
	for (int k = 0; k < phases; k++) {
		near[k] = network_node(n, from, first + k);
		far[k] = network_node(n, to, first + k);
	}
	for (int k = 0; k < phases * phases; k++)
		z[k] = z_ohm_km * m / 1e3 * (k % (phases + 1) ? 1 : 2);
	branch_line(n, "line", phases, near, far, z, b_s);
	n->element[n->elements - 1].rating_a = 270;
}

static uint32_t new_bus(struct network *n)
{
	char name[16];
	snprintf(name, sizeof name, "bus %zu", n->buses);
	return network_bus(n, name);
}

static void add_customer(struct network *n, uint32_t joint)
{
	int phase = (int)(n->customers % NET_PHASES);
	uint32_t end = new_bus(n);
	add_cable(n, joint, end, phase, 1, 0.868 + 0.083 * I, 12);
	network_load(n, &(struct net_load){ .name = (char *)"customer", .power = 1,
		.plus = network_node(n, end, phase), .minus = NET_GROUND,
		.nominal_v = 400 / sqrt(3) });
	network_customer(n, false);
}

/* Joints along a road; the bus of the fourth is returned, where the lane begins. */
static uint32_t add_road(struct network *n, uint32_t from, double complex z_ohm_km,
    double first_m, double step_m, int joints, int customers)
{
	uint32_t fourth = from;
	for (int j = 0; j < joints; j++) {
		uint32_t to = new_bus(n);
		add_cable(n, from, to, 0, NET_PHASES, z_ohm_km, j ? step_m : first_m);
		for (int c = 0; c < customers; c++) add_customer(n, to);
		from = to;
		if (j == 3) fourth = to;
	}
	return fourth;
}

static struct network *street(void)
{
	struct transformer_par t = transformer_distribution();
	t.rating_va = 250e3;
	struct network *n = feeder_network(&street_par, &t, "busbar");
	uint32_t busbar = network_bus(n, "busbar");
	uint32_t corner = add_road(n, busbar, 0.206 + 0.08 * I, 45, 24, 10, 2); /* north */
	add_road(n, busbar, 0.206 + 0.08 * I, 60, 26, 10, 2);                   /* south */
	add_road(n, corner, 0.320 + 0.08 * I, 30, 28, 5, 3);                    /* lane */
	network_nominal(n);
	return n;
}

struct day {
	struct feeder *feeder;
	double p_w[ENGINE_DAY][CUSTOMERS], q_var[ENGINE_DAY][CUSTOMERS];
};

static void draw_day(struct day *d)
{
	struct pcg64 g = rng_stream(7, 0, rng_entity("bench"), RNG_TEST);
	double p_w[CUSTOMERS];
	for (int c = 0; c < CUSTOMERS; c++) p_w[c] = -3000 + 8000 * pcg64_unit(&g);
	for (int m = 0; m < ENGINE_DAY; m++)
		for (int c = 0; c < CUSTOMERS; c++) {
			p_w[c] += 400 * (2 * pcg64_unit(&g) - 1);
			p_w[c] = fmin(fmax(p_w[c], -3000), 5000);
			d->p_w[m][c] = p_w[c];
			d->q_var[m][c] = 0.33 * p_w[c];
		}
}

static void day_run(void *ctx)
{
	struct day *d = ctx;
	for (int k = 0; k < ENGINE_MINUTES; k++) {
		int m = engine_minute_of_day(k);
		feeder_solve(d->feeder, d->p_w[m], d->q_var[m]);
	}
}

/* Largest difference of a customer's voltage, per unit, after the last minute. */
static double day_error(void *ctx)
{
	const struct day *d = ctx;
	int last = engine_minute_of_day(ENGINE_MINUTES - 1);
	double off = d->feeder->failures > 0 ? INFINITY : 0;
	struct network *n = street();
	struct err_list *e = err_new();
	struct nodal *twin = nodal_new(n, (struct err_pos){ 0 }, e);
	for (int c = 0; c < CUSTOMERS; c++)
		n->load[c].s_va = d->p_w[last][c] + I * d->q_var[last][c];
	if (!twin || !nodal_solve(twin, 1e-12).converged) off = INFINITY;
	for (int c = 0; twin && c < CUSTOMERS; c++) {
		double v = cabs(nodal_v(twin)[n->load[c].plus]) / n->load[c].nominal_v;
		off = fmax(off, fabs(v - d->feeder->at.v_pu[c]));
	}
	nodal_free(twin);
	network_free(n);
	err_free(e);
	return off;
}

static void day_free(void *ctx)
{
	struct day *d = ctx;
	feeder_free(d->feeder);
	free(d);
}

void street_day_add(struct suite *s)
{
	struct day *d = mem_new(1, sizeof *d);
	struct network *n = street();
	struct err_list *e = err_new();
	size_t buses = n->buses;
	d->feeder = feeder_build(&street_par, &n, 1, (struct err_pos){ 0 }, e);
	err_free(e);
	draw_day(d);
	struct bench_case c = { .kernel = "street_flow", .key = { { "buses", (double)buses } },
		.keys = 1, .threads = 1, .pages = "", .ctx = d, .run = day_run,
		.items = (double)buses * ENGINE_MINUTES, .item = "bus", .error = day_error,
		.error_max = 1e-10, .free = day_free, .peer = eulv_peers };
	snprintf(c.shape, sizeof c.shape, "%zu buses", buses);
	suite_add(s, &c);
}
