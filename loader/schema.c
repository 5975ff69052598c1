/* The XML Schema that editors check scenarios with, from the classes' tables.
 *
 * It knows names, places, words, whole numbers and the spelling of quantities.
 * Ranges of quantities, references and how often an element may stand are
 * beyond XML Schema 1.0; `hearth check` knows them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unit_expr.h"
#include "loader/load.h"
#include "loader/value.h"

#define NUMBER "[+\\-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+\\-]?[0-9]+)?"
#define SPACE  "\\s*"

/* Writes "a|b|c" of all units with prefix for which before+UNIT+behind is of
 * that dimension; returns how many. */
static int write_units(FILE *out, enum dim dim, const char *before, const char *behind)
{
	int count = 0;
	for (int u = 0; unit_row(u); u++) {
		for (int p = 0; unit_prefix_row(p); p++) {
			if (!unit_takes_prefix(u, p)) continue;
			char why[256], currency[4];
			double factor, offset;
			char *name = mem_print("%s%s", unit_prefix_row(p), unit_row(u));
			char *all = mem_print("%s%s%s", before, name, behind);
			if (units_scale(all, dim, &factor, &offset, currency, why, sizeof why))
				fprintf(out, "%s%s", count++ ? "|" : "", name);
			free(all);
			free(name);
		}
	}
	return count;
}

/* Units of a dimension: plain ones, and for "B/s" any size over any time. */
static void write_unit_pattern(FILE *out, enum dim dim)
{
	const char *si = units_si(dim), *slash = strchr(si, '/');
	fputc('(', out);
	if (!slash) {
		write_units(out, dim, "", "");
	} else {
		bool money = !strncmp(si, "currency", 8);
		char *top = money ? mem_text("EUR/") : mem_text_n(si, (size_t)(slash + 1 - si));
		fputc('(', out);
		write_units(out, dim, "", slash);
		fputs(")/(", out);
		write_units(out, dim, top, "");
		fputc(')', out);
		fputc('|', out);
		if (!write_units(out, dim, "", "")) fprintf(out, "%s%s", top, slash + 1);
		free(top);
	}
	fputc(')', out);
}

/* Whether a number without a unit will do. */
static bool is_bare(enum dim dim)
{
	struct quantity q;
	char why[256];
	return units_parse("1", dim, &q, why, sizeof why);
}

static void write_pattern(FILE *out, enum dim dim, const char *number)
{
	fprintf(out, "      <xs:pattern value=\"" SPACE "%s" SPACE, number);
	if (dim != DIM_NUMBER) write_unit_pattern(out, dim);
	if (dim != DIM_NUMBER && is_bare(dim)) fputc('?', out);
	fputs(SPACE "\"/>\n", out);
}

/* Name of a dimension's type: "quantity-apparent-power". */
static void write_type_name(FILE *out, const char *kind, enum dim dim)
{
	fprintf(out, "%s-", kind);
	for (const char *p = units_word(dim); *p; p++) fputc(*p == ' ' ? '-' : *p, out);
}

static void write_types(FILE *out, enum dim dim)
{
	for (int is_dist = 0; is_dist < 2; is_dist++) {
		fputs("  <xs:simpleType name=\"", out);
		write_type_name(out, is_dist ? "distribution" : "quantity", dim);
		fprintf(out, "\">\n    <xs:annotation><xs:documentation>%s: ", units_word(dim));
		value_escape(units_taken(dim), out);
		fputs("</xs:documentation></xs:annotation>\n    <xs:restriction base=\"xs:string\">\n", out);
		write_pattern(out, dim, NUMBER);
		if (is_dist)
			write_pattern(out, dim,
			    "(uniform|normal|lognormal|choice|quantiles)" SPACE "\\([0-9eE+\\-.,:\\s]+\\)");
		fputs("    </xs:restriction>\n  </xs:simpleType>\n", out);
	}
}

static void write_restriction(FILE *out, const char *base, const char *facet, const char *value)
{
	fprintf(out, "<xs:simpleType><xs:restriction base=\"xs:%s\"><xs:%s value=\"%s\"/>", base, facet,
	    value);
}

static void write_words(FILE *out, const char *words)
{
	size_t size;
	fputs("      <xs:simpleType><xs:restriction base=\"xs:string\">\n", out);
	for (int i = 0;; i++) {
		const char *word = value_word(words, i, &size);
		if (!size) break;
		fprintf(out, "        <xs:enumeration value=\"%.*s\"/>\n", (int)size, word);
	}
	fputs("      </xs:restriction></xs:simpleType>\n", out);
}

