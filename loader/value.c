#include "loader/value.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/paths.h"
#include "base/text.h"
#include "loader/stamp.h"

static const char blank[] = " \t\r\n";

void *value_member(const struct attr *a, void *par)
{
	return (char *)par + a->offset;
}

const void *value_at(const struct attr *a, const void *par)
{
	return (const char *)par + a->offset;
}

static bool refuse(char *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(char *why, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, VALUE_WHY_SIZE, fmt, ap);
	va_end(ap);
	return false;
}

char *value_show(double si, enum dim dim, const char *currency, char *buf, size_t size)
{
	char text[64];
	units_format(si, dim, text, sizeof text);
	char *word = strstr(text, "currency");
	if (word && currency[0])
		snprintf(buf, size, "%.*s%s%s", (int)(word - text), text, currency,
		    word + strlen("currency"));
	else
		snprintf(buf, size, "%s", text);
	return buf;
}

/* Limits are given as users would write them, so that 90 deg may differ from
 * pi/2 in the last bit. */
static bool within(const struct attr *a, double si, const char *currency, char *why)
{
	char is[64], limit[64];
	const double slack = 1e-12;
	bool low = si < a->min - slack * fabs(a->min);
	if (!low && !(si > a->max + slack * fabs(a->max))) return true;
	value_show(si, a->dim, currency, is, sizeof is);
	value_show(low ? a->min : a->max, a->dim, currency, limit, sizeof limit);
	return refuse(why, "%s is %s allowed, %s", is,
	    low ? "below the smallest" : "above the largest", limit);
}

static bool parse_qty(const struct attr *a, const char *text, double *out, char currency[4],
    char *why)
{
	struct quantity q;
	if (!units_parse(text, a->dim, &q, why, VALUE_WHY_SIZE)) return false;
	if (!within(a, q.si, q.currency, why)) return false;
	memcpy(currency, q.currency, sizeof q.currency);
	*out = q.si;
	return true;
}

static bool parse_dist(const struct attr *a, const char *text, struct dist *out, char currency[4],
    char *why)
{
	struct dist d;
	if (!dist_parse(text, a->dim, a->min, a->max, &d, why, VALUE_WHY_SIZE)) return false;
	memcpy(currency, d.currency, sizeof d.currency);
	*out = d;
	return true;
}

static bool parse_int(const struct attr *a, const char *text, int64_t *out, char *why)
{
	const char *s = text + strspn(text, blank);
	size_t digits = strspn(s + (*s == '-' || *s == '+'), "0123456789");
	char *end;
	errno = 0;
	long long v = strtoll(s, &end, 10);
	if (!digits || end[strspn(end, blank)])
		return refuse(why, "not a whole number; write digits only, as in 40");
	if (errno == ERANGE || (double)v < a->min || (double)v > a->max)
		return refuse(why, "outside the range allowed, %.0f to %.0f", a->min, a->max);
	*out = v;
	return true;
}

static bool parse_bool(const char *text, bool *out, char *why)
{
	*out = !strcmp(text, "yes");
	return *out || !strcmp(text, "no") || refuse(why, "write yes or no");
}

const char *value_word(const char *words, int i, size_t *size)
{
	for (;; i--) {
		words += strspn(words, " ");
		*size = strcspn(words, " ");
		if (!*size || i == 0) return words;
		words += *size;
	}
}

static bool refuse_word(const char *words, const char *text, char *why)
{
	char *list = mem_text(words), *rest = list, shown[VALUE_WHY_SIZE / 2] = "";
	struct near n = near_to(text);
	for (char *word; (word = strtok_r(rest, " ", &rest));) {
		size_t used = strlen(shown);
		near_try(&n, word);
		snprintf(shown + used, sizeof shown - used, "%s%s", used ? ", " : "", word);
	}
	if (near_best(&n)) refuse(why, "not one of %s (did you mean '%s'?)", shown, near_best(&n));
	else refuse(why, "not one of %s", shown);
	free(list);
	return false;
}

static bool parse_enum(const struct attr *a, const char *text, int *out, char *why)
{
	size_t size, length = strlen(text);
	for (int i = 0;; i++) {
		const char *word = value_word(a->words, i, &size);
		if (!size) return refuse_word(a->words, text, why);
		if (size != length || memcmp(word, text, size) != 0) continue;
		*out = i;
		return true;
	}
}

