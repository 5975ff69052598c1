/* Modules and inverters against pvlib 0.15: each formula by itself, and from the time
 * and the place to the socket at four places. */
#include <math.h>
#include <stdlib.h>

#include "bench/validate_energy.h"
#include "bench/validate_sites.h"
#include "models/energy/clearsky.h"
#include "models/energy/pv.h"
#include "models/energy/sun.h"

#define RAD (M_PI / 180)

/* ---- single formulas, printed with eight decimals ---- */

struct single_errors {
	struct worst glass, mass, inverter, faiman, sapm;
};

/* Of the rise over the air's temperature, which is what the formula gives. */
static void add_cell(struct worst *w, const struct sheet *t, const struct solar_par *p)
{
	double poa = sheet_number(t, "x1"), air = sheet_number(t, "x2");
	double want = sheet_number(t, "value") - air;
	double got = poa * pv_rise_k_m2_per_w(p, sheet_number(t, "x3"));
	worst_add(w, want > 0 ? got / want - 1 : got);
}

static void add_single(const struct sheet *t, struct single_errors *x)
{
	static const struct solar_par faiman = {
		.cell = SOLAR_CELL_FAIMAN, .u0_w_m2k = 25, .u1_ws_m3k = 6.84
	};
	static const struct solar_par open = { .cell = SOLAR_CELL_SAPM,
		.mounting = SOLAR_OPEN_RACK_GLASS_POLYMER };
	static const struct solar_par close = { .cell = SOLAR_CELL_SAPM,
		.mounting = SOLAR_CLOSE_ROOF_GLASS_GLASS };
	double in = sheet_number(t, "x1"), want = sheet_number(t, "value");
	if (sheet_is(t, "function", "iam_physical_n1.526_K4_L0.002")) {
		double got = irradiance_glass_frac(in < 90 ? cos(in * RAD) : 0);
		worst_add(&x->glass, got - want);
	} else if (sheet_is(t, "function", "airmass_kastenyoung1989")) {
		worst_add(&x->mass, sun_air_mass(in * RAD) / want - 1);
	} else if (sheet_is(t, "function", "inverter_pvwatts_pdc0_5000_nom0.96_ref0.9637")) {
		double dc = in;
		worst_add(&x->inverter, (pv_inverter_w(0.96, 5000, &dc) - want) / 4800);
	} else if (sheet_is(t, "function", "tcell_faiman_u0_25_u1_6.84(poa,tair,wind)")) {
		add_cell(&x->faiman, t, &faiman);
	} else if (sheet_is(t, "function", "tcell_sapm_open_rack_glass_polymer(poa,tair,wind)")) {
		add_cell(&x->sapm, t, &open);
	} else if (sheet_is(t, "function", "tcell_sapm_close_mount_glass_glass(poa,tair,wind)")) {
		add_cell(&x->sapm, t, &close);
	}
}

static void single_formulas(struct validate_job *j)
{
	static const char *const columns[] = { "function", "x1", "x2", "x3", "value", NULL };
	const char *table = "reference/pv/unit_functions.csv";
	char *path = validate_table(j, table);
	if (!path) return;
	struct single_errors x = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) add_single(&t, &x);
	sheet_close(&t);
	free(path);
	validate_worst(j, "air mass at round angles", table, x.mass, "", 1e-6);
	validate_worst(j, "glass, of right incidence", table, x.glass, "", 1e-6);
	validate_worst(j, "cell temperature, Faiman, of its rise", table, x.faiman, "", 1e-6);
	validate_worst(j, "cell temperature, SAPM, of its rise", table, x.sapm, "", 1e-6);
	validate_worst(j, "inverter with clipping, of its rating", table, x.inverter, "", 1e-6);
}

/* ---- reference days ---- */

static struct solar_par modules(const struct ref_site *s)
{
	return (struct solar_par){
		.loss_frac = s->loss_frac,
		.gamma_per_k = -0.0035,
		.inverter_eff_frac = 0.96,
		.cell = SOLAR_CELL_SAPM,
		.mounting = SOLAR_OPEN_RACK_GLASS_POLYMER,
		.noct_k = 318.15,
	};
}

struct plant_errors {
	struct worst ross, dc, ac, clear, cloudy;
};

