#include "models/grid/zip.h"

#include <math.h>

static double share(const struct net_load *l, double pu)
{
	return l->power + pu * (l->current + pu * l->impedance);
}

/* The same where there is nothing but constant power: no root. */
static double complex constant_power(const struct net_load *l, double re, double im, double v2)
{
	double per_v2 = 1 / v2, p = creal(l->s_va) * per_v2, q = cimag(l->s_va) * per_v2;
	return p * re + q * im + I * (p * im - q * re);
}

/* Without cabs, fmin and fmax, which take longer than all the rest. Where the nominal voltage is
 * 0, in a part without a source, so is v, and the first test fails. */
double complex zip_current(const struct net_load *l, double complex v)
{
	double re = creal(v), im = cimag(v), v2 = re * re + im * im;
	double low_v = l->low_pu * l->nominal_v, high_v = l->high_pu * l->nominal_v;
	if (l->power == 1 && v2 >= low_v * low_v && v2 < high_v * high_v)
		return constant_power(l, re, im, v2);
	if (!(v2 > 0)) return 0;
	double is_v = sqrt(v2), at_v = is_v;
	double pu = at_v / l->nominal_v;
	bool is_low = pu < l->low_pu;
	double limit_pu = is_low ? l->low_pu : l->high_pu;
	if (is_low || pu > l->high_pu) {
		pu = limit_pu;
		at_v = limit_pu * l->nominal_v;
	}
	double per_v2 = share(l, pu) / (at_v * at_v);
	if (creal(l->s_va) < 0 && is_low) per_v2 *= at_v / is_v;
	double p = creal(l->s_va) * per_v2, q = cimag(l->s_va) * per_v2;
	return p * re + q * im + I * (p * im - q * re);
}
