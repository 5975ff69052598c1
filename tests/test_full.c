/* Nodes at full power: what they draw, against numbers by hand, and in whole runs. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/compute/full.h"
#include "models/compute/replica.h"
#include "models/site/world_state.h"
#include "tests/rig.h"
#include "tests/world_bed.h"

static bool near(double a, double b, double rel)
{
	return fabs(a - b) <= rel * fmax(fabs(a), fabs(b));
}

static void expect_full(const char *about, const struct node_par *p, double device_w, double node_w)
{
	struct full f = full_power(p);
	cr_expect(near(f.device_w, device_w, 1e-12), "%s: boards draw %.17g W", about, f.device_w);
	cr_expect(near(f.node_w, node_w, 1e-12), "%s: the node draws %.17g W", about, f.node_w);
}

/* A card of 450 W serves with 0.92 of it at most; behind the supply's 0.92 of efficiency
 * are 80 W of host. */
Test(full, a_node_draws_its_boards_limit_or_cap)
{
	struct rig r;
	rig_home(&r);
	r.node.cap_w = NAN;
	expect_full("no cap", &r.node, 414, (414 + 80) / 0.92);
	r.node.cap_w = 300;
	expect_full("a cap below", &r.node, 300, (300 + 80) / 0.92);
	r.node.cap_w = 430;
	expect_full("a cap above", &r.node, 414, (414 + 80) / 0.92);
	r.node.tensor_parallel = 3;
	r.node.psu_loss_w = 11;
	expect_full("three boards", &r.node, 3 * 414, (3 * 414 + 80) / 0.92 + 11);
}

/* At half the clock: k = 0.5 * 0.62^2 = 0.1922 of the 30 W above idle and of the 5 W. */
Test(full, utilisation_is_whole_at_the_nodes_clock)
{
	struct rig r;
	rig_toy(&r);
	r.node.cap_w = NAN;
	expect_full("130 + 11 + 5", &r.node, 146, (146 + 80) / 0.92);
	r.node.clock_frac = 0.5;
	double half_w = 100 + 0.1922 * 30 + 11 + 0.1922 * 5;
	expect_full("half the clock", &r.node, half_w, (half_w + 80) / 0.92);
}

/* Serial stages share one stream of work: each is busy for its part of the time. */
Test(full, serial_stages_work_in_turns)
{
	struct rig r;
	rig_toy(&r);
	r.node.cap_w = NAN;
	r.node.pipeline_parallel = 4;
	expect_full("filled", &r.node, 4 * 146, (4 * 146 + 80) / 0.92);
	r.node.pipeline = PIPELINE_SERIAL;
	expect_full("130 + 16 / 4", &r.node, 4 * 134, (4 * 134 + 80) / 0.92);
	r.device.power.form = POWER_PHASE;
	r.device.power.prompt_w = 300;
	r.device.power.token_w = 170;
	expect_full("300 and thrice 100", &r.node, 600, (600 + 80) / 0.92);
	r.node.cap_w = 110;
	expect_full("of which the cap leaves", &r.node, 440, (440 + 80) / 0.92);
}

Test(full, a_table_gives_its_highest_row)
{
	const struct power p = {
		.by_phase = true,
		.level = { { 3, { 1, 3, 7 }, { 210, 331, 290 } }, { 1, { 1 }, { 317 } } },
	};
	cr_expect_eq(power_full_w(&p, 1, 29), 331.0);
	cr_expect_eq(power_full_w(&p, 0.5, 29), 180.0);
}

/* Power of a replica over the time that it takes for a prompt of 3 tokens and 4 more. */
static struct full measure(const struct node_par *p)
{
	struct iteration_model *m = iteration_new(p);
	struct replica *r = replica_new(m);
	replica_submit(r, 0, &(struct ask){ .prompt_tokens = 3, .output_tokens = 4 });
	int64_t end_ns = 0;
	for (; replica_end_ns(r) != INT64_MAX; replica_advance(r)) end_ns = replica_end_ns(r);
	struct replica_total t = replica_total(r, end_ns);
	replica_free(r);
	iteration_free(m);
	return (struct full){ t.device_j / (end_ns * 1e-9), t.node_j / (end_ns * 1e-9) };
}

/* The replica's own meter says the same of boards that are never below their limit. */
Test(full, a_busy_replica_draws_that_and_no_more)
{
	struct rig r;
	rig_toy(&r);
	r.engine.memory_frac = 1;
	r.node.cap_w = NAN;
	r.node.psu_loss_w = 7;
	struct full most = full_power(&r.node), got = measure(&r.node);
	cr_expect_leq(got.device_w, most.device_w);
	cr_expect_leq(got.node_w, most.node_w);
	r.device.power.form = POWER_PHASE;
	r.device.power.prompt_w = r.device.power.token_w = 311;
	most = full_power(&r.node);
	got = measure(&r.node);
	/* ends are whole nanoseconds of 25 ms */
	cr_expect(near(got.device_w, most.device_w, 1e-6), "%.17g W", got.device_w);
	cr_expect(near(got.node_w, most.node_w, 1e-6), "%.17g W", got.node_w);
}

