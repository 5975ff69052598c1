#include "base/units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit_expr.h"

static const struct info {
	const char *si, *word, *a; /* a: the word with its article, for "7 kWh is an energy" */
	const char *taken;         /* for messages and the manual */
	const char *shown;         /* for units_format: ascending */
	bool bare;                 /* a number without a unit will do */
	struct unit_dim dim;
} infos[DIM_COUNT] = {
/* clang-format off */
#define X(id, si_, word_) [id].si = si_, [id].word = word_,
	DIM_LIST(X)
#undef X
#define INFO(id, a_, bare_, taken_, shown_, ...) \
	[id].a = a_, [id].bare = bare_, [id].taken = taken_, [id].shown = shown_, \
	[id].dim.e = { __VA_ARGS__ }
	INFO(DIM_NUMBER, "a number", true, "no unit", "", 0),
	INFO(DIM_FRACTION, "a fraction", true, "0.7 or 70 %", "%", 0),
	INFO(DIM_TIME, "a time", false, "ms, s, min, h, d, week, year",
	    "ns us ms s min h d", [SECOND] = 1),
	INFO(DIM_POWER, "a power", false, "W, kW, MW, GW",
	    "nW uW mW W kW MW GW TW", [JOULE] = 1, [SECOND] = -1),
	INFO(DIM_ENERGY, "an energy", false, "Wh, kWh, MWh, GWh, J, MJ",
	    "pJ nJ uJ mJ J Wh kWh MWh GWh TWh", [JOULE] = 1),
	INFO(DIM_APPARENT, "an apparent power", false, "VA, kVA, MVA",
	    "VA kVA MVA GVA", [VA] = 1),
	INFO(DIM_REACTIVE, "a reactive power", false, "var, kvar, Mvar",
	    "var kvar Mvar Gvar", [VAR] = 1),
	INFO(DIM_VOLTAGE, "a voltage", false, "mV, V, kV", "uV mV V kV MV", [VOLT] = 1),
	INFO(DIM_CURRENT, "a current", false, "mA, A, kA", "uA mA A kA", [AMPERE] = 1),
	INFO(DIM_RESISTANCE, "a resistance", false, "mohm, ohm, kohm",
	    "nohm uohm mohm ohm kohm Mohm", [OHM] = 1),
	INFO(DIM_RESISTANCE_PER_LENGTH, "a resistance per length", false, "ohm/km, ohm/m",
	    "ohm/km", [OHM] = 1, [METRE] = -1),
	INFO(DIM_TEMPERATURE, "a temperature", false, "degC, K, degF",
	    "degC", [KELVIN] = 1),
	INFO(DIM_ANGLE, "an angle", false, "deg, rad", "deg", [RADIAN] = 1),
	INFO(DIM_LENGTH, "a length", false, "mm, m, km", "mm m km", [METRE] = 1),
	INFO(DIM_SPEED, "a speed", false, "m/s, km/h", "m/s", [METRE] = 1, [SECOND] = -1),
	INFO(DIM_BYTES, "a data size", false, "B, kB, MB, GB, KiB, MiB, GiB",
	    "B kB MB GB TB PB", [BYTE] = 1),
	INFO(DIM_BYTE_RATE, "a data rate", false, "MB/s, GB/s, GiB/s, Mbit/s, Gbit/s",
	    "B/s kB/s MB/s GB/s TB/s PB/s", [BYTE] = 1, [SECOND] = -1),
	INFO(DIM_FLOP_RATE, "a compute rate", false, "GFLOP/s, TFLOP/s, TOP/s",
	    "FLOP/s kFLOP/s MFLOP/s GFLOP/s TFLOP/s PFLOP/s", [FLOP] = 1, [SECOND] = -1),
	INFO(DIM_RATE, "a rate", false, "1/s, 1/min, 1/h, Hz",
	    "1/d 1/h 1/min 1/s", [SECOND] = -1),
	INFO(DIM_TOKENS, "a token count", true, "2048, 2048 tokens, 2 ktoken",
	    "token ktoken Mtoken Gtoken", [TOKEN] = 1),
	INFO(DIM_TOKEN_RATE, "a token rate", false, "token/s, ktoken/s",
	    "token/s ktoken/s Mtoken/s", [TOKEN] = 1, [SECOND] = -1),
	INFO(DIM_MONEY, "an amount of money", false, "EUR, USD, GBP, INR, JPY, AUD, CNY",
	    "currency", [MONEY] = 1),
	INFO(DIM_MONEY_PER_ENERGY, "an energy price", false, "EUR/kWh, USD/kWh, EUR/MWh",
	    "currency/kWh", [MONEY] = 1, [JOULE] = -1),
	INFO(DIM_CARBON_PER_ENERGY, "a carbon intensity", false, "g/kWh, kg/kWh, kg/MWh",
	    "g/kWh", [GRAM] = 1, [JOULE] = -1),
#undef INFO
	/* clang-format on */
};

