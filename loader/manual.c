/* hearth-scenario(5), from the classes' tables. Macros of man(7). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/load.h"
#include "loader/value.h"

static const char head[] =
    ".\\\" Written by `hearth schema --man' from the tables of the models.\n"
    ".TH HEARTH\\-SCENARIO 5 2026-11-21 \"hearth " PACKAGE_VERSION "\" \"File formats\"\n"
    ".SH NAME\n"
    "hearth\\-scenario \\- scenario and study files of hearth\n"
    ".SH DESCRIPTION\n"
    "A scenario is an XML file in UTF\\-8 whose first element is\n"
    ".BR <scenario> .\n"
    ".B hearth check\n"
    "reads it and reports every fault with file, line and column.\n"
    "DOCTYPE, entities of its own, namespaces and XInclude are refused;\n"
    "attributes\n"
    ".B xsi:...\n"
    "are ignored.\n"
    ".PP\n"
    "Quantities are a number and a unit, as in\n"
    ".BR \"13.5 kWh\" ;\n"
    "the unit must be written.\n"
    "Where a distribution is taken, every member of a population draws its own value:\n"
    ".BR \"uniform(3, 6) kW\" ,\n"
    ".B normal(mean, deviation)\n"
    "cut at the limits of the attribute,\n"
    ".BR \"lognormal(median, sigma)\" ,\n"
    ".B choice(3, 5, 10)\n"
    "or with weights\n"
    ".BR \"choice(3:0.5, 5:0.3, 10:0.2)\" ,\n"
    "and measured shares and the values that they stay below,\n"
    ".BR \"quantiles(0.05:2, 0.5:5, 1:13) kW\" .\n"
    "All sums of money of a scenario are in one currency.\n"
    ".PP\n"
    ".B <include\n"
    ".BI href= \"FILE.xml\" \\fB/>\\fR\n"
    "is replaced by the first element of the file or, when that is\n"
    ".BR <fragment> ,\n"
    "by the elements in it.\n"
    "The path is relative to the file that includes and ends below the folder of the scenario.\n"
    ".PP\n"
    "The files of hearth's data folder whose first element is\n"
    ".B <catalogue>\n"
    "define hardware, models and the like, which scenarios refer to by name.\n"
    "A scenario may hold such elements itself; its own come first.\n"
    ".PP\n"
    "On the command line,\n"
    ".B \\-\\-set '//solar/@share=0.7'\n"
    "sets the attribute in every element that the XPath before the\n"
    ".B @\n"
    "selects.\n"
    ".PP\n"
    "A study is a file whose first element is\n"
    ".BR <study> :\n"
    "a scenario and what is varied in it, for\n"
    ".BR \"hearth sweep\" .\n"
    ".SH ELEMENTS\n";

static const char example[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<scenario name=\"smallest\">\n"
    "  <about>One data centre, asked for an hour.</about>\n"
    "  <time start=\"2024-06-20T12:00+02:00\" duration=\"1 h\"/>\n"
    "  <place latitude=\"52.52 deg\" longitude=\"13.4 deg\"/>\n"
    "  <datacentre name=\"cloud\">\n"
    "    <node name=\"cloud GPU\" device=\"h100-sxm\" model=\"llama-3.1-8b\"/>\n"
    "  </datacentre>\n"
    "</scenario>\n";

/* Text with what troff reads as commands made harmless. */
static void put(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'') fputs("\\&", out);
	for (; *text; text++) {
		switch (*text) {
		case '\\': fputs("\\e", out); break;
		case '-': fputs("\\-", out); break;
		case '"': fputs("\\(dq", out); break;
		case '\n':
			fputc('\n', out);
			if (text[1] == '.' || text[1] == '\'') fputs("\\&", out);
			break;
		default: fputc(*text, out);
		}
	}
}

static void put_words(FILE *out, const char *words, const char *between, const char *last)
{
	size_t size, next;
	for (int i = 0;; i++) {
		const char *word = value_word(words, i, &size);
		if (!size) return;
		value_word(words, i + 1, &next);
		if (i) fputs(next ? between : last, out);
		char *copy = mem_text_n(word, size);
		put(out, copy);
		free(copy);
	}
}

