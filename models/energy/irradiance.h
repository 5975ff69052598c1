/* From global irradiance to the plane of a module.
 *
 * Plain arithmetic without branches or library calls, so that a loop over many
 * modules is vectorised and gives the same bits at every vector width. */
#ifndef HEARTH_MODELS_ENERGY_IRRADIANCE_H
#define HEARTH_MODELS_ENERGY_IRRADIANCE_H

#include <math.h>

struct irradiance {
	double ghi_w_m2; /* global, on the horizontal */
	double dni_w_m2; /* beam, on a plane that faces the sun */
	double dhi_w_m2; /* diffuse, on the horizontal: ghi - dni cos(zenith) */
};

/* On a tilted plane. */
struct plane_irradiance {
	double beam_w_m2, sky_w_m2, ground_w_m2;
};

static inline double irradiance_min(double a, double b)
{
	return a < b ? a : b;
}

static inline double irradiance_max(double a, double b)
{
	return a > b ? a : b;
}

/* The sun lower than 3 deg gives no beam: the clearness index means little there. */
#define IRRADIANCE_COS_ZENITH_MIN 0.052335956242943835 /* cos(87 deg) */

/* Splits global irradiance. D. G. Erbs, S. A. Klein and J. A. Duffie 1982,
 * "Estimation of the diffuse radiation fraction for hourly, daily and monthly-
 * average global radiation", Solar Energy 28(4), 293-302, eq. 1. The clearness
 * index is taken against at least cos(zenith) = 0.065 and held in 0..1. */
static inline struct irradiance irradiance_erbs(double ghi_w_m2, double cos_zenith,
    double extra_w_m2)
{
	double kt = ghi_w_m2 / (extra_w_m2 * irradiance_max(cos_zenith, 0.065));
	kt = irradiance_min(irradiance_max(kt, 0), 1);
	double low = 1 - 0.09 * kt;
	double mid = 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
	double share = kt <= 0.22 ? low : kt <= 0.8 ? mid : 0.165;
	double dhi = share * ghi_w_m2;
	double dni = (ghi_w_m2 - dhi) / irradiance_max(cos_zenith, IRRADIANCE_COS_ZENITH_MIN);
	int beam = cos_zenith >= IRRADIANCE_COS_ZENITH_MIN;
	return (struct irradiance){
		.ghi_w_m2 = ghi_w_m2,
		.dni_w_m2 = beam ? dni : 0,
		.dhi_w_m2 = beam ? dhi : ghi_w_m2,
	};
}

/* Onto a plane: J. E. Hay and J. A. Davies 1980, "Calculations of the solar
 * radiation incident on an inclined surface", Proc. First Canadian Solar
 * Radiation Data Workshop, 59-72. The share dni/extra of the diffuse light comes
 * from around the sun, the rest evenly from the sky. Ground: even, albedo of it.
 * cos_incidence: between the sun and the plane's normal, may be negative. */
static inline struct plane_irradiance irradiance_hay_davies(const struct irradiance *i,
    double cos_incidence, double cos_zenith, double cos_tilt, double extra_w_m2, double albedo_frac)
{
	double onto = irradiance_max(cos_incidence, 0);
	double ratio = onto / irradiance_max(cos_zenith, 0.01745); /* as at 89 deg when lower */
	double anisotropy = i->dni_w_m2 / extra_w_m2;
	double even = (1 - anisotropy) * 0.5 * (1 + cos_tilt);
	return (struct plane_irradiance){
		.beam_w_m2 = i->dni_w_m2 * onto,
		.sky_w_m2 = i->dhi_w_m2 * (anisotropy * ratio + even),
		.ground_w_m2 = i->ghi_w_m2 * albedo_frac * 0.5 * (1 - cos_tilt),
	};
}

/* Perez's bins: coefficients F11, F12, F13, F21, F22, F23 (models/energy/irradiance.c). */
enum { IRRADIANCE_PEREZ_BINS = 8 };
extern const double irradiance_perez_row[IRRADIANCE_PEREZ_BINS][6];

/* Onto a plane, with a brighter ring around the sun and a band above the horizon: R.
 * Perez, P. Ineichen, R. Seals, J. Michalsky and R. Stewart 1990, "Modeling daylight
 * availability and irradiance components from direct and global irradiance", Solar
 * Energy 44(5), 271-289, eq. 1, 2, 5, 9, with the
 * coefficients of all sites (table 6).
 * Angles are those of the sun as seen; air_mass: relative. No light without diffuse. */
static inline struct plane_irradiance irradiance_perez(const struct irradiance *i,
    double cos_incidence, double cos_zenith, double zenith_rad, double air_mass, double cos_tilt,
    double extra_w_m2, double albedo_frac)
{
	double z3 = 1.041 * zenith_rad * zenith_rad * zenith_rad;
	double ratio = (i->dhi_w_m2 + i->dni_w_m2) / i->dhi_w_m2;
	double clearness = (ratio + z3) / (1 + z3); /* not a number without diffuse: bin 0 */
	int bin = (clearness >= 1.065) + (clearness >= 1.23) + (clearness >= 1.5) +
	    (clearness >= 1.95) + (clearness >= 2.8) + (clearness >= 4.5) + (clearness >= 6.2);
	const double *f = irradiance_perez_row[bin];
	double brightness = i->dhi_w_m2 * air_mass / extra_w_m2;
	double ring = irradiance_max(f[0] + f[1] * brightness + f[2] * zenith_rad, 0);
	double band = f[3] + f[4] * brightness + f[5] * zenith_rad;
	double onto = irradiance_max(cos_incidence, 0);
	double below = irradiance_max(cos_zenith, 0.0871557427476582); /* cos(85 deg) */
	double even = 0.5 * (1 - ring) * (1 + cos_tilt);
	double sin_tilt = sqrt(irradiance_max(1 - cos_tilt * cos_tilt, 0));
	double sky = i->dhi_w_m2 * (even + ring * onto / below + band * sin_tilt);
	return (struct plane_irradiance){
		.beam_w_m2 = i->dni_w_m2 * onto,
		.sky_w_m2 = irradiance_max(sky, 0),
		.ground_w_m2 = i->ghi_w_m2 * albedo_frac * 0.5 * (1 - cos_tilt),
	};
}

/* What glass lets through of the beam, relative to right incidence. W. De Soto,
 * S. A. Klein and W. A. Beckman 2006, "Improvement and validation of a model for
 * photovoltaic array performance", Solar Energy 80(1), 78-88, eq. 8-10: Fresnel
 * and Bouguer for glass of index 1.526, 2 mm thick, extinction 4/m. 0 for light
 * from behind. The exponential is cut after its cubic term: error below 6e-10. */
static inline double irradiance_glass_frac(double cos_incidence)
{
	const double n = 1.526, kl = 4 * 0.002;
	const double exp_kl = 0.99203191483706066; /* exp(-kl) */
	const double through_0 = (1 - (n - 1) * (n - 1) / ((n + 1) * (n + 1))) * exp_kl;
	double c = irradiance_max(cos_incidence, 0);
	double cr = sqrt(1 - (1 - c * c) / (n * n)); /* cosine inside the glass */
	double s = (c - n * cr) / (c + n * cr), p = (cr - n * c) / (cr + n * c);
	double x = kl / cr;
	double absorbed = x * (1 - x * (0.5 - x / 6)); /* 1 - exp(-x) */
	return (1 - 0.5 * (s * s + p * p)) * (1 - absorbed) / through_0;
}

#endif
