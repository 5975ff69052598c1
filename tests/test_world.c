/* Whole runs of small scenarios: what must hold whatever the models say. */
#include "tests/unit.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define TIME(duration, step) \
	"<time start='2024-06-20T00:00+02:00' duration='" duration "' step='" step "'/>"
#define OPEN_TIME "<time start='2024-06-20T00:00+02:00'/>"
#define PLACE "<place latitude='52.5 deg' longitude='13.4 deg'/>"
#define FEEDER "<feeder street='european-lv'><transformer rating='250 kVA'/></feeder>"
#define LOAD(annual) "<load annual='" annual "'/>"
#define SOLAR "<solar share='0.6' capacity='uniform(3, 9) kW' tilt='35 deg' azimuth='180 deg'/>"
#define BATTERY "<battery share='0.4' capacity='7 kWh' power='3 kW'/>"
#define VEHICLE "<vehicle share='0.4' capacity='41 kWh' power='3.7 kW'/>"
#define HOME_NODE(share)                                                                           \
	"<node share='" share "' device='rtx-4090' model='llama-3.1-8b' weights='q4'/>"
#define STREET(count)                                                                              \
	"<homes count='" count "'>" LOAD("3000 kWh")                                               \
	    SOLAR BATTERY VEHICLE HOME_NODE("0.3") "</homes>"
#define CLOUD(name, count)                                                                         \
	"<datacentre name='" name                                                                  \
	"' pue='1.3'><node device='h100-sxm' model='llama-3.1-8b' count='" count                   \
	"'/></datacentre>"
#define WORK(rate)                                                                                 \
	"<workload rate='" rate                                                                    \
	"' prompt='uniform(20, 900) tokens' output='uniform(3, 300) tokens'/>"
#define TARIFF "<tariff price='0.30 EUR/kWh' export='0.07 EUR/kWh'/>"
#define CARBON "<carbon intensity='400 g/kWh'/>"
#define SCENARIO(parts) "<scenario name='test'>" parts "</scenario>"

#define EVERYTHING(time) \
	SCENARIO(time PLACE FEEDER TARIFF CARBON STREET("11") CLOUD("near", "1") CLOUD("far", "2") \
	    WORK("70 1/h"))

static bool near(double a, double b, double rel)
{
	return fabs(a - b) <= rel * fmax(fabs(a), fabs(b));
}

static void expect_all_closed(const struct world_bed *b, size_t sites)
{
	size_t n;
	const double *residual = world_bed_f64(b, "ledger", "residual", &n);
	cr_expect_eq(n, sites + 1, "%zu rows, %zu sites and the total wanted", n, sites);
	for (size_t i = 0; i < n; i++) cr_expect_leq(residual[i], 1e-9, "row %zu", i);
	cr_expect(world_bed_passed(b, "ledger_residual"));
	cr_expect(world_bed_passed(b, "meter_residual"));
}

