/* Weather files: small ones written here, faults one by one, and the four large ones
 * outside the tree. */
#include "tests/unit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "models/energy/sky.h"

#define RAD (M_PI / 180)

/* ---- writing ---- */

enum { TEXT_MAX = 4 << 20 };

struct page {
	char *text;
	size_t used;
};

static void say(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct page *p, const char *fmt, ...)
{
	va_list args;
	if (!p->text) p->text = calloc(1, TEXT_MAX);
	va_start(args, fmt);
	p->used += (size_t)vsnprintf(p->text + p->used, TEXT_MAX - p->used, fmt, args);
	va_end(args);
}

/* What a reading of the text gives; faults, if any, as they are printed. */
struct reading {
	struct weather_series *s;
	char faults[4096];
};

static struct reading read_text(const char *text, double zone_s, bool fill)
{
	struct reading r = { 0 };
	char path[] = "/tmp/hearth-weather-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	fputs(text, f);
	fclose(f);
	struct err_list *e = err_new();
	r.s = weather_series_read(path, zone_s, fill, e);
	cr_assert_eq(r.s == NULL, err_count(e) > 0);
	FILE *out = fmemopen(r.faults, sizeof r.faults - 1, "w");
	err_print(e, out);
	fclose(out);
	err_free(e);
	unlink(path);
	return r;
}

