/* What gives way at the limit of import of a home: the battery, then the car. */
#include "tests/unit.h"

#include "tests/world_bed.h"

/* Five hours of a constant load, a mean of so many kWh in 8760 hours, and a car of 60 kWh
 * with 20 % that leaves after four of them and wants 70 %. */
#define HOME(annual, charging, limit, battery)                                                     \
	"<scenario name='test'><time start='2024-06-20T00:00+02:00' duration='5 h' step='5 min'/>" \
	"<place latitude='52.5 deg' longitude='13.4 deg'/><homes count='1'>"                       \
	"<load annual='" annual "' profile='t.csv'/>" battery                                      \
	"<vehicle capacity='60 kWh' power='11 kW' initial='0.2' ready='0.7' departure='4 h' "      \
	"arrival='20 h' weekday-trips='1' efficiency='0.9' charging='" charging "'/>"              \
	"<connection import='" limit "'/></homes></scenario>"
#define BATTERY                                                                                    \
	"<battery capacity='4 kWh' power='5 kW' initial='1' reserve='0' efficiency='0.95' "        \
	"self-discharge='0'/><dispatch kind='none'/>"

static const double kwh = 3.6e6;

/* 11 kW and 2 kW behind 8 kW: the car draws 6 kW for four hours, 24 kWh, of which the cells
 * get 21.6 of the 30 to 70 %; the unlimited one is ready after 3.03 h. A battery gives 4 * 0.95
 * kWh more. Under 9 kW of load the car draws nothing, and 1 kW for five hours is told. A car
 * that waits (v2h) begins 30 / (0.9 * 11) h before it leaves, and is cut all the same. */
Test(connection, batteries_then_cars_give_way)
{
	static const struct {
		const char *xml;
		double drawn_kwh, missed_kwh, exceeded_kwh, peak_w;
	} row[] = {
		{ HOME("17520 kWh", "immediate", "8 kW", ""), 24, 30 - 21.6, 0, 8000 },
		{ HOME("17520 kWh", "v2h", "8 kW", ""), 6 * 30 / 9.9, 30 - 0.9 * 6 * 30 / 9.9, 0, 8000 },
		{ HOME("17520 kWh", "immediate", "8 kW", BATTERY), 27.8, 30 - 0.9 * 27.8, 0, 8000 },
		{ HOME("78840 kWh", "immediate", "8 kW", ""), 0, 30, 5, 9000 },
		{ HOME("17520 kWh", "immediate", "13 kW", ""), 0, 0, 0, 13000 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world_bed b;
		world_bed_run_trace(&b, row[i].xml, "time_s,one\n0,1\n43200,1\n");
		cr_expect(world_bed_passed(&b, "ledger_residual"), "row %zu", i);
		cr_expect(world_bed_passed(&b, "store_residual"), "row %zu", i);
		double drawn_j = world_bed_metric(&b, "homes.vehicle_j");
		double missed_j = world_bed_metric(&b, "homes.vehicle_missed_j");
		bool is_free = row[i].peak_w > 10000;
		if (is_free) cr_expect_gt(drawn_j, 30 / 0.9 * kwh);
		else cr_expect_float_eq(drawn_j, row[i].drawn_kwh * kwh, 1e-3 * kwh, "row %zu", i);
		cr_expect_float_eq(missed_j, row[i].missed_kwh * kwh, 1e-3 * kwh, "row %zu", i);
		cr_expect_eq(world_bed_metric(&b, "homes.vehicle_unready_frac"), missed_j > 0);
		cr_expect_float_eq(world_bed_metric(&b, "homes.exceeded_j"),
		    row[i].exceeded_kwh * kwh, 1e-3 * kwh, "row %zu", i);
		cr_expect_float_eq(world_bed_metric(&b, "homes.peak_import_w"), row[i].peak_w, 1e-3);
		world_bed_free(&b);
	}
}