Test(world, every_ledger_closes_whatever_the_parts)
{
	static const struct {
		const char *about, *xml;
		size_t sites; /* the bulk grid included */
	} row[] = {
		{ "all parts", EVERYTHING(TIME("1 d", "1 min")), 5 },
		{ "no feeder", SCENARIO(TIME("1 d", "1 min") PLACE STREET("11") WORK("70 1/h")),
		    2 },
		{ "no data centre",
		    SCENARIO(TIME("7 h", "1 min") PLACE FEEDER STREET("11") WORK("70 1/h")), 3 },
		{ "no homes", SCENARIO(TIME("7 h", "1 min") CLOUD("one", "3") WORK("70 1/h")), 2 },
		{ "no workload", SCENARIO(TIME("7 h", "1 min") PLACE FEEDER STREET("11")), 3 },
		{ "no nodes",
		    SCENARIO(TIME("7 h", "1 min") PLACE "<homes count='3'>" SOLAR "</homes>"), 2 },
		{ "bare homes", SCENARIO(TIME("7 h", "1 min") PLACE FEEDER "<homes count='3'/>"),
		    3 },
		{ "no home on a feeder",
		    SCENARIO(TIME("7 h", "1 min") PLACE FEEDER "<homes count='0'/>"), 3 },
		{ "a bare data centre",
		    SCENARIO(TIME("7 h", "1 min") "<datacentre name='x' overhead='3 kW'/>"), 2 },
		{ "a step that does not divide a day",
		    SCENARIO(TIME("3 d", "27 min") PLACE FEEDER STREET("11") WORK("7 1/h")), 3 },
		{ "one step", SCENARIO(TIME("1 h", "1 h") PLACE FEEDER STREET("11") WORK("70 1/h")),
		    3 },
		{ "two kinds of nodes",
		    SCENARIO(TIME("7 h", "1 min") PLACE "<homes count='17'>" HOME_NODE("0.3")
			    HOME_NODE("0.4") "</homes>" WORK("70 1/h")),
		    2 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world_bed b;
		world_bed_run(&b, row[i].xml, 3);
		expect_all_closed(&b, row[i].sites);
		cr_expect_eq(world_validity(b.world), VALIDITY_VALID, "%s", row[i].about);
		world_bed_free(&b);
	}
}

/* Three cars, three days, trips of 30 kWh with a battery of 10: at home they draw less
 * than half of what they drive on. */
Test(world, stores_balance_when_cars_run_empty)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(TIME("3 d", "1 min") PLACE "<homes count='3'>"
	    "<vehicle share='1' capacity='10 kWh' power='3.7 kW' trip='30 kWh'/></homes>"), 1);
	cr_expect_lt(world_bed_metric(&b, "homes.vehicle_j"), 9 * 15 * 3.6e6);
	cr_expect_gt(world_bed_metric(&b, "homes.vehicle_j"), 0);
	cr_expect(world_bed_passed(&b, "store_residual"));
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	world_bed_free(&b);
}

Test(world, has_room_for_any_number_of_data_centres)
{
	char *xml = NULL;
	size_t size;
	FILE *f = open_memstream(&xml, &size);
	fputs("<scenario name='test'>" TIME("7 min", "1 min"), f);
	for (int i = 0; i < 97; i++) fprintf(f, "<datacentre name='c%d' overhead='1 kW'/>", i);
	fputs("</scenario>", f);
	fclose(f);
	struct world_bed b;
	world_bed_run(&b, xml, 1);
	expect_all_closed(&b, 98);
	world_bed_free(&b);
	free(xml);
}

Test(world, boundaries_hold_each_other)
{
	struct world_bed b;
	world_bed_run(&b, EVERYTHING(TIME("1 d", "1 min")), 3);
	double device_j = world_bed_metric(&b, "energy.device_j");
	double node_j = world_bed_metric(&b, "energy.node_j");
	double site_j = world_bed_metric(&b, "energy.site_j");
	double grid_j = world_bed_metric(&b, "energy.grid_j");
	cr_expect_gt(device_j, 0);
	cr_expect_gt(node_j, device_j);
	cr_expect_gt(site_j, node_j);
	cr_expect_gt(grid_j, site_j);
	double out = world_bed_metric(&b, "service.output_tokens");
	double in = world_bed_metric(&b, "service.prompt_tokens");
	cr_expect(near(world_bed_metric(&b, "energy.grid_j_per_token") * out, grid_j, 1e-12));
	cr_expect(
	    near(world_bed_metric(&b, "energy.grid_j_per_token_all") * (in + out), grid_j, 1e-12));
	cr_expect_leq(
	    world_bed_metric(&b, "carbon.inference_kg"), world_bed_metric(&b, "carbon.total_kg"));
	cr_expect_leq(world_bed_metric(&b, "cost.inference"), world_bed_metric(&b, "cost.total") +
	    world_bed_metric(&b, "homes.solar_j") / 3.6e6 * 0.07, "export is no income of nodes");
	world_bed_free(&b);
}

