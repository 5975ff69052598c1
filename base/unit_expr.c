#include "base/unit_expr.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/text.h"

/* clang-format off */
#define V(b) { .e = { [b] = 1 } }
/* clang-format on */

/* Which prefixes a unit takes. Milli and smaller only where people mean them,
 * so that "12 mWh" is a slip of the shift key and not 43 mJ. */
enum { NONE = 0, KILO = 1, BIG = 2, SMALL = 4, BINARY = 8, PICO = 16 };

static const struct prefix {
	const char *text;
	unsigned set;
	double factor;
} prefixes[] = {
	{ "", ~0u, 1 },
	{ "k", KILO | BIG, 1e3 },
	{ "M", BIG, 1e6 },
	{ "G", BIG, 1e9 },
	{ "T", BIG, 1e12 },
	{ "P", BIG, 1e15 },
	{ "m", SMALL, 1e-3 },
	{ "u", SMALL, 1e-6 },
	{ "n", SMALL, 1e-9 },
	{ "p", PICO, 1e-12 },
	{ "\302\265", SMALL, 1e-6 }, /* U+00B5, micro sign */
	{ "\316\274", SMALL, 1e-6 }, /* U+03BC, small mu */
	{ "Ki", BINARY, 0x1p10 },
	{ "Mi", BINARY, 0x1p20 },
	{ "Gi", BINARY, 0x1p30 },
	{ "Ti", BINARY, 0x1p40 },
};
enum { PREFIXES = sizeof prefixes / sizeof *prefixes };

/* Factors to SI: exact by definition (BIPM 2019, The International System of
 * Units, tables 2 to 8; IEC 80000-13 for binary prefixes). A year is 365 days,
 * 8760 h, as energy accounts have it. */
static const struct unit {
	const char *text;
	struct unit_dim dim;
	double factor, offset; /* SI = number * factor + offset */
	unsigned prefix;
} units[] = {
	{ "s", V(SECOND), 1, 0, SMALL },
	{ "min", V(SECOND), 60, 0, NONE },
	{ "h", V(SECOND), 3600, 0, NONE },
	{ "d", V(SECOND), 86400, 0, NONE },
	{ "day", V(SECOND), 86400, 0, NONE },
	{ "days", V(SECOND), 86400, 0, NONE },
	{ "week", V(SECOND), 604800, 0, NONE },
	{ "weeks", V(SECOND), 604800, 0, NONE },
	{ "year", V(SECOND), 31536000, 0, NONE },
	{ "years", V(SECOND), 31536000, 0, NONE },
	{ "W", { .e = { [JOULE] = 1, [SECOND] = -1 } }, 1, 0, BIG | SMALL },
	{ "Wh", V(JOULE), 3600, 0, BIG },
	{ "J", V(JOULE), 1, 0, BIG | SMALL | PICO },
	{ "VA", V(VA), 1, 0, BIG },
	{ "var", V(VAR), 1, 0, BIG },
	{ "V", V(VOLT), 1, 0, BIG | SMALL },
	{ "A", V(AMPERE), 1, 0, KILO | SMALL },
	{ "ohm", V(OHM), 1, 0, BIG | SMALL },
	{ "\316\251", V(OHM), 1, 0, BIG | SMALL }, /* U+03A9, capital omega */
	{ "K", V(KELVIN), 1, 0, NONE },
	{ "degC", V(KELVIN), 1, 273.15, NONE },
	{ "\302\260C", V(KELVIN), 1, 273.15, NONE }, /* degree sign, C */
	{ "degF", V(KELVIN), 5.0 / 9, 459.67 * 5 / 9, NONE },
	{ "rad", V(RADIAN), 1, 0, NONE },
	{ "deg", V(RADIAN), 0x1.1df46a2529d39p-6, 0, NONE }, /* pi / 180 */
	{ "m", V(METRE), 1, 0, KILO | SMALL },
	{ "cm", V(METRE), 0.01, 0, NONE },
	{ "B", V(BYTE), 1, 0, BIG | BINARY },
	{ "bit", V(BYTE), 0.125, 0, BIG | BINARY },
	{ "FLOP", V(FLOP), 1, 0, BIG },
	{ "FLOPS", { .e = { [FLOP] = 1, [SECOND] = -1 } }, 1, 0, BIG },
	{ "OP", V(FLOP), 1, 0, BIG },
	{ "OPS", { .e = { [FLOP] = 1, [SECOND] = -1 } }, 1, 0, BIG },
	{ "Hz", { .e = { [SECOND] = -1 } }, 1, 0, BIG | SMALL },
	{ "request", { { 0 } }, 1, 0, NONE },
	{ "requests", { { 0 } }, 1, 0, NONE },
	{ "token", V(TOKEN), 1, 0, BIG },
	{ "tokens", V(TOKEN), 1, 0, BIG },
	{ "EUR", V(MONEY), 1, 0, NONE },
	{ "USD", V(MONEY), 1, 0, NONE },
	{ "GBP", V(MONEY), 1, 0, NONE },
	{ "INR", V(MONEY), 1, 0, NONE },
	{ "JPY", V(MONEY), 1, 0, NONE },
	{ "AUD", V(MONEY), 1, 0, NONE },
	{ "CNY", V(MONEY), 1, 0, NONE },
	{ "currency", V(MONEY), 1, 0, NONE }, /* printed where the currency is not known */
	{ "g", V(GRAM), 1e-3, 0, KILO },      /* SI is kilogram */
	{ "t", V(GRAM), 1e3, 0, NONE },
	{ "%", { { 0 } }, 0.01, 0, NONE },
	{ "1", { { 0 } }, 1, 0, NONE },
};
enum { UNITS = sizeof units / sizeof *units };

