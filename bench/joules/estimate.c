#include "bench/joules/estimate.h"

#include <math.h>

struct estimate estimate_energy(double idle_w, double tdp_w, double utilisation, double time_s)
{
	if (isnan(idle_w) || isnan(tdp_w) || isnan(utilisation))
		return (struct estimate){ NAN, NAN, NAN };
	double u = fmin(fmax(utilisation, 0), 1);
	return (struct estimate){
		.j = (idle_w + u * (tdp_w - idle_w)) * time_s,
		.low_j = idle_w * time_s,
		.high_j = tdp_w * time_s,
	};
}
