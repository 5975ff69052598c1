#include "models/energy/daylight.h"

#include <math.h>

#define TICK_S 60.0

/* An index above it is no cloud's edge but a sun that is hardly up. */
static const double index_max = 2;

/* Less clear light tells no index that others could take over. */
static const double telling_w_m2 = 50;

void daylight_init(struct daylight *d, const struct weather_series *series,
    const struct place_par *place, const struct clear_air *air)
{
	*d = (struct daylight){
		.series = series, .place = *place, .air = *air, .begin_s = NAN
	};
}

static struct sun sun_over(const struct daylight *d, double utc_s)
{
	return sun_at(utc_s, d->place.latitude_rad, d->place.longitude_rad);
}

/* Means over an interval's minutes. */
struct clear_mean {
	double clear_w_m2;
	double up; /* cosine of the zenith while the sun is up, weighed with clear light */
};

static struct clear_mean clear_over(const struct daylight *d, double begin_s)
{
	struct clear_mean m = { 0 };
	double end_s = begin_s + d->series->step_s, n = 0;
	for (double t = begin_s + TICK_S / 2; t < end_s; t += TICK_S, n++) {
		struct sun sun = sun_over(d, t);
		double clear = clear_air_ghi_w_m2(&d->air, &d->place, t, &sun);
		m.clear_w_m2 += clear;
		m.up += clear * fmax(sun.up, 0);
	}
	if (m.clear_w_m2 > 0) m.up /= m.clear_w_m2;
	m.clear_w_m2 /= n;
	return m;
}

static double figure(const struct daylight *d, enum weather_figure f, size_t row)
{
	const double *v = d->series->value[f];
	return v ? v[row] : NAN;
}

static double global_w_m2(const struct daylight *d, size_t row, const struct clear_mean *m)
{
	double cloud = figure(d, WEATHER_CLOUD, row);
	double ghi = figure(d, WEATHER_GHI, row);
	if (!isnan(ghi)) return ghi;
	if (!isnan(cloud)) return m->clear_w_m2 * (1 - 0.75 * pow(cloud, 3.4));
	return figure(d, WEATHER_DNI, row) * m->up + figure(d, WEATHER_DHI, row);
}

/* The index of the nearest interval, `way` steps at a time, that tells one; *steps how
 * far it is. NAN: none within the longest hole that is filled and a night around it. */
static double neighbour(const struct daylight *d, int way, int *steps)
{
	const int most = (int)(9 * 86400 / d->series->step_s);
	for (*steps = 1; *steps <= most; ++*steps) {
		size_t row;
		double at_s = d->begin_s + way * *steps * d->series->step_s;
		if (!weather_series_covers(d->series, at_s, d->series->step_s)) return NAN;
		weather_series_interval(d->series, at_s + d->series->step_s / 2, &row);
		struct clear_mean m = clear_over(d, at_s);
		double ghi = global_w_m2(d, row, &m);
		if (!isnan(ghi) && m.clear_w_m2 > telling_w_m2) return ghi / m.clear_w_m2;
	}
	return NAN;
}

static double filled_w_m2(const struct daylight *d, const struct clear_mean *m)
{
	int before_n, after_n;
	double before = neighbour(d, -1, &before_n), after = neighbour(d, 1, &after_n);
	if (isnan(before)) before = after;
	if (isnan(after)) after = before;
	if (isnan(before)) return m->clear_w_m2; /* a whole file without sun */
	double index = before + (after - before) * before_n / (before_n + after_n);
	return m->clear_w_m2 * index;
}

static double diffuse_share(
    const struct daylight *d, size_t row, double ghi, const struct clear_mean *m)
{
	double dhi = figure(d, WEATHER_DHI, row), dni = figure(d, WEATHER_DNI, row);
	if (!(ghi > 0)) return 1;
	if (isnan(dhi) && !isnan(dni)) dhi = ghi - dni * m->up;
	if (isnan(dhi)) {
		double extra = sun_extraterrestrial_w_m2(d->begin_s);
		dhi = irradiance_erbs(ghi, m->up, extra).dhi_w_m2;
	}
	return fmin(fmax(dhi / ghi, 0), 1);
}

static void enter(struct daylight *d, double begin_s, size_t row)
{
	d->begin_s = begin_s;
	struct clear_mean m = clear_over(d, begin_s);
	double ghi = global_w_m2(d, row, &m);
	if (isnan(ghi)) ghi = filled_w_m2(d, &m);
	d->index = ghi <= index_max * m.clear_w_m2 ? 0 : NAN;
	d->even_w_m2 = ghi;
	if (isnan(d->index)) return;
	if (m.clear_w_m2 > 0) d->index = ghi / m.clear_w_m2;
	d->diffuse_frac = diffuse_share(d, row, ghi, &m);
}

static struct irradiance at_tick(const struct daylight *d, double utc_s, const struct sun *sun)
{
	if (isnan(d->index)) return (struct irradiance){ d->even_w_m2, 0, d->even_w_m2 };
	double ghi = d->index * clear_air_ghi_w_m2(&d->air, &d->place, utc_s, sun);
	double up = fmax(sun->up, 0);
	double dni = (1 - d->diffuse_frac) * ghi / fmax(up, IRRADIANCE_COS_ZENITH_MIN);
	dni = fmin(dni, sun_extraterrestrial_w_m2(utc_s));
	return (struct irradiance){ ghi, dni, ghi - dni * up };
}

struct irradiance daylight_step(struct daylight *d, double utc_s, double dt_s, struct sun *beam)
{
	struct irradiance sum = { 0 };
	struct sun toward = { 0 };
	double end_s = utc_s + dt_s;
	for (double t = TICK_S * floor(utc_s / TICK_S); t < end_s; t += TICK_S) {
		double share = (fmin(t + TICK_S, end_s) - fmax(t, utc_s)) / dt_s;
		double mid_s = t + TICK_S / 2;
		size_t row;
		double begin_s = weather_series_interval(d->series, mid_s, &row);
		if (begin_s != d->begin_s) enter(d, begin_s, row);
		struct sun sun = sun_over(d, mid_s);
		struct irradiance i = at_tick(d, mid_s, &sun);
		sum.ghi_w_m2 += share * i.ghi_w_m2;
		sum.dni_w_m2 += share * i.dni_w_m2;
		sum.dhi_w_m2 += share * i.dhi_w_m2;
		toward.east += share * i.dni_w_m2 * sun.east;
		toward.north += share * i.dni_w_m2 * sun.north;
		toward.up += share * i.dni_w_m2 * sun.up;
	}
	if (sum.dni_w_m2 > 0)
		*beam = (struct sun){ toward.east / sum.dni_w_m2, toward.north / sum.dni_w_m2,
			toward.up / sum.dni_w_m2 };
	return sum;
}
