/* A low-voltage street: the cables of a radial feeder and where its customers hang.
 *
 *     <street name="short-street" drop="12 m" drop-cable="nayy-4x35">
 *       <segment from="substation" to="corner" length="80 m" cable="nayy-4x150"/>
 *       <segment from="corner" to="mill lane" length="45 m" cable="nayy-4x150" customers="3"/>
 *     </street>
 *
 * Places are names. One of them, the busbar, is where no segment ends; every
 * other is the end of exactly one, so that the street is a tree. `customers`
 * says how many service points stand at the segment's end, numbered through the
 * street in the order of the file: customer 0 of a run hangs at the first.
 *
 * A section is a four-wire line whose neutral is earthed at the substation only:
 * the phase-to-neutral voltage falls by z I_phase + z_n (I_a + I_b + I_c), where
 * z is the phase conductor's series impedance less the mutual one, and z_n that
 * of the neutral. In symmetrical components z_1 = z and z_0 = z + 3 z_n (Kersting,
 * Distribution System Modeling and Analysis, chapter 4), which is how a cable
 * whose zero sequence is known is entered: z_n = (z_0 - z_1) / 3. */
#ifndef HEARTH_MODELS_GRID_STREET_H
#define HEARTH_MODELS_GRID_STREET_H

#include <stdbool.h>
#include <stdint.h>

#include "models/class.h"
#include "models/grid/network.h"

struct cable_par {
	const char *name, *source;
	int verify;
	double r_ohm_m, x_ohm_m;   /* of a phase conductor */
	double rn_ohm_m, xn_ohm_m; /* of the neutral; NAN: as a phase conductor */
	double rating_a;           /* continuous, per conductor */
};

/* Where a service point is connected. */
enum phases { PHASES_ROTATE, PHASES_A, PHASES_B, PHASES_C, PHASES_ABC };

struct segment_par {
	const char *name; /* NULL: told as "from - to" */
	const char *from, *to;
	double length_m;
	const struct object *cable;
	int64_t customers;
	int phases; /* enum phases of its customers; ROTATE: a, b, c, a ... through the street */
};

struct street_par {
	const char *name, *source;
	double drop_m;                   /* cable from the segment's end to each customer */
	const struct object *drop_cable; /* NULL: customers hang at the segment's end */
};

extern const struct class cable_class, segment_class, street_class;

/* How many service points a <street> has. */
uint32_t street_points(const struct object *street);

/* Where a street is put into a network. */
struct street_place {
	const char *prefix; /* of the names of buses, lines and customers; "" where there is one */
	double nominal_v;   /* phase to neutral */
};

/* The bus where no segment ends: without the prefix, the street's to keep. */
const char *street_busbar(const struct object *street);

/* Adds the cables of a <street> that passed its check and its first `customers` service
 * points (at most street_points), each a customer of constant power without any yet. Its
 * busbar is the bus of that name; what feeds it is the caller's. */
void street_add(struct network *n, const struct object *street, const struct street_place *at,
    uint32_t customers);

#endif