/* What people write for a unit that is not in the table. */
static const char *const slips[][2] = {
	/* clang-format off */
	{ "bps", "bit/s" }, { "kbps", "kbit/s" }, { "Mbps", "Mbit/s" }, { "Gbps", "Gbit/s" },
	{ "b", "bit" }, { "Kb", "kbit" }, { "Mb", "Mbit" }, { "Gb", "Gbit" }, { "hr", "h" },
	{ "hrs", "h" }, { "hour", "h" }, { "hours", "h" }, { "sec", "s" }, { "secs", "s" },
	{ "seconds", "s" }, { "minutes", "min" }, { "mins", "min" }, { "C", "degC" },
	{ "F", "degF" }, { "\302\260F", "degF" }, { "\302\260", "deg" }, { "tok", "token" },
	{ "pct", "%" }, { "percent", "%" }, { "\342\202\254", "EUR" }, { "$", "USD" },
	{ "\302\243", "GBP" }, { "req", "request" }, { "watt", "W" }, { "watts", "W" },
	{ "gCO2", "g" }, { "gCO2e", "g" }, { "gCO2eq", "g" }, { "kgCO2", "kg" },
	{ "kgCO2e", "kg" }, { "\342\204\246", "ohm" }, { "Wp", "W" }, { "kWp", "kW" },
	/* clang-format on */
};
enum { SLIPS = sizeof slips / sizeof *slips };

struct atom {
	const struct prefix *prefix;
	const struct unit *unit;
};

static bool spells(const char *text, const char *prefix, const char *unit, bool fold)
{
	size_t n = strlen(prefix);
	if (!fold) return !strncmp(text, prefix, n) && !strcmp(text + n, unit);
	return strlen(text) >= n && text_same_n(text, prefix, n) && text_same(text + n, unit);
}

/* The prefix and unit that `text` spells; with fold, upper and lower case are equal. */
static bool atom_find(const char *text, bool fold, const struct unit_dim *want, struct atom *found)
{
	for (int u = 0; u < UNITS; u++) {
		if (want && memcmp(want, &units[u].dim, sizeof *want)) continue;
		for (int p = 0; p < PREFIXES; p++) {
			if (!unit_takes_prefix(u, p)) continue;
			if (!spells(text, prefixes[p].text, units[u].text, fold)) continue;
			*found = (struct atom){ &prefixes[p], &units[u] };
			return true;
		}
	}
	return false;
}

