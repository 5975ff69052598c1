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

/* 300 J of compute beside 900 J of household use: a quarter of all that is shared. */
Test(account, splits_shared_losses_by_use)
{
	struct account a = { 0 };
	account_add(&a, &(struct account_step){ .device_j = 210, .node_j = 300, .overhead_j = 17,
	    .shared_loss_j = 44, .other_use_j = 900, .line_loss_j = 60, .generated_j = 1020,
	    .delivered_j = 1000, .carbon_kg_per_j = 1e-7 });
	cr_expect(near(a.device_j, 210.0));
	cr_expect(near(a.node_j, 300.0));
	cr_expect(near(a.site_j, 300 + 17 + 11.0));
	cr_expect(near(a.grid_j, 328 + 15 + 5.0));
	cr_expect(near(a.generated_j, 255.0));
	cr_expect(near(a.carbon_kg, 255e-7));
}

Test(account, a_step_without_use_costs_nothing_but_its_overhead)
{
	struct account a = { 0 };
	account_add(&a, &(struct account_step){ .overhead_j = 7 });
	cr_expect_eq(a.grid_j, 7);
	cr_expect_eq(a.node_j, 0);
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
