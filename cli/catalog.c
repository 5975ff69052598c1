/* hearth catalog [KIND [NAME]] */
#include "cli/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "cli/command.h"
#include "cli/form.h"

enum { JSON, CSV, MD };

static const struct option_row options[] = {
	[JSON] = { "json", 0, NULL, NULL,
	    "print an array with one object a row: each figure with value, SI unit, how far it can "
	    "be trusted, and source" },
	[CSV] = { "csv", 0, NULL, NULL, "print the same as one line a figure" },
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

static int refuse_kind(const char *name)
{
	struct near n = near_to(name);
	for (const struct class *const *c = classes; *c; c++)
		if (catalog_is_kind(*c)) near_try(&n, (*c)->element);
	const struct class *meant = near_best(&n) ? catalog_kind(near_best(&n)) : NULL;
	char *plural = meant ? catalog_plural(meant) : NULL;
	fprintf(stderr, "hearth catalog: error: there is no catalogue of '%s'", name);
	if (plural) fprintf(stderr, " (did you mean '%s'?)\n", plural);
	else fputs("; 'hearth catalog' lists them\n", stderr);
	free(plural);
	return STATUS_USAGE;
}

static int refuse_name(const struct class *cls, const struct catalog_rows *r, const char *name)
{
	struct near n = near_to(name);
	for (size_t i = 0; i < r->count; i++) near_try(&n, r->row[i]->name);
	char *plural = catalog_plural(cls);
	fprintf(stderr, "hearth catalog: error: there is no %s '%s'", cls->element, name);
	if (near_best(&n)) fprintf(stderr, " (did you mean '%s'?)\n", near_best(&n));
	else fprintf(stderr, "; 'hearth catalog %s' lists them\n", plural);
	free(plural);
	return STATUS_USAGE;
}

static void print_kinds(const struct scenario *s, enum table_form form)
{
	static const struct table_column columns[] = {
		{ NULL, "kind", TABLE_LEFT }, { NULL, "rows", TABLE_RIGHT },
		{ NULL, "what", TABLE_WRAPPED }, { NULL },
	};
	struct table *t = table_new(columns);
	table_headless(t);
	for (const struct class *const *c = classes; *c; c++) {
		if (!catalog_is_kind(*c)) continue;
		struct catalog_rows r = catalog_rows_of(s, *c);
		char *plural = catalog_plural(*c);
		if (r.count) {
			table_text(t, plural);
			table_count(t, r.count);
			table_text(t, (*c)->about);
		}
		free(plural);
		catalog_rows_fini(&r);
	}
	table_print(t, form, stdout);
	table_free(t);
}

static void print_legend(const struct class *cls)
{
	char *plural = catalog_plural(cls);
	printf("\n~ derived from figures that were seen; ? recalled, to be re-checked\n"
	       "'hearth catalog %s NAME' shows a row in full, with its sources\n", plural);
	free(plural);
}

/* For programs: every figure of the rows. */
static void print_figures(const struct catalog_rows *r, enum table_form form)
{
	if (form == TABLE_JSON) catalog_print_json(r);
	else catalog_print_figures(r, form);
}

static bool for_people(enum table_form form)
{
	return form == TABLE_TEXT || form == TABLE_MARKDOWN;
}

static void print_rows(enum table_form form, const struct class *cls, const struct catalog_rows *r)
{
	if (!for_people(form)) {
		print_figures(r, form);
		return;
	}
	catalog_print_table(cls, r, form);
	print_legend(cls);
}

static int print_row(const char *name, enum table_form form, const struct scenario *s,
    const struct class *cls, const struct catalog_rows *r)
{
	const struct object *row = catalog_named(r, name);
	if (!row) return refuse_name(cls, r, name);
	struct catalog_rows one = { &row, 1, 1 };
	if (form == TABLE_TEXT) catalog_print_row(row);
	else print_figures(&one, form);
	if (for_people(form)) catalog_print_room(s, row, form);
	return STATUS_DONE;
}

static int print(const struct options *o, const struct scenario *s, enum table_form form)
{
	const struct class *cls = o->operand ? catalog_kind(o->operand) : NULL;
	if (o->operand && !cls) return refuse_kind(o->operand);
	if (!cls && for_people(form)) {
		print_kinds(s, form);
		return STATUS_DONE;
	}
	int status = STATUS_DONE;
	struct catalog_rows r = catalog_rows_of(s, cls);
	if (o->further.count) status = print_row(o->further.word[0], form, s, cls, &r);
	else print_rows(form, cls, &r);
	catalog_rows_fini(&r);
	return status;
}

static int run(const struct options *o)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct err_list *e = err_new();
	struct scenario *s = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	int status = s ? print(o, s, form) : STATUS_USAGE;
	scenario_free(s);
	return status;
}

static const struct example examples[] = {
	{ "hearth catalog", "the kinds of catalogues" },
	{ "hearth catalog devices", "accelerators and processors, side by side" },
	{ "hearth catalog devices rtx-4090", "all of one, its sources, and what it has room for" },
	{ "hearth catalog models llama-3.1-8b", "its size, and on which devices it fits" },
	{ "hearth catalog --csv >figures.csv", "every figure with its source, for a spreadsheet" },
	{ NULL, NULL },
};

const struct command catalog_command = {
	.name = "catalog", .about = "hardware, models and the like, with their sources",
	.text = "Prints what scenarios can refer to by name. Each figure is seen at its source, "
		"derived from such figures, or recalled, which means that it is to be re-checked "
		"before it decides anything.",
	.operand = { "KIND", false, "the kinds there are", "devices, models, engines and so on",
	    .words = "@kinds" },
	.further = { "NAME", false, "all, side by side", "one row, in full", .words = "@rows" },
	.options = options, .examples = examples, .run = run,
};
