#include "base/dist.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"

#define SPACES " \t\r\n"

static const struct law {
	const char *name;
	enum dist_kind kind;
	const char *takes; /* for messages */
} laws[] = {
	{ "uniform", DIST_UNIFORM, "uniform(lowest, highest)" },
	{ "normal", DIST_NORMAL, "normal(mean, standard deviation)" },
	{ "lognormal", DIST_LOGNORMAL, "lognormal(median, sigma)" },
	{ "choice", DIST_CHOICE, "choice(value, value, ...) or choice(value:weight, ...)" },
	{ "quantiles", DIST_QUANTILES, "quantiles(share:value, share:value, ...)" },
};

enum { LAWS = sizeof laws / sizeof *laws };

/* What is being read: the text taken apart, and where to complain. */
struct ask {
	enum dim dim;
	const struct law *law;
	double factor, offset; /* SI = factor * number + offset */
	double min, max;
	int args;
	double arg[DIST_CHOICES], weight[DIST_CHOICES]; /* before and after the colon; NAN: none */
	char *why;
	size_t size;
};

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

/* Inside the attribute's range; the message gives the bound that is broken. */
static bool in_range(const struct ask *ask, double si)
{
	char value[48], bound[48];
	if (si >= ask->min && si <= ask->max) return true;
	units_format(si, ask->dim, value, sizeof value);
	units_format(si < ask->min ? ask->min : ask->max, ask->dim, bound, sizeof bound);
	return refuse(ask, "%s must be at %s %s", value, si < ask->min ? "least" : "most", bound);
}

static bool find_law(struct ask *ask, const char *name, size_t n)
{
	char word[NEAR_WORD_MAX + 1];
	snprintf(word, sizeof word, "%.*s", (int)n, name);
	struct near near = near_to(word);
	for (int i = 0; i < LAWS; i++) {
		near_try(&near, laws[i].name);
		if (strlen(laws[i].name) != n || strncmp(laws[i].name, name, n)) continue;
		ask->law = &laws[i];
		return true;
	}
	const char *meant = near_best(&near);
	if (meant) return refuse(ask, "unknown distribution '%s': did you mean %s?", word, meant);
	return refuse(ask,
	    "unknown distribution '%s'; write uniform, normal, lognormal, choice or quantiles",
	    word);
}

/* One plain number of n characters. A unit inside the brackets is the likely slip. */
static bool read_number(const struct ask *ask, const char *s, size_t n, double *number)
{
	char text[64], why[160];
	struct quantity q;
	while (n && strchr(SPACES, *s)) s++, n--;
	while (n && strchr(SPACES, s[n - 1])) n--;
	if (!n) return refuse(ask, "a number is missing; write %s", ask->law->takes);
	if (n >= sizeof text) return refuse(ask, "'%.40s...' is too long a number", s);
	snprintf(text, sizeof text, "%.*s", (int)n, s);
	if (!units_parse(text, DIM_NUMBER, &q, why, sizeof why)) {
		if (text[strspn(text, "+-.0123456789eE" SPACES)] == '\0')
			return refuse(ask, "%s", why);
		return refuse(ask,
		    "'%s' is not a plain number; write the unit once, after the bracket", text);
	}
	*number = q.si;
	return true;
}

/* "3", for a choice also "3:0.5", for quantiles only "0.9:17". */
static bool read_arg(struct ask *ask, const char *s, size_t n)
{
	int i = ask->args;
	const char *colon = memchr(s, ':', n);
	if (i == DIST_CHOICES)
		return refuse(ask, "too many numbers; at most %d are taken", DIST_CHOICES);
	bool pairs = ask->law->kind == DIST_QUANTILES;
	if (colon && !pairs && ask->law->kind != DIST_CHOICE)
		return refuse(ask, "only choice takes weights; write %s", ask->law->takes);
	if (!colon && pairs)
		return refuse(ask, "'%.*s' is no pair; write %s", (int)(n < 40 ? n : 40), s,
		    ask->law->takes);
	size_t before = colon ? (size_t)(colon - s) : n;
	ask->weight[i] = NAN;
	if (!read_number(ask, s, before, &ask->arg[i])) return false;
	if (colon && !read_number(ask, colon + 1, n - before - 1, &ask->weight[i])) return false;
	ask->args++;
	return true;
}

