/* Look-ahead of homes. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/control/ahead_bank.h"
#include "tests/world_bed.h"

static const double kwh = 3.6e6;

/* 0.10 from 0 to 6 h UTC, 0.30 else, 0.08 for export. */
static struct period_par night = { { 0, 6 * 3600, DAYS_ALL, NULL }, 0.1 / 3.6e6, NAN };
static const struct tariff_par by_day = { .price_per_j = 0.3 / 3.6e6,
	.export_per_j = 0.08 / 3.6e6, .window_s = 900, .series_per_j = NAN, .scale = 1,
	.credit_ends = 12 };

struct prices {
	struct tariff_par par;
	struct object root, period;
	struct err_list *e;
	struct outlook outlook;
};

static void prices_init(struct prices *p)
{
	*p = (struct prices){ .par = by_day, .e = err_new() };
	p->root = (struct object){ .cls = &tariff_class, .par = &p->par, .child = &p->period };
	p->period = (struct object){ .cls = &period_class, .par = &night, .parent = &p->root };
	p->outlook.tariff = tariff_new(&p->root, 0, p->e);
	cr_assert(p->outlook.tariff != NULL);
}

static void prices_fini(struct prices *p)
{
	tariff_free(p->outlook.tariff);
	err_free(p->e);
}

static double price(double w, int hour)
{
	return w < 0 ? 0.08 : hour < 6 ? 0.1 : 0.3;
}

/* What each day costs a home that reads net_w[hour] each day, with 5 kWh of cells that are
 * empty at first, 5 kW and 0.9 one way. */
static void live(const double *net_w, double *cost, int days)
{
	struct prices p;
	struct ahead_bank a;
	struct dispatch_par par = { .kind = DISPATCH_AHEAD, .horizon_s = 86400, .interval_s = 3600 };
	struct battery b = { .capacity_j = 5 * kwh, .power_w = 5000, .eff_frac = 0.9,
		.taper_j = (5 - 1e-6) * kwh };
	double stored_j = 0;
	prices_init(&p);
	ahead_bank_init(&a, &par, DISPATCH_UNLIMITED, 1);
	for (int h = 0; h < 24 * days; h++) {
		struct step st = { .dt_s = 3600, .utc_s = 1718841600 + 3600.0 * h, .index = h };
		double w = net_w[h % 24];
		cr_assert(ahead_bank_begin(&a, &p.outlook, &st));
		ahead_bank_plan(&a, 0, &b, stored_j, w);
		ahead_bank_see(&a, 3600, &w);
		double request_w = dispatch_request_w(a.order[0], DISPATCH_UNLIMITED, w);
		w += battery_step(&b, &stored_j, request_w, 3600).ac_w;
		if (h % 24 == 0) cost[h / 24] = 0;
		cost[h / 24] += w / 1000 * price(w, h % 24);
	}
	cr_expect_eq(a.plans, 24 * days);
	cr_expect_eq(a.infeasible, 0);
	ahead_bank_fini(&a);
	prices_fini(&p);
}

/* 1 kW always: the night fills 5 kWh of cells with 5 / 0.9 kWh, which give 4.5 by day: a day
 * costs 6 * 0.1 + 18 * 0.3 + 0.1 * 5 / 0.9 - 0.3 * 4.5, from the first on. */
Test(look_ahead, two_prices_and_a_flat_load)
{
	double net_w[24], cost[8];
	for (int h = 0; h < 24; h++) net_w[h] = 1000;
	live(net_w, cost, 8);
	for (int d = 0; d < 8; d++)
		cr_expect_float_eq(cost[d], 6 + 0.1 * 5 / 0.9 - 0.3 * 4.5, 1e-5, "day %d", d);
}

/* And 4 kW of sun from 9 to 15 h. Once it has been seen, the night buys only what serves until
 * the sun comes, 3 / 0.81 kWh, and leaves it the room: of 18 kWh of surplus 5 / 0.9 fill the
 * cells, the others are sold, and of the evening's 9 kWh 4.5 are bought. */
Test(look_ahead, leaves_room_for_sun)
{
	double net_w[24], cost[8];
	for (int h = 0; h < 24; h++) net_w[h] = h >= 9 && h < 15 ? -3000 : 1000;
	live(net_w, cost, 8);
	double wanted = 6 * 0.1 + 0.1 * 3 / 0.81 + 0.3 * 4.5 - 0.08 * (18 - 5 / 0.9);
	for (int d = 2; d < 8; d++) cr_expect_float_eq(cost[d], wanted, 1e-5, "day %d", d);
}

