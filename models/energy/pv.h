/* Solar modules on a roof, with their inverter.
 *
 * Irradiance: Erbs, Hay-Davies and glass (models/energy/irradiance.h). Cell
 * temperature: D. Faiman 2008, "Assessing the outdoor operating temperature of
 * photovoltaic modules", Progress in Photovoltaics 16(4), 307-315, eq. 8; the
 * nominal operating cell temperature, 20 degC and 800 W/m2 (R. G. Ross 1980,
 * Proc. 14th IEEE PVSC, 281-286); or D. L. King, W. E. Boyson and J. A. Kratochvil
 * 2004, "Photovoltaic array performance model", SAND2004-3535, eq. 11-12. Direct and alternating current: A. P. Dobos
 * 2014, PVWatts Version 5 Manual, NREL/TP-6A20-62641, eq. 8 and 10-12.
 *
 * No command of any kind: what the modules give is what the inverter passes on.
 * Powers are outputs, counted positive: the one exception to hearth's sign. */
#ifndef HEARTH_MODELS_ENERGY_PV_H
#define HEARTH_MODELS_ENERGY_PV_H

#include <stddef.h>

#include "models/class.h"
#include "models/energy/sky.h"

#define SOLAR_CELL_LIST(X) \
	X(SOLAR_CELL_FAIMAN, "faiman") \
	X(SOLAR_CELL_NOCT, "noct") \
	X(SOLAR_CELL_SAPM, "sapm")

enum solar_cell {
#define X(id, word) id,
	SOLAR_CELL_LIST(X)
#undef X
};

#define SOLAR_TRANSPOSITION_LIST(X) \
	X(SOLAR_HAY_DAVIES, "hay-davies") \
	X(SOLAR_PEREZ, "perez")

enum solar_transposition {
#define X(id, word) id,
	SOLAR_TRANSPOSITION_LIST(X)
#undef X
};

/* id, word, a, b in s/m, cell above module in K at 1000 W/m2 (King et al. 2004, table 1). */
#define SOLAR_MOUNTING_LIST(X) \
	X(SOLAR_OPEN_RACK_GLASS_POLYMER, "open-rack-glass-polymer", -3.56, -0.0750, 3) \
	X(SOLAR_OPEN_RACK_GLASS_GLASS, "open-rack-glass-glass", -3.47, -0.0594, 3) \
	X(SOLAR_CLOSE_ROOF_GLASS_GLASS, "close-roof-glass-glass", -2.98, -0.0471, 1) \
	X(SOLAR_INSULATED_GLASS_POLYMER, "insulated-back-glass-polymer", -2.81, -0.0455, 0)

enum solar_mounting {
#define X(id, word, a, b, cell_k) id,
	SOLAR_MOUNTING_LIST(X)
#undef X
};

struct solar_par {
	double share_frac;
	struct dist capacity_w;    /* direct current at 1000 W/m2 and 25 degC */
	struct dist tilt_rad;      /* 0: flat */
	struct dist azimuth_rad;   /* where the plane looks, clockwise from north */
	double loss_frac;
	double gamma_per_k;        /* of power against cell temperature, negative */
	double dc_ac_ratio;        /* modules' rating over the inverter's output rating */
	double inverter_eff_frac;  /* at its rating */
	int transposition;         /* enum solar_transposition */
	int cell;                  /* enum solar_cell */
	int mounting;              /* enum solar_mounting, of SOLAR_CELL_SAPM */
	double u0_w_m2k, u1_ws_m3k; /* Faiman */
	double noct_k;
	double age_s;              /* when the run begins */
	double fade_frac;          /* of the first year's power, lost in every full year */
};

extern const struct class solar_class;

/* Many roofs of one solar_par, as arrays of n. */
struct pv_bank {
	size_t n;
	double *capacity_w;
	double *east, *north, *up; /* unit normal of the plane */
	double *dc_w;  /* out: mean power of the modules that the inverter takes (clipped) */
	double *ac_w;  /* out: mean power behind the inverter; dc - ac is its loss */
	double *store; /* what the arrays lie in */
};

void pv_bank_init(struct pv_bank *b, size_t n);
void pv_bank_fini(struct pv_bank *b);
void pv_bank_set(struct pv_bank *b, size_t i, double capacity_w, double tilt_rad,
    double azimuth_rad);

/* Fills dc_w and ac_w for a step. index: mean clear-sky index over each roof; not looked
 * at where the sky's light is that of a file. */
void pv_bank_step(const struct solar_par *p, struct pv_bank *b, const struct sky *s,
    const double *index);

/* Rise of the cell above the air per irradiance on the plane, K m2/W. */
double pv_rise_k_m2_per_w(const struct solar_par *p, double wind_m_s);

/* What modules of that age still give of what they gave when new: in a straight line, a
 * step at the end of each full year, as in the System Advisor Model (N. Blair et al.
 * 2018, NREL/TP-6A20-70414, section 6.5, linear degradation of the DC output). */
double pv_left_frac(const struct solar_par *p, double elapsed_s);

/* Modules: `effective_w_m2` reaches the cells (eq. 8 with the losses). */
static inline double pv_dc_w(const struct solar_par *p, double capacity_w, double effective_w_m2,
    double cell_k)
{
	double at_25 = effective_w_m2 / 1000 * capacity_w * (1 - p->loss_frac);
	double w = at_25 * (1 + p->gamma_per_k * (cell_k - 298.15));
	return w > 0 ? w : 0;
}

/* Inverter of direct-current rating rated_w: *dc_w is cut to the rating and what
 * it gives is returned (eq. 11-12; reference efficiency 0.9637). */
static inline double pv_inverter_w(double eff_frac, double rated_w, double *dc_w)
{
	double dc = *dc_w < rated_w ? *dc_w : rated_w;
	double zeta = dc / rated_w;
	/* eta * zeta, which stays finite at zeta = 0 */
	double part = eff_frac / 0.9637 * ((-0.0162 * zeta + 0.9858) * zeta - 0.0059);
	*dc_w = dc;
	return part > 0 ? part * rated_w : 0;
}

#endif
