#include "models/grid/zip.h"

#include <math.h>

static double share(const struct net_load *l, double pu)
{
	return l->power + pu * (l->current + pu * l->impedance);
}

/* Without cabs, fmin and fmax, which take longer than all the rest. */
double complex zip_current(const struct net_load *l, double complex v)
{
	double re = creal(v), im = cimag(v), at_v = sqrt(re * re + im * im);
	double pu = at_v / l->nominal_v, limit_pu = pu < l->low_pu ? l->low_pu : l->high_pu;
	if (pu < l->low_pu || pu > l->high_pu) {
		pu = limit_pu;
		at_v = limit_pu * l->nominal_v;
	}
	double per_v2 = share(l, pu) / (at_v * at_v);
	double p = creal(l->s_va) * per_v2, q = cimag(l->s_va) * per_v2;
	return p * re + q * im + I * (p * im - q * re);
}