/* Fed with what the file has before it. */
static void add_steps(const struct ref_site *s, const struct sheet *t, struct plant_errors *x)
{
	struct solar_par p = modules(s), ross = p;
	double cell_k = ref_number(t, "cs_tcell_sapm_ogp") + 273.15;
	double dc = pv_dc_w(&p, s->capacity_w, ref_number(t, "cs_poa_eff"), cell_k);
	worst_add(&x->dc, (dc - ref_number(t, "cs_pdc")) / s->capacity_w);
	dc = ref_number(t, "cs_pdc");
	double ac = pv_inverter_w(0.96, s->inverter_w / 0.96, &dc);
	worst_add(&x->ac, (ac - ref_number(t, "cs_pac")) / s->inverter_w);
	ross.cell = SOLAR_CELL_NOCT;
	double rise = pv_rise_k_m2_per_w(&ross, 0) * ref_number(t, "cs_poa_haydavies");
	double want = ref_number(t, "cs_tcell_ross_noct45") - ref_number(t, "tair_in");
	worst_add(&x->ross, (rise - want) / REF_RISE_K);
}

/* From light on the horizontal to the socket. */
static double socket_w(const struct ref_site *s, const struct irradiance *sky,
    const struct sun *sun, double up, double extra, double air_k, double wind_m_s)
{
	struct solar_par p = modules(s);
	double side = sin(s->tilt_rad);
	double onto = sun->east * side * sin(s->azimuth_rad) +
		      sun->north * side * cos(s->azimuth_rad) + sun->up * cos(s->tilt_rad);
	struct plane_irradiance on =
	    irradiance_hay_davies(sky, onto, up, cos(s->tilt_rad), extra, s->albedo_frac);
	double diffuse = on.sky_w_m2 + on.ground_w_m2;
	double cell_k = air_k + pv_rise_k_m2_per_w(&p, wind_m_s) * (on.beam_w_m2 + diffuse);
	double light = on.beam_w_m2 * irradiance_glass_frac(onto) + diffuse;
	double dc = pv_dc_w(&p, s->capacity_w, light, cell_k);
	return pv_inverter_w(0.96, s->inverter_w / 0.96, &dc);
}

/* From the time, the place and the air alone: nothing that the file computes is used. */
static void add_chain(const struct ref_site *s, const struct sheet *t, struct plant_errors *x)
{
	double utc_s = ref_number(t, "unix");
	struct sun sun = sun_at(utc_s, s->latitude_rad, s->longitude_rad);
	double zenith = sun_zenith_rad(&sun);
	double seen = zenith - sun_refraction_rad(M_PI / 2 - zenith);
	double clear_w = 0, cloudy_w = 0;
	if (seen < M_PI / 2) {
		double extra = sun_extraterrestrial_w_m2(utc_s);
		double mass =
		    sun_air_mass(seen) * sun_pressure_pa(s->altitude_m) / SUN_PRESSURE_SEA_PA;
		double air_k = ref_number(t, "tair_in") + 273.15, wind = ref_number(t, "wind_in");
		struct irradiance c =
		    clearsky_ineichen(seen, mass, s->turbidity, s->altitude_m, extra);
		struct irradiance e =
		    irradiance_erbs(c.ghi_w_m2 * ref_number(t, "kc_in"), sun.up, extra);
		clear_w = socket_w(s, &c, &sun, cos(seen), extra, air_k, wind);
		cloudy_w = socket_w(s, &e, &sun, cos(seen), extra, air_k, wind);
	}
	double clear_want_w = ref_number(t, "cs_pac"), cloudy_want_w = ref_number(t, "cl_pac");
	worst_add(&x->clear, (clear_w - clear_want_w) / s->capacity_w);
	worst_add(&x->cloudy, (cloudy_w - cloudy_want_w) / s->capacity_w);
}

static void add_row(const struct ref_site *s, const struct sheet *t, void *arg)
{
	add_steps(s, t, arg);
	add_chain(s, t, arg);
}

void validate_pv(struct validate_job *j)
{
	const char *table = "reference/pv/pv_*.csv";
	struct plant_errors x = { 0 };
	single_formulas(j);
	ref_rows(j, add_row, &x);
	validate_worst(j, "cell temperature, Ross, of 100 K", table, x.ross, "", 1e-6);
	validate_worst(j, "modules, PVWatts, of their rating", table, x.dc, "", 1e-6);
	validate_worst(j, "inverter, PVWatts, of its rating", table, x.ac, "", 1e-6);
	validate_worst(
	    j, "clear days, time and place to socket, of the rating", table, x.clear, NULL, 0.005);
	validate_worst(j, "cloudy days, time and place to socket, of the rating", table, x.cloudy,
	    NULL, 0.005);
}
