/* Formats of weather files: where in a row what stands. Private to
 * models/energy/weather_*.c. */
#ifndef HEARTH_MODELS_ENERGY_WEATHER_FORMAT_H
#define HEARTH_MODELS_ENERGY_WEATHER_FORMAT_H

#include "base/csv.h"
#include "models/energy/weather_file.h"

enum weather_kind { WEATHER_EPW, WEATHER_TMY3, WEATHER_NSRDB, WEATHER_OPEN_METEO };

/* Text -> SI: factor * number + offset. */
struct weather_column {
	int at; /* field of the row; -1: there is none */
	double factor, offset;
	double missing; /* what the file writes for "no value"; NAN: nothing */
};

struct weather_format {
	enum weather_kind kind;
	double zone_s;       /* NAN: the head names none */
	bool typical;        /* months may come from different years */
	int stamp_at[5];     /* fields of year, month, day, hour, minute, or of text */
	int rows_an_hour;    /* 0: the first two rows tell */
	double instant_frac; /* of a step: from an interval's begin to the stamp */
	struct weather_column column[WEATHER_FIGURES];
};

struct weather_reader {
	struct csv csv;
	const char *path;
	struct err_list *e;
	bool fill;
	struct weather_format format;
};

/* A fault at a column of the present row; 0: of all of it. */
void weather_fault(const struct weather_reader *r, int col, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the head and fills r->format. False with a fault. Rows follow. */
bool weather_format_read(struct weather_reader *r, double zone_s);

/* A stamp of the present row. False with a fault. */
struct weather_stamp {
	int year, month, day;
	double of_day_s; /* 24:00 is 86400 of the same day */
};
bool weather_stamp_read(const struct weather_reader *r, struct weather_stamp *s);

#endif
