/* hearth examples [ACTION [NAME [FOLDER]]] */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/paths.h"
#include "base/wrap.h"
#include "cli/action.h"
#include "cli/command.h"
#include "cli/form.h"
#include "cli/input.h"
#include "loader/outline.h"
#include "loader/scenario.h"

enum { JSON, CSV, MD };

static const struct option_row options[] = {
	[JSON] = FORM_JSON_OPTION,
	[CSV] = FORM_CSV_OPTION,
	[MD] = FORM_MD_OPTION,
	{ NULL },
};

static const struct err_pos nowhere;
static const char schema[] = "hearth.xsd";

/* What a run takes; tests/scenarios.sh runs all of them. */
static const struct kind {
	const char *root, *takes, *run;
} kinds[] = {
	{ "scenario", "seconds", "hearth run" },
	{ "study", "minutes", "hearth sweep plan" },
};

static const struct kind *kind_of(const struct outline *o)
{
	for (size_t i = 0; o->root && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].root, o->root)) return &kinds[i];
	return NULL;
}

/* The path of a shipped file, or NULL with an entry in e. The caller frees. */
static char *shipped(const char *name, struct err_list *e)
{
	char *path = paths_in("scenarios", name);
	if (!path) err_at(e, nowhere, PATHS_NO_HOME, paths_tried());
	return path;
}

/* ---- which there are ---- */

static bool is_xml_name(const char *name)
{
	size_t n = strlen(name);
	return n > 4 && !strcmp(name + n - 4, ".xml");
}

static int is_xml(const struct dirent *d)
{
	return is_xml_name(d->d_name);
}

/* Calls `use` for each scenario and study of the folder, by name. */
static bool each(void (*use)(void *ctx, const char *name, const struct outline *o), void *ctx,
    struct err_list *e)
{
	struct dirent **entry = NULL;
	char *folder = shipped("", e);
	int entries = folder ? scandir(folder, &entry, is_xml, alphasort) : 0;
	if (entries < 0) err_at(e, nowhere, "cannot read folder '%s': %s", folder, strerror(errno));
	for (int i = 0; i < entries; i++) {
		char *path = mem_print("%s%s", folder, entry[i]->d_name);
		struct outline o;
		entry[i]->d_name[strlen(entry[i]->d_name) - 4] = 0;
		if (outline_read(&o, path, e) && kind_of(&o)) use(ctx, entry[i]->d_name, &o);
		outline_fini(&o);
		free(path);
		free(entry[i]);
	}
	free(entry);
	free(folder);
	return err_count(e) == 0;
}

static char *joined(const struct outline_files *f)
{
	char *all = mem_text("");
	for (size_t i = 0; i < f->count; i++) {
		char *longer = mem_print("%s%s%s", all, i ? ", " : "", f->path[i]);
		free(all);
		all = longer;
	}
	return all;
}

static const struct table_column columns[] = {
	{ "name", "name", TABLE_LEFT },
	{ "kind", "kind", TABLE_LEFT },
	{ "takes", "takes", TABLE_LEFT },
	{ "about", "about", TABLE_BELOW },
	{ "lacks", "lacks", TABLE_BELOW },
	{ NULL },
};

static void add_example(void *ctx, const char *name, const struct outline *o)
{
	struct table *t = ctx;
	char *about = outline_sentence(o), *lacks = joined(&o->absent);
	table_text(t, name);
	table_text(t, o->root);
	table_text(t, kind_of(o)->takes);
	table_text(t, about);
	table_words(t, lacks, *lacks ? "needs %s, which is published elsewhere" : "%s", lacks);
	free(lacks);
	free(about);
}

static int list(const struct options *o, struct err_list *e)
{
	enum table_form form;
	if (!form_of(o, JSON, &form)) return STATUS_USAGE;
	struct table *t = table_new(columns);
	bool good = each(add_example, t, e);
	if (good) table_print(t, form, stdout);
	table_free(t);
	return good ? STATUS_DONE : STATUS_USAGE;
}

/* ---- one of them ---- */

/* Keeps the name if it is the nearest so far. */
struct nearest {
	struct near n;
	char *name;
};

