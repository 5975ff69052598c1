#include "tests/unit.h"

#include <math.h>

#include "models/grid/branch.h"
#include "models/grid/feeder_controls.h"
#include "tests/feeder_bed.h"

static struct feeder_par par_of(double source_pu, bool volt_var, bool volt_watt)
{
	return (struct feeder_par){ .name = "feeder",
		.v_ll_v = 400,
		.source_pu = source_pu,
		.fault_va = NAN,
		.fault_x_r = 10,
		.v_low_pu = 0.8,
		.count = 1,
		.volt_var = volt_var,
		.volt_watt = volt_watt };
}

/* A stiff busbar, a line, one home of one phase. */
static struct bed lane(void)
{
	struct bed b = { .lines = 1, .customers = 1 };
	b.line[0].r_ohm = 0.4;
	b.line[0].x_ohm = 0.3;
	b.line[0].rn_ohm = 0.2;
	b.line[0].xn_ohm = 0.1;
	b.line[0].rating_a = 100;
	b.customer[0].node = 1;
	b.customer[0].phases = PHASES_B;
	return b;
}

struct run {
	struct feeder *f;
	struct feeder_controls *c;
	double meter_j, wanted_j, curtailed_j, loss_j;
	unsigned solves;
};

/* A minute of it, at those powers; checks the books of every part. */
static void minute(struct run *r, double net_w, double net_var, double solar_w)
{
	feeder_controls_begin(r->c, &net_w, &net_var, &solar_w);
	for (double left_s = 60; left_s > 0; r->solves++) {
		feeder_controls_solve(r->c);
		cr_assert(lt(dbl, feeder_residual(r->f), 1e-10));
		double part_s = fmin(feeder_controls_see(r->c), left_s);
		const struct circuit_sums *s = &r->f->sums;
		r->meter_j += s->meter_w * part_s;
		r->wanted_j += (s->delivered_w - s->collected_w - s->plant_w) * part_s;
		r->curtailed_j += s->curtailed_w * part_s;
		r->loss_j += s->line_loss_w * part_s;
		feeder_controls_pass(r->c, part_s);
		left_s -= part_s;
	}
}

static struct run lane_run(double source_pu, bool volt_var, bool volt_watt)
{
	struct feeder_par par = par_of(source_pu, volt_var, volt_watt);
	struct bed b = lane();
	struct run r = { .f = bed_feeder(&b, &par, NULL) };
	double rated_w = 10e3;
	r.c = feeder_controls_new(r.f, &rated_w, 0);
	cr_assert_not_null(r.c);
	return r;
}

static void run_free(struct run *r)
{
	feeder_controls_free(r->c);
	feeder_free(r->f);
}

/* 8 kW less 600 W of load on 1.05: at rest curve and network agree. */
Test(feeder_controls, a_homes_inverter_follows_its_curve)
{
	struct run r = lane_run(1.05, true, false);
	minute(&r, 600 - 8000, 200, 8000);
	const struct inverter_unit *u = &r.c->roofs.unit[0];
	double at_pu = r.f->at.v_pu[0];
	cr_expect(gt(dbl, at_pu, 1.05));
	cr_expect(epsilon_eq(dbl, u->power.var, 10e3 * inverter_var_pu(&u->par, at_pu), 10));
	cr_expect(epsilon_eq(dbl, r.c->q_var[0], 200 - u->power.var, 10));
	cr_expect(eq(dbl, r.c->p_w[0], 600 - 8000)); /* 8 kW and 4.4 kvar fit into 10 kVA */
	cr_expect(eq(dbl, r.curtailed_j, 0));
	run_free(&r);
}

/* What was wanted stays wanted; what the meter lacks is loss and what was kept back. */
Test(feeder_controls, what_is_kept_back_is_curtailed)
{
	struct run r = lane_run(1.07, false, true);
	minute(&r, 600 - 8000, 200, 8000);
	const struct inverter_unit *u = &r.c->roofs.unit[0];
	double limit_w = 10e3 * inverter_limit_pu(&u->par, r.f->at.v_pu[0]);
	cr_expect(gt(dbl, limit_w, 0));
	cr_expect(epsilon_eq(dbl, u->power.w, limit_w, 10));
	cr_expect(epsilon_eq(dbl, r.wanted_j, -7400 * 60, 1e-6));
	cr_expect(epsilon_eq(dbl, r.curtailed_j, (8000 - limit_w) * 60, 10 * 60));
	cr_expect(epsilon_eq(dbl, r.curtailed_j, r.c->roofs.volt_watt_j, 1e-6));
	cr_expect(epsilon_eq(dbl, r.meter_j, r.wanted_j + r.curtailed_j + r.loss_j, 1e-4));
	run_free(&r);
}

/* Kept back so far that the home draws: what it wanted to give is still collected. */
Test(feeder_controls, a_home_that_turns_to_drawing_keeps_the_books)
{
	struct run r = lane_run(1.12, false, true);
	minute(&r, 3000 - 3500, 0, 3500);
	cr_expect(gt(dbl, r.c->p_w[0], 1000));
	cr_expect(eq(dbl, r.f->sums.delivered_w, 0));
	cr_expect(eq(dbl, r.f->sums.collected_w, 500));
	cr_expect(epsilon_eq(dbl, r.f->sums.curtailed_w, r.c->p_w[0] + 500, 1e-9));
	run_free(&r);
}

