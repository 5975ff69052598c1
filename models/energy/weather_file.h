/* Weather that was measured or is typical, from a file.
 *
 * What the file is follows from its content, not from its name:
 *
 *     EPW         EnergyPlus weather; U.S. DOE 2023, Auxiliary Programs, EPW data dictionary
 *     TMY3        S. Wilcox and W. Marion 2008, NREL/TP-581-43156, tables 1-2 and 1-3
 *     NSRDB       CSV of the National Solar Radiation Database (M. Sengupta et al. 2018,
 *                 Renewable and Sustainable Energy Reviews 89, 51-60)
 *     Open-Meteo  CSV of archive-api.open-meteo.com, with or without its head
 *
 * Rows are of one step, a whole part of an hour from a minute on. Stamps are in the
 * zone that the file's head names (Open-Meteo without a head: in zone_s), which has no
 * daylight saving. EPW, TMY3 and the sunshine of Open-Meteo stamp the end of the
 * interval that light is a mean of, NSRDB its middle, and Open-Meteo's cloud cover its
 * beginning; temperature, wind and pressure are those of the stamp itself.
 *
 * A file of one whole year serves any year, by month, day and time: where it has no 29
 * February, the 28th holds once more. Any other serves the days that it has.
 *
 * Air temperature and either global, or direct and diffuse light, or cloud cover must
 * be there; wind, pressure and albedo may be. Albedo is often given in some rows only:
 * between them it runs in straight lines, and nothing is said to be missing. */
#ifndef HEARTH_MODELS_ENERGY_WEATHER_FILE_H
#define HEARTH_MODELS_ENERGY_WEATHER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* id, word for messages, least, most: SI. The ranges are a little wider than the
 * records of the World Meteorological Organization's archive of extremes; light: above
 * what clouds' edges can add to the sun (1.3 of the light outside the air); below 0,
 * what sensors show at night, which is taken for 0. */
#define WEATHER_FIGURE_LIST(X)                                                                     \
	X(WEATHER_AIR, "air temperature", 173.15, 333.15)                                          \
	X(WEATHER_WIND, "wind speed", 0, 115)                                                      \
	X(WEATHER_PRESSURE, "pressure", 45e3, 110e3)                                               \
	X(WEATHER_ALBEDO, "albedo", 0, 1)                                                          \
	X(WEATHER_GHI, "global light", -10, 1800)                                                  \
	X(WEATHER_DNI, "direct light", -10, 1500)                                                  \
	X(WEATHER_DHI, "diffuse light", -10, 1500)                                                 \
	X(WEATHER_CLOUD, "cloud cover", 0, 1)

enum weather_figure {
#define X(id, word, least, most) id,
	WEATHER_FIGURE_LIST(X)
#undef X
	    WEATHER_FIGURES
};

struct weather_series {
	size_t rows;
	double step_s;
	double begin_s;   /* of the first row's interval, local, since 1970 */
	double instant_s; /* from an interval's begin to its row's stamp */
	double zone_s;    /* local time minus UTC */
	bool whole_year;  /* begin_s is then near 1 January of some year of its length */
	/* SI; NULL: the file has none. Light may have NAN, to be filled by whoever knows the
	 * clear sky; the rest has none: straight lines between neighbours. */
	double *value[WEATHER_FIGURES];
	size_t filled[WEATHER_FIGURES]; /* values that the file lacks */
};

/* fill: gaps of whole rows, NaN and the formats' codes for a missing value are filled;
 * else each is a fault. Text, values out of range, stamps that do not follow each
 * other and daylight saving are faults in either case. zone_s: for files whose head
 * names none; NAN: a fault then. NULL with entries in e when it cannot be used. */
struct weather_series *weather_series_read(
    const char *path, double zone_s, bool fill, struct err_list *e);
void weather_series_free(struct weather_series *s); /* takes NULL */

/* Whether it has rows for [utc_s, utc_s + duration_s). */
bool weather_series_covers(const struct weather_series *s, double utc_s, double duration_s);

/* When the interval that utc_s lies in begins, UTC, and its row; covered. */
double weather_series_interval(const struct weather_series *s, double utc_s, size_t *row);

/* Mean over [utc_s, utc_s + dt_s) of what is given at the stamps (air, wind, pressure),
 * in straight lines between them; NAN: the file has none. Exact, so that steps add up. */
double weather_series_mean(
    const struct weather_series *s, enum weather_figure f, double utc_s, double dt_s);

#endif
