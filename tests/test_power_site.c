/* Power from the boards to the grid meter, in whole runs. */
#include "tests/unit.h"

#include <math.h>

#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define RUN(step, node) \
	"<scenario name='test'>" \
	"<time start='2024-06-20T00:00+02:00' duration='7 h' step='" step "'/>" \
	"<datacentre name='one' pue='1.3'><node device='h100-sxm' model='llama-3.1-8b' " node \
	"/></datacentre>" \
	"<workload rate='37 1/h' prompt='uniform(20, 900) tokens' output='uniform(3, 300) " \
	"tokens'/></scenario>"

static bool near(double a, double b, double rel)
{
	return fabs(a - b) <= rel * fmax(fabs(a), fabs(b));
}

/* Each boundary from the one inside it: 0.92 of the supply and its loss, the PUE,
 * and 2 % of transmission. */
static void expect_boundaries(const struct world_bed *b, double loss_w)
{
	double device_j = world_bed_metric(b, "energy.device_j");
	double node_j = world_bed_metric(b, "energy.node_j");
	double run_s = 7 * 3600, host_j = 0.92 * (node_j - loss_w * run_s) - device_j;
	cr_expect_gt(host_j, 40 * run_s); /* the host between its 40 W idle and 80 W active */
	cr_expect_lt(host_j, 80 * run_s);
	cr_expect(near(world_bed_metric(b, "energy.site_j"), 1.3 * node_j, 1e-12));
	cr_expect_gt(world_bed_metric(b, "energy.grid_j"), 1.3 * node_j);
}

/* The meter is exact at any instant, so that the sweep's step does not matter. */
Test(power_site, energy_does_not_depend_on_the_step)
{
	static const char *const xml[][2] = {
#define BOTH(node) { RUN("1 min", node), RUN("7 min", node) }
		BOTH(""),
		BOTH("unload-after='40 s' psu-loss='11 W'"),
		BOTH("power-cap='320 W' psu-loss='11 W'"),
		BOTH("clock='60 %' unload-after='40 s' power-cap='250 W'"),
#undef BOTH
	};
	for (size_t i = 0; i < sizeof xml / sizeof *xml; i++) {
		double device_j[2], node_j[2];
		for (int k = 0; k < 2; k++) {
			struct world_bed b;
			world_bed_run(&b, xml[i][k], 3);
			device_j[k] = world_bed_metric(&b, "energy.device_j");
			node_j[k] = world_bed_metric(&b, "energy.node_j");
			expect_boundaries(&b, i == 1 || i == 2 ? 11 : 0);
			cr_expect(world_bed_passed(&b, "ledger_residual"));
			world_bed_free(&b);
		}
		cr_expect(near(device_j[0], device_j[1], 1e-12), "case %zu", i);
		cr_expect(near(node_j[0], node_j[1], 1e-12), "case %zu", i);
	}
}

/* 8.03 billion weights of two bytes at 2 GB/s and 10 s are 18.03 s, in which the host
 * takes 80 W in place of 40 W; an unloaded H100 saves 113 - 75 W: 19.0 s. Counting
 * all that the load takes, (113 + 80) W x 18.03 s: 91.6 s. */
Test(power_site, unloading_pays_when_gaps_are_long)
{
	static const char *const xml[] = { RUN("1 min", ""), RUN("1 min", "unload-after='19 s'") };
	struct world_bed b;
	double node_j[2];
	for (int i = 0; i < 2; i++) {
		world_bed_run(&b, xml[i], 3);
		node_j[i] = world_bed_metric(&b, "energy.node_j");
		if (i == 0) world_bed_free(&b);
	}
	cr_expect_lt(node_j[1], node_j[0]); /* gaps are 97 s in the mean */
	cr_expect_gt(world_bed_metric(&b, "node.loads"), 100);
	cr_expect(near(world_bed_metric(&b, "node.break_even_s"), 40 * 18.03 / 38, 2e-3));
	cr_expect(near(world_bed_metric(&b, "node.load_j"), 193 * 18.03, 2e-3));
	world_bed_free(&b);
}