Test(feeder_controls, a_calm_minute_is_one_solve)
{
	struct run r = lane_run(1.0, true, true);
	minute(&r, 600, 200, 0);
	cr_expect_eq(r.solves, 1);
	run_free(&r);
}

Test(feeder_controls, without_functions_nothing_acts)
{
	struct feeder_par par = par_of(1.05, false, false);
	struct bed b = lane();
	struct feeder *f = bed_feeder(&b, &par, NULL);
	double rated_w = 10e3;
	cr_expect_null(feeder_controls_new(f, &rated_w, 0));
	feeder_free(f);
}

/* ---- a network with controls of its own ---- */

static void regulate(struct network *n, const char *from, const char *to)
{
	struct regulator_at at = { .name = (char *)"R",
		.par = { .set_v = 230,
		    .band_v = 4,
		    .pt_ratio = 1,
		    .ct_a = 1,
		    .delay_s = 33,
		    .again_s = 7 } };
	for (int k = 0; k < NET_PHASES; k++) {
		struct net_tie t = { network_node(n, network_bus(n, to), k), 1,
			{ network_node(n, network_bus(n, from), k) }, { 1 } };
		at.tie[at.units++] = (uint32_t)n->ties;
		network_tie(n, &t);
	}
	control_list_regulator(network_controls(n), &at);
}

static void add_plant(struct network *n, const char *bus, double w)
{
	struct inverter_at at = { .name = (char *)"plant",
		.par = inverter_default(INVERTER_CATEGORY_B, 10e3, 10e3),
		.units = 1,
		.load = { (uint32_t)n->loads },
		.available_w = w };
	at.par.volt_watt = true;
	network_load(n, &(struct net_load){ .name = (char *)"plant",
			    .power = 1,
			    .s_va = -w,
			    .nominal_v = 400 / sqrt(3),
			    .plus = network_node(n, network_bus(n, bus), 0),
			    .minus = NET_GROUND });
	control_list_inverter(network_controls(n), &at);
}

/* Home and plant at "node 1", behind them a regulator. */
static struct run regulated(double source_pu, double plant_w)
{
	struct feeder_par par = par_of(source_pu, false, false);
	struct bed b = lane();
	b.customer[0].phases = PHASES_A; /* that which the relay measures */
	struct network *n = bed_network(&b, &par, NULL);
	struct err_list *e = err_new();
	double rated_w = 0;
	regulate(n, "node 1", "behind");
	add_plant(n, "node 1", plant_w);
	network_nominal(n);
	struct run r = { .f = feeder_build(&par, &n, 1, (struct err_pos){ 0 }, e) };
	cr_assert_not_null(r.f);
	err_free(e);
	r.c = feeder_controls_new(r.f, &rated_w, 0);
	cr_assert_not_null(r.c);
	return r;
}

/* At rest at first. Then the home draws, 228 V at least are wanted behind the regulator, and
 * nothing draws there: as many steps as 228 V need, the first after 33 s, four in a minute. */
Test(feeder_controls, a_tap_moves_within_a_step)
{
	struct run r = regulated(1.0, 0);
	const struct regulator_state *s = &r.c->network[0]->regulator[0].state;
	minute(&r, 0, 0, 0);
	cr_expect_eq(s->moves, 0);
	cr_expect_eq(r.solves, 1);
	minute(&r, 6000, 0, 0);
	cr_expect_eq(s->moves, 4); /* after 33, 40, 47, 54 s */
	cr_expect_eq(r.solves, 1 + 5);
	minute(&r, 6000, 0, 0);
	double v = cabs(bed_v(r.f, 1, 0));
	cr_expect_eq(s->tap, (int)ceil((228 / v - 1) / 0.00625));
	cr_expect_gt(s->tap, 5);
	cr_expect(epsilon_eq(dbl, s->relay_v, v * (1 + 0.00625 * s->tap), 1e-6));
	run_free(&r);
}

/* What was there for long before the first step has acted on by then. */
Test(feeder_controls, a_run_begins_at_rest)
{
	struct run r = regulated(0.95, 0);
	minute(&r, 0, 0, 0);
	/* 219.39 V: seven steps of 1.371 V to 228 V */
	cr_expect_eq(r.c->network[0]->regulator[0].state.tap, 7);
	cr_expect_eq(r.c->network[0]->regulator[0].state.moves, 0);
	cr_expect_eq(r.solves, 1);
	run_free(&r);
}

/* The plant's 9 kW on 1.09 less what Volt-Watt keeps back; the books hold what it could give. */
Test(feeder_controls, a_plant_of_the_network_is_in_the_books)
{
	struct run r = regulated(1.09, 9000);
	minute(&r, 0, 0, 0);
	double kept_j = r.c->network[0]->inverters.volt_watt_j;
	cr_expect(gt(dbl, kept_j, 1e4));
	cr_expect(epsilon_eq(dbl, r.wanted_j, -9000 * 60, 1e-6));
	cr_expect(eq(dbl, r.f->sums.collected_w, 0));
	cr_expect(epsilon_eq(dbl, r.curtailed_j, kept_j, 1e-6));
	cr_expect(epsilon_eq(dbl, r.meter_j, r.wanted_j + kept_j + r.loss_j, 1e-4));
	run_free(&r);
}