/* Hours of Open-Meteo from 2024-03-05T00:00 on: temperature i, wind 3.6 i km/h. */
static void meteo_row(struct page *p, int i, const char *tail)
{
	time_t t = 1709596800 + 3600 * i;
	struct tm tm;
	gmtime_r(&t, &tm);
	say(p, "%04d-%02d-%02dT%02d:%02d%s\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tail);
}

static const char *const meteo_head =
    "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
    "12.97,77.59,920.0,19800,Asia/Kolkata,IST\n\n"
    "time,temperature_2m (\302\260C),shortwave_radiation (W/m\302\262)\n";

/* ---- faults ---- */

/* Each at its line, with the words that tell what is wrong. */
Test(weather_file, says_what_is_wrong_and_where)
{
#define HEAD "time,temperature_2m,cloudcover\n"
#define A "2024-03-05T00:00,17,40\n2024-03-05T01:00,16,41\n"
	static const struct {
		const char *text;
		int line;
		const char *what;
	} row[] = {
		{ HEAD A "2024-03-05T03:00,15,30\n", 4, "an hour is missing" },
		{ HEAD A "2024-03-05T05:00,15,30\n", 4, "rows are missing" },
		{ HEAD A "2024-03-05T01:00,15,30\n", 4, "the hour repeats" },
		{ HEAD A "2024-03-04T01:00,15,30\n", 4, "the time goes back" },
		{ HEAD A "2024-03-05T02:30,15,30\n", 4, "the step changes" },
		{ HEAD A "2024-04-05T02:00,15,30\n", 4, "more than seven days" },
		{ HEAD A "2024-02-30T02:00,15,30\n", 4, "not a time" },
		{ HEAD A "2024-13-01T02:00,15,30\n", 4, "not a time" },
		{ HEAD A "5 March,15,30\n", 4, "not a time" },
		{ HEAD A "2024-03-05T02:00,nan,30\n", 4, "air temperature is missing" },
		{ HEAD A "2024-03-05T02:00,15,\n", 4, "cloud cover is missing" },
		{ HEAD A "2024-03-05T02:00,warm,30\n", 4, "'warm' is no number" },
		{ HEAD A "2024-03-05T02:00,412,30\n", 4, "it must be -100 to 60" },
		{ HEAD A "2024-03-05T02:00,15,130\n", 4, "it must be 0 to 100" },
		{ HEAD A "2024-03-05T02:00,15\n", 4, "the row ends before" },
		{ "time,cloudcover\n2024-03-05T00:00,40\n", 1, "no column of air temperature" },
		{ "time,temperature_2m\n2024-03-05T00:00,4\n", 1, "no column of global light" },
		{ HEAD "2024-03-05T00:00,17,40\n", 0, "two rows or more" },
		{ HEAD "2024-03-05T00:00,17,40\n2024-03-05T06:00,17,40\n", 3, "whole part of an hour" },
		{ "hour,share\n0,0.4\n", 1, "this is no weather file" },
		{ "", 0, "this is no weather file" },
		{ "LOCATION,here,,,,1,12,77,5.5,920\n", 1, "DATA PERIODS" },
		{ "LOCATION,here,,,,1,12,77,99,920\n", 1, "99 h is none" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct reading r = read_text(row[i].text, 19800, false);
		char place[32];
		snprintf(place, sizeof place, ":%d:", row[i].line);
		cr_expect_null(r.s, "file %zu is taken", i);
		cr_expect_not_null(strstr(r.faults, row[i].what), "file %zu: %s", i, r.faults);
		bool told = !row[i].line || strstr(r.faults, place) != NULL;
		cr_expect(told, "file %zu: %s", i, r.faults);
	}
	struct reading r = read_text(HEAD A, NAN, false);
	cr_expect_not_null(strstr(r.faults, "does not name its time zone"), "%s", r.faults);
}

/* gaps="fill" takes holes and NaN, but neither text nor daylight saving. */
Test(weather_file, fills_what_is_missing_and_nothing_else)
{
	static const char *const refused[] = {
		HEAD A "2024-03-05T01:00,15,30\n",
		HEAD A "2024-03-05T02:00,warm,30\n",
		HEAD A "2024-03-05T02:00,412,30\n",
		HEAD A "2024-03-14T02:00,15,30\n",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct reading r = read_text(refused[i], 19800, true);
		cr_expect_null(r.s, "file %zu is taken", i);
	}
	struct reading r = read_text(HEAD A "2024-03-05T04:00,nan,35\n"
	    "2024-03-05T05:00,11,29\n", 19800, true);
	cr_assert_not_null(r.s, "%s", r.faults);
	static const double air[] = { 17, 16, 14.75, 13.5, 12.25, 11 };
	cr_assert_eq(r.s->rows, 6);
	for (int i = 0; i < 6; i++)
		cr_expect_float_eq(r.s->value[WEATHER_AIR][i], air[i] + 273.15, 1e-9);
	cr_expect_eq(r.s->filled[WEATHER_AIR], 3);
	cr_expect_eq(r.s->filled[WEATHER_CLOUD], 2);
	cr_expect_float_eq(r.s->value[WEATHER_CLOUD][2], 0.39, 1e-9);
	weather_series_free(r.s);
}

/* ---- time ---- */

/* Stamps are local: 17 degC at 00:00 IST is 18:30Z of the day before. Half way to the
 * next stamp it is half way between; a mean over three hours is the trapezoids'. */
Test(weather_file, knows_its_zone_and_runs_in_straight_lines)
{
	struct page p = { 0 };
	say(&p, "%s", meteo_head);
	for (int i = 0; i < 48; i++) {
		char tail[32];
		snprintf(tail, sizeof tail, ",%d,0", i % 24);
		meteo_row(&p, i, tail);
	}
	struct reading r = read_text(p.text, NAN, false);
	cr_assert_not_null(r.s, "%s", r.faults);
	double midnight = 1709596800 - 19800;
	cr_expect_eq(r.s->zone_s, 19800);
	cr_expect_float_eq(
	    weather_series_mean(r.s, WEATHER_AIR, midnight + 5 * 3600 - 0.5, 1), 278.15, 1e-3);
	cr_expect_float_eq(
	    weather_series_mean(r.s, WEATHER_AIR, midnight + 5.5 * 3600, 2), 278.6502778, 1e-6);
	cr_expect_float_eq(
	    weather_series_mean(r.s, WEATHER_AIR, midnight + 5 * 3600, 3 * 3600), 279.65, 1e-9);
	double minutes = 0;
	for (int m = 0; m < 180; m++)
		minutes += weather_series_mean(
			       r.s, WEATHER_AIR, midnight + 22.5 * 3600 + 60 * m, 60) / 180;
	cr_expect_float_eq(minutes,
	    weather_series_mean(r.s, WEATHER_AIR, midnight + 22.5 * 3600, 3 * 3600), 1e-9);
	cr_expect(weather_series_covers(r.s, midnight, 47 * 3600));
	cr_expect_not(weather_series_covers(r.s, midnight, 48 * 3600 + 60));
	cr_expect_not(weather_series_covers(r.s, midnight - 7200, 60));
	weather_series_free(r.s);
	free(p.text);
}

/* A year of TMY3 of 365 days from different years; temperature = day of the year / 10,
 * hour h of it at h:00. */
static char *tmy3_year(void)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct page p = { 0 };
	say(&p, "1,\"SOMEWHERE\",XX,-7.0,33.450,-111.983,337\n"
		"Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),Dry-bulb (C),Alb (unitless)\n");
	for (int month = 1, of_year = 0; month <= 12; month++)
		for (int day = 1; day <= days[month - 1]; day++, of_year++)
			for (int hour = 1; hour <= 24; hour++)
				say(&p, "%02d/%02d/%d,%02d:00,0,%.1f,-9900\n", month, day,
				    1991 + 5 * month % 7, hour, of_year / 10.0);
	return p.text;
}

static double air_degc(const struct weather_series *s, int year, int month, int day, int hour)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
		.tm_hour = hour };
	double utc_s = (double)timegm(&tm) - s->zone_s;
	return weather_series_mean(s, WEATHER_AIR, utc_s - 1, 2) - 273.15;
}

