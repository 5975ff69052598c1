/* Nodes that give way: when their rule is on, and what the cap makes of them. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/control/trigger.h"
#include "models/site/world_state.h"
#include "tests/world_bed.h"

static struct trigger_par never(void)
{
	return (struct trigger_par){ { NAN, NAN, NAN }, { NAN, NAN, NAN }, 0 };
}

static bool step_price(struct trigger *t, double utc_s, double dt_s, double price)
{
	return trigger_step(t, utc_s, dt_s, (double[]){ price, NAN, NAN });
}

/* Above, not at; for 17 minutes at least; and the second time counts anew. */
Test(trigger, holds_above_a_level_and_for_a_while)
{
	struct trigger_par p = never();
	p.above[SIGNAL_PRICE] = 0.31;
	p.hold_s = 17 * 60;
	struct trigger t = trigger_init(&p);
	static const struct {
		double minute, price;
		bool on;
	} step[] = {
		{ 0, 0.30, false },
		{ 7, 0.31, false },
		{ 14, 0.32, true },
		{ 21, 0.05, true },
		{ 28, 0.05, true },
		{ 31, 0.05, false },
		{ 38, 0.40, true },
		{ 50, 0.40, true },
		{ 54, 0.40, true },
		{ 56, NAN, false },
	};
	for (size_t i = 0; i < sizeof step / sizeof *step; i++)
		cr_expect_eq(step_price(&t, 60 * step[i].minute, 420, step[i].price), step[i].on,
		    "minute %g", step[i].minute);
}

/* Three signals, one of which is high. */
Test(trigger, is_on_while_any_signal_is_high)
{
	struct trigger_par p = never();
	p.above[SIGNAL_CARBON] = 301;
	p.above[SIGNAL_IMPORT] = 7e3;
	struct trigger t = trigger_init(&p);
	cr_expect_not(trigger_step(&t, 0, 60, (double[]){ 9e9, 300, 6e3 }));
	cr_expect(trigger_step(&t, 60, 60, (double[]){ 9e9, 300, 8e3 }));
	cr_expect(trigger_step(&t, 120, 60, (double[]){ 9e9, 302, NAN }));
	cr_expect_not(trigger_step(&t, 180, 60, (double[]){ 9e9, NAN, -3e3 }));
}

/* Prices 1 to 96 in the quarters of a day: three quarters of them are at most 72, and a
 * day later, when 5 stood in every quarter, 5. Steps of 1 min, of
 * 7 min, which lie across quarters, of 15 min, and of an hour, which holds four. */
Test(trigger, takes_a_quantile_of_the_last_day)
{
	static const double dt_s[] = { 60, 420, 900 };
	for (size_t k = 0; k < sizeof dt_s / sizeof *dt_s; k++) {
		struct trigger_par p = never();
		p.quantile[SIGNAL_PRICE] = 0.75;
		struct trigger t = trigger_init(&p);
		double day_s = 86400, at_s = 19000 * day_s, end_s = at_s + day_s;
		cr_expect_not(step_price(&t, at_s - 900, 900, 1e9), "nothing to compare with");
		for (; at_s < end_s; at_s += dt_s[k])
			step_price(&t, at_s, fmin(dt_s[k], end_s - at_s),
			    1 + floor(fmod(at_s, day_s) / 900));
		if (k != 1) {
			cr_expect_not(step_price(&t, end_s, 1e-9, 72));
			cr_expect(step_price(&t, end_s, 1e-9, 73));
		}
		for (at_s = end_s; at_s < end_s + day_s; at_s += 3600)
			step_price(&t, at_s, 3600, 5);
		cr_expect_not(step_price(&t, at_s, 60, 5));
		cr_expect(step_price(&t, at_s, 60, 5.01));
	}
}

/* ---- whole runs ---- */

/* 3 h, of which the second is dear. The most that an H100 draws is its power-max of 612.6 W. */
#define RUN(step, node, flexible, workload)                                                        \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='3 h' step='" step    \
	"'/><datacentre name='one' pue='1.3'><tariff price='0.21 EUR/kWh'><period from='1 h' "     \
	"to='2 h' price='0.53 EUR/kWh'/></tariff><node device='h100-sxm' model='llama-3.1-8b' "    \
	"host-idle='70 W' host-active='70 W' " node "/>" flexible "</datacentre>" workload         \
	"</scenario>"
#define BUSY                                                                                       \
	"<workload rate='7 1/s' requests='70000' prompt='uniform(20, 900) tokens' "                \
	"output='uniform(30, 600) tokens'/>"
#define FULL_W 612.6
#define HOST_W 70

static bool near(double a, double b, double rel)
{
	return fabs(a - b) <= rel * fmax(fabs(a), fabs(b));
}

