#include "models/energy/clearsky.h"

#include <math.h>

struct irradiance clearsky_ineichen(double apparent_zenith_rad, double air_mass, double turbidity,
    double altitude_m, double extra_w_m2)
{
	double cos_z = cos(apparent_zenith_rad);
	if (!(cos_z > 0)) return (struct irradiance){ 0 };

	double fh1 = exp(-altitude_m / 8000), fh2 = exp(-altitude_m / 1250);
	double cg1 = 5.09e-5 * altitude_m + 0.868;
	double cg2 = 3.92e-5 * altitude_m + 0.0387;
	double ghi = cg1 * extra_w_m2 * cos_z *
	    exp(-cg2 * air_mass * (fh1 + fh2 * (turbidity - 1)));

	double beam = extra_w_m2 * (0.664 + 0.163 / fh1) * exp(-0.09 * air_mass * (turbidity - 1));
	double share = 1 - (0.1 - 0.2 * exp(-turbidity)) / (0.1 + 0.882 / fh1);
	double beam_low_sun = ghi * fmax(share, 0) / cos_z;
	double dni = fmin(beam, beam_low_sun);
	return (struct irradiance){
		.ghi_w_m2 = ghi,
		.dni_w_m2 = dni,
		.dhi_w_m2 = ghi - dni * cos_z,
	};
}

double clearsky_haurwitz_w_m2(double apparent_zenith_rad)
{
	double cos_z = cos(apparent_zenith_rad);
	return cos_z > 0 ? 1098 * cos_z * exp(-0.059 / cos_z) : 0;
}
