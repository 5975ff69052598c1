/* Quantities with units: "13.5 kWh" <-> 4.86e7 J.
 *
 * Text is read in the C locale only, whatever the machine's locale. Every
 * quantity is SI inside; the unit is mandatory wherever the dimension has one.
 * What is ambiguous is refused with a remedy, never guessed: a decimal comma,
 * an energy where a power belongs, "kw" for kW, "12 mWh" (milli of a unit that
 * nobody means: MWh). */
#ifndef HEARTH_BASE_UNITS_H
#define HEARTH_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

/* Dimensions that an attribute may ask for, with the SI unit that the parsed
 * number has, and a word for messages ("7 kWh is an energy; power wants ..."). */
#define DIM_LIST(X) \
	X(DIM_NUMBER, "1", "number")            /* plain number; no unit */ \
	X(DIM_FRACTION, "1", "fraction")        /* "0.7" or "70 %" */ \
	X(DIM_TIME, "s", "time")                /* ns us ms s min h d week year */ \
	X(DIM_POWER, "W", "power") \
	X(DIM_ENERGY, "J", "energy")            /* J and Wh */ \
	X(DIM_APPARENT, "VA", "apparent power") \
	X(DIM_REACTIVE, "var", "reactive power") \
	X(DIM_VOLTAGE, "V", "voltage") \
	X(DIM_CURRENT, "A", "current") \
	X(DIM_RESISTANCE, "ohm", "resistance") \
	X(DIM_RESISTANCE_PER_LENGTH, "ohm/m", "resistance per length") \
	X(DIM_TEMPERATURE, "K", "temperature")  /* degC K degF; absolute */ \
	X(DIM_ANGLE, "rad", "angle")            /* deg rad */ \
	X(DIM_LENGTH, "m", "length")            /* mm m km */ \
	X(DIM_SPEED, "m/s", "speed") \
	X(DIM_BYTES, "B", "data size")          /* B kB MB GB KiB MiB GiB bit ... */ \
	X(DIM_BYTE_RATE, "B/s", "data rate")    /* MB/s Gbit/s GiB/s */ \
	X(DIM_FLOP_RATE, "FLOP/s", "compute rate") /* TFLOP/s TOP/s */ \
	X(DIM_RATE, "1/s", "rate")              /* 1/s 1/min 1/h; Hz */ \
	X(DIM_TOKENS, "token", "tokens")        /* "2048" or "2048 tokens", "2 ktoken" */ \
	X(DIM_TOKEN_RATE, "token/s", "token rate") \
	X(DIM_MONEY, "currency", "money")       /* EUR USD GBP INR JPY AUD CNY */ \
	X(DIM_MONEY_PER_ENERGY, "currency/J", "energy price") /* 0.31 EUR/kWh */ \
	X(DIM_CARBON_PER_ENERGY, "kg/J", "carbon intensity")  /* 420 g/kWh */

enum dim {
#define X(id, si, word) id,
	DIM_LIST(X)
#undef X
	DIM_COUNT
};

struct quantity {
	double si;        /* in the SI unit of its dimension */
	char currency[4]; /* "EUR" for the money dimensions, else "" */
};

/* Reads `text` as a quantity of dimension `dim`. On failure returns false and
 * leaves one sentence with the remedy in why (which may not be NULL); *q is
 * then untouched. Spaces around are ignored; NaN, Inf, hexadecimal and trailing
 * text are refused. */
bool units_parse(const char *text, enum dim dim, struct quantity *q, char *why, size_t why_size);

/* Reads a list of numbers that share one unit, as distributions have them:
 * "3, 6" with unit "kW". Returns false as above. */
bool units_scale(const char *unit, enum dim dim, double *factor, double *offset,
    char currency[4], char *why, size_t why_size);

/* Writes `si` for people, with a prefix that keeps 1 to 4 digits before the
 * point: 4.86e7 J -> "13.5 kWh", 0.0265 s -> "26.5 ms". Returns buf. */
char *units_format(double si, enum dim dim, char *buf, size_t size);

const char *units_si(enum dim dim);   /* "W" */
const char *units_word(enum dim dim); /* "power" */

/* The units that `dim` takes, for messages and the manual: "W, kW, MW, GW". */
const char *units_taken(enum dim dim);

#endif
