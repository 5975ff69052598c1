/* The power-flow yardstick: a street of 55 homes, a day of minutes after another.
 *
 *     bench_feeder [SOLVES]
 *
 * The street is the layout of data/streets.xml's european-lv, a 250 kVA
 * transformer and a source of 250 MVA; the homes' powers come from a fixed
 * sequence between -3 kW and 5 kW that moves by up to 10 % a step, as minutes do.
 * Every solve starts from the last and ends at 1e-12 of the nominal voltage.
 * Prints microseconds of processor time a solve, the best of nine rounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "models/grid/branch.h"
#include "models/grid/feeder_network.h"
#include "models/grid/feeder.h"

enum { CUSTOMERS = 55, ROUNDS = 9 };

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

static struct network *street(const struct feeder_par *par)
{
	struct transformer_par t = transformer_distribution();
	t.rating_va = 250e3;
	struct network *n = feeder_network(par, &t, "busbar");
	uint32_t busbar = network_bus(n, "busbar");
	uint32_t corner = add_road(n, busbar, 0.206 + 0.08 * I, 45, 24, 10, 2); /* north */
	add_road(n, busbar, 0.206 + 0.08 * I, 60, 26, 10, 2);                   /* south */
	add_road(n, corner, 0.320 + 0.08 * I, 30, 28, 5, 3);                    /* lane */
	network_nominal(n);
	return n;
}

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double round_s(struct feeder *f, long solves, struct pcg64 g)
{
	double p[CUSTOMERS], q[CUSTOMERS], spent_s = 0;
	for (int c = 0; c < CUSTOMERS; c++) p[c] = -3000 + 8000 * pcg64_unit(&g);
	for (long k = 0; k < solves; k++) {
		for (int c = 0; c < CUSTOMERS; c++) {
			p[c] += 400 * (2 * pcg64_unit(&g) - 1);
			p[c] = fmin(fmax(p[c], -3000), 5000);
			q[c] = 0.33 * p[c];
		}
		double begin_s = now_s();
		feeder_solve(f, p, q);
		spent_s += now_s() - begin_s;
	}
	return spent_s;
}

static void print_peers(void)
{
	static const struct {
		const char *engine;
		double us;
	} peers[] = {
		{ "pandapower 2.13.1 runpp_3ph, cold start", 88000 },
		{ "power-grid-model 1.13, Newton, 1e-8", 2595 },
		{ "power-grid-model 1.13, iterative current, 1e-8", 808 },
		{ "OpenDSS 9.8, yearly mode, 1e-8", 630 },
		{ "OpenDSS 9.8, yearly mode, 1e-4", 379 },
	};
	printf("\nOthers, on the IEEE European LV feeder (906 buses, 55 customers), minutes of a "
	       "day,\n"
	       "one thread of a 2.6 GHz Zen 4; a street above is smaller, so compare us by node "
	       "too:\n");
	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		printf("  %-48s %8.0f us  %6.2f us/bus\n", peers[i].engine, peers[i].us,
		    peers[i].us / 906);
}

int main(int argc, char **argv)
{
	long solves = argc > 1 ? strtol(argv[1], NULL, 10) : 1440;
	if (solves < 1) {
		fprintf(stderr, "usage: bench_feeder [SOLVES]\n");
		return 2;
	}
	struct feeder_par par = { .name = "street",
		.v_ll_v = 400,
		.source_pu = 1.02,
		.fault_va = 250e6,
		.fault_x_r = 10,
		.v_low_pu = 0.8 };
	struct network *n = street(&par);
	struct err_list *e = err_new();
	struct feeder *f = feeder_build(&par, &n, 1, (struct err_pos){ 0 }, e);
	double best_s = INFINITY;
	for (int r = 0; r < ROUNDS; r++)
		best_s = fmin(
		    best_s, round_s(f, solves, rng_stream(7, 0, rng_entity("bench"), RNG_TEST)));
	double us = 1e6 * best_s / (double)solves, sweeps = (double)f->iterations / (double)f->solves;
	printf("street: %u nodes, %u customers, %ld solves to 1e-12, warm start\n",
	    (unsigned)n->buses, f->customers, solves);
	printf("  %.2f us/solve, %.2f sweeps/solve, %.3f us/node, %llu not solved\n", us, sweeps,
	    us / (double)n->buses, (unsigned long long)f->failures);
	print_peers();
	int failed = f->failures > 0;
	feeder_free(f);
	err_free(e);
	return failed;
}
