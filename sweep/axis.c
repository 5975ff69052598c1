#include "sweep/axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct axis_par {
	const char *name, *path, *along, *values, *from, *to;
	int64_t count;
	int scale;
	bool whole;
};

enum scale { LINEAR, LOG };

static const struct attr attrs[] = {
	ATTR_TEXT(struct axis_par, name, "name", REQUIRED,
	    "what its column is called: letters, digits, '-' and '_'"),
	ATTR_TEXT(struct axis_par, path, "path", REQUIRED,
	    "what is varied, an XPath of the scenario that ends in /@ATTRIBUTE, as --set takes it"),
	ATTR_TEXT(struct axis_par, along, "along", OPTIONAL,
	    "an axis with as many values that it goes along with: the first value of one comes "
	    "with the first of the other and so on, so that a step changes several attributes"),
	ATTR_TEXT(struct axis_par, values, "values", OPTIONAL,
	    "the values as the scenario would have them, separated by ';'"),
	ATTR_TEXT(struct axis_par, from, "from", OPTIONAL,
	    "in the place of values=: one end of a range, a number and the attribute's unit"),
	ATTR_TEXT(struct axis_par, to, "to", OPTIONAL, "the other end, in the same unit"),
	ATTR_INT(struct axis_par, count, "count", "5", 2, 1e6,
	    "how many values of a range a grid takes, both ends included"),
	ATTR_ENUM(struct axis_par, scale, "scale", "linear", "linear log",
	    "steps of a range: equal differences, or equal ratios"),
	ATTR_BOOL(struct axis_par, whole, "whole", "no",
	    "round values of a range to whole numbers, for attributes that take no others"),
	ATTR_END,
};

const struct class study_axis_class = {
	.element = "axis",
	.parents = "study",
	.about = "An attribute of the scenario that is varied: a list of values, or a range.",
	.par_size = sizeof(struct axis_par),
	.attrs = attrs,
	.min = 1,
};

static const char blank[] = " \t\r\n";

static char *trimmed(const char *s, size_t n)
{
	size_t skip = strspn(s, blank);
	if (skip > n) skip = n;
	s += skip;
	n -= skip;
	while (n && strchr(blank, s[n - 1])) n--;
	return mem_text_n(s, n);
}

static void add_level(struct axis *a, char *value)
{
	a->level = mem_resize(a->level, a->levels + 1, sizeof *a->level);
	a->level[a->levels++] = value;
}

static void read_list(struct axis *a, const char *values, struct err_list *e)
{
	a->is_list = true;
	for (const char *p = values;; p++) {
		size_t n = strcspn(p, ";");
		add_level(a, trimmed(p, n));
		if (!*a->level[a->levels - 1])
			err_at(e, a->at,
			    "axis: values=\"%s\": value %zu is empty; write values separated by ';'",
			    values, a->levels);
		p += n;
		if (!*p) return;
	}
}

/* A number and what stands behind it; false with an entry in e. */
static bool read_end(const struct object *o, const char *attr, const char *text, double *number,
    char **unit, struct err_list *e)
{
	const char *begin = text + strspn(text, blank), *end = text_number_end(begin);
	*unit = trimmed(end, strlen(end));
	*number = text_number(begin, NULL);
	if (end != begin && isfinite(*number)) return true;
	err_at(e, object_attr_pos(o, attr), "axis: %s=\"%s\" is no number with or without a unit",
	    attr, text);
	return false;
}

static void read_range(struct axis *a, const struct object *o, struct err_list *e)
{
	const struct axis_par *p = o->par;
	struct axis_range *r = &a->range;
	char *from_unit, *to_unit;
	bool good = read_end(o, "from", p->from, &r->from, &from_unit, e);
	good &= read_end(o, "to", p->to, &r->to, &to_unit, e);
	if (good && strcmp(from_unit, to_unit) != 0)
		err_at(e, object_attr_pos(o, "to"),
		    "axis: from= has the unit '%s' and to= '%s'; write both in one", from_unit,
		    to_unit);
	if (good && r->from == r->to)
		err_at(e, object_attr_pos(o, "to"), "axis: from= and to= are the same; write "
		    "values= with one value, or another end");
	r->is_log = p->scale == LOG;
	if (good && r->is_log && !(r->from > 0 && r->to > 0))
		err_at(e, object_attr_pos(o, "scale"),
		    "axis: a logarithmic scale needs ends above 0");
	r->is_whole = p->whole;
	r->unit = to_unit;
	free(from_unit);
	for (int64_t i = 0; i < p->count; i++)
		add_level(a, study_axis_value(a, (double)i / (double)(p->count - 1)));
}

static void check_name(const struct axis *a, const struct object *o, struct err_list *e)
{
	static const char *const taken[] = { "id", "replication", "seed", "status" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";
	struct err_pos at = object_attr_pos(o, "name");
	if (a->name[strspn(a->name, letters)])
		err_at(e, at, "axis: name=\"%s\": write letters, digits, '-' and '_' only", a->name);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (!strcmp(a->name, taken[i]))
			err_at(e, at,
			    "axis: name=\"%s\" is a column that every plan has; choose another",
			    a->name);
}

/* What belongs to ranges only must not stand beside a list. */
static void refuse_of_list(const struct object *o, struct err_list *e)
{
	static const char *const names[] = { "from", "to", "count", "scale", "whole" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (object_attr_is_written(o, names[i]))
			err_at(e, object_attr_pos(o, names[i]),
			    "axis: %s= is of a range; leave it or values= away", names[i]);
}

void study_axis_read(struct axis *a, const struct object *o, struct err_list *e)
{
	const struct axis_par *p = o->par;
	*a = (struct axis){ .name = p->name, .path = p->path, .along = p->along };
	a->at = object_attr_pos(o, p->values ? "values" : "from");
	check_name(a, o, e);
	if (p->values) {
		refuse_of_list(o, e);
		read_list(a, p->values, e);
	} else if (p->from && p->to) {
		read_range(a, o, e);
	} else {
		err_at(e, o->pos, "axis: write values=\"A; B; C\", or both from= and to=");
	}
}

void study_axis_fini(struct axis *a)
{
	for (size_t i = 0; i < a->levels; i++) free(a->level[i]);
	free(a->level);
	if (!a->is_list) free((char *)a->range.unit);
}

/* 15 digits: those behind them are the rounding of from + x (to - from). */
static char *range_value(const struct axis_range *r, double x)
{
	char number[40];
	double v = r->is_log ? r->from * pow(r->to / r->from, x) : r->from + x * (r->to - r->from);
	if (x <= 0) v = r->from;
	if (x >= 1) v = r->to;
	if (r->is_whole) v = round(v);
	text_from_number(v == 0 ? 0 : v, 15, number, sizeof number);
	return mem_print("%s%s%s", number, *r->unit ? " " : "", r->unit);
}

char *study_axis_value(const struct axis *a, double x)
{
	if (!a->is_list) return range_value(&a->range, x);
	size_t i = (size_t)(x * (double)a->levels);
	return mem_text(a->level[i < a->levels ? i : a->levels - 1]);
}
