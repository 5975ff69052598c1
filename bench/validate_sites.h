/* Reference days of sun and solar modules at some places, of reference/pv. */
#ifndef HEARTH_BENCH_VALIDATE_SITES_H
#define HEARTH_BENCH_VALIDATE_SITES_H

#include "base/sheet.h"
#include "bench/validate_grid.h"
#include "models/energy/irradiance.h"

enum { SITES_MAX = 16 };

struct ref_site {
	char name[32];
	double latitude_rad, longitude_rad, altitude_m, turbidity, tilt_rad, azimuth_rad;
	double capacity_w, inverter_w, albedo_frac, loss_frac; /* inverter: output */
};

/* Fills site[] from sites.csv; how many, 0 when it is not there. */
size_t ref_sites(struct validate_job *j, struct ref_site site[SITES_MAX]);

/* Calls each for every row of every site's days. */
void ref_rows(struct validate_job *j,
    void (*each)(const struct ref_site *s, const struct sheet *t, void *arg), void *arg);

/* The figure of a column; NAN where it says nan. */
double ref_number(const struct sheet *t, const char *column);

/* Columns of the three kinds of light. */
struct irradiance ref_light(
    const struct sheet *t, const char *ghi, const char *dni, const char *dhi);

/* Errors are taken of these where the files round to four decimals. */
#define REF_LIGHT_W_M2 1000.0
#define REF_RISE_K     100.0

#endif
