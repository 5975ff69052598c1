#include "analysis/show.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { DIGITS = 3 };

/* How a unit is shown, by magnitude: the last row whose `from` is reached. Rows
 * of one unit stand together, ascending. */
static const struct scale {
	const char *unit;
	double from, factor;
	const char *shown;
} scales[] = {
	{ "s", 0, 1e6, "\xc2\xb5s" }, /* micro sign */
	{ "s", 1e-3, 1e3, "ms" },
	{ "s", 1, 1, "s" },
	{ "s", 120, 1.0 / 60, "min" },
	{ "s", 7200, 1.0 / 3600, "h" },
	{ "J", 0, 1, "J" },
	{ "J", 3600, 1 / 3.6e3, "Wh" },
	{ "J", 3.6e6, 1 / 3.6e6, "kWh" },
	{ "J", 3.6e10, 1 / 3.6e9, "MWh" },
	{ "J/token", 0, 1e3, "mJ/token" },
	{ "J/token", 0.1, 1, "J/token" },
	{ "J/token", 1e4, 1e-3, "kJ/token" },
	{ "W", 0, 1, "W" },
	{ "W", 1e3, 1e-3, "kW" },
	{ "W", 1e6, 1e-6, "MW" },
	{ "VA", 0, 1, "VA" },
	{ "VA", 1e3, 1e-3, "kVA" },
	{ "VA", 1e6, 1e-6, "MVA" },
	{ "byte", 0, 1, "B" },
	{ "byte", 1e3, 1e-3, "kB" },
	{ "byte", 1e6, 1e-6, "MB" },
	{ "byte", 1e9, 1e-9, "GB" },
	{ "byte", 1e12, 1e-12, "TB" },
	{ "kg", 0, 1e3, "g" },
	{ "kg", 1, 1, "kg" },
	{ "kg", 1e4, 1e-3, "t" },
	{ "g/token", 0, 1e3, "mg/token" },
	{ "g/token", 0.1, 1, "g/token" },
};

static const struct scale *scale_of(double v, const char *unit)
{
	const struct scale *found = NULL;
	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
		if (!strcmp(scales[i].unit, unit) && fabs(v) >= scales[i].from) found = &scales[i];
	return found;
}

/* 705321 -> "705,321"; digits after the third are kept, for they are counted. */
static void show_count(double v, char buf[SHOW_SIZE])
{
	char plain[32];
	snprintf(plain, sizeof plain, "%.0f", v);
	size_t n = strlen(plain), sign = plain[0] == '-';
	char *to = buf;
	for (size_t i = 0; i < n; i++) {
		if (i > sign && (n - i) % 3 == 0) *to++ = ',';
		*to++ = plain[i];
	}
	*to = '\0';
}

/* DIGITS significant digits, never in the notation with an exponent unless the
 * value is below 1e-4: 1234.5 -> "1,235". */
static void show_plain(double v, char buf[SHOW_SIZE])
{
	if (fabs(v) >= 1000 && fabs(v) < 1e15) show_count(round(v), buf);
	else text_from_number(v, DIGITS, buf, SHOW_SIZE);
}

static char *with_unit(double v, const char *unit, char buf[SHOW_SIZE])
{
	char number[SHOW_SIZE];
	show_plain(v, number);
	snprintf(buf, SHOW_SIZE, "%.40s%s%.16s", number, *unit ? " " : "", unit);
	return buf;
}

/* A grid's frequency is told by its second decimal: 48.95 is not 49. */
static char *show_hertz(double v, char buf[SHOW_SIZE])
{
	char number[32];
	snprintf(buf, SHOW_SIZE, "%s Hz", text_from_number(v, 5, number, sizeof number));
	return buf;
}

static bool is_money(const char *unit)
{
	return strlen(unit) == 3 && strspn(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static char *show_money(double v, const char *unit, char buf[SHOW_SIZE])
{
	if (fabs(v) >= 1000 || fabs(v) < 0.01) return with_unit(v, unit, buf);
	long cents = lround(100 * v), whole = cents < 0 ? -cents : cents;
	snprintf(
	    buf, SHOW_SIZE, "%s%ld.%02ld %s", cents < 0 ? "-" : "", whole / 100, whole % 100, unit);
	return buf;
}

char *show_value(double v, const char *unit, char buf[SHOW_SIZE])
{
	if (isnan(v)) return strcpy(buf, "-");
	if (!unit || !strcmp(unit, "1")) unit = "";
	if (!strcmp(unit, "K")) return with_unit(round(10 * (v - 273.15)) / 10, "\xc2\xb0""C", buf);
	if (!strcmp(unit, "degC")) unit = "\xc2\xb0""C";
	if (!strcmp(unit, "Hz")) return show_hertz(v, buf);
	if (is_money(unit)) return show_money(v, unit, buf);
	const struct scale *s = v != 0 ? scale_of(v, unit) : NULL;
	return s ? with_unit(v * s->factor, s->shown, buf) : with_unit(v, unit, buf);
}

static bool ends_part(const char *key, const char *suffix)
{
	const char *at = strstr(key, suffix);
	return at && (at[strlen(suffix)] == '\0' || at[strlen(suffix)] == '.');
}

/* In per cent; just below 100 %, where requests are lost, with two digits more. */
static char *show_share(double v, char buf[SHOW_SIZE])
{
	char number[32];
	if (!(v > 0.99 && v < 1)) return with_unit(100 * v, "%", buf);
	snprintf(buf, SHOW_SIZE, "%s %%",
	    text_from_number(floor(1e4 * v) / 100, 4, number, sizeof number));
	return buf;
}

static char *show_as(const struct ds_metric *m, double v, char buf[SHOW_SIZE])
{
	bool share = ends_part(m->key, "_frac") || ends_part(m->key, "_pu");
	return share && !isnan(v) ? show_share(v, buf) : show_value(v, m->unit, buf);
}

char *show_metric(const struct ds_metric *m, char buf[SHOW_SIZE])
{
	return show_as(m, m->value, buf);
}

char *show_change(const char *key, const char *unit, double v, char buf[SHOW_SIZE])
{
	char size[SHOW_SIZE];
	bool share = ends_part(key, "_frac") || ends_part(key, "_pu");
	bool warmth = unit && (!strcmp(unit, "K") || !strcmp(unit, "degC"));
	if (isnan(v)) return strcpy(buf, "-");
	if (share) with_unit(100 * fabs(v), "pp", size);
	else if (warmth) with_unit(fabs(v), "K", size);
	else show_value(fabs(v), unit, size);
	snprintf(buf, SHOW_SIZE, "%s%.60s", v > 0 ? "+" : v < 0 ? "-" : "", size);
	return buf;
}

char *show_interval(const struct ds_metric *m, char buf[SHOW_SIZE])
{
	char lo[SHOW_SIZE], hi[SHOW_SIZE];
	if (isnan(m->lo) || isnan(m->hi)) return strcpy(buf, "");
	snprintf(buf, SHOW_SIZE, "%.28s to %.28s", show_as(m, m->lo, lo), show_as(m, m->hi, hi));
	return buf;
}

char *show_about(const struct dataset *d, const struct ds_metric *m)
{
	const struct ds_group *g = ds_find(d, "summary");
	const char *asset = ds_text(g, m->key, "asset"), *limit = ds_text(g, m->key, "limit");
	const char *about = m->about && *m->about ? m->about : m->key;
	if (!asset || !limit) return mem_text(about);
	return mem_print("%s (%s: %s)", about, asset, limit);
}
