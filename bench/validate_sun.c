/* The sun's place against NREL's SPA, and light from it onto a plane against pvlib
 * 0.15 on reference days at four places (Bengaluru, Berlin, Phoenix, Sydney). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/validate_energy.h"
#include "bench/validate_sites.h"
#include "models/energy/clearsky.h"
#include "models/energy/sun.h"

#define RAD (M_PI / 180)

static void random_places(struct validate_job *j)
{
	static const char *const columns[] = { "unix", "lat", "lon", "zenith", "azimuth", NULL };
	const char *table = "reference/pv/spa_random.csv";
	char *path = validate_table(j, table);
	if (!path) return;
	struct worst zenith = { 0 }, along = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t)) {
		struct sun s = sun_at(sheet_number(&t, "unix"), sheet_number(&t, "lat") * RAD,
		    sheet_number(&t, "lon") * RAD);
		double zenith_rad = sun_zenith_rad(&s);
		double turned =
		    remainder(sun_azimuth_rad(&s) / RAD - sheet_number(&t, "azimuth"), 360);
		worst_add(&zenith, zenith_rad / RAD - sheet_number(&t, "zenith"));
		worst_add(&along, turned * sin(zenith_rad));
	}
	sheet_close(&t);
	free(path);
	validate_worst(j, "sun's zenith, 1990-2060, against SPA", table, zenith, "deg", 0.02);
	validate_worst(j, "sun's azimuth along the sky, against SPA", table, along, "deg", 0.02);
}

static double stamp_s(const char *text)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return end && !*end ? (double)timegm(&tm) : NAN;
}

/* When the sun's upper edge passes the horizon, within two hours of `near_s`: the
 * centre then stands 50' below it (34' of refraction, 16' of half diameter). */
static double crossing_s(const struct ref_site *site, double near_s)
{
	const double edge = -sin(50.0 / 60 * RAD);
	double from = near_s - 7200, to = near_s + 7200;
	struct sun s = sun_at(from, site->latitude_rad, site->longitude_rad);
	bool rises = s.up < edge;
	for (int i = 0; i < 40; i++) {
		double mid = 0.5 * (from + to);
		s = sun_at(mid, site->latitude_rad, site->longitude_rad);
		if ((s.up < edge) == rises)
			from = mid;
		else
			to = mid;
	}
	return from;
}

/* The table is computed a UTC day at a time. Where the event falls on another day it is
 * off: SPA itself has the sun up to 0.18 deg from the horizon at those times. */
struct crossings {
	struct worst same_day, other_day;
};

static void add_crossing(
    struct crossings *c, const struct ref_site *site, const struct sheet *t, const char *column)
{
	const char *stamp = sheet_text(t, column);
	double want_s = stamp_s(stamp);
	bool same = !strncmp(stamp, sheet_text(t, "date_utc"), 10);
	worst_add(same ? &c->same_day : &c->other_day, crossing_s(site, want_s) - want_s);
}

static void rise_and_set(struct validate_job *j)
{
	static const char *const columns[] = { "site", "date_utc", "sunrise_utc", "sunset_utc",
		NULL };
	const char *table = "reference/pv/sunrise_sunset.csv";
	struct ref_site site[SITES_MAX];
	size_t sites = ref_sites(j, site);
	char *path = sites ? validate_table(j, table) : NULL;
	if (!path) return;
	struct crossings c = { 0 };
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && sheet_next(&t))
		for (size_t i = 0; i < sites; i++) {
			if (!sheet_is(&t, "site", site[i].name)) continue;
			add_crossing(&c, &site[i], &t, "sunrise_utc");
			add_crossing(&c, &site[i], &t, "sunset_utc");
		}
	sheet_close(&t);
	free(path);
	validate_worst(j, "sunrise and sunset, against SPA", table, c.same_day, "s", 10);
	validate_worst(
	    j, "the same on another UTC day, where the table is off", table, c.other_day, "s", NAN);
}

struct light_errors {
	struct worst extra, mass, clear, haurwitz, erbs, hay, perez, ground;
};

static void add_relative(struct worst *w, double got, double want, double scale)
{
	if (!isnan(want)) worst_add(w, (got - want) / scale);
}