static bool parse_text(const struct value_text *t, const char **out, char *why)
{
	if (!t->text[strspn(t->text, blank)])
		return refuse(why, "it is empty; write something or leave the attribute away");
	*out = keep_add(t->keep, mem_text(t->text));
	return true;
}

static bool parse_folder(const struct value_text *t, const char **out, char *why)
{
	if (!t->text[0]) return refuse(why, "it is empty; name a folder");
	char *found = t->typed ? paths_here_folder(t->text) : NULL;
	if (!found) found = paths_find_folder(t->text, t->beside);
	if (!found)
		return refuse(why, "no such folder %sbeside %s, nor among hearth's networks",
		    t->typed ? "in the working folder, " : "", t->beside);
	*out = keep_add(t->keep, found);
	return true;
}

static bool parse_file(const struct value_text *t, const char **out, char *why)
{
	if (!t->text[0]) return refuse(why, "it is empty; name a file");
	char *found = t->typed ? paths_here(t->text) : NULL;
	if (!found) found = paths_find(t->text, t->beside);
	if (!found)
		return refuse(why, "no such file %sbeside %s, nor among hearth's data and scenarios",
		    t->typed ? "in the working folder, " : "", t->beside);
	*out = keep_add(t->keep, found);
	return true;
}

/* An element's own text: runs of white space are one space, none at the ends. */
static void parse_body(const struct value_text *t, const char **out)
{
	char *copy = keep_add(t->keep, mem_text(t->text)), *to = copy;
	for (const char *s = t->text + strspn(t->text, blank); *s;) {
		size_t word = strcspn(s, blank);
		memmove(to, s, word);
		to += word;
		s += word;
		s += strspn(s, blank);
		if (*s) *to++ = ' ';
	}
	*to = '\0';
	*out = *copy ? copy : NULL;
}

bool value_parse(const struct attr *a, const struct value_text *t, void *par, char currency[4],
    char *why)
{
	void *m = value_member(a, par);
	memset(currency, 0, 4);
	switch (a->kind) {
	case ATTR_KIND_QTY: return parse_qty(a, t->text, m, currency, why);
	case ATTR_KIND_DIST: return parse_dist(a, t->text, m, currency, why);
	case ATTR_KIND_INT: return parse_int(a, t->text, m, why);
	case ATTR_KIND_BOOL: return parse_bool(t->text, m, why);
	case ATTR_KIND_ENUM: return parse_enum(a, t->text, m, why);
	case ATTR_KIND_TEXT: return parse_text(t, m, why);
	case ATTR_KIND_FILE: return parse_file(t, m, why);
	case ATTR_KIND_FOLDER: return parse_folder(t, m, why);
	case ATTR_KIND_TIME: return stamp_parse(t->text, m, why, VALUE_WHY_SIZE);
	case ATTR_KIND_BODY: parse_body(t, m); return true;
	case ATTR_KIND_REF: break;
	}
	assert(false); /* REF is resolved when all objects are there */
	return false;
}

void value_clear(const struct attr *a, void *par)
{
	void *m = value_member(a, par);
	switch (a->kind) {
	case ATTR_KIND_QTY:
		*(double *)m = NAN;
		return;
	case ATTR_KIND_DIST:
		*(struct dist *)m = (struct dist){ .kind = DIST_CONST, .a = NAN };
		return;
	case ATTR_KIND_TEXT:
	case ATTR_KIND_FILE:
	case ATTR_KIND_FOLDER:
	case ATTR_KIND_REF:
	case ATTR_KIND_BODY:
		*(const void **)m = NULL;
		return;
	case ATTR_KIND_INT:
	case ATTR_KIND_BOOL:
	case ATTR_KIND_ENUM:
	case ATTR_KIND_TIME: break;
	}
	assert(false); /* this kind has no value for absence: give it a default */
}