/* What a run of the same text with a fixed cap, or without one, gives, to the last bit. */
static void expect_same(const char *xml_a, const char *xml_b)
{
	static const char *const key[] = { "energy.device_j", "energy.node_j",
		"latency.ttft_s.mean", "latency.tpot_s.mean", "latency.e2e_s.p99",
		"latency.itl_s.p99" };
	struct world_bed a, b;
	world_bed_run(&a, xml_a, 3);
	world_bed_run(&b, xml_b, 3);
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		cr_expect_eq(
		    world_bed_metric(&a, key[i]), world_bed_metric(&b, key[i]), "%s", key[i]);
	world_bed_free(&a);
	world_bed_free(&b);
}

/* Which is the model that the twin of the scheduler checks. */
Test(flexible, is_a_power_cap_while_it_is_on)
{
	expect_same(RUN("1 min", "", "<flexible cap='50 %' price-above='0.2 EUR/kWh'/>", BUSY),
	    RUN("1 min", "power-cap='306.3 W'", "", BUSY));
}

Test(flexible, is_nothing_while_it_is_off_or_watches)
{
	expect_same(RUN("1 min", "", "<flexible cap='40 %' price-above='0.6 EUR/kWh'/>", BUSY),
	    RUN("1 min", "", "", BUSY));
	expect_same(RUN("1 min", "", "<flexible cap='100 %' price-above='0.2 EUR/kWh'/>", BUSY),
	    RUN("1 min", "", "", BUSY));
}

/* All that the boards drew, from the requests' own sums and the time without any. */
static void expect_energy(const struct world_bed *b)
{
	const struct outcome *o = pool_outcomes(b->world->pool);
	struct replica_total t = pool_total(b->world->pool, 0);
	double sum_j = 113 * (3 * 3600 - t.busy_s);
	for (uint32_t i = 0; i < b->world->work->count; i++) {
		cr_assert_eq(o[i].status, REQUEST_DONE);
		sum_j += o[i].energy_j;
	}
	cr_expect(near(sum_j, world_bed_metric(b, "energy.device_j"), 1e-9));
	cr_expect(near(sum_j, t.device_j, 1e-9));
	cr_expect(world_bed_passed(b, "ledger_residual"));
}

/* Of each step, at the meter, W. */
static const float *site_w(const struct world_bed *b, size_t n)
{
	const struct ds_group *g = ds_find(b->d, "grid");
	cr_assert_eq(ds_rows(g, "datacentre"), n);
	return ds_data(g, "datacentre", DS_F32);
}

#define EARLY                                                                                      \
	"<workload rate='7 1/s' requests='65000' prompt='uniform(20, 900) tokens' "                \
	"output='uniform(30, 600) tokens'/>"

/* 65000 requests at 7 a second come in 2 h 35 min and are answered before the end. The
 * supply's 92 % and the PUE of 1.3 are what is between the boards and the meter. The
 * iteration that is under way when a step begins ends as it began: less than 0.1 s. */
Test(flexible, draws_no_more_than_its_cap_in_every_step)
{
	struct world_bed b, free;
	double most_w = 1.3 * (0.5 * FULL_W + HOST_W) / 0.92;
	world_bed_run(
	    &b, RUN("1 min", "", "<flexible cap='50 %' price-above='0.3 EUR/kWh'/>", EARLY), 5);
	world_bed_run(
	    &free, RUN("1 min", "", "<flexible cap='100 %' price-above='0.3 EUR/kWh'/>", EARLY), 5);
	const float *w = site_w(&b, 180), *free_w = site_w(&free, 180);
	for (size_t i = 0; i < 180; i++) {
		bool dear = i >= 60 && i < 120;
		if (!dear) continue;
		cr_expect_leq(w[i], most_w * (i == 60 ? 1.001 : 1 + 1e-6), "step %zu", i);
		cr_expect_gt(free_w[i], most_w, "step %zu", i);
	}
	expect_energy(&b);
	expect_energy(&free);
	cr_expect(near(world_bed_metric(&b, "flexible.on_frac"), 1 / 3.0, 1e-12));
	cr_expect(near(world_bed_metric(&b, "flexible.energy_j"),
	    world_bed_metric(&b, "energy.node_j"), 1e-9));
	double on_j = world_bed_metric(&b, "flexible.energy_on_j");
	cr_expect_lt(on_j, world_bed_metric(&free, "flexible.energy_on_j"));
	cr_expect(near(world_bed_metric(&b, "flexible.power_on_w"), on_j / 3600, 1e-12));
	cr_expect_gt(world_bed_metric(&b, "latency.tpot_s.mean"),
	    world_bed_metric(&free, "latency.tpot_s.mean"));
	cr_expect_eq(world_bed_metric(&b, "service.output_tokens"),
	    world_bed_metric(&free, "service.output_tokens"));
	world_bed_free(&b);
	world_bed_free(&free);
}

/* One request at a time, in the dear hour. A board that would draw P draws the cap C, and an
 * iteration takes ((C - F) / (P - F))^-0.24 of its time, F = 0.31 x 700 W (governor.h). P is
 * what it draws without, which changes by a hundredth while the context grows. */