/* What was seen is filed by the time of day, in steps that are parts of an interval; a slot
 * not seen yet counts as the mean so far. */
Test(look_ahead, expects_what_it_saw)
{
	struct prices p;
	struct ahead_bank a;
	struct dispatch_par par = { .kind = DISPATCH_AHEAD, .horizon_s = 86400, .interval_s = 21600 };
	struct battery b = { .capacity_j = kwh, .power_w = 1000, .eff_frac = 0.9 };
	prices_init(&p);
	ahead_bank_init(&a, &par, DISPATCH_UNLIMITED, 2);
	for (int h = 0; h < 18; h++) {
		struct step st = { .dt_s = 3600, .utc_s = 1718841600 + 3600.0 * h };
		double net_w[2] = { -500, 100 * h };
		cr_expect_eq(ahead_bank_begin(&a, &p.outlook, &st), h % 6 == 0, "hour %d", h);
		ahead_bank_see(&a, 3600, net_w);
	}
	struct step st = { .dt_s = 3600, .utc_s = 1718841600 + 3600.0 * 18 };
	static const double wanted[] = { 850, 250, 850, 1450 }; /* 100 times the mean hour */
	cr_assert(ahead_bank_begin(&a, &p.outlook, &st));
	ahead_bank_plan(&a, 1, &b, 0, 123);
	for (int k = 0; k < 4; k++) {
		cr_expect_float_eq(a.plan.at[k].net_w, wanted[k], 1e-4, "slot %d", k);
		cr_expect_eq(a.plan.at[k].curtail_w, 0);
	}
	ahead_bank_plan(&a, 0, &b, 0, 123);
	for (int k = 0; k < 4; k++) cr_expect_float_eq(a.plan.at[k].curtail_w, 500, 1e-4);
	ahead_bank_fini(&a);
	prices_fini(&p);
}

/* Clear days in June, and a load of two levels that repeats. */
#define STREET(step, parts)                                                                        \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='8 d' step='" step    \
	"'/><place latitude='52.5 deg' longitude='13.4 deg'/><weather cloudiness='0'/>"            \
	"<tariff price='0.30 EUR/kWh' export='0.08 EUR/kWh'>"                                      \
	"<period from='0 h' to='6 h' price='0.10 EUR/kWh'/></tariff>"                              \
	"<homes count='7'><load annual='6000 kWh' profile='t.csv'/>"                               \
	"<solar capacity='3 kW' tilt='30 deg' azimuth='180 deg'/>" parts "</homes></scenario>"
#define LOAD                                                                                       \
	"time_s,one\n0,1\n7200,1\n14400,1\n21600,3\n28800,3\n36000,1\n43200,1\n50400,1\n57600,1\n"    \
	"64800,4\n72000,4\n79200,1\n"
#define BATTERY "<battery capacity='7 kWh' power='3 kW' self-discharge='0' initial='0.1' reserve='0.1'/>"

static double run(struct world_bed *b, const char *xml, const char *metric)
{
	world_bed_run_trace(b, xml, LOAD);
	cr_expect_eq(world_validity(b->world), VALIDITY_VALID, "%s", xml);
	cr_expect(world_bed_passed(b, "ledger_residual"));
	cr_expect(world_bed_passed(b, "store_residual"));
	return world_bed_metric(b, metric);
}

static double cost_of(const char *xml)
{
	struct world_bed b;
	double cost = run(&b, xml, "cost.total");
	world_bed_free(&b);
	return cost;
}

/* By yesterday alone, over eight days that repeat; and the same twice. */
Test(look_ahead, is_cheaper_than_the_rules)
{
	double plan = cost_of(STREET("5 min", BATTERY "<dispatch kind='look-ahead'/>"));
	double rest = cost_of(STREET("5 min", BATTERY "<dispatch kind='none'/>"));
	double own = cost_of(STREET("5 min", BATTERY "<dispatch kind='self-consumption'/>"));
	double rule = cost_of(STREET("5 min", BATTERY "<dispatch kind='time-of-use'/>"));
	fprintf(stderr, "plan %.3f, time-of-use %.3f, self-consumption %.3f, none %.3f\n", plan,
	    rule, own, rest);
	cr_expect_lt(plan, own - 1);
	cr_expect_lt(own, rest - 1);
	cr_expect_eq(cost_of(STREET("5 min", BATTERY "<dispatch kind='look-ahead'/>")), plan);
}

