#include "models/energy/weather_format.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void weather_fault(const struct weather_reader *r, int col, const char *fmt, ...)
{
	char text[256];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	err_at(
	    r->e, (struct err_pos){ r->path, r->csv.line, col > 0 ? col : 1 }, "weather: %s", text);
}

/* The next row; false at the end. What cannot be split is a fault. */
static bool next_row(struct weather_reader *r)
{
	for (;;) {
		enum csv_result got = csv_next(&r->csv);
		if (got == CSV_ROW) return true;
		if (got == CSV_END) return false;
		weather_fault(r, r->csv.col, "%s", r->csv.why);
	}
}

static const char *field(const struct weather_reader *r, int at)
{
	return at >= 0 && at < r->csv.fields ? r->csv.field[at].text : "";
}

static bool zone_is_good(const struct weather_reader *r, double hours)
{
	if (fabs(hours) <= 14 && fabs(hours * 60 - round(hours * 60)) < 1e-6) return true;
	weather_fault(r, 0, "a time zone of %g h is none; write hours ahead of UTC", hours);
	return false;
}

static bool read_zone(struct weather_reader *r, int at)
{
	double hours;
	if (!text_to_number(field(r, at), &hours)) {
		weather_fault(r, 0, "the head must name the time zone in hours");
		return false;
	}
	r->format.zone_s = 3600 * hours;
	return zone_is_good(r, hours);
}

static void set_column(struct weather_format *f, enum weather_figure w, int at, double factor,
    double offset, double missing)
{
	f->column[w] = (struct weather_column){ at, factor, offset, missing };
}

static void clear_columns(struct weather_format *f)
{
	for (int w = 0; w < WEATHER_FIGURES; w++)
		set_column(f, (enum weather_figure)w, -1, 1, 0, NAN);
}

/* LOCATION,city,state,country,source,WMO,latitude,longitude,zone,elevation and seven
 * more lines, the last DATA PERIODS,number,records an hour,... */
static bool read_epw(struct weather_reader *r)
{
	struct weather_format *f = &r->format;
	int64_t periods, an_hour;
	if (!read_zone(r, 8)) return false;
	do
		if (!next_row(r)) {
			weather_fault(r, 0, "an EPW file has a line DATA PERIODS; this has none");
			return false;
		}
	while (strcmp(field(r, 0), "DATA PERIODS") != 0);
	if (!text_to_integer(field(r, 1), &periods) || !text_to_integer(field(r, 2), &an_hour) ||
	    periods != 1 || an_hour < 1 || an_hour > 60) {
		weather_fault(r, 0, "DATA PERIODS must say one period and 1 to 60 records an hour");
		return false;
	}
	f->kind = WEATHER_EPW;
	f->typical = true;
	f->rows_an_hour = (int)an_hour;
	f->instant_frac = 1;
	for (int i = 0; i < 5; i++) f->stamp_at[i] = i;
	set_column(f, WEATHER_AIR, 6, 1, 273.15, 99.9);
	set_column(f, WEATHER_PRESSURE, 9, 1, 0, 999999);
	set_column(f, WEATHER_GHI, 13, 1, 0, 9999);
	set_column(f, WEATHER_DNI, 14, 1, 0, 9999);
	set_column(f, WEATHER_DHI, 15, 1, 0, 9999);
	set_column(f, WEATHER_WIND, 21, 1, 0, 999);
	set_column(f, WEATHER_ALBEDO, 32, 1, 0, 999);
	return true;
}

/* id,name,state,zone,latitude,longitude,elevation; then the columns' names. */
static bool read_tmy3(struct weather_reader *r)
{
	struct weather_format *f = &r->format;
	if (!read_zone(r, 3) || !next_row(r)) return false;
	const struct csv *c = &r->csv;
	f->kind = WEATHER_TMY3;
	f->typical = true;
	f->rows_an_hour = 1;
	f->instant_frac = 1;
	f->stamp_at[0] = csv_find(c, "Date (MM/DD/YYYY)");
	f->stamp_at[1] = csv_find(c, "Time (HH:MM)");
	set_column(f, WEATHER_AIR, csv_find(c, "Dry-bulb (C)"), 1, 273.15, -9900);
	set_column(f, WEATHER_PRESSURE, csv_find(c, "Pressure (mbar)"), 100, 0, -9900);
	set_column(f, WEATHER_GHI, csv_find(c, "GHI (W/m^2)"), 1, 0, -9900);
	set_column(f, WEATHER_DNI, csv_find(c, "DNI (W/m^2)"), 1, 0, -9900);
	set_column(f, WEATHER_DHI, csv_find(c, "DHI (W/m^2)"), 1, 0, -9900);
	set_column(f, WEATHER_WIND, csv_find(c, "Wspd (m/s)"), 1, 0, -9900);
	set_column(f, WEATHER_ALBEDO, csv_find(c, "Alb (unitless)"), 1, 0, -9900);
	return true;
}

