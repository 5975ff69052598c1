#include "analysis/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* The text without blanks at its end, in a buffer that must hold it. */
static bool take(char *to, size_t size, const char *from, size_t n)
{
	while (n && strchr(" \t", from[n - 1])) n--;
	if (!n || n >= size) return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

const char *gate_read(struct gate *g, const char *text)
{
	size_t n = strcspn(text, "<>");
	*g = (struct gate){ .text = text };
	if (!text[n]) return "has no '>' or '<'; write 'METRIC > +2 %'";
	if (!take(g->key, sizeof g->key, text, n))
		return "names no metric; write 'METRIC > +2 %'";
	g->above = text[n] == '>';
	const char *number = skip_blanks(text + n + 1), *end = text_number_end(number);
	if (end == number) return "has no number; write 'METRIC > +2 %'";
	g->threshold = text_number(number, NULL);
	if (!isfinite(g->threshold)) return "has a number that is too large";
	const char *unit = skip_blanks(end);
	if (*unit && !take(g->unit, sizeof g->unit, unit, strlen(unit)))
		return "has a unit that is none";
	g->relative = !strcmp(g->unit, "%");
	if (g->relative) g->threshold /= 100;
	return NULL;
}

/* How much of the metric's unit one of the gate's unit is; NAN: it is of something else. */
static double factor_of(const char *unit, const char *of_metric)
{
	if (!strcmp(unit, of_metric)) return 1;
	if (!strcmp(of_metric, "1")) return !*unit ? 1 : !strcmp(unit, "pp") ? 0.01 : NAN;
	for (int dim = 0; dim < DIM_COUNT && *unit; dim++) {
		char currency[4], why[256];
		double factor, offset;
		if (strcmp(units_si((enum dim)dim), of_metric) != 0) continue;
		if (units_scale(unit, (enum dim)dim, &factor, &offset, currency, why, sizeof why) &&
		    offset == 0)
			return factor;
	}
	return NAN;
}

enum gate_verdict gate_judge(const struct gate *g, const struct compare_row *r, char *why,
    size_t why_size)
{
	if (!r || isnan(r->change.value)) {
		snprintf(why, why_size, "%s has no %s; --all lists what there is",
		    r ? "one side" : "neither side", g->key);
		return GATE_UNKNOWN;
	}
	double factor = g->relative ? fabs(r->before) : factor_of(g->unit, r->unit);
	if (isnan(factor)) {
		snprintf(why, why_size, "%s is in '%s'; write a threshold in it, or in %%", g->key,
		    r->unit);
		return GATE_UNKNOWN;
	}
	double bound = g->threshold * factor, lo = r->change.lo, hi = r->change.hi;
	if (isnan(lo) || isnan(hi)) lo = hi = r->change.value;
	return (g->above ? lo > bound : hi < bound) ? GATE_FAILED : GATE_HELD;
}