bool value_is_absent(const struct attr *a, const void *par)
{
	const void *m = value_at(a, par);
	switch (a->kind) {
	case ATTR_KIND_QTY: return isnan(*(const double *)m);
	case ATTR_KIND_DIST: return isnan(((const struct dist *)m)->a);
	case ATTR_KIND_TEXT:
	case ATTR_KIND_FILE:
	case ATTR_KIND_FOLDER:
	case ATTR_KIND_REF:
	case ATTR_KIND_BODY: return !*(const void *const *)m;
	case ATTR_KIND_INT:
	case ATTR_KIND_BOOL:
	case ATTR_KIND_ENUM:
	case ATTR_KIND_TIME: break;
	}
	return false;
}

/* The shortest of 15 to 17 digits that reads back as v. */
static void print_number(double v, FILE *out)
{
	char text[40];
	for (int digits = 15; digits <= 17; digits++) {
		text_from_number(v, digits, text, sizeof text);
		if (text_number(text, NULL) == v) break;
	}
	fputs(text, out);
}

static void print_unit(enum dim dim, const char *currency, FILE *out)
{
	const char *si = units_si(dim), *word = strstr(si, "currency");
	if (!strcmp(si, "1")) return;
	if (word) fprintf(out, " %s%s", currency, word + strlen("currency"));
	else fprintf(out, " %s", si);
}

/* A choice has its weights after the values, quantiles their shares before them. */
static void print_pairs(const struct dist *d, FILE *out)
{
	bool choice = d->kind == DIST_CHOICE;
	fputs(choice ? "choice(" : "quantiles(", out);
	for (int i = 0; i < d->n; i++) {
		if (i) fputs(", ", out);
		print_number(choice ? d->value[i] : d->weight[i], out);
		fputc(':', out);
		print_number(choice ? d->weight[i] : d->value[i], out);
	}
	fputc(')', out);
}

static void print_dist(const struct dist *d, FILE *out)
{
	static const char *const names[] = { [DIST_UNIFORM] = "uniform", [DIST_NORMAL] = "normal",
		[DIST_LOGNORMAL] = "lognormal" };
	if (d->kind == DIST_CHOICE || d->kind == DIST_QUANTILES) {
		print_pairs(d, out);
		return;
	}
	if (d->kind != DIST_CONST) fprintf(out, "%s(", names[d->kind]);
	print_number(d->a, out);
	if (d->kind == DIST_CONST) return;
	fputs(", ", out);
	print_number(d->b, out);
	fputc(')', out);
}

void value_escape(const char *text, FILE *out)
{
	for (const char *p = text; *p; p++) {
		switch (*p) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\t':
		case '\n':
		case '\r': fprintf(out, "&#%d;", *p); break;
		default: fputc(*p, out);
		}
	}
}

void value_print(const struct attr *a, const void *par, const char *currency, FILE *out)
{
	const void *m = value_at(a, par);
	char stamp[STAMP_SIZE];
	size_t size;
	const char *word;
	switch (a->kind) {
	case ATTR_KIND_QTY:
		print_number(*(const double *)m, out);
		print_unit(a->dim, currency, out);
		return;
	case ATTR_KIND_DIST:
		print_dist(m, out);
		print_unit(a->dim, currency, out);
		return;
	case ATTR_KIND_INT: fprintf(out, "%lld", (long long)*(const int64_t *)m); return;
	case ATTR_KIND_BOOL: fputs(*(const bool *)m ? "yes" : "no", out); return;
	case ATTR_KIND_ENUM:
		word = value_word(a->words, *(const int *)m, &size);
		fwrite(word, 1, size, out);
		return;
	case ATTR_KIND_TEXT:
	case ATTR_KIND_BODY: value_escape(*(const char *const *)m, out); return;
	case ATTR_KIND_TIME: fputs(stamp_format(*(const struct stamp *)m, stamp), out); return;
	case ATTR_KIND_FILE:
	case ATTR_KIND_FOLDER:
	case ATTR_KIND_REF: break;
	}
	assert(false); /* FILE, FOLDER and REF are written by who knows what they point to */
}

struct value_quote value_quote(const char *text)
{
	struct value_quote q = { "" };
	size_t n = 0, size = strlen(text), limit = size <= 60 ? size : 57;
	while (limit < size && limit && ((unsigned char)text[limit] & 0xc0) == 0x80) limit--;
	for (; n < limit; n++) q.text[n] = iscntrl((unsigned char)text[n]) ? '?' : text[n];
	if (limit < size) memcpy(q.text + n, "...", 4);
	return q;
}
