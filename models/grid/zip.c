#include "models/grid/zip.h"

#include <math.h>

static double share(const struct net_load *l, double pu)
{
	return l->power + pu * (l->current + pu * l->impedance);
}

double complex zip_current(const struct net_load *l, double complex v)
{
	double pu = cabs(v) / l->nominal_v, at_pu = fmin(fmax(pu, l->low_pu), l->high_pu);
	double at_v = pu < l->low_pu || pu > l->high_pu ? at_pu * l->nominal_v : cabs(v);
	return conj(l->s_va) * share(l, at_pu) * v / (at_v * at_v);
}