/* 7 h of a data centre with PUE 1.3 and 5 % transmission loss, flat price and carbon:
 * site = 1.3 node, grid = site / 0.95. */
Test(world, a_data_centre_alone_bears_all)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(TIME("7 h", "1 min") TARIFF CARBON "<supply loss='5 %'/>"
	    CLOUD("one", "2") WORK("70 1/h")), 1);
	double node_j = world_bed_metric(&b, "energy.node_j");
	double site_j = world_bed_metric(&b, "energy.site_j");
	double grid_j = world_bed_metric(&b, "energy.grid_j");
	cr_expect(near(site_j, 1.3 * node_j, 1e-12));
	cr_expect(near(grid_j, site_j / 0.95, 1e-12));
	cr_expect(near(world_bed_metric(&b, "carbon.total_kg"), grid_j / 3.6e6 * 0.4, 1e-12));
	cr_expect(near(world_bed_metric(&b, "carbon.inference_kg"), grid_j / 3.6e6 * 0.4, 1e-12));
	cr_expect(near(world_bed_metric(&b, "cost.total"), site_j / 3.6e6 * 0.3, 1e-12));
	cr_expect(near(world_bed_metric(&b, "cost.inference"), site_j / 3.6e6 * 0.3, 1e-12));
	world_bed_free(&b);
}

/* Homes with nothing but a node: all that they draw is inference. */
Test(world, a_street_of_nodes_bears_all)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(TIME("7 h", "1 min") PLACE TARIFF CARBON FEEDER
	    "<homes count='7'>" HOME_NODE("1") "</homes>" WORK("70 1/h")), 1);
	cr_expect(
	    near(world_bed_metric(&b, "cost.inference"), world_bed_metric(&b, "cost.total"), 1e-9));
	cr_expect(near(world_bed_metric(&b, "carbon.inference_kg"),
	    world_bed_metric(&b, "carbon.total_kg"), 1e-9));
	cr_expect(near(world_bed_metric(&b, "carbon.total_kg"),
	    world_bed_metric(&b, "energy.grid_j") / 3.6e6 * 0.4, 1e-9));
	world_bed_free(&b);
}

/* At noon 20 kW of sun on each second roof: nothing is generated for anybody, though
 * half of the homes draw from the grid. */
Test(world, neighbours_surplus_is_not_generated)
{
	struct world_bed b;
	world_bed_run(&b,
	    SCENARIO("<time start='2024-06-20T11:00+00:00' duration='1 h'/>" PLACE CARBON
		     "<weather cloudiness='0'/><homes count='12'>" LOAD("3000 kWh")
			 HOME_NODE("1") "<solar share='0.5' capacity='20 kW' tilt='35 deg' "
					"azimuth='180 deg'/></homes>"),
	    1);
	size_t n;
	const double *import_j = world_bed_f64(&b, "ledger", "import", &n);
	cr_expect_gt(import_j[0], 6 * 80 * 3600.0, "six homes import their node's idle power");
	cr_expect_eq(world_bed_metric(&b, "carbon.total_kg"), 0);
	cr_expect_eq(world_bed_metric(&b, "carbon.inference_kg"), 0);
	world_bed_free(&b);
}

/* Requests know nothing of grid steps; sun and loads are sampled by them. */
Test(world, the_step_is_a_matter_of_the_grid)
{
	struct world_bed a, b;
	world_bed_run(&a, EVERYTHING(TIME("1 d", "1 min")), 5);
	world_bed_run(&b, EVERYTHING(TIME("1 d", "30 s")), 5);
	static const char *const same[] = { "energy.device_j", "energy.node_j",
		"latency.ttft_s.mean", "latency.e2e_s.p99", "service.output_tokens" };
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		cr_expect(near(world_bed_metric(&a, same[i]), world_bed_metric(&b, same[i]), 1e-12),
		    "%s", same[i]);
	cr_expect(
	    near(world_bed_metric(&a, "homes.load_j"), world_bed_metric(&b, "homes.load_j"), 0.01));
	cr_expect(near(
	    world_bed_metric(&a, "homes.solar_j"), world_bed_metric(&b, "homes.solar_j"), 0.01));
	cr_expect(near(
	    world_bed_metric(&a, "energy.grid_j"), world_bed_metric(&b, "energy.grid_j"), 0.01));
	world_bed_free(&a);
	world_bed_free(&b);
}

