#include "models/energy/battery_curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Those are there and back: one way is the square root. */
static struct battery_curve citylearn(void)
{
	static const double share[] = { 0.3, 0.7, 0.8, 1 }, eff[] = { 0.83, 0.90, 0.90, 0.85 };
	struct battery_curve c = { .n = sizeof share / sizeof *share };
	for (size_t i = 0; i < c.n; i++) {
		c.share[i] = share[i];
		c.eff_frac[i] = sqrt(eff[i]);
	}
	return c;
}

static const char *skip_spaces(const char *s)
{
	return s + strspn(s, " \t\n");
}

/* A number, and past it and the mark that follows; NULL: not so. A mark 0: none. */
static const char *read_number(const char *s, char mark, double *v)
{
	char *end;
	s = skip_spaces(s);
	if (text_number_end(s) == s) return NULL;
	*v = text_number(s, &end);
	s = skip_spaces(end);
	if (!mark) return s;
	return *s == mark ? s + 1 : NULL;
}

static bool fits(const struct battery_curve *c, size_t i, char *why, size_t size)
{
	double share = c->share[i], eff = c->eff_frac[i];
	if (!(share >= 0 && share <= 1) || (i > 0 && share <= c->share[i - 1])) {
		snprintf(
		    why, size, "shares of the power must rise from 0 to 1; %g does not", share);
		return false;
	}
	if (!(eff >= 0.3 && eff <= 1)) {
		snprintf(why, size, "an efficiency must be 0.3 to 1, not %g", eff);
		return false;
	}
	return true;
}

bool battery_curve_parse(const char *text, struct battery_curve *c, char *why, size_t size)
{
	const char *s = skip_spaces(text);
	*c = (struct battery_curve){ 0 };
	if (!strcmp(s, "citylearn")) {
		*c = citylearn();
		return true;
	}
	for (;;) {
		size_t i = c->n;
		if (i == BATTERY_CURVE_POINTS_MAX) {
			snprintf(why, size, "at most %d points", BATTERY_CURVE_POINTS_MAX);
			return false;
		}
		s = read_number(s, ':', &c->share[i]);
		if (s) s = read_number(s, 0, &c->eff_frac[i]);
		if (!s || (*s && *s != ',')) {
			snprintf(why, size,
			    "write points SHARE:EFFICIENCY, as in '0.1:0.9, 1:0.95', "
			    "or citylearn");
			return false;
		}
		if (!fits(c, i, why, size)) return false;
		c->n++;
		if (!*s) return true;
		s++;
	}
}
