#include "models/energy/sun.h"

#include <math.h>

#define RAD (M_PI / 180)

/* Days from 1970-01-01T00:00 to 2000-01-01T12:00 UT, from where the almanac counts. */
static const double almanac_day = 10957.5;

struct sun sun_at(double utc_s, double latitude_rad, double longitude_rad)
{
	double n = utc_s / 86400 - almanac_day;
	double mean_longitude = (280.460 + 0.9856474 * n) * RAD;
	double mean_anomaly = (357.528 + 0.9856003 * n) * RAD;
	double ecliptic_longitude = mean_longitude +
	    (1.915 * sin(mean_anomaly) + 0.020 * sin(2 * mean_anomaly)) * RAD;
	double obliquity = (23.439 - 0.0000004 * n) * RAD;

	double right_ascension = atan2(cos(obliquity) * sin(ecliptic_longitude),
	    cos(ecliptic_longitude));
	double sin_decl = sin(obliquity) * sin(ecliptic_longitude);
	double cos_decl = sqrt(1 - sin_decl * sin_decl);

	double hour_ut = (utc_s - 86400 * floor(utc_s / 86400)) / 3600;
	double sidereal_h = 6.697375 + 0.0657098242 * n + hour_ut;
	double hour_angle = sidereal_h * 15 * RAD + longitude_rad - right_ascension;

	double sin_lat = sin(latitude_rad), cos_lat = cos(latitude_rad);
	double cos_ha = cos(hour_angle);
	return (struct sun){
		.east = -cos_decl * sin(hour_angle),
		.north = sin_decl * cos_lat - cos_decl * sin_lat * cos_ha,
		.up = sin_decl * sin_lat + cos_decl * cos_lat * cos_ha,
	};
}

double sun_zenith_rad(const struct sun *s)
{
	return atan2(hypot(s->east, s->north), s->up); /* acos loses digits near the zenith */
}

double sun_azimuth_rad(const struct sun *s)
{
	double a = atan2(s->east, s->north);
	return a < 0 ? a + 2 * M_PI : a;
}

double sun_refraction_rad(double elevation_rad)
{
	double e = elevation_rad / RAD;
	if (e <= -0.56) return 0;
	return RAD * 3.51561 * (0.1594 + 0.0196 * e + 0.00002 * e * e) /
	    (1 + 0.505 * e + 0.0845 * e * e);
}

/* Whole days since 1 January of the year that `day` (since 1970-01-01) lies in,
 * counted in cycles of four years of 1461 days: right from 1901 to 2099. */
static long day_of_year(long day)
{
	long since_1968 = day + 731;          /* 1968-01-01, a leap year */
	long in_cycle = since_1968 % 1461;
	if (in_cycle < 0) in_cycle += 1461;
	return in_cycle < 366 ? in_cycle : (in_cycle - 366) % 365;
}

double sun_extraterrestrial_w_m2(double utc_s)
{
	double b = 2 * M_PI * (double)day_of_year((long)floor(utc_s / 86400)) / 365;
	double ratio = 1.00011 + 0.034221 * cos(b) + 0.00128 * sin(b) + 0.000719 * cos(2 * b) +
	    7.7e-5 * sin(2 * b);
	return SUN_CONSTANT_W_M2 * ratio;
}

double sun_air_mass(double apparent_zenith_rad)
{
	double z_deg = apparent_zenith_rad / RAD;
	return 1 / (cos(apparent_zenith_rad) + 0.50572 * pow(96.07995 - z_deg, -1.6364));
}

double sun_pressure_pa(double altitude_m)
{
	return 100 * pow((44331.514 - altitude_m) / 11880.516, 1 / 0.1902632);
}