static void expect_same_metrics(const struct world_bed *a, const struct world_bed *b)
{
	const struct ds_group *g = ds_find(a->d, "summary"), *h = ds_find(b->d, "summary");
	cr_assert_eq(g->vars, h->vars);
	for (size_t i = 0; i < g->vars; i++) {
		double x = *(const double *)g->var[i]->data;
		double y = world_bed_metric(b, g->var[i]->name);
		cr_expect(
		    x == y || (isnan(x) && isnan(y)), "%s: %.17g and %.17g", g->var[i]->name, x, y);
	}
}

Test(world, order_of_elements_changes_nothing)
{
	struct world_bed a, b;
	world_bed_run(&a, EVERYTHING(TIME("7 h", "1 min")), 5);
	world_bed_run(&b, SCENARIO(WORK("70 1/h") CLOUD("near", "1") CARBON "<homes count='11'>"
	    HOME_NODE("0.3") VEHICLE BATTERY SOLAR LOAD("3000 kWh") "</homes>" CLOUD("far", "2")
	    TARIFF FEEDER PLACE TIME("7 h", "1 min")), 5);
	expect_same_metrics(&a, &b);
	cr_expect_eq(world_fingerprint(a.world), world_fingerprint(b.world));
	world_bed_free(&a);
	world_bed_free(&b);
}

Test(world, one_seed_is_one_run_and_another_is_not)
{
	struct world_bed a, b, c;
	world_bed_run(&a, EVERYTHING(TIME("3 h", "1 min")), 5);
	world_bed_run(&b, EVERYTHING(TIME("3 h", "1 min")), 5);
	world_bed_run(&c, EVERYTHING(TIME("3 h", "1 min")), 6);
	expect_same_metrics(&a, &b);
	cr_expect_eq(world_fingerprint(a.world), world_fingerprint(b.world));
	cr_expect_neq(world_fingerprint(a.world), world_fingerprint(c.world));
	cr_expect_neq(world_bed_metric(&a, "homes.load_j"), world_bed_metric(&c, "homes.load_j"));
	world_bed_free(&a);
	world_bed_free(&b);
	world_bed_free(&c);
}

static void expect_same_requests(const struct world_bed *a, const struct world_bed *b, size_t n)
{
	const struct ds_group *g = ds_find(a->d, "requests"), *h = ds_find(b->d, "requests");
	static const char *const column[] = { "prompt_tokens", "output_tokens" };
	cr_expect_eq(memcmp(ds_data(g, "arrival", DS_F64), ds_data(h, "arrival", DS_F64),
	    n * sizeof(double)), 0);
	for (int i = 0; i < 2; i++)
		cr_expect_eq(memcmp(ds_data(g, column[i], DS_I32), ds_data(h, column[i], DS_I32),
		    n * sizeof(int32_t)), 0, "%s", column[i]);
}

/* Another policy, a larger data centre: the same weather, loads and requests. */
Test(world, policies_under_one_seed_meet_the_same_day)
{
#define DAY(policy, count) SCENARIO(TIME("1 d", "1 min") PLACE STREET("11") CLOUD("c", count) \
	WORK("70 1/h") "<policy routing='" policy "'/>")
	struct world_bed a, b;
	world_bed_run(&a, DAY("nearest", "1"), 5);
	world_bed_run(&b, DAY("cloud-only", "3"), 5);
	size_t n = ds_rows(ds_find(a.d, "requests"), "request");
	cr_assert_eq(ds_rows(ds_find(b.d, "requests"), "request"), n);
	cr_assert_gt(n, 1000);
	expect_same_requests(&a, &b, n);
	static const char *const same[] = { "homes.load_j", "homes.solar_j" };
	for (int i = 0; i < 2; i++)
		cr_expect_eq(
		    world_bed_metric(&a, same[i]), world_bed_metric(&b, same[i]), "%s", same[i]);
	cr_expect_neq(world_bed_metric(&a, "energy.node_j"), world_bed_metric(&b, "energy.node_j"));
	world_bed_free(&a);
	world_bed_free(&b);
}