static bool read_args(struct ask *ask, const char *s, const char *end)
{
	while (s <= end) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		const char *stop = comma ? comma : end;
		if (!read_arg(ask, s, (size_t)(stop - s))) return false;
		s = stop + 1;
	}
	return true;
}

static double si_of(const struct ask *ask, double number)
{
	return number * ask->factor + ask->offset;
}

static bool two_args(const struct ask *ask)
{
	return ask->args == 2 ||
	       refuse(ask, "%d number%s in %s, which takes two: write %s", ask->args,
		   ask->args == 1 ? "" : "s", ask->law->name, ask->law->takes);
}

static bool make_uniform(const struct ask *ask, struct dist *d)
{
	if (!two_args(ask)) return false;
	if (ask->arg[0] > ask->arg[1])
		return refuse(ask, "the lowest is above the highest; write uniform(%g, %g)",
		    ask->arg[1], ask->arg[0]);
	d->a = si_of(ask, ask->arg[0]);
	d->b = si_of(ask, ask->arg[1]);
	return in_range(ask, d->a) && in_range(ask, d->b);
}

static bool make_normal(const struct ask *ask, struct dist *d)
{
	if (!two_args(ask)) return false;
	if (ask->arg[1] < 0)
		return refuse(ask, "the standard deviation %g must not be negative", ask->arg[1]);
	d->a = si_of(ask, ask->arg[0]);
	d->b = ask->arg[1] * ask->factor; /* a difference: no offset */
	return in_range(ask, d->a);
}

static bool make_lognormal(const struct ask *ask, struct dist *d)
{
	if (!two_args(ask)) return false;
	d->a = si_of(ask, ask->arg[0]);
	d->b = ask->arg[1];
	if (!(d->a > 0)) return refuse(ask, "the median %g must be above zero", ask->arg[0]);
	if (d->b < 0) return refuse(ask, "sigma %g must not be negative", d->b);
	return in_range(ask, d->a);
}

/* Weights add up to 1 within what three written digits lose, as 0.333 thrice.
 * Those that do so but for rounding stay as they are, so that a law that was
 * written in full reads back as the same law. */
static bool make_weights(const struct ask *ask, struct dist *d)
{
	double sum = 0;
	int given = 0;
	for (int i = 0; i < d->n; i++) {
		double w = ask->weight[i];
		if (w < 0) return refuse(ask, "the weight %g must not be negative", w);
		if (isnan(w)) continue;
		given++;
		sum += w;
	}
	if (given && given < d->n)
		return refuse(
		    ask, "some values have a weight, some have none; give it to all or none");
	if (given && fabs(sum - 1) > 0.002)
		return refuse(ask, "the weights add up to %g; they must add up to 1", sum);
	if (fabs(sum - 1) < 1e-12) sum = 1;
	for (int i = 0; i < d->n; i++) d->weight[i] = given ? ask->weight[i] / sum : 1.0 / d->n;
	return true;
}

static bool make_choice(const struct ask *ask, struct dist *d)
{
	d->n = ask->args;
	for (int i = 0; i < d->n; i++) {
		d->value[i] = si_of(ask, ask->arg[i]);
		if (!in_range(ask, d->value[i])) return false;
	}
	return make_weights(ask, d);
}

static bool make_quantiles(const struct ask *ask, struct dist *d)
{
	d->n = ask->args;
	if (d->n < 2) return refuse(ask, "one pair is no distribution; write %s", ask->law->takes);
	for (int i = 0; i < d->n; i++) {
		double p = d->weight[i] = ask->arg[i];
		double v = d->value[i] = si_of(ask, ask->weight[i]);
		if (p < 0 || p > 1) return refuse(ask, "the share %g is not from 0 to 1", p);
		if (!(v > 0)) return refuse(ask, "the value %g must be above zero", ask->weight[i]);
		if (i && (p <= d->weight[i - 1] || v < d->value[i - 1]))
			return refuse(ask,
			    "%g:%g after %g:%g: shares must rise, values not fall", p,
			    ask->weight[i], ask->arg[i - 1], ask->weight[i - 1]);
		if (!in_range(ask, v)) return false;
	}
	return true;
}

static bool make(const struct ask *ask, struct dist *d)
{
	switch (ask->law->kind) {
	case DIST_UNIFORM:
		return make_uniform(ask, d);
	case DIST_NORMAL:
		return make_normal(ask, d);
	case DIST_LOGNORMAL:
		return make_lognormal(ask, d);
	case DIST_CHOICE:
		return make_choice(ask, d);
	case DIST_QUANTILES:
		return make_quantiles(ask, d);
	case DIST_CONST:
		break;
	}
	return refuse(ask, "not a distribution");
}

