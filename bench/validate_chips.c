/* Rows of data/chips.xml against the published totals that they were made from. */
#include <math.h>

#include "bench/validate_spiking.h"
#include "models/compute/spikes.h"

/* So many chips drew j in time_s, while this happened on all of them. */
struct total {
	const char *what, *chip, *table;
	double chips, time_s;
	struct spike_counts done;
	double j, limit_frac;
};

/* A neuron's share of a crossbar: 2^20 neurons at 128 synapses each. */
#define TRUENORTH_SYNOPS(hz) (1048576 * 128 * (hz))

#define INTEL     "Intel 2024, Hala Point"
#define AKOPYAN   "Akopyan et al. 2015"
#define STRADMANN "Stradmann et al. 2022"
#define YAO       "Yao et al. 2024"

/* Not judged: a row whose figure lumps the energy of another activity, where it is bound to be
 * off; it says by how much. */
static const struct total totals[] = {
	{ "Hala Point for a second at its full rate", "hala-point", INTEL, 1152, 1,
	    { .synops = 380e12 }, 2600, 0.005 },
	{ "1152 chips of Loihi 2 at that rate", "loihi-2", INTEL, 1152, 1, { .synops = 380e12 },
	    2600, 0.005 },
	{ "TrueNorth for a second at 20.07 Hz", "truenorth", AKOPYAN, 1, 1,
	    { .synops = TRUENORTH_SYNOPS(20.07) }, 71e-3, 0.01 },
	{ "the same at 95.93 Hz", "truenorth", AKOPYAN, 1, 1, { .synops = TRUENORTH_SYNOPS(95.93) },
	    94e-3, 0.01 },
	{ "the same at 95.93 Hz by the famous 26 pJ, measured at 20 Hz", "truenorth-typical",
	    AKOPYAN, 1, 1, { .synops = TRUENORTH_SYNOPS(95.93) }, 94e-3, NAN },
	{ "BrainScaleS-2, an electrocardiogram in 276 us, chip", "brainscales-2", STRADMANN, 1,
	    276e-6, { 0 }, 192e-6, 0.005 },
	{ "the same, system: 5.6 W", "brainscales-2-system", STRADMANN, 1, 276e-6, { 0 }, 1.546e-3,
	    0.005 },
	{ "Speck, 540 ms of gestures, 1.0e6 spikes", "speck", YAO, 1, 0.54, { .fires = 1.0e6 },
	    9.5e-3 * 0.54, 0.01 },
	{ "Speck, 540 ms of gait by day, 2.9e6 spikes", "speck", YAO, 1, 0.54, { .fires = 2.9e6 },
	    16.1e-3 * 0.54, NAN },
	{ "Speck, 540 ms of gait by night, 3.3e6 spikes", "speck", YAO, 1, 0.54, { .fires = 3.3e6 },
	    46.8e-3 * 0.54, NAN },
};

static void compare(struct validate_job *j, const struct total *t)
{
	const struct object *row = bed_row(j->catalogue, &chip_class, t->chip, j->e);
	if (!row) return;
	struct spike_energy e = spike_energy_of(row->par, &t->done, t->chips, t->time_s);
	validate_figure(j, (struct validate_row){ .what = t->what,
			       .table = t->table,
			       .low = t->j,
			       .high = t->j,
			       .ours = spike_energy_sum(&e),
			       .dim = DIM_ENERGY,
			       .limit_frac = t->limit_frac });
}

void validate_chips(struct validate_job *j)
{
	for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) compare(j, &totals[i]);
}
