/* hearth catalog [KIND [NAME]] */
#include "cli/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/near.h"
#include "cli/command.h"
#include "cli/wrap.h"

enum { JSON, CSV };

static const struct option_row options[] = {
	[JSON] = { "json", 0, NULL, NULL,
	    "print an array with one object a row: each figure with value, SI unit, how far it can "
	    "be trusted, and source" },
	[CSV] = { "csv", 0, NULL, NULL, "print the same as one line a figure" },
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

static void print_kinds(const struct scenario *s)
{
	for (const struct class *const *c = classes; *c; c++) {
		if (!catalog_is_kind(*c)) continue;
		struct catalog_rows r = catalog_rows_of(s, *c);
		char *plural = catalog_plural(*c);
		if (r.count) wrap_text((*c)->about, printf("%-12s%4zu  ", plural, r.count), 18, stdout);
		free(plural);
		catalog_rows_fini(&r);
	}
}

static void print_legend(const struct class *cls)
{
	char *plural = catalog_plural(cls);
	printf("\n~ derived from figures that were seen; ? recalled, to be re-checked\n"
	       "'hearth catalog %s NAME' shows a row in full, with its sources\n", plural);
	free(plural);
}

static void print_rows(const struct options *o, const struct class *cls,
    const struct catalog_rows *r)
{
	if (options_flag(o, JSON)) catalog_print_json(r);
	else if (options_flag(o, CSV)) catalog_print_csv(r);
	else {
		catalog_print_table(cls, r);
		print_legend(cls);
	}
}

static int print_row(const struct options *o, const struct scenario *s, const struct class *cls,
    const struct catalog_rows *r)
{
	const struct object *row = catalog_named(r, o->further.word[0]);
	if (!row) return refuse_name(cls, r, o->further.word[0]);
	struct catalog_rows one = { &row, 1, 1 };
	if (options_flag(o, JSON) || options_flag(o, CSV)) {
		print_rows(o, cls, &one);
		return STATUS_DONE;
	}
	catalog_print_row(row);
	catalog_print_room(s, row);
	return STATUS_DONE;
}

static int print(const struct options *o, const struct scenario *s)
{
	bool data = options_flag(o, JSON) || options_flag(o, CSV);
	const struct class *cls = o->operand ? catalog_kind(o->operand) : NULL;
	if (o->operand && !cls) return refuse_kind(o->operand);
	if (!cls && !data) {
		print_kinds(s);
		return STATUS_DONE;
	}
	int status = STATUS_DONE;
	struct catalog_rows r = catalog_rows_of(s, cls);
	if (o->further.count) status = print_row(o, s, cls, &r);
	else print_rows(o, cls, &r);
	catalog_rows_fini(&r);
	return status;
}

static int run(const struct options *o)
{
	if (options_flag(o, JSON) && options_flag(o, CSV)) {
		fputs("hearth catalog: error: --json and --csv exclude each other\n"
		      "Try 'hearth catalog --help'.\n", stderr);
		return STATUS_USAGE;
	}
	struct err_list *e = err_new();
	struct scenario *s = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	int status = s ? print(o, s) : STATUS_USAGE;
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
	.operand = { "KIND", false, "the kinds there are", "devices, models, engines and so on" },
	.further = { "NAME", false, "all, side by side", "one row, in full" },
	.options = options, .examples = examples, .run = run,
};