static bool parse_const(const char *text, struct ask *ask, struct dist *d)
{
	struct quantity q;
	if (!units_parse(text, ask->dim, &q, ask->why, ask->size) || !in_range(ask, q.si))
		return false;
	d->a = q.si;
	memcpy(d->currency, q.currency, sizeof d->currency);
	return true;
}

static bool parse_law(const char *text, const char *open, struct ask *ask, struct dist *d)
{
	const char *close = strchr(open, ')'), *name_end = open;
	while (name_end > text && strchr(SPACES, name_end[-1])) name_end--;
	if (!find_law(ask, text, (size_t)(name_end - text))) return false;
	if (!close) return refuse(ask, "no closing bracket; write %s", ask->law->takes);
	if (!units_scale(
		close + 1, ask->dim, &ask->factor, &ask->offset, d->currency, ask->why, ask->size))
		return false;
	d->kind = ask->law->kind;
	return read_args(ask, open + 1, close) && make(ask, d);
}

bool dist_parse(const char *text, enum dim dim, double min, double max, struct dist *d, char *why,
    size_t why_size)
{
	struct ask ask = { .dim = dim, .min = min, .max = max, .why = why, .size = why_size };
	struct dist made = { .kind = DIST_CONST, .min = min, .max = max };
	const char *begin = text + strspn(text, SPACES), *open = strchr(begin, '(');
	if (open ? !parse_law(begin, open, &ask, &made) : !parse_const(begin, &ask, &made))
		return false;
	*d = made;
	return true;
}

static double choose(const struct dist *d, double u)
{
	double below = 0;
	for (int i = 0; i < d->n - 1; i++) {
		below += d->weight[i];
		if (u < below) return d->value[i];
	}
	return d->value[d->n - 1];
}

static double quantile_at(const struct dist *d, double u)
{
	int i = 0;
	while (i < d->n && d->weight[i] <= u) i++;
	if (i == 0 || i == d->n) return d->value[i ? i - 1 : 0];
	double low = d->value[i - 1], high = d->value[i];
	double part = (u - d->weight[i - 1]) / (d->weight[i] - d->weight[i - 1]);
	return fmin(low * pow(high / low, part), high);
}

/* Between two quantiles the value is the exponential of a uniform number, whose
 * mean is (high - low) / ln(high / low). */
static double quantiles_mean(const struct dist *d)
{
	double sum = d->weight[0] * d->value[0] + (1 - d->weight[d->n - 1]) * d->value[d->n - 1];
	for (int i = 1; i < d->n; i++) {
		double low = d->value[i - 1], over = (d->value[i] - low) / low;
		double mean = over > 0 ? low * over / log1p(over) : low;
		sum += (d->weight[i] - d->weight[i - 1]) * mean;
	}
	return sum;
}

static double clamp(const struct dist *d, double x)
{
	return x < d->min ? d->min : x > d->max ? d->max : x;
}

/* A constant takes its number too, so that what is drawn next does not depend on
 * the law. */
double dist_draw(const struct dist *d, struct pcg64 *g)
{
	double u = pcg64_open(g);
	switch (d->kind) {
	case DIST_CONST:
		return d->a;
	case DIST_UNIFORM:
		return clamp(d, d->a + (d->b - d->a) * u);
	case DIST_NORMAL:
		return clamp(d, d->a + d->b * gsl_cdf_ugaussian_Pinv(u));
	case DIST_LOGNORMAL:
		return clamp(d, d->a * exp(d->b * gsl_cdf_ugaussian_Pinv(u)));
	case DIST_CHOICE:
		return choose(d, u);
	case DIST_QUANTILES:
		return quantile_at(d, u);
	}
	return NAN;
}

double dist_mean(const struct dist *d)
{
	double sum = 0;
	switch (d->kind) {
	case DIST_CONST:
	case DIST_NORMAL:
		return d->a;
	case DIST_UNIFORM:
		return d->a + (d->b - d->a) / 2;
	case DIST_LOGNORMAL:
		return d->a * exp(d->b * d->b / 2);
	case DIST_CHOICE:
		for (int i = 0; i < d->n; i++) sum += d->weight[i] * d->value[i];
		return sum;
	case DIST_QUANTILES:
		return quantiles_mean(d);
	}
	return NAN;
}