/* Names of the place's properties; their values; the columns' names. */
static bool read_nsrdb(struct weather_reader *r)
{
	static const char *const stamp[5] = { "Year", "Month", "Day", "Hour", "Minute" };
	struct weather_format *f = &r->format;
	const struct csv *c = &r->csv;
	int zone_at = csv_find(c, "Time Zone");
	if (!next_row(r) || !read_zone(r, zone_at) || !next_row(r)) return false;
	f->kind = WEATHER_NSRDB;
	f->typical = true;
	f->instant_frac = 0.5;
	for (int i = 0; i < 5; i++) f->stamp_at[i] = csv_find(c, stamp[i]);
	set_column(f, WEATHER_AIR, csv_find(c, "Temperature"), 1, 273.15, NAN);
	set_column(f, WEATHER_PRESSURE, csv_find(c, "Pressure"), 100, 0, NAN);
	set_column(f, WEATHER_GHI, csv_find(c, "GHI"), 1, 0, NAN);
	set_column(f, WEATHER_DNI, csv_find(c, "DNI"), 1, 0, NAN);
	set_column(f, WEATHER_DHI, csv_find(c, "DHI"), 1, 0, NAN);
	set_column(f, WEATHER_WIND, csv_find(c, "Wind Speed"), 1, 0, NAN);
	set_column(f, WEATHER_ALBEDO, csv_find(c, "Surface Albedo"), 1, 0, NAN);
	return true;
}

/* The column with one of two names, with or without a unit in brackets after it. */
static int find_named(const struct csv *c, const char *name, const char *older)
{
	for (int i = 0; i < c->fields; i++) {
		const char *text = c->field[i].text;
		size_t n = strcspn(text, " (");
		if ((n == strlen(name) && !strncmp(text, name, n)) ||
		    (n == strlen(older) && !strncmp(text, older, n)))
			return i;
	}
	return -1;
}

static bool has_unit(const struct weather_reader *r, int at, const char *unit)
{
	return strstr(field(r, at), unit) != NULL;
}

/* Open-Meteo gives km/h and degrees Celsius unless asked, and then says so. */
static bool read_open_meteo_columns(struct weather_reader *r)
{
	struct weather_format *f = &r->format;
	const struct csv *c = &r->csv;
	int air = find_named(c, "temperature_2m", "temperature_2m");
	int wind = find_named(c, "wind_speed_10m", "windspeed_10m");
	if (has_unit(r, air, "F)") || has_unit(r, wind, "mp/h") || has_unit(r, wind, "kn)")) {
		weather_fault(r, 0,
		    "Open-Meteo's columns must be in degC and in km/h or m/s; ask for those units");
		return false;
	}
	set_column(f, WEATHER_AIR, air, 1, 273.15, NAN);
	set_column(f, WEATHER_WIND, wind, has_unit(r, wind, "m/s") ? 1 : 1 / 3.6, 0, NAN);
	set_column(f, WEATHER_PRESSURE, find_named(c, "surface_pressure", "surface_pressure"), 100,
	    0, NAN);
	set_column(
	    f, WEATHER_GHI, find_named(c, "shortwave_radiation", "shortwave_radiation"), 1, 0, NAN);
	set_column(f, WEATHER_DNI,
	    find_named(c, "direct_normal_irradiance", "direct_normal_irradiance"), 1, 0, NAN);
	set_column(
	    f, WEATHER_DHI, find_named(c, "diffuse_radiation", "diffuse_radiation"), 1, 0, NAN);
	if (f->column[WEATHER_GHI].at < 0 && f->column[WEATHER_DNI].at < 0)
		set_column(
		    f, WEATHER_CLOUD, find_named(c, "cloud_cover", "cloudcover"), 0.01, 0, NAN);
	f->instant_frac = f->column[WEATHER_CLOUD].at < 0 ? 1 : 0;
	return true;
}

static bool read_open_meteo(struct weather_reader *r, double zone_s)
{
	struct weather_format *f = &r->format;
	f->kind = WEATHER_OPEN_METEO;
	f->zone_s = zone_s;
	if (strcmp(field(r, 0), "time") != 0) {
		int zone_at = csv_find(&r->csv, "utc_offset_seconds");
		double s;
		if (!next_row(r) || !text_to_number(field(r, zone_at), &s)) {
			weather_fault(r, 0, "the head must give utc_offset_seconds");
			return false;
		}
		f->zone_s = s;
		if (!zone_is_good(r, s / 3600)) return false;
		do
			if (!next_row(r)) return false;
		while (strcmp(field(r, 0), "time") != 0);
	}
	if (isnan(f->zone_s)) {
		weather_fault(r, 0,
		    "the file does not name its time zone; write zone=\"5.5 h\", "
		    "hours ahead of UTC, without daylight saving");
		return false;
	}
	f->stamp_at[0] = 0;
	return read_open_meteo_columns(r);
}

static const char *figure_word(enum weather_figure w)
{
	static const char *const word[] = {
#define X(id, word, least, most) word,
		WEATHER_FIGURE_LIST(X)
#undef X
	};
	return word[w];
}

