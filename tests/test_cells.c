#include "tests/unit.h"

#include "analysis/cells.h"
#include "models/site/battery_metrics.h"

/* Half a year; 41 full cycles are 82 a year. The band goes over three cells, of which the
 * first leads. */
static const struct battery_outlook half_a_year = {
	.nominal_j = 1,
	.units = 3,
	.years = 0.5,
	.efc = 41,
	.health_frac = { 0.97, 0.95, 0.985 },
	.first_year_loss_frac = { 0.05, 0.081, 0.02 },
	.life_years = { 9, 4.5, 71 },
};

Test(cells, a_row_says_where_what_and_how_sure)
{
	struct dataset *d = ds_new();
	struct cells_row r;
	cr_expect_eq(cells_next(d, 0, &r), 0);
	battery_export(&half_a_year, CHEMISTRY_SOLID_STATE, "datacentres", d);
	battery_export(&half_a_year, CHEMISTRY_LFP, "homes", d);
	size_t i = cells_next(d, 0, &r);
	cr_assert_gt(i, 0);
	cr_expect_str_eq(r.where, "datacentres, solid state assumption");
	cr_expect_str_eq(r.cycles, "41");
	cr_expect_str_eq(r.cycles_a_year, "82");
	cr_expect_str_eq(r.health, "97 % (95 % to 98.5 %)");
	cr_expect_str_eq(r.first_year_loss, "5 % (2 % to 8.1 %)");
	cr_expect_str_eq(r.life, "9 year (4.5 year to 71 year)");
	i = cells_next(d, i, &r);
	cr_assert_gt(i, 0);
	cr_expect_str_eq(r.where, "homes, lfp");
	/* two cells make lfp's band: the third is not its */
	cr_expect_str_eq(r.health, "97 % (95 % to 97 %)");
	cr_expect_eq(cells_next(d, i, &r), 0);
	ds_free(d);
}
