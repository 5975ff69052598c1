#include "tests/unit.h"

#include <math.h>

#include "models/site/account.h"
#include "models/site/bulk.h"
#include "models/site/datacentre.h"
#include "models/site/ledger.h"
#include "models/site/estimate.h"
#include "models/site/scenario.h"

#define near(a, b) epsilon_eq(dbl, a, b, 1e-12 * fabs(b))

Test(ledger, balances_when_every_joule_has_both_ends)
{
	struct ledger l = { 0 };
	ledger_add(&l, LEDGER_PV, 700);
	ledger_meter(&l, 330);
	ledger_add(&l, LEDGER_LOAD, 900);
	ledger_add(&l, LEDGER_CONVERSION, 13);
	ledger_add(&l, LEDGER_CHARGE, 117);
	cr_expect(near(ledger_sources_j(&l), 1030.0));
	cr_expect_eq(ledger_residual(&l), 0);
	ledger_meter(&l, -51); /* a flow out that nothing feeds */
	cr_expect(near(ledger_residual(&l), 51.0 / 1081));
	cr_expect(near(l.j[LEDGER_EXPORT], 51.0));
}

Test(ledger, an_empty_one_has_no_residual)
{
	struct ledger l = { 0 };
	cr_expect_eq(ledger_residual(&l), 0);
}

Test(bulk, generates_what_the_net_flow_loses_on_its_way)
{
	const struct supply_par p = { .loss_frac = 0.03 };
	struct bulk_flow f = bulk_step(&p, 1070, 100);
	cr_expect(near(f.generated_j, 1000.0)); /* 970 / 0.97 */
	cr_expect(near(f.loss_j, 30.0));
	struct ledger l = { 0 };
	bulk_book(&f, &l);
	cr_expect_lt(ledger_residual(&l), 1e-15);
}

Test(bulk, takes_back_what_the_sites_give_in_excess)
{
	const struct supply_par p = { .loss_frac = 0.03 };
	struct bulk_flow f = bulk_step(&p, 100, 1070);
	cr_expect(near(f.generated_j, -970.0));
	cr_expect_eq(f.loss_j, 0);
	struct ledger l = { 0 };
	bulk_book(&f, &l);
	cr_expect(near(l.j[LEDGER_EXPORT], 970.0));
	cr_expect_lt(ledger_residual(&l), 1e-15);
}

/* Of 1070 J drawn, 100 J are other meters' surplus: 1000 J generated, of which 30 J
 * are lost, stand behind them. Where surplus serves all, nothing is generated. */
Test(bulk, says_what_stands_behind_a_joule)
{
	const struct supply_par p = { .loss_frac = 0.03 };
	struct bulk_flow f = bulk_step(&p, 1070, 100);
	struct bulk_share s = bulk_share(&f);
	cr_expect(near(s.generated, 1000.0 / 1070));
	cr_expect(near(s.loss, 30.0 / 1070));
	f = bulk_step(&p, 900, 1070);
	s = bulk_share(&f);
	cr_expect_eq(s.generated, 0);
	cr_expect_eq(s.loss, 0);
}

Test(datacentre, cooling_follows_pue)
{
	const struct datacentre_par p = { .name = "x", .pue_ratio = 1.37, .base_w = 210 };
	struct datacentre_flow f = datacentre_step(&p, 5000, 7000, 30);
	cr_expect(near(f.host_j, 2000.0));
	cr_expect(near(f.cooling_j, 0.37 * 7000 + 210 * 30.0));
	struct ledger l = { 0 };
	datacentre_book(&f, &l);
	cr_expect_lt(ledger_residual(&l), 1e-15);
}

/* 283 J of nodes and 17 J of their cooling beside 900 J of household use: a quarter
 * of what the site draws; and beside 300 J that it gives away: a fifth of what passes
 * its inverters and lines. */
Test(account, splits_what_is_shared_by_use)
{
	struct account a = { 0 };
	account_add(&a, &(struct account_step){ .device_j = 210, .node_j = 283, .overhead_j = 17,
	    .shared_loss_j = 55, .other_use_j = 900, .given_j = 300, .line_loss_j = 65,
	    .import_loss_j = 28, .generated_j = 1020, .carbon = { 1e-7, 3e-7 } });
	cr_expect(near(a.device_j, 210.0));
	cr_expect(near(a.node_j, 283.0));
	cr_expect(near(a.site_j, 300 + 11.0));
	cr_expect(near(a.grid_j, 311 + 13 + 7.0));
	cr_expect(near(a.carbon_kg, 255e-7));
	cr_expect(near(a.marginal_kg, 765e-7));
}

Test(account, a_step_without_use_costs_nothing_but_its_overhead)
{
	struct account a = { 0 };
	account_add(&a, &(struct account_step){ .overhead_j = 7 });
	cr_expect_eq(a.grid_j, 7);
	cr_expect_eq(a.node_j, 0);
}

/* 3.3333333334 s is taken as 3.333333333 s: the run ends with its last step. */
Test(time, a_run_ends_with_a_step)
{
	const struct time_par t = { .duration_s = 100, .step_s = 3.3333333334 };
	cr_expect_eq(time_steps(&t), 30);
	cr_expect_eq(time_end_ns(&t), 99999999990);
	cr_expect_eq(time_end_ns(&t), time_step(&t, 30).begin_ns);
}

/* 37 of 200: Wilson's interval by hand, z = 1.95996. */
Test(estimate, a_share_has_wilsons_interval)
{
	struct estimate e = estimate_share(37, 200);
	cr_expect(near(e.value, 0.185));
	cr_expect(epsilon_eq(dbl, e.lo, 0.137301928, 1e-9));
	cr_expect(epsilon_eq(dbl, e.hi, 0.244570628, 1e-9));
	cr_expect(isnan(estimate_share(0, 0).value));
}

Test(time, a_step_knows_its_place)
{
	const struct time_par t = { .start = { 1718841600, 19800 }, .step_s = 90 };
	struct step st = time_step(&t, 7);
	cr_expect_eq(st.begin_ns, 630000000000);
	cr_expect(near(st.utc_s, 1718842230.0));
	cr_expect(near(time_of_day_s(&t), 19800.0)); /* 00:00Z is 05:30 there */
}
