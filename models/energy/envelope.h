/* The thermal parameters of a house by its floor area and insulation.
 *
 * The house is a box of one storey, 2.44 m high and 1.5 times as long as wide, with 15 %
 * of its walls glazed and four doors: the defaults of GridLAB-D's house (file house_e.cpp
 * of release 5.3), whose formulas these are. They are in feet, pounds and degrees
 * Fahrenheit there; here they are SI. UA of levels 4 to 6, Ca, Cm, Hm and the glass agree
 * with three houses that it computed to 1e-9 (tests/test_etp.c); levels 0 to 3 are recalled. */
#ifndef HEARTH_MODELS_ENERGY_ENVELOPE_H
#define HEARTH_MODELS_ENERGY_ENVELOPE_H

#include "models/energy/etp.h"

/* Heat resistances of roof, wall, floor and doors in h ft2 degF/Btu, conductance of the
 * windows in its inverse, air changes an hour. */
#define ENVELOPE_LIST(X) \
	X("very little", 11, 4, 4, 3, 1.27, 1.5) \
	X("little", 19, 11, 4, 3, 0.81, 1.5) \
	X("below normal", 19, 11, 11, 3, 0.81, 1.0) \
	X("normal", 30, 11, 19, 3, 0.60, 1.0) \
	X("above normal", 30, 19, 19, 3, 0.60, 1.0) \
	X("good", 30, 19, 22, 5, 0.47, 0.5) \
	X("very good", 48, 22, 30, 11, 0.31, 0.5)

enum {
#define X(...) +1
	ENVELOPE_LEVELS = 0 ENVELOPE_LIST(X)
#undef X
};

/* Units of the sources. International table Btu (ISO 31-4:1992), foot of 0.3048 m. */
#define BTU_J 1055.05585262
#define BTU_H_W (BTU_J / 3600)
#define BTU_F_J_K (BTU_J * 1.8)
#define BTU_H_F_W_K (BTU_H_W * 1.8)
#define FOOT_M 0.3048

static inline double fahrenheit_k(double f)
{
	return (f - 32) / 1.8 + 273.15;
}

static inline double kelvin_f(double k)
{
	return (k - 273.15) * 1.8 + 32;
}

struct envelope {
	struct etp heat;
	double aperture_m2; /* of sun: windows times what glass and frame let through, 0.402 */
};

/* floor_m2 > 8, level 0 to ENVELOPE_LEVELS - 1. */
struct envelope envelope_make(double floor_m2, int level);

#endif