/* ---- in a run ---- */

#define STREET \
	"<place latitude='52 deg' longitude='13 deg'/>" \
	"<feeder street='european-lv'><transformer rating='250 kVA'/></feeder>" \
	"<homes count='11'><load annual='3000 kWh'/>" \
	"<battery share='0.4' capacity='7 kWh' power='3 kW'/>" \
	"<node count='3' device='rtx-4090' model='llama-3.1-8b' weights='q4' power-cap='300 W'/>" \
	"</homes><datacentre name='far'><node device='h100-sxm' model='llama-3.1-8b'/></datacentre>"
#define WORK "<workload rate='70 1/h' prompt='uniform(20, 900) tokens' output='7 tokens'/>"
#define BEGIN "<scenario name='test'><time start='2024-06-20T00:00+02:00' "

static void make_full(struct world_bed *b, const char *xml)
{
	world_bed_make(b, xml, NULL, 3);
	cr_assert_not_null(b->scenario);
	world_free(b->world);
	b->world = world_new(scenario_root(b->scenario),
	    &(struct world_options){ .seed = 3, .nodes_full = true,
		.currency = scenario_currency(b->scenario) },
	    b->faults);
}

/* 33 replicas of 300 W and 380 / 0.92 W for 47 minutes; the idle one is an H100 with its
 * host, of 113 W and 40 W or more, in no home. */
Test(full, homes_draw_it_all_the_time_and_the_books_close)
{
	struct world_bed b;
	make_full(&b, BEGIN "duration='47 min' step='1 min'/>" STREET WORK "</scenario>");
	cr_assert_not_null(b.world);
	world_run(b.world);
	b.d = ds_new();
	world_export(b.world, b.d);
	size_t sites;
	const struct ds_group *grid = ds_find(b.d, "grid");
	const float *node_w = ds_data(grid, "home_nodes", DS_F32);
	cr_assert_eq(ds_rows(grid, "home_nodes"), 47);
	for (size_t i = 0; i < 47; i++)
		cr_expect(near(node_w[i], 33 * 380 / 0.92, 1e-7), "step %zu: %g W", i, node_w[i]);
	const struct ledger *homes = b.world->ledgers.row[0].ledger;
	cr_expect(near(homes->j[LEDGER_COMPUTE], 33 * 300 * 47 * 60, 1e-12));
	cr_expect(near(homes->j[LEDGER_HOST], 33 * (380 / 0.92 - 300) * 47 * 60, 1e-11));
	const double *residual = world_bed_f64(&b, "ledger", "residual", &sites);
	for (size_t i = 0; i < sites; i++) cr_expect_leq(residual[i], 1e-9, "row %zu", i);
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	world_bed_free(&b);
}

/* Nothing is said of service, or of what servers did that nobody asked. */
Test(full, of_nodes_only_their_energy_is_told)
{
	struct world_bed b;
	make_full(&b, BEGIN "duration='7 min'/>" STREET WORK "</scenario>");
	world_run(b.world);
	b.d = ds_new();
	world_export(b.world, b.d);
	const struct ds_group *g = ds_find(b.d, "summary");
	cr_assert_not_null(g);
	for (size_t i = 0; i < g->vars; i++) {
		const char *key = g->var[i]->name;
		cr_expect(strncmp(key, "service.", 8) && strncmp(key, "compute.", 8) &&
			strncmp(key, "node.", 5),
		    "%s", key);
	}
	struct ds_metric m;
	cr_expect(ds_metric_find(b.d, "energy.node_j", &m));
	cr_expect(ds_metric_find(b.d, "grid.margin_pu", &m));
	world_bed_free(&b);
}

/* Such a workload would end the run by its last answer, which never comes. */
Test(full, a_run_needs_a_duration)
{
	char text[512] = { 0 };
	struct world_bed b;
	make_full(&b, BEGIN "/>" STREET
	    "<workload rate='70 1/h' requests='7' prompt='20 tokens' output='7 tokens'/>"
	    "</scenario>");
	cr_expect_null(b.world);
	FILE *f = fmemopen(text, sizeof text, "w");
	err_print(b.faults, f);
	fclose(f);
	cr_expect(strstr(text, "time: nodes at full power answer nothing") != NULL, "%s", text);
	world_bed_free(&b);
}
