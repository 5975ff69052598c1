/* The light of a cloudless sky over a place, by what is known of its air.
 *
 * Of known air, Ineichen and Perez with Linke's turbidity, of the whole year or of each
 * month; else Haurwitz, who asks for the sun's height alone (models/energy/clearsky.h). A
 * month's turbidity is that of its middle; between two middles it lies on a straight line,
 * so that no month begins with a jump. Maps of such means: J. Remund et al. 2003,
 * "Worldwide Linke turbidity information", Proc. ISES Solar World Congress. Months are
 * those of UTC. */
#ifndef HEARTH_MODELS_ENERGY_CLEAR_AIR_H
#define HEARTH_MODELS_ENERGY_CLEAR_AIR_H

#include <stdbool.h>

#include "models/energy/place.h"
#include "models/energy/sun.h"
#include "models/energy/weather.h"

struct clear_air {
	bool known;                       /* false: Haurwitz */
	bool monthly;                     /* false: turbidity[0] all year */
	double turbidity[WEATHER_MONTHS]; /* Linke's, in the middle of each month */
};

/* w was checked: its turbidity-months can be read. */
struct clear_air clear_air_make(const struct weather_par *w);

/* Linke's turbidity at an instant, of air that is known. */
double clear_air_turbidity(const struct clear_air *a, double utc_s);

/* Global light on the horizontal at an instant, under the sun that stands there then. */
double clear_air_ghi_w_m2(const struct clear_air *a, const struct place_par *place, double utc_s,
    const struct sun *sun);

#endif
