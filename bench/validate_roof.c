/* A measured array: NREL's RSF II, Golden, Colorado, 204 kW on a roof, 2022-01-02 to 06,
 * quarters of an hour (PVDAQ system 1283, inverter 2). Light on the
 * plane, air and wind are measured, so the chain from there on is judged: the cells'
 * temperature, the modules and the inverter with hearth's defaults and PVWatts's losses.
 * Told without a limit: four winter days of one roof, with a low sun.
 *
 * Quarters with more than 50 W/m2 count; of power, only while the inverter runs: on the
 * last day it does not. */
#include <math.h>
#include <stdlib.h>

#include "base/sheet.h"
#include "bench/validate_energy.h"
#include "models/energy/pv.h"

static const double roof_w = 204120, lit_w_m2 = 50;

/* Errors with their sign. */
struct spread {
	double sum, square;
	size_t n;
};

static void spread_add(struct spread *s, double error)
{
	s->sum += error;
	s->square += error * error;
	s->n++;
}

static void spread_row(struct validate_job *j, const char *mean, const char *rms,
    const struct spread *s, const char *unit, const char *peer)
{
	if (!s->n) return;
	struct validate_row row = { .what = mean,
		.table = "energy/pv_measured/nrel_RSF_II.csv",
		.measure = VALIDATE_MEAN,
		.rows = s->n,
		.error_frac = s->sum / (double)s->n,
		.limit_frac = NAN,
		.plain_frac = NAN,
		.unit = unit,
		.peer = peer };
	validation_add(j->v, row);
	row.what = rms;
	row.measure = VALIDATE_MAGNITUDE;
	row.error_frac = sqrt(s->square / (double)s->n);
	validation_add(j->v, row);
}

static struct solar_par modules(enum solar_cell cell)
{
	return (struct solar_par){
		.loss_frac = 0.140757,
		.gamma_per_k = -0.0035,
		.inverter_eff_frac = 0.96,
		.cell = (int)cell,
		.mounting = SOLAR_OPEN_RACK_GLASS_POLYMER,
		.u0_w_m2k = 25,
		.u1_ws_m3k = 6.84,
		.noct_k = 318.15,
	};
}

struct roof {
	struct spread faiman_k, ross_k, faiman_w, sapm_w;
};

static double rise_k(const struct sheet *t, enum solar_cell cell)
{
	struct solar_par p = modules(cell);
	return pv_rise_k_m2_per_w(&p, sheet_number(t, "wind_speed__1051")) *
	       sheet_number(t, "poa_irradiance__1055");
}

static double socket_w(const struct sheet *t, enum solar_cell cell)
{
	struct solar_par p = modules(cell);
	double cell_k = sheet_number(t, "ambient_temp__1053") + 273.15 + rise_k(t, cell);
	double dc = pv_dc_w(&p, roof_w, sheet_number(t, "poa_irradiance__1055"), cell_k);
	return pv_inverter_w(p.inverter_eff_frac, roof_w, &dc);
}

static void add_quarter(const struct sheet *t, struct roof *r)
{
	double warmer_k =
	    sheet_number(t, "module_temp__1056") - sheet_number(t, "ambient_temp__1053");
	double measured_w = sheet_number(t, "inv2_ac_power_w__1047");
	spread_add(&r->faiman_k, rise_k(t, SOLAR_CELL_FAIMAN) - warmer_k);
	spread_add(&r->ross_k, rise_k(t, SOLAR_CELL_NOCT) - warmer_k);
	if (measured_w <= 0) return;
	spread_add(&r->faiman_w, (socket_w(t, SOLAR_CELL_FAIMAN) - measured_w) / roof_w);
	spread_add(&r->sapm_w, (socket_w(t, SOLAR_CELL_SAPM) - measured_w) / roof_w);
}

void validate_roof(struct validate_job *j)
{
	static const char *const columns[] = { "poa_irradiance__1055", "ambient_temp__1053",
		"wind_speed__1051", "module_temp__1056", "inv2_ac_power_w__1047", NULL };
	char *path = validate_table(j, "energy/pv_measured/nrel_RSF_II.csv");
	if (!path) return;
	struct roof r = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t))
		if (sheet_number(&t, "poa_irradiance__1055") > lit_w_m2) add_quarter(&t, &r);
	sheet_close(&t);
	free(path);
	spread_row(j, "measured roof, module temperature, Faiman: mean error",
	    "the same: root mean square", &r.faiman_k, "K", "pvlib: -4.5 and 8.5 K");
	spread_row(j, "measured roof, module temperature, Ross 45 degC: mean error",
	    "the same: root mean square", &r.ross_k, "K", "pvlib: -0.2 and 5.8 K");
	spread_row(j, "measured roof, power by the defaults, of the rating: mean error",
	    "the same: root mean square", &r.faiman_w, NULL, NULL);
	spread_row(j, "measured roof, by SAPM and PVWatts as pvlib has them: mean error",
	    "the same: root mean square", &r.sapm_w, NULL, NULL);
}