/* Eleven homes are the same eleven when a twelfth is built: their meters read the same
 * to the last bit, through sun, battery, car and resting node. */
Test(world, one_more_home_changes_no_other)
{
#define NOON(count) SCENARIO(TIME("13 h", "1 min") PLACE STREET(count))
	struct world_bed a, b;
	world_bed_run(&a, NOON("11"), 5);
	world_bed_run(&b, NOON("12"), 5);
	const double *x = district_net_w(a.world->district), *y = district_net_w(b.world->district);
	for (int h = 0; h < 11; h++) cr_expect_eq(x[h], y[h], "home %d", h);
	cr_expect_eq(district_homes(b.world->district), 12);
	world_bed_free(&a);
	world_bed_free(&b);
}

/* Households that use more than four times the table's year have the same runs at higher
 * power (models/energy/house.h). */
Test(world, twice_the_load_is_twice_the_energy)
{
#define LOADED(annual) \
	SCENARIO(TIME("1 d", "1 min") PLACE "<homes count='7'>" LOAD(annual) "</homes>")
	struct world_bed a, b;
	world_bed_run(&a, LOADED("37000 kWh"), 5);
	world_bed_run(&b, LOADED("74000 kWh"), 5);
	double one_j = world_bed_metric(&a, "homes.load_j");
	cr_expect_gt(one_j, 0);
	cr_expect(near(world_bed_metric(&b, "homes.load_j"), 2 * one_j, 1e-6));
	world_bed_free(&a);
	world_bed_free(&b);
}

/* A shorter run is the beginning of a longer one: series and requests. */
Test(world, a_shorter_run_is_the_beginning_of_a_longer_one)
{
	struct world_bed a, b;
	world_bed_run(&a, EVERYTHING(TIME("6 h", "1 min")), 5);
	world_bed_run(&b, EVERYTHING(TIME("13 h", "1 min")), 5);
	const struct ds_group *g = ds_find(a.d, "grid"), *h = ds_find(b.d, "grid");
	cr_assert_eq(ds_rows(g, "time"), 360);
	cr_assert_eq(ds_rows(h, "time"), 780);
	size_t compared = 0;
	for (size_t i = 0; i < g->vars; i++) {
		const struct ds_var *v = g->var[i];
		if (v->type != DS_F32) continue;
		cr_expect_eq(memcmp(v->data, ds_data(h, v->name, DS_F32), 360 * sizeof(float)), 0,
		    "%s", v->name);
		compared++;
	}
	cr_expect_gt(compared, 10);
	expect_same_requests(&a, &b, ds_rows(ds_find(a.d, "requests"), "request"));
	world_bed_free(&a);
	world_bed_free(&b);
}

/* The last answer is received within the last step. */
Test(world, an_open_run_ends_when_all_is_answered)
{
	struct world_bed b;
	world_bed_run(
	    &b, SCENARIO(OPEN_TIME CLOUD("c", "1") "<workload rate='70 1/h' requests='37'/>"), 1);
	cr_expect_eq(world_bed_metric(&b, "service.done"), 37);
	size_t steps, n;
	const double *end_s = world_bed_f64(&b, "grid", "time", &steps);
	const double *sent_s = world_bed_f64(&b, "requests", "arrival", &n);
	const float *e2e_s = ds_data(ds_find(b.d, "requests"), "e2e", DS_F32);
	double last_s = 0;
	for (size_t i = 0; i < n; i++) last_s = fmax(last_s, sent_s[i] + (double)e2e_s[i]);
	cr_expect_leq(last_s, end_s[steps - 1] + 1e-3);
	cr_expect_gt(last_s, end_s[steps - 1] - 60);
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	world_bed_free(&b);
}

