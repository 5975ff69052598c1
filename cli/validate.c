/* hearth validate AREA */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "bench/validate.h"
#include "cli/claims.h"
#include "cli/command.h"
#include "cli/form.h"
#include "loader/scenario.h"

enum { DATA, JSON, CSV, MD };

static const struct option_row options[] = {
	[DATA] = { "data", 0, "DIR", "data/ in the folder that $HEARTH_SHARED names",
	    "folder of published measurements, with gpu/, hardware/, feeders/ and energy/ in it" },
	[JSON] = { "json", 0, NULL, NULL, "print one JSON object, errors as fractions" },
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

static bool is_folder(const char *path)
{
	struct stat st;
	return path && !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* What there is to validate. */
static const struct area {
	const char *name;
	bool ships; /* some figures: there is something to do without a folder */
	bool (*validate)(struct validation *v, const struct object *catalogue, const char *folder,
	    int *missing, struct err_list *e);
	const char *(*lacks)(void); /* besides the folder; NULL: nothing ever */
	void (*also)(const struct object *catalogue); /* prints for people; NULL: no more */
} areas[] = {
	{ "serving", true, validate_serving, NULL, NULL },
	{ "grid", false, validate_grid, NULL, NULL },
	{ "energy", false, validate_energy, NULL, NULL },
	{ "spiking", true, validate_spiking, validate_spiking_lacks, claims_print },
};
enum { AREAS = sizeof areas / sizeof *areas };

static void tell_missing(const struct area *a, const char *folder, int missing)
{
	const char *lacks = a->lacks ? a->lacks() : NULL;
	if (lacks) fprintf(stderr, "hearth validate: %s\n", lacks);
	if (!folder)
		fputs("hearth validate: no folder of measurements: checking only against the "
		      "figures that hearth ships; name one with --data=DIR or in $HEARTH_SHARED\n",
		    stderr);
	else if (missing > 0)
		fprintf(stderr,
		    "hearth validate: %d tables are not in %s: what needs them was not checked\n",
		    missing, folder);
}

static int validate(const struct area *a, const char *folder, enum table_form form,
    struct err_list *e)
{
	struct scenario *s = scenario_catalogues(e);
	struct validation v = { 0 };
	int missing = 0, status = STATUS_USAGE;
	if (s && a->validate(&v, scenario_catalogue(s), folder, &missing, e)) {
		tell_missing(a, folder, missing);
		validation_print(&v, form, stdout);
		if (a->also && form == TABLE_TEXT) a->also(scenario_catalogue(s));
		status = validation_failures(&v) ? STATUS_INVALID : STATUS_DONE;
	}
	validation_free(&v);
	scenario_free(s);
	return status;
}

/* Without --data a folder that is not there is no fault: few have it. */
static char *folder_of(const struct options *o, struct err_list *e)
{
	const char *named = options_text(o, DATA), *shared = getenv("HEARTH_SHARED");
	if (named && !is_folder(named))
		err_at(e, (struct err_pos){ 0 },
		    "--data: '%s' is no folder; name the one with gpu/, hardware/, feeders/ "
		    "and energy/ in it",
		    named);
	if (named) return mem_text(named);
	char *folder = shared && *shared ? mem_print("%s/data", shared) : NULL;
	if (is_folder(folder)) return folder;
	free(folder);
	return NULL;
}

static const struct area *area_named(const char *name)
{
	for (int i = 0; i < AREAS; i++)
		if (!strcmp(areas[i].name, name)) return &areas[i];
	return NULL;
}

static int run(const struct options *o)
{
	const struct area *a = area_named(o->operand);
	if (!a) {
		fprintf(stderr,
		    "hearth validate: error: unknown area '%s'; write serving, grid, energy or "
		    "spiking\n"
		    "Try 'hearth validate --help'.\n",
		    o->operand);
		return STATUS_USAGE;
	}
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct err_list *e = err_new();
	char *folder = folder_of(o, e);
	if (!folder && !a->ships)
		err_at(e, (struct err_pos){ 0 },
		    "hearth ships no figures to compare its %s with; name a folder of published "
		    "solutions with --data=DIR or in $HEARTH_SHARED",
		    a->name);
	int status = err_count(e) ? STATUS_USAGE : validate(a, folder, form, e);
	err_print(e, stderr);
	free(folder);
	err_free(e);
	return status;
}

static const struct example examples[] = {
	{ "hearth validate serving",
	    "errors of step times, latencies and energy, beside a plain roofline's" },
	{ "hearth validate spiking --md >spiking.md", "as a table for a document" },
	{ NULL, NULL },
};

const struct command validate_command = {
	.name = "validate",
	.about = "compare the models with published measurements",
	.text =
	    "Predicts what published measurements say, with the constants of the catalogues, "
	    "and prints how far off the predictions are, beside the limit that hearth sets "
	    "itself and beside the error of a plain roofline: of matrix products and attention, "
	    "whole iterations, closed loops, two serving runs of vLLM 0.19 played request by "
	    "request (by the formulas, and by layer times measured on the same device), and "
	    "energy. Area grid compares power flow, transformers and frequency with solutions of "
	    "others, area energy sun, houses, batteries and cars, area spiking the energy of spiking "
	    "networks and chips and when they take less than others, with what published "
	    "claims leave out. "
	    "A few figures are shipped; large tables are not part of hearth, and are "
	    "read from a folder where there is one. "
	    "Ends with status 1 when a limit is missed.",
	.operand = { "AREA", true, NULL, "what to validate: serving, grid, energy or spiking",
	    .words = "serving grid energy spiking" },
	.options = options,
	.examples = examples,
	.run = run,
};