static void weigh(void *ctx, const char *name, const struct outline *o)
{
	(void)o;
	struct nearest *best = ctx;
	size_t before = best->n.distance;
	near_try(&best->n, name);
	if (best->n.distance == before) return;
	free(best->name);
	best->name = mem_text(name);
}

static void refuse(const char *name, struct err_list *e)
{
	struct nearest best = { .n = near_to(name) };
	if (each(weigh, &best, e) && best.name)
		err_at(e, nowhere, "no example '%s' (did you mean '%s'?)", name, best.name);
	else if (!err_count(e))
		err_at(e, nowhere, "no example '%s'; 'hearth examples' lists them", name);
	free(best.name);
}

/* Fills *o with the example of that name, with or without .xml; its path, which the caller
 * frees, or NULL with an entry in e. *o is to be given to outline_fini in either case. */
static char *open_example(const char *name, struct outline *o, struct err_list *e)
{
	*o = (struct outline){ 0 };
	if (strchr(name, '/')) {
		err_at(e, nowhere, "'%s' is a path; examples have names, 'hearth examples' lists them",
		    name);
		return NULL;
	}
	char *bare = input_with_extension(name, ".xml", ".xml");
	char *path = shipped(bare, e), *found = path ? paths_here(path) : NULL;
	free(bare);
	free(path);
	if (found && outline_read(o, found, e) && kind_of(o)) return found;
	if (!err_count(e)) refuse(name, e);
	free(found);
	return NULL;
}

static int show(const struct options *o, struct err_list *e)
{
	struct outline x;
	char *path = open_example(o->further.word[0], &x, e);
	if (path) {
		char *name = input_with_extension(x.parts.path[0], ".xml", "");
		char *parts = joined(&x.parts), *absent = joined(&x.absent);
		printf("%s, a %s\n\n", name, x.root);
		wrap_text(x.about, 0, 0, stdout);
		printf("\nfile:  %s\n", path);
		if (x.parts.count > 1) printf("of:    %s\n", parts);
		if (x.absent.count) printf("needs: %s, which is published elsewhere\n", absent);
		printf("run:   %s %s\n", kind_of(&x)->run, name);
		printf("copy:  hearth examples copy %s\n", name);
		free(absent);
		free(parts);
		free(name);
	}
	int status = path ? STATUS_DONE : STATUS_USAGE;
	outline_fini(&x);
	free(path);
	return status;
}

/* ---- copies ---- */

/* A file to be copied: what is in it, and where to. */
struct copy {
	char *data, *to;
	size_t size;
	bool there; /* already, with the same bytes */
};

static bool has_bytes(const char *path, const char *data, size_t size)
{
	struct err_list *quiet = err_new();
	size_t there;
	char *old = file_read(path, SCENARIO_BYTES_MAX, &there, quiet);
	bool same = old && there == size && !memcmp(old, data, size);
	free(old);
	err_free(quiet);
	return same;
}

static void prepare(struct copy *c, const char *folder, const char *part, struct err_list *e)
{
	struct stat st;
	char *from = shipped(part, e);
	*c = (struct copy){ .to = mem_print("%s/%s", folder, part) };
	if (from) c->data = file_read(from, SCENARIO_BYTES_MAX, &c->size, e);
	if (c->data && !lstat(c->to, &st)) {
		c->there = has_bytes(c->to, c->data, c->size);
		if (!c->there)
			err_at(e, (struct err_pos){ c->to, 0, 0 },
			    "it is there already and is not overwritten; name another folder");
	}
	free(from);
}