Test(weather_file, a_typical_year_serves_any_year)
{
	char *text = tmy3_year();
	struct reading r = read_text(text, NAN, false);
	cr_assert_not_null(r.s, "%s", r.faults);
	cr_expect(r.s->whole_year);
	cr_expect_eq(r.s->zone_s, -25200);
	cr_expect_eq(r.s->rows, 8760);
	cr_expect_null(r.s->value[WEATHER_ALBEDO]); /* it has no value in any row */
	for (int year = 2023; year <= 2025; year++) {
		cr_expect_float_eq(air_degc(r.s, year, 1, 1, 12), 0.0, 1e-3);
		cr_expect_float_eq(air_degc(r.s, year, 2, 28, 12), 5.8, 1e-3);
		cr_expect_float_eq(air_degc(r.s, year, 3, 1, 12), 5.9, 1e-3);
		cr_expect_float_eq(air_degc(r.s, year, 12, 31, 12), 36.4, 1e-3);
	}
	cr_expect_float_eq(air_degc(r.s, 2024, 2, 29, 12), 5.8, 1e-3); /* the 28th once more */
	cr_expect(weather_series_covers(r.s, 1e9, INFINITY));
	weather_series_free(r.s);
	free(text);
}

/* The same year without its last row, and with a day of February twice. */
Test(weather_file, a_typical_year_must_be_whole)
{
	char *text = tmy3_year();
	text[strlen(text) - 5] = 0;
	*strrchr(text, '\n') = 0;
	struct reading r = read_text(text, NAN, true);
	cr_expect_null(r.s);
	cr_expect_not_null(strstr(r.faults, "whole year"), "%s", r.faults);
	cr_expect_not_null(strstr(r.faults, ":8761:"), "%s", r.faults);
	free(text);
}

/* A leap year of EPW read for a year without 29 February, and for one with. */
Test(weather_file, leap_days_are_met_or_passed_over)
{
	struct page p = { 0 };
	say(&p, "LOCATION,here,,,,1,12.97,77.59,5.5,920\n"
		"DATA PERIODS,1,1,Data,Monday,1/1,12/31\n");
	for (int i = 0; i < 366 * 24; i++) {
		time_t t = 1704067200 + 86400 * (i / 24);
		struct tm tm;
		gmtime_r(&t, &tm);
		say(&p, "2024,%d,%d,%d,60,x,%.1f,0,0,99000,0,0,0,0,0,0,0,0,0,0,0,2.5\n", tm.tm_mon + 1,
		    tm.tm_mday, i % 24 + 1, tm.tm_yday / 10.0);
	}
	struct reading r = read_text(p.text, NAN, false);
	cr_assert_not_null(r.s, "%s", r.faults);
	cr_expect_float_eq(air_degc(r.s, 2024, 2, 29, 12), 5.9, 1e-3);
	cr_expect_float_eq(air_degc(r.s, 2024, 3, 1, 12), 6.0, 1e-3);
	cr_expect_float_eq(air_degc(r.s, 2023, 2, 28, 12), 5.8, 1e-3);
	cr_expect_float_eq(air_degc(r.s, 2023, 3, 1, 12), 6.0, 1e-3);
	cr_expect_float_eq(weather_series_mean(r.s, WEATHER_WIND, 1e9, 3600), 2.5, 1e-12);
	cr_expect_float_eq(weather_series_mean(r.s, WEATHER_PRESSURE, 1e9, 60), 99000, 1e-9);
	weather_series_free(r.s);
	free(p.text);
}