static bool fits(const struct unit_expr *x, enum dim dim)
{
	if (memcmp(&x->dim, &infos[dim].dim, sizeof x->dim)) return false;
	if (dim == DIM_NUMBER) return x->atoms == 0;
	if (dim == DIM_FRACTION) return x->atoms == 0 || (x->atoms == 1 && x->percent);
	return !x->percent;
}

/* Which dimension the user wrote; DIM_COUNT: none that has a word. */
static enum dim dim_of(const struct unit_expr *x)
{
	enum dim d = DIM_FRACTION;
	while (d < DIM_COUNT && !fits(x, d)) d++;
	return d;
}

/* What is being asked, for the messages: "7 kWh" has number "7", unit "kWh". */
struct ask {
	enum dim dim;
	char number[48], unit[64]; /* number "": a unit alone */
	char *why;
	size_t size;
};

/* "power wants W, kW, MW, GW" */
#define WANTS       "%s wants %s"
#define WANTED(ask) infos[(ask)->dim].word, infos[(ask)->dim].taken

static bool refuse(const struct ask *ask, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static bool refuse(const struct ask *ask, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(ask->why, ask->size, fmt, ap);
	va_end(ap);
	return false;
}

static bool refuse_unknown(const struct ask *ask, const struct unit_expr *x)
{
	struct unit_expr right;
	const char *fixed = x->fixed;
	if (fixed[0] && unit_expr_read(&right, fixed, NULL) && !right.unknown &&
	    fits(&right, ask->dim))
		return refuse(ask, "%s%s%s: did you mean %s?", ask->number,
		    ask->number[0] ? " " : "", ask->unit, fixed);
	if (unit_is_prefix(x->odd))
		return refuse(ask, "'%s' is a prefix without a unit; " WANTS, x->odd, WANTED(ask));
	return refuse(ask, "unknown unit '%s'; " WANTS, x->odd, WANTED(ask));
}

static bool refuse_missing(const struct ask *ask)
{
	if (!ask->number[0]) return refuse(ask, "no unit; " WANTS, WANTED(ask));
	return refuse(ask, "%s has no unit; " WANTS, ask->number, WANTED(ask));
}

static bool refuse_dimension(const struct ask *ask, const struct unit_expr *x)
{
	enum dim is = dim_of(x);
	const char *gap = ask->number[0] ? " " : "";
	if (is == DIM_COUNT)
		return refuse(
		    ask, "%s%s%s does not fit; " WANTS, ask->number, gap, ask->unit, WANTED(ask));
	return refuse(
	    ask, "%s%s%s is %s; " WANTS, ask->number, gap, ask->unit, infos[is].a, WANTED(ask));
}

/* Reads ask->unit into x and checks it against the dimension. */
static bool unit_check(const struct ask *ask, struct unit_expr *x)
{
	const struct info *in = &infos[ask->dim];
	if (!ask->unit[0]) {
		*x = (struct unit_expr){ .dim = in->dim, .factor = 1 };
		return in->bare || refuse_missing(ask);
	}
	bool whole = unit_expr_read(x, ask->unit, &in->dim);
	if (x->unknown) return refuse_unknown(ask, x);
	if (!whole)
		return refuse(
		    ask, "'%s' is not one unit; join factors by / or *, as in EUR/kWh", ask->unit);
	if (x->mixed) return refuse(ask, "'%s' mixes two currencies", ask->unit);
	if (!fits(x, ask->dim)) return refuse_dimension(ask, x);
	if (in->dim.e[MONEY] && !x->currency[0])
		return refuse(ask, "'%s' names no currency; " WANTS, ask->unit, WANTED(ask));
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Explains "13,5 kWh", "1.234,5 kWh", "1,234.5 kWh" and "4,200 kWh". The last mark
 * is taken for the decimal one unless its kind occurs twice; a single comma before
 * three digits may be either. s points at the number, rest at what follows it. */
static bool refuse_comma(const struct ask *ask, const char *s)
{
	size_t n = strspn(s, "+-0123456789.,");
	const char *rest = s + n;
	char all[48] = "", plain[48] = "";
	int points = 0, commas = 0;
	size_t last = 0, k = 0;
	if (n >= sizeof all) return refuse(ask, "not a number; write digits and a point only");
	for (size_t i = 0; i < n; i++) {
		points += s[i] == '.';
		commas += s[i] == ',';
		if (s[i] == '.' || s[i] == ',')
			last = i;
		else
			plain[k++] = s[i];
	}
	if (commas == 1 && !points && n - last == 4) {
		snprintf(all, sizeof all, "%.*s.%.3s", (int)last, s, s + last + 1);
		return refuse(ask, "a comma that may be decimal or not; write %s%s or %s%s", plain,
		    rest, all, rest);
	}
	bool decimal = (s[last] == ',' ? commas : points) == 1;
	size_t after = decimal ? n - last - 1 : 0;
	snprintf(all, sizeof all, "%.*s%s%s", (int)(k - after), plain, after ? "." : "",
	    plain + k - after);
	return refuse(ask, "%s; write %s%s",
	    decimal && s[last] == ',' ? "decimal comma" : "thousands separator", all, rest);
}

static bool refuse_number(const struct ask *ask, const char *s)
{
	if (!*s) return refuse(ask, "empty; " WANTS, WANTED(ask));
	const char *digits = s + (*s == '+' || *s == '-');
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		return refuse(ask, "'%.40s' is hexadecimal; write a decimal number", s);
	if (digits[0] == ',' && is_digit(digits[1])) return refuse_comma(ask, s);
	return refuse(ask, "'%.40s' does not begin with a number; " WANTS, s, WANTED(ask));
}

/* Copies at most size - 1 of the n bytes of s, without the spaces at the end. */
static bool copy_trimmed(char *to, size_t size, const char *s, size_t n)
{
	while (n && strchr(UNIT_SPACES, s[n - 1])) n--;
	if (n >= size) return false;
	memcpy(to, s, n);
	to[n] = '\0';
	return true;
}

bool units_parse(const char *text, enum dim dim, struct quantity *q, char *why, size_t why_size)
{
	struct ask ask = { .dim = dim, .why = why, .size = why_size };
	struct unit_expr x;
	const char *s = text + strspn(text, UNIT_SPACES), *end = text_number_end(s);
	if (end == s) return refuse_number(&ask, s);
	if ((*end == ',' || *end == '.') && is_digit(end[1])) return refuse_comma(&ask, s);
	if (!copy_trimmed(ask.number, sizeof ask.number, s, (size_t)(end - s)))
		return refuse(&ask, "'%.40s...' is too long a number; write at most %zu digits", s,
		    sizeof ask.number - 1);
	const char *unit = end + strspn(end, UNIT_SPACES);
	if (!copy_trimmed(ask.unit, sizeof ask.unit, unit, strlen(unit)))
		return refuse(&ask, "unknown unit '%.40s...'; " WANTS, unit, WANTED(&ask));
	if (!unit_check(&ask, &x)) return false;
	double v = text_number(ask.number, NULL);
	double si = v * x.factor + x.offset;
	if (!isfinite(si)) return refuse(&ask, "%s is too large a number", ask.number);
	if (v == 0 && strcspn(ask.number, "123456789") < strcspn(ask.number, "eE"))
		return refuse(&ask, "%s is too small a number; write 0", ask.number);
	*q = (struct quantity){ .si = si };
	memcpy(q->currency, x.currency, sizeof q->currency);
	return true;
}

bool units_scale(const char *unit, enum dim dim, double *factor, double *offset, char currency[4],
    char *why, size_t why_size)
{
	struct ask ask = { .dim = dim, .why = why, .size = why_size };
	struct unit_expr x;
	const char *s = unit + strspn(unit, UNIT_SPACES);
	if (!copy_trimmed(ask.unit, sizeof ask.unit, s, strlen(s)))
		return refuse(&ask, "unknown unit '%.40s...'; " WANTS, s, WANTED(&ask));
	if (!unit_check(&ask, &x)) return false;
	*factor = x.factor;
	*offset = x.offset;
	memcpy(currency, x.currency, sizeof x.currency);
	return true;
}

/* The unit of the ascending list that leaves the fewest digits before the point
 * but at least one; the one nearest to SI for 0 and what is not a number. */
static void show_choose(const char *list, double si, char unit[24], struct unit_expr *best)
{
	double size = isfinite(si) && si != 0 ? fabs(si) : 1;
	for (bool first = true; *list; first = false) {
		char name[24];
		struct unit_expr x;
		size_t n = strcspn(list, " ");
		snprintf(name, sizeof name, "%.*s", (int)n, list);
		list += n + strspn(list + n, " ");
		unit_expr_read(&x, name, NULL);
		if (!first && size < x.factor) return;
		memcpy(unit, name, sizeof name);
		*best = x;
	}
}

char *units_format(double si, enum dim dim, char *buf, size_t size)
{
	char unit[24] = "", number[32];
	struct unit_expr x = { .factor = 1 };
	show_choose(infos[dim].shown, si, unit, &x);
	text_from_number((si - x.offset) / x.factor, 6, number, sizeof number);
	snprintf(buf, size, "%s%s%s", number, unit[0] ? " " : "", unit);
	return buf;
}

const char *units_si(enum dim dim)
{
	return infos[dim].si;
}

const char *units_word(enum dim dim)
{
	return infos[dim].word;
}

const char *units_taken(enum dim dim)
{
	return infos[dim].taken;
}
