/* A wind turbine: what it gives at a wind, in air of a density.
 *
 * The wind at the hub follows from that at the height where it is measured by a
 * power law (IEC 61400-1:2019, 6.3.2.2 has the form). The exponent 1/7 is that of
 * flat open land (D. A. Spera and T. R. Richards 1979, "Modified power law
 * equations for vertical wind profiles", DOE/NASA/1059-79/4, introduction). Thin
 * air acts as less wind: v (rho / 1.225)^(1/3), for turbines that pitch their
 * blades (IEC 61400-12-1:2017, eq. 5). Power follows a table or, without one,
 * (v^3 - v_in^3) / (v_rated^3 - v_in^3) of the rating (T.-P. Chang et al. 2014,
 * "Comparative analysis on power curve models of wind turbine generator in
 * estimating capacity factor", Energy 73, 88-95).
 *
 * In a storm it stops above the cut-out speed and starts again below a lower one;
 * both are speeds at the hub as they are, not as thin air makes them. There is no
 * such band at cut-in, where the curve begins at zero. Power is an output, counted
 * positive, as pv's. */
#ifndef HEARTH_MODELS_ENERGY_WIND_H
#define HEARTH_MODELS_ENERGY_WIND_H

#include <stdbool.h>
#include <stddef.h>

#include "models/class.h"

struct wind_par {
	double capacity_w;            /* rating */
	const char *curve;            /* file; NULL: the cubic law */
	double cut_in_m_s, rated_m_s; /* of the cubic law */
	double cut_out_m_s;           /* stops above it */
	double restart_m_s;           /* starts again below it */
	double hub_m;                 /* above ground */
	double measured_m;            /* height at which the wind is given */
	double shear;                 /* exponent of the power law */
};

extern const struct class wind_class;

enum { WIND_CURVE_MAX = 256 };

/* Constants of a run. */
struct wind_turbine {
	const struct wind_par *par;
	double hub_factor; /* wind at the hub over wind measured */
	size_t points;     /* of the table; 0: the cubic law */
	double *v_m_s, *share_frac;
};

struct wind_state {
	bool stormy; /* stopped, and waiting for the wind to fall below restart */
};

/* Reads the table: CSV with the columns speed_m_s, rising, and share (of the
 * rating, 0 to 1). False with entries in e when it cannot be used; give the turbine to
 * wind_turbine_fini in either case. par must outlive it. */
bool wind_turbine_init(struct wind_turbine *t, const struct wind_par *par, struct err_list *e);
void wind_turbine_fini(struct wind_turbine *t);

/* Mean power of one turbine, W, while the wind at the measured height is v_m_s >= 0
 * in air of that temperature and pressure. Called for times of any length; whoever
 * wants the same storm stops at every grid step calls it on ticks of a fixed length. */
double wind_turbine_w(const struct wind_turbine *t, struct wind_state *s, double v_m_s,
    double air_k, double pressure_pa);

/* Density of dry air, kg/m3. */
double wind_air_density_kg_m3(double air_k, double pressure_pa);

/* The standard's reference density, kg/m3 (IEC 61400-12-1:2017, 9.1.5). */
#define WIND_DENSITY_KG_M3 1.225

#endif