/* Makes the folder of the copy, and those above it below `folder`. */
static bool make_folders(const char *to, size_t folder, struct err_list *e)
{
	for (const char *slash = strchr(to + folder, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *path = mem_text_n(to, (size_t)(slash - to));
		bool good = !mkdir(path, 0777) || errno == EEXIST;
		if (!good)
			err_at(e, (struct err_pos){ path, 0, 0 }, "cannot make the folder: %s",
			    strerror(errno));
		free(path);
		if (!good) return false;
	}
	return true;
}

static bool write_copy(const struct copy *c, size_t folder, struct err_list *e)
{
	if (c->there) {
		fprintf(stderr, "%s is there already, with the same content\n", c->to);
		return true;
	}
	if (!make_folders(c->to, folder, e) || !file_write_new(c->to, c->data, c->size, e)) return false;
	printf("%s\n", c->to);
	return true;
}

/* The example with its parts, and the schema that editors check it with. */
static bool copy_parts(const struct outline_files *parts, const char *folder, struct err_list *e)
{
	size_t n = parts->count + 1;
	struct copy *c = mem_new(n, sizeof *c);
	for (size_t i = 0; i < n; i++)
		prepare(&c[i], folder, i < parts->count ? parts->path[i] : schema, e);
	bool good = err_count(e) == 0;
	for (size_t i = 0; good && i < n; i++) good = write_copy(&c[i], strlen(folder), e);
	for (size_t i = 0; i < n; i++) {
		free(c[i].data);
		free(c[i].to);
	}
	free(c);
	return good;
}

static int copy(const struct options *o, struct err_list *e)
{
	struct outline x;
	const char *folder = o->further.count > 1 ? o->further.word[1] : ".";
	if (is_xml_name(folder)) {
		err_at(e, nowhere,
		    "'%s' is where to copy to, which is a folder; a scenario of your own: hearth "
		    "init %s", folder, folder);
		return STATUS_USAGE;
	}
	char *path = open_example(o->further.word[0], &x, e);
	int status = !path ? STATUS_USAGE : copy_parts(&x.parts, folder, e) ? STATUS_DONE : STATUS_IO;
	if (status == STATUS_DONE) {
		fflush(stdout); /* where both are one pipe, the advice comes last */
		fprintf(stderr, "To run it: %s %s/%s\n", kind_of(&x)->run, folder, x.parts.path[0]);
	}
	outline_fini(&x);
	free(path);
	return status;
}

/* ---- the command ---- */

static const struct action actions[] = {
	{ "list", 0, 0, "no more words", 1u << JSON | 1u << CSV | 1u << MD, list },
	{ "show", 1, 1, "one NAME", 0, show },
	{ "copy", 1, 2, "a NAME and at most one FOLDER", 0, copy },
	{ NULL },
};

/* True, said on the standard error output, for the name of an example in an action's place. */
static bool is_name(const char *word)
{
	struct outline x;
	struct err_list *quiet = err_new();
	char *path = open_example(word, &x, quiet);
	if (path)
		fprintf(stderr,
		    "hearth examples: error: '%s' is no action; write 'hearth examples show %s' or "
		    "'copy %s'\n", word, word, word);
	bool found = path;
	outline_fini(&x);
	err_free(quiet);
	free(path);
	return found;
}

static int run(const struct options *o)
{
	struct options all = *o;
	if (!o->operand) all.operand = actions[0].name;
	else if (!action_is(actions, o->operand) && is_name(o->operand)) return STATUS_USAGE;
	return action_run(actions, &all);
}

static const struct example examples[] = {
	{ "hearth examples", "what there is to start from" },
	{ "hearth examples show v2g-street", "what one is about, and what it needs" },
	{ "hearth examples copy doorstep my-street", "the files of one, to be changed" },
	{ NULL, NULL },
};

const struct command examples_command = {
	.name = "examples", .about = "scenarios and studies to start from",
	.text = "Lists the scenarios and studies that are shipped, tells what one is about, or copies "
		"it with the files that it includes and with the schema that editors check it with. "
		"A copy overwrites nothing: a file that is there already and differs stops it before "
		"anything is written. A scenario takes seconds to run, a study minutes on two "
		"cores; both run by their names, without a copy, too.",
	.operand = { "ACTION", false, "list", "list, show or copy", .words = "list show copy" },
	.further = { "NAME", false, NULL,
	    "show, copy: an example; copy: then the folder to copy to, which is made; without one, "
	    "the working folder", true,
	    .words = "show:@examples copy:@examples copy:@folders" },
	.options = options, .examples = examples, .run = run,
};
