#include "models/work/profile.h"

#include <math.h>

enum { HOURS = 24 };

static const double factors[PROFILES][HOURS] = {
	[PROFILE_FLAT] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },

	/* Measured: request rates of three classes of hosted language models over 14
	 * days (Xiang et al. 2025, "ServeGen: workload characterization and generation
	 * of large language model serving in production", released client rates). Each
	 * class's mean rate by hour of day, divided by its mean over the day; the mean
	 * of the three; divided by its largest. The first window is taken for midnight:
	 * the least use then falls at 5 and the most at 20 o'clock, as chat at home
	 * does. Programs ask too, which keeps the night above two thirds. */
	[PROFILE_EVENING] = { 0.789, 0.766, 0.795, 0.772, 0.734, 0.688, 0.699, 0.759, 0.772, 0.809,
	    0.910, 0.919, 0.829, 0.883, 0.879, 0.817, 0.844, 0.856, 0.819, 0.905, 1.000, 0.946,
	    0.916, 0.880 },

	/* Assumed: asked by people at work, so as their presence: weekday occupancy of
	 * the medium office among the commercial reference buildings (Deru et al. 2011,
	 * "U.S. Department of Energy commercial reference building models",
	 * NREL/TP-5500-46861), divided by its largest, 0.95. */
	[PROFILE_OFFICE] = { 0, 0, 0, 0, 0, 0, 0.10 / 0.95, 0.20 / 0.95, 1, 1, 1, 1, 0.50 / 0.95, 1,
	    1, 1, 1, 0.70 / 0.95, 0.40 / 0.95, 0.40 / 0.95, 0.10 / 0.95, 0.10 / 0.95, 0.05 / 0.95,
	    0.05 / 0.95 },
};

double profile_factor(enum profile p, double local_s)
{
	double hour = floor(local_s / 3600);
	double of_day = hour - HOURS * floor(hour / HOURS);
	return factors[p][(int)of_day];
}
