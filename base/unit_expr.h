/* Unit expressions: "EUR/kWh" -> dimension, factor and currency.
 *
 * The grammar is atom { ("/" | "*") atom }, read from left to right; an atom is a
 * unit with or without a prefix. What belongs to which attribute, and the
 * messages, are base/units.h's. */
#ifndef HEARTH_BASE_UNIT_EXPR_H
#define HEARTH_BASE_UNIT_EXPR_H

#include <stdbool.h>

/* Base dimensions. Watt is J/s, but volt-ampere and var are their own: an
 * apparent power where a real one belongs is a mistake worth telling. */
/* clang-format off */
enum unit_base {
	SECOND, JOULE, VA, VAR, VOLT, AMPERE, OHM, KELVIN, RADIAN, METRE, BYTE, FLOP, TOKEN, MONEY,
	GRAM, UNIT_BASES
};
/* clang-format on */

/* Exponents: W is JOULE 1, SECOND -1. Compared with memcmp. */
struct unit_dim {
	signed char e[UNIT_BASES];
};
#define UNIT_SPACES " \t\r\n"

/* A unit expression that was read: factors joined by * and /. */
struct unit_expr {
	struct unit_dim dim;
	double factor, offset;
	char currency[4];
	bool mixed; /* two currencies */
	bool percent;
	int atoms, unknown;
	char fixed[96]; /* with every unknown atom put right; "" when one cannot be */
	char odd[32];   /* the first atom that is unknown */
};

/* Reads an expression. False when it is not of the form above; x is then what
 * came before the fault. An unknown atom is counted and guessed at; want (may be
 * NULL) is the dimension that guesses prefer. */
bool unit_expr_read(struct unit_expr *x, const char *s, const struct unit_dim *want);

/* The i-th row of the table of units, of prefixes ("" is the first); NULL behind
 * the last. */
const char *unit_row(int i);
const char *unit_prefix_row(int i);

/* Whether the prefix of that row stands before the unit of that row: "" before all. */
bool unit_takes_prefix(int unit, int prefix);

/* Whether text is a prefix and nothing else: "M". */
bool unit_is_prefix(const char *text);

#endif