/* The type of kinds that need one of their own; QTY and DIST name a shared one. */
static void write_own_type(FILE *out, const struct attr *a)
{
	static const char close[] = "</xs:restriction></xs:simpleType>\n";
	char low[32], high[32];
	switch (a->kind) {
	case ATTR_KIND_INT:
		snprintf(low, sizeof low, "%.0f", a->min);
		snprintf(high, sizeof high, "%.0f", a->max);
		fputs("      ", out);
		write_restriction(out, "integer", "minInclusive", low);
		fprintf(out, "<xs:maxInclusive value=\"%s\"/>%s", high, close);
		return;
	case ATTR_KIND_BOOL: write_words(out, "yes no"); return;
	case ATTR_KIND_ENUM: write_words(out, a->words); return;
	case ATTR_KIND_TIME:
		fputs("      ", out);
		write_restriction(out, "string", "pattern",
		    "\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{3})?)?"
		    "(Z|[+\\-][0-9]{2}:[0-9]{2})\\s*");
		fputs(close, out);
		return;
	case ATTR_KIND_TEXT:
	case ATTR_KIND_FILE:
	case ATTR_KIND_FOLDER:
	case ATTR_KIND_REF:
		fputs("      ", out);
		write_restriction(out, "string", "minLength", "1");
		fputs(close, out);
		return;
	case ATTR_KIND_QTY:
	case ATTR_KIND_DIST:
	case ATTR_KIND_BODY: return;
	}
}

static void write_attr(FILE *out, const struct attr *a)
{
	fprintf(out, "    <xs:attribute name=\"%s\"", a->name);
	if (a->kind == ATTR_KIND_QTY || a->kind == ATTR_KIND_DIST) {
		fputs(" type=\"", out);
		write_type_name(out, a->kind == ATTR_KIND_QTY ? "quantity" : "distribution", a->dim);
		fputc('"', out);
	}
	fputs(a->def == REQUIRED ? " use=\"required\">\n" : ">\n", out);
	fputs("      <xs:annotation><xs:documentation>", out);
	value_escape(a->about, out);
	if (a->def != REQUIRED && a->def[0]) {
		fputs("; default: ", out);
		value_escape(a->def, out);
	}
	fputs("</xs:documentation></xs:annotation>\n", out);
	write_own_type(out, a);
	fputs("    </xs:attribute>\n", out);
}

/* What may stand in an element; parent NULL: in a fragment, any. */
static void write_children(FILE *out, const struct class *const *list, const char *parent)
{
	fputs("    <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n", out);
	fputs("      <xs:element name=\"include\" type=\"include\"/>\n", out);
	for (; *list; list++) {
		const char *name = (*list)->element;
		bool fits = parent ? class_fits(*list, parent) : (*list)->parents[0] != '\0';
		if (fits) fprintf(out, "      <xs:element name=\"%s\" type=\"%s\"/>\n", name, name);
	}
	fputs("    </xs:choice>\n", out);
}

static void write_class(FILE *out, const struct class *const *list, const struct class *cls)
{
	bool has_body = false;
	for (const struct attr *a = cls->attrs; a && a->about; a++)
		if (a->kind == ATTR_KIND_BODY) has_body = true;
	fprintf(out, "  <xs:complexType name=\"%s\"%s>\n    <xs:annotation><xs:documentation>",
	    cls->element, has_body ? " mixed=\"true\"" : "");
	value_escape(cls->about, out);
	fputs("</xs:documentation></xs:annotation>\n", out);
	write_children(out, list, cls->element);
	for (const struct attr *a = cls->attrs; a && a->about; a++)
		if (a->kind != ATTR_KIND_BODY) write_attr(out, a);
	fputs("  </xs:complexType>\n", out);
}

void schema_xsd_of(const struct class *const *list, FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<!-- Written by `hearth schema` from the tables of the models. -->\n"
	      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n", out);
	for (enum dim d = 0; d < DIM_COUNT; d++) write_types(out, d);
	fputs("  <xs:complexType name=\"include\">\n"
	      "    <xs:attribute name=\"href\" type=\"xs:string\" use=\"required\"/>\n"
	      "  </xs:complexType>\n", out);
	for (const struct class *const *c = list; *c; c++) {
		write_class(out, list, *c);
		/* Any may be the first element of a file that others include. */
		fprintf(out, "  <xs:element name=\"%s\" type=\"%s\"/>\n", (*c)->element, (*c)->element);
	}
	write_class(out, list, &catalogue_class);
	fputs("  <xs:element name=\"catalogue\" type=\"catalogue\"/>\n"
	      "  <xs:element name=\"fragment\">\n   <xs:complexType>\n", out);
	write_children(out, list, NULL);
	fputs("   </xs:complexType>\n  </xs:element>\n</xs:schema>\n", out);
}

void schema_xsd(const struct class *const *more, FILE *out)
{
	const struct class **list = classes_join(classes, more);
	schema_xsd_of(list, out);
	free(list);
}