/* Two halves of a battery are one, but for how their powers end within a step; homes of
 * which none has one make no plans; each home with one plans each hour. */
Test(look_ahead, batteries_of_a_home_act_as_one)
{
	static const char half[] = STREET("5 min",
	    "<battery capacity='3.5 kWh' power='1.5 kW' self-discharge='0' initial='0.1' reserve='0.1'/>"
	    "<battery capacity='3.5 kWh' power='1.5 kW' self-discharge='0' initial='0.1' reserve='0.1'/>"
	    "<dispatch kind='look-ahead'/>");
	struct world_bed b;
	double whole = cost_of(STREET("5 min", BATTERY "<dispatch kind='look-ahead'/>"));
	double halves = run(&b, half, "cost.total");
	cr_expect_eq(world_bed_metric(&b, "homes.plans"), 7 * 8 * 24);
	cr_expect_eq(world_bed_metric(&b, "homes.plans_infeasible"), 0);
	cr_expect_float_eq(halves, whole, 0.005 * fabs(whole));
	world_bed_free(&b);
}

/* A limit of export that sun exceeds, and one of import that the evening does: plans keep
 * both, by the battery and by curtailing, in steps of any length. */
Test(look_ahead, keeps_the_limits_of_connections)
{
	static const char *const xml[] = {
		STREET("1 min", BATTERY "<connection import='1.5 kW' export='0.5 kW'/>"
				"<dispatch kind='look-ahead' interval='15 min'/>"),
		STREET("15 min", BATTERY "<connection import='1.5 kW' export='0.5 kW'/>"
				 "<dispatch kind='look-ahead' interval='15 min'/>") };
	for (int i = 0; i < 2; i++) {
		struct world_bed b;
		double plans = run(&b, xml[i], "homes.plans");
		cr_expect_eq(plans, 7 * 8 * 96);
		cr_expect_gt(world_bed_metric(&b, "homes.curtailed_j"), kwh);
		cr_expect_lt(world_bed_metric(&b, "homes.exceeded_j"), 7 * 1 * kwh);
		cr_expect_lt(world_bed_metric(&b, "homes.plans_infeasible"), 0.2 * plans);
		world_bed_free(&b);
	}
}

/* A charge that a plan leaves out is told, and no other. */
Test(look_ahead, says_what_it_leaves_out)
{
#define CHARGED(hours, site)                                                                       \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='1 h'/>"              \
	"<place latitude='52.5 deg' longitude='13.4 deg'/><tariff price='0.30 EUR/kWh'>"           \
	"<demand-charge per-kw='3 EUR'" hours "/></tariff>" site "</scenario>"
#define STORE   "<battery capacity='7 kWh' power='3 kW'/><dispatch kind='look-ahead'/>"
#define CENTRE  "<datacentre name='x' overhead='1 kW'>" STORE "</datacentre>"
#define HOMES   "<homes count='1'>" STORE "</homes>"
#define EVENING " from='17 h' to='21 h'"
	static const struct {
		const char *xml, *said;
	} row[] = {
		{ CHARGED("", CENTRE), NULL },
		{ CHARGED(EVENING, CENTRE), "only for those of all" },
		{ CHARGED(" days='weekday'", CENTRE), "only for those of all" },
		{ CHARGED(" months='jan-nov'", CENTRE), "only for those of all" },
		{ CHARGED("", HOMES), "homes do not plan for charges" },
		{ CHARGED(EVENING, HOMES), "homes do not plan for charges" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world_bed b;
		char *text;
		size_t size;
		FILE *out = open_memstream(&text, &size);
		world_bed_make(&b, row[i].xml, NULL, 1);
		err_print(b.faults, out);
		fclose(out);
		cr_expect_eq(err_count(b.faults), 0, "row %zu", i);
		if (row[i].said) cr_expect(strstr(text, row[i].said) != NULL, "row %zu: %s", i, text);
		else cr_expect_eq(size, 0, "row %zu: %s", i, text);
		free(text);
		world_bed_free(&b);
	}
}