/* NSRDB stamps the middle of the interval, in the zone of "Time Zone". */
Test(weather_file, reads_nsrdb_in_half_hours)
{
	struct reading r = read_text("Source,Location ID,Time Zone,Elevation,Local Time Zone\n"
	    "NSRDB,123,-7,337,-7\n"
	    "Year,Month,Day,Hour,Minute,GHI,DNI,DHI,Temperature,Pressure,Surface Albedo\n"
	    "2019,6,1,10,15,700,800,100,30.5,970,0.23\n"
	    "2019,6,1,10,45,750,820,110,31.5,971,0.23\n"
	    "2019,6,1,11,15,790,830,120,32.5,972,0.23\n", NAN, false);
	cr_assert_not_null(r.s, "%s", r.faults);
	cr_expect_eq(r.s->step_s, 1800);
	cr_expect_eq(r.s->begin_s, 1559383200); /* 2019-06-01T10:00, local */
	cr_expect_not(r.s->whole_year);
	size_t row;
	double begin = weather_series_interval(r.s, 1559383200 + 25200 + 1900, &row);
	cr_expect_eq(row, 1);
	cr_expect_eq(begin, 1559383200 + 25200 + 1800);
	cr_expect_float_eq(
	    weather_series_mean(r.s, WEATHER_AIR, begin + 900 - 1, 2), 304.65, 1e-3);
	weather_series_free(r.s);
}

/* ---- light ---- */

static const struct place_par bengaluru = { 12.97 * RAD, 77.59 * RAD, 920 };
static const struct clear_air air_of_4 = { .known = true, .turbidity = { 4 } };

/* Hours of 5 March with the light of a cloudy day; 24 rows, light of the hour before. */
static const double hours_w_m2[24] = { 0, 0, 0, 0, 0, 0, 1, 60, 233, 471, 390, 122, 688, 950, 871,
	402, 377, 201, 44, 0, 0, 0, 0, 0 };

static struct weather_series *a_day(void)
{
	struct page p = { 0 };
	say(&p, "%s", meteo_head);
	for (int i = 0; i < 24; i++) {
		char tail[32];
		snprintf(tail, sizeof tail, ",%d,%g", i, hours_w_m2[i]);
		meteo_row(&p, i, tail);
	}
	struct reading r = read_text(p.text, NAN, false);
	cr_assert_not_null(r.s, "%s", r.faults);
	free(p.text);
	return r.s;
}

/* Each hour's energy is the file's, whatever the step; the parts always add up, and light
 * within the hour follows the sun. */
Test(daylight, keeps_the_energy_of_every_hour)
{
	static const double steps_s[] = { 1, 60, 300, 900, 1800, 3600 };
	struct weather_series *s = a_day();
	double midnight = 1709596800 - 19800;
	for (size_t k = 0; k < sizeof steps_s / sizeof *steps_s; k++) {
		struct daylight d;
		daylight_init(&d, s, &bengaluru, &air_of_4);
		for (int h = 1; h < 24; h++) {
			double ghi = 0, from_s = midnight + 3600 * (h - 1), dt_s = steps_s[k];
			for (double t = 0; t < 3600; t += dt_s) {
				struct sun sun = sun_at(from_s + t + dt_s / 2,
				    bengaluru.latitude_rad, bengaluru.longitude_rad);
				struct irradiance i = daylight_step(&d, from_s + t, dt_s, &sun);
				ghi += i.ghi_w_m2 * dt_s / 3600;
				double parts = i.dni_w_m2 * sun.up + i.dhi_w_m2;
				cr_expect_float_eq(parts, i.ghi_w_m2, 1e-9);
				cr_expect_geq(i.dni_w_m2, 0);
				cr_expect_geq(i.dhi_w_m2, -1e-9);
			}
			cr_expect_float_eq(ghi, hours_w_m2[h], 1e-9 * fmax(hours_w_m2[h], 1));
		}
	}
	weather_series_free(s);
}