static bool needs(const struct weather_reader *r, bool there, const char *what)
{
	if (!there) weather_fault(r, 0, "no column of %s", what);
	return there;
}

static bool has_columns(const struct weather_reader *r)
{
	const struct weather_column *c = r->format.column;
	const int *at = r->format.stamp_at;
	bool text = r->format.kind == WEATHER_TMY3 || r->format.kind == WEATHER_OPEN_METEO;
	int parts = text ? (r->format.kind == WEATHER_TMY3 ? 2 : 1) : 5;
	bool stamps = true;
	for (int i = 0; i < parts; i++) stamps = stamps && at[i] >= 0;
	bool light = c[WEATHER_GHI].at >= 0 || c[WEATHER_CLOUD].at >= 0 ||
		     (c[WEATHER_DNI].at >= 0 && c[WEATHER_DHI].at >= 0);
	bool good = needs(r, stamps, "the time");
	good = needs(r, c[WEATHER_AIR].at >= 0, figure_word(WEATHER_AIR)) && good;
	return needs(r, light, "global light, of direct and diffuse light or of cloud cover") &&
	       good;
}

bool weather_format_read(struct weather_reader *r, double zone_s)
{
	r->format = (struct weather_format){ .zone_s = NAN };
	clear_columns(&r->format);
	size_t before = err_count(r->e);
	bool good = false, known = true;
	if (next_row(r)) {
		if (!strcmp(field(r, 0), "LOCATION"))
			good = read_epw(r);
		else if (csv_find(&r->csv, "Time Zone") >= 0)
			good = read_nsrdb(r);
		else if (!strcmp(field(r, 0), "time") ||
			 csv_find(&r->csv, "utc_offset_seconds") >= 0)
			good = read_open_meteo(r, zone_s);
		else if (r->csv.fields == 7)
			good = read_tmy3(r);
		else
			known = false;
	} else {
		known = false;
	}
	if (!known)
		weather_fault(r, 0,
		    "this is no weather file that hearth reads: EPW, TMY3, CSV of NSRDB or "
		    "Open-Meteo");
	else if (!good && err_count(r->e) == before)
		weather_fault(r, 0, "the head of the file is not complete");
	return good && has_columns(r);
}

/* ---- stamps ---- */

static bool stamp_is_good(const struct weather_stamp *s)
{
	static const int days[12] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return s->year >= 1901 && s->year <= 2099 && s->month >= 1 && s->month <= 12 &&
	       s->day >= 1 && s->day <= days[s->month - 1] && s->of_day_s >= 0 &&
	       s->of_day_s <= 86400;
}

static bool read_fields(const struct weather_reader *r, struct weather_stamp *s)
{
	const struct weather_format *f = &r->format;
	int64_t v[5];
	for (int i = 0; i < 5; i++)
		if (!text_to_integer(field(r, f->stamp_at[i]), &v[i]) || v[i] < 0 || v[i] > 9999)
			return false;
	/* EPW counts hours from 1, and its minute says something only below the hour */
	double minute = (double)v[4];
	if (f->kind == WEATHER_EPW) minute = f->rows_an_hour == 1 ? 0 : minute - 60;
	*s = (struct weather_stamp){ (int)v[0], (int)v[1], (int)v[2],
		3600 * (double)v[3] + 60 * minute };
	return true;
}

static bool read_tmy3_stamp(const struct weather_reader *r, struct weather_stamp *s)
{
	int hour, minute, used = 0;
	if (sscanf(field(r, r->format.stamp_at[0]), "%2d/%2d/%4d%n", &s->month, &s->day, &s->year,
		&used) != 3 ||
	    field(r, r->format.stamp_at[0])[used])
		return false;
	const char *time = field(r, r->format.stamp_at[1]);
	if (sscanf(time, "%2d:%2d%n", &hour, &minute, &used) != 2 || time[used]) return false;
	s->of_day_s = 3600.0 * hour + 60.0 * minute;
	return true;
}

static bool read_iso_stamp(const struct weather_reader *r, struct weather_stamp *s)
{
	int hour, minute, used = 0;
	const char *text = field(r, r->format.stamp_at[0]);
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d%n", &s->year, &s->month, &s->day, &hour, &minute,
		&used) != 5 ||
	    text[used])
		return false;
	s->of_day_s = 3600.0 * hour + 60.0 * minute;
	return true;
}

bool weather_stamp_read(const struct weather_reader *r, struct weather_stamp *s)
{
	bool good = false;
	switch (r->format.kind) {
	case WEATHER_EPW:
	case WEATHER_NSRDB:
		good = read_fields(r, s);
		break;
	case WEATHER_TMY3:
		good = read_tmy3_stamp(r, s);
		break;
	case WEATHER_OPEN_METEO:
		good = read_iso_stamp(r, s);
		break;
	}
	good = good && stamp_is_good(s);
	if (!good) weather_fault(r, 1, "not a time of this kind of file");
	return good;
}