#define HEAD "arrival_s,prompt_tokens,output_tokens\n"

/* One request of each client is under way when the run ends, of several that it sent in
 * the minute: seven are more than the hundredth of all that would be remarked. */
Test(world, a_closed_loop_that_is_cut_off_is_no_overload)
{
	struct world_bed b;
	world_bed_run(&b,
	    SCENARIO(TIME("1 min", "1 min") CLOUD("c", "1")
		    "<workload concurrency='7' prompt='97 tokens' output='997 tokens'/>"), 3);
	cr_expect_eq(world_bed_metric(&b, "service.pending"), 7);
	cr_expect_gt(world_bed_metric(&b, "service.done"), 13);
	cr_expect_lt(world_bed_metric(&b, "service.done"), 700); /* 7 would be a 1 % */
	cr_expect(world_bed_passed(&b, "requests_pending"));
	cr_expect_eq(world_validity(b.world), VALIDITY_VALID);
	world_bed_free(&b);
}

/* 57 tokens take a fifth of a second: what was sent 10 ms before the end is pending; the
 * request at the end belongs to the next run, the one at a step's end to this. */
Test(world, the_end_cuts_what_is_not_answered)
{
	struct world_bed b;
	world_bed_run_trace(&b,
	    SCENARIO(TIME("2 min", "1 min") CLOUD("c", "1") "<workload trace='t.csv'/>"),
	    HEAD "0,97,57\n60,97,57\n119.99,97,57\n120,97,57\n");
	cr_expect_eq(world_bed_metric(&b, "service.requests"), 3);
	cr_expect_eq(world_bed_metric(&b, "service.done"), 2);
	cr_expect_eq(world_bed_metric(&b, "service.pending"), 1);
	cr_expect_eq(world_validity(b.world), VALIDITY_SUSPECT);
	cr_expect_not(world_bed_passed(&b, "requests_pending"));
	cr_expect(world_bed_passed(&b, "requests_rejected"));
	world_bed_free(&b);
}

/* Sixteen clients that always ask: what is measured in the steady part does not depend
 * on whether the run ends by a count, and drains, or by the clock, and does not. */
Test(world, the_steady_part_knows_no_beginning_and_no_end)
{
#define CLIENTS(limit)                                                                             \
	CLOUD("c", "1") "<workload concurrency='16'" limit " prompt='211 tokens' "                 \
			"output='uniform(50, 350) tokens'><slo name='chat' ttft='1 s'/></workload>"
	struct world_bed count, clock;
	world_bed_run(&count, SCENARIO(OPEN_TIME CLIENTS(" requests='1500'")), 1);
	world_bed_run(&clock, SCENARIO(TIME("30 min", "1 min") CLIENTS("")), 1);
	static const char *const key[] = { "steady.output_token_rate_per_s",
		"compute.steady_mfu_frac", "steady.device_j_per_token" };
	for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
		double a = world_bed_metric(&count, key[i]), b = world_bed_metric(&clock, key[i]);
		cr_expect(near(a, b, 0.02), "%s: %g and %g", key[i], a, b);
	}
	cr_expect_gt(world_bed_metric(&count, "energy.device_j_per_token"),
	    1.05 * world_bed_metric(&count, "steady.device_j_per_token"), "it rested at the end");
	cr_expect(near(world_bed_metric(&clock, "steady.end_s"), 1800, 1e-12));
	cr_expect_eq(world_bed_metric(&count, "service.goodput_frac.chat"), 1);
	const struct ds_group *g = ds_find(clock.d, "summary");
	for (size_t i = 0; i < g->vars; i++) {
		const char *name = g->var[i]->name;
		cr_expect(isfinite(world_bed_metric(&clock, name)), "%s", name);
	}
	world_bed_free(&count);
	world_bed_free(&clock);
}