Test(daylight, rises_with_the_sun_within_an_hour)
{
	struct weather_series *s = a_day();
	struct daylight d;
	struct sun sun = { 0 };
	daylight_init(&d, s, &bengaluru, &air_of_4);
	double seven = 1709596800 - 19800 + 7 * 3600, before = -1;
	for (int m = 0; m < 60; m += 7) {
		double ghi = daylight_step(&d, seven + 60 * m, 60, &sun).ghi_w_m2;
		cr_expect_gt(ghi, before);
		before = ghi;
	}
	weather_series_free(s);
}

/* One file, gone after the first sky has read it: hours of one sky are the sums of the
 * other's minutes. */
Test(sky, two_skies_read_one_file)
{
	struct page p = { 0 };
	say(&p, "%s", meteo_head);
	for (int i = 0; i < 48; i++) {
		char tail[32];
		snprintf(tail, sizeof tail, ",%d,%.1f", i, hours_w_m2[i % 24]);
		meteo_row(&p, i, tail);
	}
	char path[] = "/tmp/hearth-sky-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	fputs(p.text, f);
	fclose(f);
	struct weather_par w = weather_default();
	struct sky hours, minutes;
	struct step hour = { .dt_s = 3600, .utc_s = 1709596800 - 19800 + 9 * 3600, .zone_s = 19800 };
	w.file = path;
	sky_init(&hours, &bengaluru, &w, 7, hour.utc_s);
	unlink(path);
	sky_init_beside(&minutes, &hours);
	sky_step(&hours, &hour);
	double ghi = 0, air_k = 0;
	for (int m = 0; m < 60; m++) {
		struct step st = { .dt_s = 60, .utc_s = hour.utc_s + 60 * m, .zone_s = 19800 };
		sky_step(&minutes, &st);
		ghi += sky_light(&minutes).ghi_w_m2 / 60;
		air_k += minutes.ambient_k / 60;
	}
	cr_expect_float_eq(sky_light(&hours).ghi_w_m2, hours_w_m2[10], 1e-9);
	cr_expect_float_eq(ghi, hours_w_m2[10], 1e-9);
	cr_expect_float_eq(air_k, hours.ambient_k, 1e-9);
	sky_fini(&minutes);
	sky_fini(&hours);
	free(p.text);
}

/* Kasten and Czeplak: half a sky of clouds passes 1 - 0.75 0.5^3.4 = 0.928951 of the clear
 * sky's light; a whole one a quarter. */
Test(daylight, clouds_dim_the_clear_sky)
{
	struct reading r = read_text(HEAD "2024-03-05T12:00,30,50\n2024-03-05T13:00,30,100\n"
	    "2024-03-05T14:00,30,0\n", 19800, false);
	static const double index[] = { 0.928951, 0.25, 1 };
	cr_assert_not_null(r.s, "%s", r.faults);
	struct daylight d;
	daylight_init(&d, r.s, &bengaluru, &air_of_4);
	for (int h = 0; h < 3; h++) {
		double at_s = 1709596800 - 19800 + 3600 * (12 + h) + 1200;
		struct sun sun = sun_at(at_s + 30, bengaluru.latitude_rad, bengaluru.longitude_rad);
		double clear = clear_air_ghi_w_m2(&air_of_4, &bengaluru, at_s + 30, &sun);
		double ghi = daylight_step(&d, at_s, 60, &sun).ghi_w_m2;
		cr_expect_float_eq(ghi / clear, index[h], 1e-6);
	}
	weather_series_free(r.s);
}

