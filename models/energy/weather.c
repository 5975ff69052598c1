#include "models/energy/weather.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "models/energy/noise.h"
#include "models/energy/weather_file.h"

static const struct attr attrs[] = {
	ATTR_FILE(struct weather_par, file, "file", OPTIONAL,
	    "weather of a year or of some days: EPW, TMY3, CSV of NSRDB or of Open-Meteo; a whole "
	    "year serves any year by month, day and hour, with 28 February twice where it has no "
	    "29th; the clear sky then shapes light within the file's step"),
	ATTR_ENUM(struct weather_par, gaps, "gaps", "refuse", "refuse fill",
	    "what is missing in the file: refused, or filled and counted, the air in straight lines, "
	    "light with the clear-sky index of its neighbours"),
	ATTR_QTY(struct weather_par, zone_s, "zone", DIM_TIME, OPTIONAL, -14 * 3600, 14 * 3600,
	    "of a file that does not name its time zone: standard time ahead of UTC"),
	ATTR_ENUM(struct weather_par, clear_sky, "clear-sky", "ineichen", "ineichen haurwitz",
	    "light without clouds: of Ineichen and Perez, by turbidity, or of Haurwitz, for places "
	    "whose air is not known"),
	/* Ineichen and Perez 2002: 2 for cold clean air, 3 for clear warm air, 4 to 6
	 * for moist or stagnating air, above 6 for polluted air. */
	ATTR_QTY(struct weather_par, turbidity, "turbidity", DIM_NUMBER, "3", 1, 10,
	    "Linke turbidity of the air: 2 clean and cold, 3 clear, 6 hazy"),
	ATTR_TEXT(struct weather_par, turbidity_months, "turbidity-months", OPTIONAL,
	    "Linke turbidity in the middle of each month, twelve numbers from January on; in "
	    "straight lines between, by UTC"),
	ATTR_QTY(struct weather_par, cloudiness_frac, "cloudiness", DIM_FRACTION, "0.3", 0, 1,
	    "share of the sky that is covered by clouds, averaged over a long time"),
	ATTR_QTY(struct weather_par, correlation_frac, "correlation", DIM_FRACTION, "0.9", 0, 1,
	    "how alike the clouds over two homes are: 1 the same, 0 independent"),
	ATTR_QTY(struct weather_par, persistence_s, "persistence", DIM_TIME, "30 min", 60, 86400,
	    "time after which the clouds have mostly forgotten what they were"),
	ATTR_QTY(struct weather_par, mean_k, "temperature", DIM_TEMPERATURE, "20 degC", 223.15,
	    323.15, "air temperature, mean of the day"),
	ATTR_QTY(struct weather_par, swing_k, "swing", DIM_NUMBER, "8", 0, 40,
	    "highest minus lowest air temperature of a day, in kelvin"),
	ATTR_QTY(struct weather_par, anomaly_k, "anomaly", DIM_NUMBER, "0", 0, 10,
	    "how far a day's mean temperature is from the mean: standard deviation in kelvin"),
	/* Lag-one correlations of daily means lie around 0.7: C. W. Richardson 1981, Water
	 * Resources Research 17(1), 182-190, table 2. */
	ATTR_QTY(struct weather_par, anomaly_keep, "anomaly-persistence", DIM_NUMBER, "0.7", 0, 0.99,
	    "correlation of one day's anomaly with the next day's"),
	ATTR_QTY(struct weather_par, wind_m_s, "wind", DIM_SPEED, "2 m/s", 0, 50,
	    "wind at the solar modules, which it cools"),
	/* Grass and built-up land, 0.15 to 0.25; 0.2 is the usual choice (Liu and
	 * Jordan 1963, Solar Energy 7(2), 53-74). */
	ATTR_QTY(struct weather_par, albedo_frac, "albedo", DIM_FRACTION, "0.2", 0, 1,
	    "share of light that the ground gives back"),
	ATTR_END,
};

