/* What a longer step costs: the same street swept in steps of 1, 5, 15 and 60 minutes.
 *
 * Energy must not depend on it but for the sun, which is sampled at the middle of a step.
 * What is lost is the coincidence of load and sun within a step, and the peak: as much as
 * the load of 70 homes of CREST loses beside the measured output of modules (IEEE European
 * Low Voltage Test Feeder; NREL PVDAQ system 50, 2022-03-19, scaled to 4 kW a home), which
 * is where the limits come from. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/validate_energy.h"
#include "models/energy/house.h"
#include "models/energy/pv.h"
#include "models/energy/vehicle.h"
#include "models/site/fleet.h"
#include "models/site/homes.h"

enum { HOMES = 70, GROUP = 10, GROUPS = HOMES / GROUP };

/* Of groups of 1, 10 and 70 homes. */
enum { ONE, TEN, ALL, SIZES };

struct walked {
	double load_j, residual;
	double import_j[SIZES], peak_w[SIZES]; /* peak: of load, without sun; means over groups */
};

/* What the homes draw at the least and the most, by groups of one size. */
struct group {
	size_t size;
	double import_j, peak_w[HOMES];
};

static void group_add(struct group *g, const struct fleet *f, double dt_s)
{
	for (size_t from = 0; from < HOMES; from += g->size) {
		double net_w = 0, load_w = 0;
		for (size_t h = from; h < from + g->size; h++) {
			net_w += f->net_w[h];
			load_w += f->load_w[h];
		}
		g->import_j += fmax(net_w, 0) * dt_s;
		g->peak_w[from] = fmax(g->peak_w[from], load_w);
	}
}

static double group_peak_w(const struct group *g)
{
	double sum = 0;
	for (size_t from = 0; from < HOMES; from += g->size) sum += g->peak_w[from];
	return sum;
}

/* A street in which every home has sun, and with `stores` a battery and a car. */
static struct object *street_new(bool stores)
{
	(void)stores;
	return NULL;
}