/* An hour without light between hours of index 0.6 and 0.8 gets 0.7. */
Test(daylight, a_hole_has_the_index_around_it)
{
	struct page p = { 0 };
	double midnight = 1709596800 - 19800, clear[24];
	for (int h = 0; h < 24; h++) {
		clear[h] = 0;
		for (int m = 0; m < 60; m++) {
			double t = midnight + 3600 * (h - 1) + 60 * m + 30;
			struct sun sun = sun_at(t, bengaluru.latitude_rad, bengaluru.longitude_rad);
			clear[h] += clear_air_ghi_w_m2(&air_of_4, &bengaluru, t, &sun) / 60;
		}
	}
	say(&p, "%s", meteo_head);
	for (int i = 0; i < 24; i++) {
		char tail[32];
		snprintf(tail, sizeof tail, ",%d,%.6f", i, (i <= 12 ? 0.6 : 0.8) * clear[i]);
		meteo_row(&p, i, i == 13 ? ",13,nan" : tail);
	}
	struct reading r = read_text(p.text, NAN, true);
	cr_assert_not_null(r.s, "%s", r.faults);
	cr_expect_eq(r.s->filled[WEATHER_GHI], 1);
	struct daylight d;
	struct sun sun = { 0 };
	daylight_init(&d, r.s, &bengaluru, &air_of_4);
	double ghi = daylight_step(&d, midnight + 12 * 3600, 3600, &sun).ghi_w_m2;
	cr_expect_float_eq(ghi / clear[13], 0.7, 1e-6);
	weather_series_free(r.s);
	free(p.text);
}

/* ---- the large files ---- */

static struct weather_series *large(const char *name, double zone_s)
{
	char path[4096];
	const char *root = getenv("HEARTH_SHARED");
	snprintf(path, sizeof path, "%s/data/energy/weather/%s", root ? root : "", name);
	if (!root || access(path, R_OK)) {
		fprintf(stderr, "skipped: no HEARTH_SHARED/data/energy/weather/%s\n", name);
		cr_skip_test("no reference data");
		return NULL;
	}
	struct err_list *e = err_new();
	struct weather_series *s = weather_series_read(path, zone_s, false, e);
	err_print(e, stderr);
	cr_assert_not_null(s);
	err_free(e);
	return s;
}

static double mean_of(const struct weather_series *s, enum weather_figure f)
{
	double sum = 0;
	for (size_t i = 0; i < s->rows; i++) sum += s->value[f][i] / (double)s->rows;
	return sum;
}

/* Means by `awk -F, '{s+=$N}'` over the files' own columns. */
Test(weather_file, takes_published_files_as_they_are)
{
	static const struct {
		const char *name;
		double zone_s, want_zone_s;
		size_t rows;
		enum weather_figure light;
		double air_k, light_mean;
	} row[] = {
		{ "AZ-Phoenix_Sky_Harbor_Intl_Ap.tmy3", NAN, -25200, 8760, WEATHER_GHI,
		    23.802705, 239.064269 },
		{ "US_TX_Austin_CampMabry_AMY2018.epw", NAN, -21600, 8760, WEATHER_GHI,
		    20.737774, 197.257192 },
		{ "openmeteo_mumbai_2024.csv", 19800, 19800, 8784, WEATHER_CLOUD,
		    27.241154, 0.490025 },
		{ "openmeteo_de_2024.csv", 3600, 3600, 8784, WEATHER_CLOUD,
		    11.792338, 0.702515 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct weather_series *s = large(row[i].name, row[i].zone_s);
		if (!s) return;
		cr_expect_eq(s->rows, row[i].rows);
		cr_expect_eq(s->zone_s, row[i].want_zone_s);
		cr_expect(s->whole_year);
		cr_expect_float_eq(mean_of(s, WEATHER_AIR), row[i].air_k + 273.15, 1e-4);
		cr_expect_float_eq(mean_of(s, row[i].light), row[i].light_mean, 1e-4);
		weather_series_free(s);
	}
}
