#include "models/energy/envelope.h"

#include <assert.h>
#include <math.h>

static const struct level {
	double roof, wall, floor, doors, windows_u, changes_per_h;
} levels[ENVELOPE_LEVELS] = {
#define X(name, roof, wall, floor, doors, windows, changes) \
	{ roof, wall, floor, doors, windows, changes },
	ENVELOPE_LIST(X)
#undef X
};

/* Surfaces, all in square feet. */
struct surfaces {
	double floor, gross_wall, windows, doors, wall;
};

static const double ceiling_ft = 8, aspect = 1.5, glazed_frac = 0.15;
static const double doors_ft2 = 4 * 3 * 6.5; /* four of 3 ft by 78 in */

static struct surfaces surfaces_make(double floor_ft2)
{
	struct surfaces s = { .floor = floor_ft2, .doors = doors_ft2 };
	s.gross_wall = 2 * (aspect + 1) * ceiling_ft * sqrt(floor_ft2 / aspect);
	s.windows = glazed_frac * s.gross_wall;
	s.wall = s.gross_wall - s.windows - s.doors;
	return s;
}

/* Air of 0.0735 lb/ft3 and 0.2402 Btu/(lb degF); the air's node counts three times over,
 * for what follows it at once. Mass: 2 Btu/degF of a square foot of floor, less that. Air to
 * mass: 1.46 Btu/(h ft2 degF) of outer walls, inner walls (1.5 of the outer) and ceiling. */
struct envelope envelope_make(double floor_m2, int level)
{
	assert(floor_m2 > 8 && level >= 0 && level < ENVELOPE_LEVELS);
	const struct level *l = &levels[level];
	struct surfaces s = surfaces_make(floor_m2 / (FOOT_M * FOOT_M));
	double air = 0.0735 * 0.2402 * s.floor * ceiling_ft; /* Btu/degF */
	double ua = s.floor / l->roof + s.floor / l->floor + s.wall / l->wall +
	    s.windows * l->windows_u + s.doors / l->doors + l->changes_per_h * air;
	double inner = 1.5 * s.gross_wall;
	return (struct envelope){
		.heat = {
			.ua_w_k = ua * BTU_H_F_W_K,
			.hm_w_k = 1.46 * (s.wall + inner + s.floor) * BTU_H_F_W_K,
			.ca_j_k = 3 * air * BTU_F_J_K,
			.cm_j_k = (2 * s.floor - 2 * air) * BTU_F_J_K,
		},
		.aperture_m2 = 0.67 * 0.6 * s.windows * FOOT_M * FOOT_M,
	};
}