/* What the user most likely meant by an atom that is none. "" when there is no telling. */
static void atom_guess(const char *text, const struct unit_dim *want, char *guess, size_t size)
{
	struct atom a;
	guess[0] = '\0';
	for (int i = 0; i < SLIPS; i++)
		if (!strcmp(slips[i][0], text)) {
			snprintf(guess, size, "%s", slips[i][1]);
			return;
		}
	if (atom_find(text, true, want, &a) || atom_find(text, true, NULL, &a)) {
		snprintf(guess, size, "%s%s", a.prefix->text, a.unit->text);
		return;
	}
	struct near near = near_to(text);
	for (int u = 0; u < UNITS; u++) near_try(&near, units[u].text);
	const char *best = near_best(&near);
	if (best) snprintf(guess, size, "%s", best);
}

static void expr_put(struct unit_expr *x, const char *text, char joint)
{
	size_t n = strlen(x->fixed), room = sizeof x->fixed - n;
	if (joint)
		snprintf(x->fixed + n, room, "%c%s", joint, text);
	else
		snprintf(x->fixed, sizeof x->fixed, "%s", text);
}

static void expr_apply(struct unit_expr *x, struct atom a, char joint)
{
	int sign = joint == '/' ? -1 : 1;
	double f = a.prefix->factor * a.unit->factor;
	for (int b = 0; b < UNIT_BASES; b++)
		x->dim.e[b] = (signed char)(x->dim.e[b] + sign * a.unit->dim.e[b]);
	x->factor = joint == '/' ? x->factor / f : x->factor * f;
	x->offset = x->atoms ? 0 : a.unit->offset; /* degrees of a quotient are differences */
	x->atoms++;
	if (a.unit->text[0] == '%') x->percent = true;
	if (!a.unit->dim.e[MONEY] || !strcmp(a.unit->text, "currency")) return;
	if (x->currency[0] && strcmp(x->currency, a.unit->text)) x->mixed = true;
	snprintf(x->currency, sizeof x->currency, "%.3s", a.unit->text);
}

static void expr_unknown(
    struct unit_expr *x, const char *text, char joint, const struct unit_dim *want)
{
	char guess[24];
	atom_guess(text, want, guess, sizeof guess);
	if (!x->unknown++) snprintf(x->odd, sizeof x->odd, "%.31s", text);
	if (!guess[0])
		x->fixed[0] = '\0';
	else if (x->fixed[0] || !joint)
		expr_put(x, guess, joint);
}

/* One atom of n bytes at `at`, joined to what stands before by `joint` (0: first). */
static void expr_atom(
    struct unit_expr *x, const char *at, size_t n, char joint, const struct unit_dim *want)
{
	char text[32];
	struct atom a;
	snprintf(text, sizeof text, "%.*s", n < sizeof text ? (int)n : (int)sizeof text - 1, at);
	if (n >= sizeof text || !atom_find(text, false, NULL, &a)) {
		expr_unknown(x, text, joint, want);
		return;
	}
	if (x->fixed[0] || !joint) expr_put(x, text, joint);
	expr_apply(x, a, joint);
}

bool unit_expr_read(struct unit_expr *x, const char *s, const struct unit_dim *want)
{
	char joint = 0;
	*x = (struct unit_expr){ .factor = 1 };
	if (*s == '/') { /* "5 /s" is "5 1/s" */
		expr_atom(x, "1", 1, 0, NULL);
		joint = *s++;
	}
	for (;;) {
		s += strspn(s, UNIT_SPACES);
		size_t n = strcspn(s, UNIT_SPACES "*/");
		if (!n) return false;
		expr_atom(x, s, n, joint, want);
		s += n;
		s += strspn(s, UNIT_SPACES);
		if (!*s) return true;
		if (*s != '*' && *s != '/') return false;
		joint = *s++;
	}
}

bool unit_is_prefix(const char *text)
{
	for (int p = 1; p < PREFIXES; p++)
		if (!strcmp(prefixes[p].text, text)) return true;
	return false;
}

const char *unit_row(int i)
{
	return i < UNITS ? units[i].text : NULL;
}

const char *unit_prefix_row(int i)
{
	return i < PREFIXES ? prefixes[i].text : NULL;
}

bool unit_takes_prefix(int unit, int prefix)
{
	return prefixes[prefix].set & (units[unit].prefix | (prefix ? 0 : ~0u));
}
