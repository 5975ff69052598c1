#include "models/energy/pv.h"

#include <math.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"
#include "models/energy/irradiance.h"

static const struct attr attrs[] = {
	ATTR_QTY(struct solar_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have it, spread evenly along the street"),
	ATTR_DIST(struct solar_par, capacity_w, "capacity", DIM_POWER, REQUIRED, 1, 1e9,
	    "rating of the modules (direct current, 1000 W/m2, 25 degC)"),
	ATTR_DIST(struct solar_par, tilt_rad, "tilt", DIM_ANGLE, "20 deg", 0, M_PI / 2,
	    "angle between the roof and the horizontal"),
	ATTR_DIST(struct solar_par, azimuth_rad, "azimuth", DIM_ANGLE, "180 deg", 0, 2 * M_PI,
	    "where the roof looks, clockwise from north; 180 deg is south"),
	/* Dobos 2014, table 6: the default losses, multiplied up. */
	ATTR_QTY(struct solar_par, loss_frac, "losses", DIM_FRACTION, "14.0757 %", 0, 0.99,
	    "lost to soiling, shading, mismatch, wiring and the rest"),
	/* Dobos 2014, table 4: premium modules; standard ones have -0.0047. */
	ATTR_QTY(struct solar_par, gamma_per_k, "gamma", DIM_NUMBER, "-0.0035", -0.02, 0,
	    "change of power per kelvin of cell temperature"),
	ATTR_QTY(struct solar_par, dc_ac_ratio, "dc-ac-ratio", DIM_NUMBER, "1.2", 0.1, 10,
	    "rating of the modules over the rating of the inverter's output"),
	/* Dobos 2014, section 12: nominal efficiency of the default inverter. At part
	 * load the curve passes the nominal by 0.27 %, so the limit stays below 1. */
	ATTR_QTY(struct solar_par, inverter_eff_frac, "inverter-efficiency", DIM_FRACTION, "96 %",
	    0.5, 0.995, "efficiency of the inverter at its rating"),
	ATTR_ENUM(struct solar_par, transposition, "transposition", "hay-davies",
	    "hay-davies perez",
	    "how diffuse light falls onto the plane: one ring around the sun, or Perez's ring "
	    "and horizon"),
	ATTR_ENUM(struct solar_par, cell, "cell-model", "faiman", "faiman noct sapm",
	    "how the cells' temperature follows light and wind"),
	ATTR_ENUM(struct solar_par, mounting, "mounting", "open-rack-glass-polymer",
	    "open-rack-glass-polymer open-rack-glass-glass close-roof-glass-glass "
	    "insulated-back-glass-polymer",
	    "sapm: how the modules are built and mounted"),
	/* Faiman 2008, mean over the modules that he measured. */
	ATTR_QTY(struct solar_par, u0_w_m2k, "u0", DIM_NUMBER, "25", 5, 100,
	    "Faiman: heat loss at no wind, W/(m2 K)"),
	ATTR_QTY(struct solar_par, u1_ws_m3k, "u1", DIM_NUMBER, "6.84", 0, 50,
	    "Faiman: heat loss that wind adds, W s/(m3 K)"),
	ATTR_QTY(struct solar_par, noct_k, "noct", DIM_TEMPERATURE, "45 degC", 303.15, 353.15,
	    "noct: cell temperature at 800 W/m2 and 20 degC in the open"),
	ATTR_QTY(struct solar_par, age_s, "age", DIM_TIME, "0 s", 0, 60 * 365 * 86400.0,
	    "age of the modules when the scenario begins"),
	/* D. C. Jordan and S. R. Kurtz 2013, Progress in Photovoltaics 21(1), 12-29: median
	 * of 1920 rates. */
	ATTR_QTY(struct solar_par, fade_frac, "degradation", DIM_FRACTION, "0.5 %", 0, 0.1,
	    "power lost with each full year, of that when new"),
	ATTR_END,
};

const struct class solar_class = {
	.element = "solar", .parents = "homes datacentre",
	.about = "Solar modules with their inverter.",
	.par_size = sizeof(struct solar_par), .attrs = attrs,
};

void pv_bank_init(struct pv_bank *b, size_t n)
{
	double *s = mem_new(6 * n, sizeof *s);
	*b = (struct pv_bank){ n, s, s + n, s + 2 * n, s + 3 * n, s + 4 * n, s + 5 * n, s };
}

void pv_bank_fini(struct pv_bank *b)
{
	free(b->store);
}

void pv_bank_set(struct pv_bank *b, size_t i, double capacity_w, double tilt_rad,
    double azimuth_rad)
{
	b->capacity_w[i] = capacity_w;
	b->east[i] = sin(tilt_rad) * sin(azimuth_rad);
	b->north[i] = sin(tilt_rad) * cos(azimuth_rad);
	b->up[i] = cos(tilt_rad);
}

double pv_rise_k_m2_per_w(const struct solar_par *p, double wind_m_s)
{
	static const struct {
		double a, b, cell_k;
	} sapm[] = {
#define X(id, word, a, b, cell_k) [id] = { a, b, cell_k },
		SOLAR_MOUNTING_LIST(X)
#undef X
	};
	switch ((enum solar_cell)p->cell) {
	case SOLAR_CELL_NOCT:
		return (p->noct_k - 293.15) / 800;
	case SOLAR_CELL_SAPM:
		return exp(sapm[p->mounting].a + sapm[p->mounting].b * wind_m_s) +
		    sapm[p->mounting].cell_k / 1000;
	case SOLAR_CELL_FAIMAN:
		break;
	}
	return 1 / (p->u0_w_m2k + p->u1_ws_m3k * wind_m_s);
}

double pv_left_frac(const struct solar_par *p, double elapsed_s)
{
	const double year_s = 365 * 86400; /* as base/units.h has it */
	return fmax(1 - p->fade_frac * floor((p->age_s + elapsed_s) / year_s), 0);
}

/* What all roofs of a step share. */
struct lit {
	struct solar_par par; /* its losses with those of age */
	double east, north, up, zenith_rad, air_mass;
	double clear_w_m2, extra_w_m2, albedo_frac;
	double ambient_k, rise_k_m2_per_w;
	double rated_per_capacity; /* of the inverter's direct current */
	struct irradiance light;   /* of a weather file */
};

static struct lit lit_make(const struct solar_par *p, const struct sky *s)
{
	struct lit l = {
		.par = *p,
		.east = s->sun.east,
		.north = s->sun.north,
		.up = s->sun.up,
		.zenith_rad = s->zenith_rad,
		.air_mass = s->air_mass,
		.clear_w_m2 = s->clear_w_m2,
		.extra_w_m2 = s->extra_w_m2,
		.albedo_frac = s->albedo_frac,
		.ambient_k = s->ambient_k,
		.rise_k_m2_per_w = pv_rise_k_m2_per_w(p, s->wind_m_s),
		.light = s->light,
		.rated_per_capacity = 1 / (p->dc_ac_ratio * p->inverter_eff_frac),
	};
	l.par.loss_frac += (1 - p->loss_frac) * (1 - pv_left_frac(p, s->elapsed_s));
	return l;
}

/* Per roof: light -> light on the plane -> cell temperature -> dc -> ac. Inlined with
 * `perez` and `given` known, so that the loop has no branch. given: the light is the
 * same over all roofs; else it is split from global light under their clouds. */
static inline __attribute__((always_inline)) void sweep(const struct lit *at, const struct pv_bank *b,
    const double *restrict index, double *restrict dc_w, double *restrict ac_w, bool perez, bool given)
{
	const struct lit l = *at;
	const double *restrict capacity_w = b->capacity_w, *restrict be = b->east;
	const double *restrict bn = b->north, *restrict bu = b->up;

	for (size_t i = 0; i < b->n; i++) {
		double cos_i = be[i] * l.east + bn[i] * l.north + bu[i] * l.up;
		struct irradiance sky = given ?
		    l.light :
		    irradiance_erbs(l.clear_w_m2 * index[i], l.up, l.extra_w_m2);
		struct plane_irradiance on = perez ?
		    irradiance_perez(&sky, cos_i, l.up, l.zenith_rad, l.air_mass, bu[i],
			l.extra_w_m2, l.albedo_frac) :
		    irradiance_hay_davies(&sky, cos_i, l.up, bu[i], l.extra_w_m2, l.albedo_frac);
		double diffuse = on.sky_w_m2 + on.ground_w_m2;
		double cell_k = l.ambient_k + l.rise_k_m2_per_w * (on.beam_w_m2 + diffuse);
		double effective = on.beam_w_m2 * irradiance_glass_frac(cos_i) + diffuse;
		double dc = pv_dc_w(&l.par, capacity_w[i], effective, cell_k);
		ac_w[i] = pv_inverter_w(l.par.inverter_eff_frac,
		    capacity_w[i] * l.rated_per_capacity, &dc);
		dc_w[i] = dc;
	}
}

typedef void sweeper(const struct lit *l, const struct pv_bank *b, const double *restrict index,
    double *restrict dc_w, double *restrict ac_w);

#define SWEEPER(name, perez, given) \
	CLONES static void name(const struct lit *l, const struct pv_bank *b, \
	    const double *restrict index, double *restrict dc_w, double *restrict ac_w) \
	{ \
		sweep(l, b, index, dc_w, ac_w, perez, given); \
	}
SWEEPER(hay_davies_clouds, false, false)
SWEEPER(hay_davies_given, false, true)
SWEEPER(perez_clouds, true, false)
SWEEPER(perez_given, true, true)

void pv_bank_step(const struct solar_par *p, struct pv_bank *b, const struct sky *s,
    const double *index)
{
	static sweeper *const by[2][2] = {
		[SOLAR_HAY_DAVIES] = { hay_davies_clouds, hay_davies_given },
		[SOLAR_PEREZ] = { perez_clouds, perez_given },
	};
	if (s->clear_w_m2 > 0) {
		struct lit l = lit_make(p, s);
		by[p->transposition][s->series != NULL](&l, b, index, b->dc_w, b->ac_w);
		return;
	}
	for (size_t i = 0; i < b->n; i++) b->dc_w[i] = b->ac_w[i] = 0;
}