static void add_clear(const struct ref_site *s, const struct sheet *t, struct light_errors *x)
{
	double seen = ref_number(t, "apparent_zenith") * RAD;
	double extra = ref_number(t, "dni_extra_spencer"), mass = ref_number(t, "airmass_abs");
	double relative = ref_number(t, "airmass_rel_ky89");
	add_relative(&x->extra, sun_extraterrestrial_w_m2(ref_number(t, "unix")), extra, extra);
	if (isnan(mass)) return;
	add_relative(&x->mass, sun_air_mass(seen), relative, relative);
	struct irradiance c = clearsky_ineichen(seen, mass, s->turbidity, s->altitude_m, extra);
	struct irradiance want = ref_light(t, "ineichen_ghi", "ineichen_dni", "ineichen_dhi");
	add_relative(&x->clear, c.ghi_w_m2, want.ghi_w_m2, REF_LIGHT_W_M2);
	add_relative(&x->clear, c.dni_w_m2, want.dni_w_m2, REF_LIGHT_W_M2);
	add_relative(&x->clear, c.dhi_w_m2, want.dhi_w_m2, REF_LIGHT_W_M2);
	add_relative(&x->haurwitz, clearsky_haurwitz_w_m2(seen), ref_number(t, "haurwitz_ghi"),
	    REF_LIGHT_W_M2);
}

/* The beam is compared on the horizontal: divided by the cosine of a low sun, the last
 * printed digit of the global light alone is 1e-6 of the scale. */
static void add_split(const struct sheet *t, struct light_errors *x)
{
	double up = cos(ref_number(t, "zenith") * RAD);
	struct irradiance e =
	    irradiance_erbs(ref_number(t, "cloudy_ghi_in"), up, ref_number(t, "dni_extra_spencer"));
	add_relative(&x->erbs, e.dhi_w_m2, ref_number(t, "erbs_dhi"), REF_LIGHT_W_M2);
	add_relative(&x->erbs, e.dni_w_m2 * up, ref_number(t, "erbs_dni") * up, REF_LIGHT_W_M2);
}

static void add_plane(const struct ref_site *s, const struct sheet *t, struct light_errors *x,
    const struct irradiance *sky, const char *const column[4])
{
	double extra = ref_number(t, "dni_extra_spencer"), up_tilt = cos(s->tilt_rad);
	double zenith = ref_number(t, "apparent_zenith") * RAD,
	       onto = cos(ref_number(t, "aoi") * RAD);
	double mass = ref_number(t, "airmass_rel_ky89");
	struct plane_irradiance h =
	    irradiance_hay_davies(sky, onto, cos(zenith), up_tilt, extra, s->albedo_frac);
	add_relative(&x->hay, h.sky_w_m2, ref_number(t, column[0]), REF_LIGHT_W_M2);
	add_relative(&x->hay, h.beam_w_m2, ref_number(t, column[1]), REF_LIGHT_W_M2);
	add_relative(&x->ground, h.ground_w_m2, ref_number(t, column[2]), REF_LIGHT_W_M2);
	if (isnan(mass)) return; /* the sun is down */
	struct plane_irradiance p =
	    irradiance_perez(sky, onto, cos(zenith), zenith, mass, up_tilt, extra, s->albedo_frac);
	add_relative(&x->perez, p.sky_w_m2, ref_number(t, column[3]), REF_LIGHT_W_M2);
}

static void add_row(const struct ref_site *s, const struct sheet *t, void *arg)
{
	static const char *const clear[4] = { "cs_poa_sky_haydavies", "cs_poa_direct",
		"cs_poa_ground", "cs_poa_sky_perez" };
	static const char *const cloudy[4] = { "cl_poa_sky_haydavies", "cl_poa_direct",
		"cl_poa_ground", "cl_poa_sky_perez" };
	struct light_errors *x = arg;
	struct irradiance under_clear =
	    ref_light(t, "ineichen_ghi", "ineichen_dni", "ineichen_dhi");
	struct irradiance under_cloud = ref_light(t, "cloudy_ghi_in", "erbs_dni", "erbs_dhi");
	add_clear(s, t, x);
	add_split(t, x);
	add_plane(s, t, x, &under_clear, clear);
	add_plane(s, t, x, &under_cloud, cloudy);
}

void validate_sun(struct validate_job *j)
{
	const char *table = "reference/pv/pv_*.csv";
	struct light_errors x = { 0 };
	random_places(j);
	rise_and_set(j);
	ref_rows(j, add_row, &x);
	validate_worst(j, "light outside the air, Spencer", table, x.extra, "", 1e-6);
	validate_worst(j, "air mass, Kasten and Young", table, x.mass, "", 1e-6);
	validate_worst(j, "clear sky, Ineichen and Perez, of 1000 W/m2", table, x.clear, "", 1e-6);
	validate_worst(j, "clear sky, Haurwitz, of 1000 W/m2", table, x.haurwitz, "", 1e-6);
	validate_worst(j, "Erbs's split, on the horizontal, of 1000 W/m2", table, x.erbs, "", 1e-6);
	validate_worst(j, "onto a plane, Hay and Davies, of 1000 W/m2", table, x.hay, "", 1e-6);
	validate_worst(j, "onto a plane, Perez 1990, of 1000 W/m2", table, x.perez, "", 1e-6);
	validate_worst(j, "onto a plane, from the ground, of 1000 W/m2", table, x.ground, "", 1e-6);
}
