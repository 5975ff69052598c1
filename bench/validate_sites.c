#include "bench/validate_sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define RAD (M_PI / 180)

static struct ref_site read_site(const struct sheet *t)
{
	struct ref_site s = {
		.latitude_rad = sheet_number(t, "lat_deg") * RAD,
		.longitude_rad = sheet_number(t, "lon_deg_east") * RAD,
		.altitude_m = sheet_number(t, "altitude_m"),
		.turbidity = sheet_number(t, "linke_turbidity"),
		.tilt_rad = sheet_number(t, "tilt_deg") * RAD,
		.azimuth_rad = sheet_number(t, "azimuth_deg_from_north") * RAD,
		.capacity_w = sheet_number(t, "pdc0_W"),
		.inverter_w = sheet_number(t, "pac0_W"),
		.albedo_frac = sheet_number(t, "albedo"),
		.loss_frac = sheet_number(t, "losses_percent") / 100,
	};
	snprintf(s.name, sizeof s.name, "%s", sheet_text(t, "site"));
	return s;
}

size_t ref_sites(struct validate_job *j, struct ref_site site[SITES_MAX])
{
	static const char *const columns[] = { "site", "lat_deg", "lon_deg_east", "altitude_m",
		"linke_turbidity", "tilt_deg", "azimuth_deg_from_north", "pdc0_W", "pac0_W",
		"albedo", "losses_percent", NULL };
	char *path = validate_table(j, "reference/pv/sites.csv");
	size_t n = 0;
	if (!path) return 0;
	struct sheet t;
	bool good = sheet_open(&t, path, columns, j->e);
	while (good && n < SITES_MAX && sheet_next(&t)) site[n++] = read_site(&t);
	sheet_close(&t);
	free(path);
	return n;
}

void ref_rows(struct validate_job *j,
    void (*each)(const struct ref_site *s, const struct sheet *t, void *arg), void *arg)
{
	static const char *const columns[] = { "unix", "zenith", "apparent_zenith", "airmass_abs",
		"ineichen_ghi", "cloudy_ghi_in", "cs_poa_haydavies", "cs_pac", "cl_pac", NULL };
	struct ref_site site[SITES_MAX];
	size_t sites = ref_sites(j, site);
	for (size_t i = 0; i < sites; i++) {
		char *name = mem_print("reference/pv/pv_%s.csv", site[i].name);
		char *path = validate_table(j, name);
		free(name);
		if (!path) continue;
		struct sheet t;
		bool good = sheet_open(&t, path, columns, j->e);
		while (good && sheet_next(&t)) each(&site[i], &t, arg);
		sheet_close(&t);
		free(path);
	}
}

double ref_number(const struct sheet *t, const char *column)
{
	return sheet_is(t, column, "nan") ? NAN : sheet_number(t, column);
}

struct irradiance ref_light(
    const struct sheet *t, const char *ghi, const char *dni, const char *dhi)
{
	return (struct irradiance){ ref_number(t, ghi), ref_number(t, dni), ref_number(t, dhi) };
}