/* No card of 24 GB holds the cache of 131000 tokens beside the weights: 128 KiB each. */
Test(world, a_refused_request_makes_a_run_suspect)
{
	struct world_bed b;
	world_bed_run_trace(&b, SCENARIO(OPEN_TIME PLACE "<homes count='3'>" HOME_NODE("1")
	    "</homes><workload trace='t.csv'/>"), HEAD "0,97,57\n7,131000,57\n");
	cr_expect_eq(world_bed_metric(&b, "service.rejected"), 1);
	cr_expect_eq(world_bed_metric(&b, "service.done"), 1);
	cr_expect_eq(world_validity(b.world), VALIDITY_SUSPECT);
	cr_expect_not(world_bed_passed(&b, "requests_rejected"));
	expect_all_closed(&b, 2);
	world_bed_free(&b);
}

/* 55 homes at 34 kW each on a transformer of 250 kVA. */
Test(world, a_feeder_beyond_its_limits_makes_a_run_suspect)
{
	struct world_bed b;
	world_bed_run(&b, SCENARIO(TIME("3 h", "1 min") PLACE FEEDER "<homes count='55'>"
	    LOAD("300000 kWh") "</homes>"), 1);
	cr_expect_eq(world_validity(b.world), VALIDITY_SUSPECT);
	cr_expect_not(world_bed_passed(&b, "power_flow_failures") &&
	    world_bed_passed(&b, "low_voltage_steps"));
	cr_expect_gt(world_bed_metric(&b, "grid.unserved_j"), 0);
	expect_all_closed(&b, 3);
	world_bed_free(&b);
}

Test(world, parts_without_their_counterparts_are_refused)
{
	static const struct {
		const char *xml, *says;
	} row[] = {
		{ SCENARIO(TIME("1 h", "1 min")), "add <homes> or <datacentre>" },
		{ SCENARIO(TIME("1 h", "1 min") FEEDER), "nobody hangs on it" },
		{ SCENARIO(TIME("1 h", "1 min") PLACE FEEDER STREET("97") WORK("7 1/h")),
		    "service points" },
		{ SCENARIO(TIME("1 h", "1 min") PLACE "<homes count='7'/>" WORK("7 1/h")),
		    "no node can answer" },
		{ SCENARIO(OPEN_TIME CLOUD("c", "1")), "has no end" },
		{ SCENARIO(TIME("1 h", "1 min") STREET("7")), "needs a place" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world_bed b;
		char *text = NULL;
		size_t size;
		world_bed_make(&b, row[i].xml, NULL, 1);
		FILE *f = open_memstream(&text, &size);
		err_print(b.faults, f);
		fclose(f);
		cr_expect_null(b.world);
		cr_expect_eq(err_count(b.faults), 1, "%s", text);
		cr_expect_not_null(strstr(text, row[i].says), "%s", text);
		free(text);
		world_bed_free(&b);
	}
}

#ifndef NDEBUG
/* A joule from nowhere stops the run at the end of its step. */
Test(world, an_open_ledger_stops_a_checked_build, .signal = SIGABRT)
{
	struct world_bed b;
	world_bed_make(&b, SCENARIO(TIME("1 h", "1 min") CLOUD("c", "1")), NULL, 1);
	ledger_add(&b.world->bulk, LEDGER_WIND, 1);
	world_run(b.world);
}

/* Each ledger balances, but what one site hands out nobody draws. */
Test(world, a_meter_that_nobody_reads_stops_a_checked_build, .signal = SIGABRT)
{
	struct world_bed b;
	world_bed_make(&b, SCENARIO(TIME("1 h", "1 min") CLOUD("c", "1")), NULL, 1);
	ledger_add(&b.world->bulk, LEDGER_IMPORT, 1);
	ledger_add(&b.world->bulk, LEDGER_DELIVERED, 1);
	world_run(b.world);
}
#endif