/* Smallest and largest value, as a user writes them. */
static void put_range(FILE *out, const struct attr *a)
{
	char low[64], high[64];
	if (a->kind == ATTR_KIND_INT) {
		snprintf(low, sizeof low, "%.0f", a->min);
		snprintf(high, sizeof high, "%.0f", a->max);
	} else {
		units_format(a->min, a->dim, low, sizeof low);
		units_format(a->max, a->dim, high, sizeof high);
	}
	fputs(" from ", out);
	put(out, low);
	fputs(" to ", out);
	put(out, high);
}

static void put_kind(FILE *out, const struct attr *a)
{
	switch (a->kind) {
	case ATTR_KIND_DIST:
	case ATTR_KIND_QTY:
		put(out, units_word(a->dim));
		put_range(out, a);
		if (a->kind == ATTR_KIND_DIST) fputs(", or a distribution", out);
		return;
	case ATTR_KIND_INT:
		fputs("whole number", out);
		put_range(out, a);
		return;
	case ATTR_KIND_BOOL: fputs("yes or no", out); return;
	case ATTR_KIND_ENUM: put_words(out, a->words, ", ", " or "); return;
	case ATTR_KIND_TEXT: fputs("text", out); return;
	case ATTR_KIND_FILE: fputs("file, beside this one or among hearth's data", out); return;
	case ATTR_KIND_FOLDER:
		fputs("folder, beside this file or among hearth's networks", out);
		return;
	case ATTR_KIND_TIME: fputs("time stamp with zone", out); return;
	case ATTR_KIND_REF: fprintf(out, "name of a <%s>", a->words); return;
	case ATTR_KIND_BODY: fputs("the text of the element", out); return;
	}
}

static void put_attr(FILE *out, const struct attr *a)
{
	fputs(".TP\n.B ", out);
	put(out, a->kind == ATTR_KIND_BODY ? "(text)" : a->name);
	fputc('\n', out);
	put(out, a->about);
	fputs(".\n(", out);
	put_kind(out, a);
	if (a->kind == ATTR_KIND_BODY) {
		fputs(")\n", out);
		return;
	}
	if (a->def == REQUIRED) fputs("; must be given", out);
	else if (!a->def[0]) fputs("; may be left away", out);
	else {
		fputs("; default ", out);
		put(out, a->def);
	}
	fputs(")\n", out);
}

/* "Stands in <homes> or <datacentre>, at most once." */
static void put_place(FILE *out, const struct class *cls)
{
	char *parent;
	if (!cls->parents[0]) {
		fputs("The first element of a file.\n", out);
		return;
	}
	fputs("Stands in", out);
	for (int i = 0; (parent = class_parent(cls, i)); i++) {
		fprintf(out, "%s <%s>", i ? " or" : "", parent);
		free(parent);
	}
	if (cls->min && cls->max == cls->min) fprintf(out, ", exactly %u", cls->min);
	else if (cls->min) fprintf(out, ", at least %u", cls->min);
	if (cls->max > cls->min) fprintf(out, ", at most %u", cls->max);
	fputs(".\n", out);
}

static void put_class(FILE *out, const struct class *cls)
{
	fprintf(out, ".SS <%s>\n", cls->element);
	put(out, cls->about);
	fputc('\n', out);
	put_place(out, cls);
	for (const struct attr *a = cls->attrs; a && a->about; a++) put_attr(out, a);
}

void schema_man_of(const struct class *const *list, FILE *out)
{
	fputs(head, out);
	for (; *list; list++) put_class(out, *list);
	put_class(out, &catalogue_class);
	fputs(".SH EXAMPLE\n.EX\n", out);
	put(out, example);
	fputs(".EE\n.SH SEE ALSO\n.BR hearth (1)\n", out);
}

void schema_man(const struct class *const *more, FILE *out)
{
	const struct class **list = classes_join(classes, more);
	schema_man_of(list, out);
	free(list);
}