#define ALONE "<workload trace='t.csv'/>"
Test(flexible, slows_a_request_as_its_power_model_says)
{
	static const char csv[] = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
				  "2024-01-01 00:00:00,100,5\n2024-01-01 01:07:00,100,1001\n";
	double tpot_s[2], power_w[2], energy_j[2];
	static const char *const cap[] = { "100 %", "50 %" };
	for (int k = 0; k < 2; k++) {
		struct world_bed b;
		char *xml = mem_print(
		    RUN("1 min", "", "<flexible cap='%s' price-above='0.3 EUR/kWh'/>", ALONE),
		    cap[k]);
		world_bed_run_trace(&b, xml, csv);
		const struct request *q = &b.world->work->request[1];
		const struct outcome *o = &pool_outcomes(b.world->pool)[1];
		tpot_s[k] = (double)(o->done_ns - o->first_ns) * 1e-9 / (q->output_tokens - 1);
		energy_j[k] = o->energy_j;
		power_w[k] = energy_j[k] / (1000 * tpot_s[k]); /* its prompt is a part in 1000 */
		world_bed_free(&b);
		free(xml);
	}
	double cap_w = 0.5 * FULL_W, floor_w = 0.31 * 700;
	double slow = pow((cap_w - floor_w) / (power_w[0] - floor_w), -0.24);
	cr_expect_gt(slow, 1.05);
	cr_expect(
	    near(tpot_s[1] / tpot_s[0], slow, 0.01), "%g, not %g", tpot_s[1] / tpot_s[0], slow);
	cr_expect(near(power_w[1], cap_w, 0.01));
	cr_expect(near(energy_j[1] / energy_j[0], slow * cap_w / power_w[0], 0.02));
}

/* Above 560 W of import it is cut, and with the cut import it is let go: it changes in every
 * minute, while requests run. No joule is lost at a change. */
Test(flexible, conserves_energy_when_it_changes_every_minute)
{
	struct world_bed b;
	world_bed_run(&b,
	    RUN("1 min", "", "<flexible cap='50 %' import-above='560 W' hold='0 s'/>", EARLY), 5);
	const struct ds_group *g = ds_find(b.d, "grid");
	const float *on = ds_data(g, "flexible", DS_F32);
	int changes = 0;
	for (size_t i = 1; i < ds_rows(g, "flexible"); i++) changes += on[i] != on[i - 1];
	cr_expect_gt(changes, 100, "%d", changes);
	expect_energy(&b);
	world_bed_free(&b);
}

/* Homes follow the rule of their street; its import is all homes' together: 23 hosts of 40 W
 * behind supplies of 92 % are 1 kW, and idle boards come on top. The first step knows none. */
Test(flexible, of_a_street_looks_at_all_its_homes)
{
	static const char *const when[] = { "1 kW", "3 kW" };
	for (int k = 0; k < 2; k++) {
		struct world_bed b;
		char *xml = mem_print(
		    "<scenario name='test'><time start='2024-06-20T00:00+02:00' "
		    "duration='3 h' step='5 min'/><place latitude='52 deg' longitude='5 "
		    "deg'/><homes count='23'><node device='rtx-4090' model='llama-3.1-8b' "
		    "weights='q4' "
		    "share='1'/><flexible cap='70 %%' import-above='%s' hold='0 s'/></homes>"
		    "</scenario>",
		    when[k]);
		world_bed_run(&b, xml, 3);
		cr_expect_eq(world_bed_metric(&b, "flexible.nodes"), 23);
		cr_expect(near(world_bed_metric(&b, "flexible.on_frac"), k ? 0 : 35 / 36.0, 1e-12),
		    "%g", world_bed_metric(&b, "flexible.on_frac"));
		world_bed_free(&b);
		free(xml);
	}
}

/* The units' price is known when a step has run: the second is the first that heeds it. */
Test(flexible, heeds_the_price_of_the_units_a_step_later)
{
	struct world_bed b;
	world_bed_run(&b,
	    "<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='3 h' "
	    "step='5 min'/><tariff from='supply'/><supply><demand power='7 MW'/><unit name='gas' "
	    "capacity='31 MW' cost='60 EUR/MWh' emission='490 g/kWh'/></supply><datacentre "
	    "name='one'>"
	    "<node device='h100-sxm' model='llama-3.1-8b'/><flexible cap='60 %' price-above='0.05 "
	    "EUR/kWh'/></datacentre></scenario>",
	    3);
	cr_expect(near(world_bed_metric(&b, "flexible.on_frac"), 35 / 36.0, 1e-12));
	world_bed_free(&b);
}

/* A node's own rule is in place of its site's. */
Test(flexible, is_the_nodes_own_before_the_sites)
{
	struct world_bed b;
	world_bed_run(&b,
	    RUN("1 min", "",
		"<node device='l40s' model='llama-3.1-8b' count='3'><flexible cap='80 %' "
		"price-above='0.6 EUR/kWh'/></node><flexible cap='60 %' price-above='0.3 "
		"EUR/kWh'/>",
		BUSY),
	    5);
	cr_expect_eq(world_bed_metric(&b, "flexible.nodes"), 4);
	cr_expect(near(world_bed_metric(&b, "flexible.on_frac"), 0.25 / 3, 1e-12));
	world_bed_free(&b);
}
