/* Irradiance under a cloudless sky. */
#ifndef HEARTH_MODELS_ENERGY_CLEARSKY_H
#define HEARTH_MODELS_ENERGY_CLEARSKY_H

#include "models/energy/irradiance.h"

/* P. Ineichen and R. Perez 2002, "A new airmass independent formulation for the
 * Linke turbidity coefficient", Solar Energy 73(3), 151-157; the correction of
 * the beam at low sun from the corrigendum, Solar Energy 73(3), 307-312 (2002).
 * air_mass: at the place's pressure; turbidity: Linke's, about 2 (cold clean
 * air) to 7 (dust or smoke); extra_w_m2: outside the air. All zero when the sun
 * is below the horizon. */
struct irradiance clearsky_ineichen(double apparent_zenith_rad, double air_mass, double turbidity,
    double altitude_m, double extra_w_m2);

/* Global irradiance without knowing the air. B. Haurwitz 1945, "Insolation in
 * relation to cloudiness and cloud density", Journal of Meteorology 2, 154-166. */
double clearsky_haurwitz_w_m2(double apparent_zenith_rad);

#endif
