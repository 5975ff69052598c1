/* Random networks for the tests of the power flow's engines: trees of lines, transformers and
 * regulators with any load, which the sweep takes; and what those tests do with them. */
#ifndef HEARTH_TESTS_PLANT_H
#define HEARTH_TESTS_PLANT_H

#include "base/rng.h"
#include "models/grid/nodal.h"
#include "models/grid/sweep.h"

enum { PLANT_BUSES = 61, PLANT_LOADS = 41, PLANT_ONES = 97 };

struct plant_bus {
	uint32_t node[NET_PHASES];
	int phases;
	double v_v; /* phase to earth */
};

struct plant {
	struct network *n; /* owned by who made the plant */
	struct pcg64 g;
	struct plant_bus bus[PLANT_BUSES];
	int buses;
};

extern const double plant_no_shunt[NET_PHASES * NET_PHASES];

struct plant plant_new(uint64_t seed);

/* A tree of one phase: lines, complex taps, regulators, loads of constant power, of which
 * `heavy` ones leave their limits here and there. */
struct network *plant_one_phase(struct plant *p, uint64_t seed, double heavy);

double plant_some(struct plant *p, double low, double high);
int plant_below(struct plant *p, int n);
double complex plant_turned(double size, double degrees);

/* A bus with some of the phases of another: all, or from one to all but one; and one more at
 * the end of a new line. */
struct plant_bus *plant_bus(struct plant *p, const struct plant_bus *like, bool fewer);
void plant_line(struct plant *p, const struct plant_bus *from, bool fewer);

struct nodal *plant_nodal(const struct network *n); /* must be solvable */

/* The largest difference between the two, of a node's nominal voltage; each at rest to 1e-13.
 * Dead nodes must be at 0 V. */
double plant_differ_pu(const struct network *n, struct nodal *reference, struct sweep *s);

/* Taps and sources: what sweep_retap and nodal_retap take. */
void plant_move_taps(struct plant *p);

/* Every admittance; every fifth line gets a shunt, so that it is a series branch no more. */
void plant_change_elements(struct plant *p);

/* A published feeder of $HEARTH_SHARED, which is not part of hearth: skips the test without. */
struct network *plant_feeder(const char *name);

#endif
