/* Where the sun stands and how much air lies before it.
 *
 * Position: J. J. Michalsky 1988, "The Astronomical Almanac's algorithm for
 * approximate solar position (1950-2050)", Solar Energy 40(3), 227-235: good to
 * 0.01 deg in these years. Angles in radians; azimuth clockwise from north. */
#ifndef HEARTH_MODELS_ENERGY_SUN_H
#define HEARTH_MODELS_ENERGY_SUN_H

/* Unit vector from the place towards the sun, without refraction. */
struct sun {
	double east, north, up; /* up = cos(zenith) */
};

/* utc_s: seconds since 1970-01-01T00:00Z; longitude east positive. */
struct sun sun_at(double utc_s, double latitude_rad, double longitude_rad);

double sun_zenith_rad(const struct sun *s);  /* 0 to pi */
double sun_azimuth_rad(const struct sun *s); /* 0 to 2 pi */

/* What the air lifts the sun by, seen from sea level (Michalsky 1988, p. 228);
 * 0 when the true elevation is below -0.56 deg. */
double sun_refraction_rad(double elevation_rad);

/* Irradiance on a plane that faces the sun outside the air, W/m2. J. W. Spencer
 * 1971, "Fourier series representation of the position of the sun", Search 2(5),
 * 172; the day is the whole day of the year in UTC, as is usual. */
double sun_extraterrestrial_w_m2(double utc_s);

/* Solar constant: C. Froehlich and R. W. Brusa 1981, Solar Physics 74, 209, as
 * revised to 1366.1 in ASTM E490-00a. */
#define SUN_CONSTANT_W_M2 1366.1

/* Optical air mass at sea level relative to the zenith's. F. Kasten and A. T.
 * Young 1989, Applied Optics 28(22), 4735-4738, eq. 3. Takes the zenith angle
 * with refraction, 0 to pi/2. */
double sun_air_mass(double apparent_zenith_rad);

/* Pressure of the standard atmosphere. ICAO Doc 7488 (1993), troposphere. */
double sun_pressure_pa(double altitude_m);
#define SUN_PRESSURE_SEA_PA 101325.0

#endif