/* What the file gives cannot be written too. */
static void check_written(
    const struct object *o, const struct weather_series *s, struct err_list *e)
{
	static const struct {
		const char *attr;
		enum weather_figure figure;
	} row[] = {
		{ "temperature", WEATHER_AIR },
		{ "swing", WEATHER_AIR },
		{ "anomaly", WEATHER_AIR },
		{ "anomaly-persistence", WEATHER_AIR },
		{ "cloudiness", WEATHER_AIR },
		{ "correlation", WEATHER_AIR },
		{ "persistence", WEATHER_AIR },
		{ "wind", WEATHER_WIND },
		{ "albedo", WEATHER_ALBEDO },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (s->value[row[i].figure] && object_attr_is_written(o, row[i].attr))
			err_at(e, object_attr_pos(o, row[i].attr),
			    "weather: the file says that; leave %s= or file= out", row[i].attr);
}

static void tell_filled(
    const struct weather_par *p, const struct weather_series *s, struct err_list *e)
{
	static const char *const word[] = {
#define X(id, word, least, most) word,
		WEATHER_FIGURE_LIST(X)
#undef X
	};
	for (int w = 0; w < WEATHER_FIGURES; w++)
		if (s->filled[w])
			err_warn(e, (struct err_pos){ p->file, 0, 0 },
			    "weather: %zu of %zu values of %s were missing and are filled",
			    s->filled[w], s->rows, word[w]);
}

bool weather_read_months(const char *text, double turbidity[WEATHER_MONTHS])
{
	static const char spaces[] = " \t\n";
	for (int m = 0; m < WEATHER_MONTHS; m++) {
		char *end;
		text += strspn(text, spaces);
		if (text_number_end(text) == text) return false;
		turbidity[m] = text_number(text, &end);
		if (!(turbidity[m] >= 1 && turbidity[m] <= 10)) return false;
		if (*end && !strchr(spaces, *end)) return false;
		text = end;
	}
	return !text[strspn(text, spaces)];
}

static void check_air(const struct object *o, struct err_list *e)
{
	static const char *const air[] = { "turbidity", "turbidity-months" };
	const struct weather_par *p = o->par;
	double turbidity[WEATHER_MONTHS];
	if (p->turbidity_months && !weather_read_months(p->turbidity_months, turbidity))
		err_at(e, object_attr_pos(o, "turbidity-months"),
		    "weather: turbidity-months is twelve numbers from 1 to 10 with spaces between, "
		    "from January on");
	if (p->turbidity_months && object_attr_is_written(o, "turbidity"))
		err_at(e, object_attr_pos(o, "turbidity"),
		    "weather: turbidity-months= says that of each month; leave one of them out");
	for (size_t i = 0; p->clear_sky == CLEAR_SKY_HAURWITZ && i < 2; i++)
		if (object_attr_is_written(o, air[i]))
			err_at(e, object_attr_pos(o, air[i]),
			    "weather: the sky of Haurwitz knows no turbidity; leave %s= out or write "
			    "clear-sky=\"ineichen\"",
			    air[i]);
}

static void check(const struct object *o, struct err_list *e)
{
	const struct weather_par *p = o->par;
	check_air(o, e);
	if (!p->file) {
		if (p->gaps != WEATHER_REFUSE || !isnan(p->zone_s))
			err_at(e, o->pos, "weather: gaps= and zone= are a file's; add file=");
		return;
	}
	struct weather_series *s =
	    weather_series_read(p->file, p->zone_s, p->gaps == WEATHER_FILL, e);
	if (!s) return;
	check_written(o, s, e);
	if (!isnan(p->zone_s) && p->zone_s != s->zone_s)
		err_at(e, object_attr_pos(o, "zone"),
		    "weather: the file says that its zone is %g h; leave zone= out",
		    s->zone_s / 3600);
	tell_filled(p, s, e);
	weather_series_free(s);
}

const struct class weather_class = {
	.element = "weather", .parents = "scenario",
	.about = "The air and the clouds over all sites; without it, its defaults hold.",
	.par_size = sizeof(struct weather_par), .attrs = attrs, .max = 1, .implied = true,
	.check = check,
};

struct weather_par weather_default(void)
{
	struct weather_par p = { .zone_s = NAN };
	for (const struct attr *a = attrs; a->about; a++) {
		if (a->kind == ATTR_KIND_FILE || a->kind == ATTR_KIND_ENUM || !*a->def) continue;
		struct quantity q;
		char why[128];
		bool read = units_parse(a->def, a->dim, &q, why, sizeof why);
		assert(read && a->kind == ATTR_KIND_QTY);
		(void)read;
		memcpy((char *)&p + a->offset, &q.si, sizeof q.si);
	}
	return p;
}

double weather_ambient_k(const struct weather_par *p, double local_s, double dt_s)
{
	const double w = 2 * M_PI / 86400, top_s = 15 * 3600;
	double x = w * (local_s - top_s);
	double mean_cos = (sin(x + w * dt_s) - sin(x)) / (w * dt_s);
	return p->mean_k + 0.5 * p->swing_k * mean_cos;
}

#define DAY_S 86400.0

static double next_day_k(const struct weather_par *p, const struct weather_days *d, long day,
    double before_k)
{
	double fresh_k = p->anomaly_k * sqrt(1 - p->anomaly_keep * p->anomaly_keep);
	return p->anomaly_keep * before_k + fresh_k * noise_normal(d->key, (uint64_t)day);
}

void weather_days_init(const struct weather_par *p, struct weather_days *d, uint64_t key,
    double utc_s)
{
	*d = (struct weather_days){ .key = key, .day = (long)floor(utc_s / DAY_S) };
	d->at_k[0] = p->anomaly_k * noise_normal(key, (uint64_t)d->day);
	for (int i = 1; i < 3; i++) d->at_k[i] = next_day_k(p, d, d->day + i, d->at_k[i - 1]);
}

void weather_days_reach(const struct weather_par *p, struct weather_days *d, double utc_s)
{
	for (long day = (long)floor(utc_s / DAY_S); d->day < day; d->day++) {
		d->at_k[0] = d->at_k[1];
		d->at_k[1] = d->at_k[2];
		d->at_k[2] = next_day_k(p, d, d->day + 3, d->at_k[1]);
	}
}

/* Integral of the straight lines from the first midnight to x days after it, 0 to 2. */
static double until(const struct weather_days *d, double x)
{
	const double *k = d->at_k;
	if (x <= 1) return x * (k[0] + 0.5 * x * (k[1] - k[0]));
	double y = x - 1;
	return 0.5 * (k[0] + k[1]) + y * (k[1] + 0.5 * y * (k[2] - k[1]));
}

double weather_days_mean_k(const struct weather_days *d, double utc_s, double dt_s)
{
	double x = utc_s / DAY_S - (double)d->day, dx = dt_s / DAY_S;
	assert(x > -1e-6 && x + dx < 2 + 1e-6);
	return (until(d, x + dx) - until(d, x)) / dx;
}
