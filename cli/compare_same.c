/* Whether two runs may be compared: their scenarios, as they were run, and the files read. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/compare.h"
#include "loader/differ.h"

enum { LISTED = 20 };

static const struct err_pos nowhere;

/* What differs between two runs, a line each. */
struct found {
	const struct compare_run *a, *b;
	struct words line; /* owned: of what counts */
	size_t kinds;      /* that count */
	size_t implied;    /* rows of catalogues */
	struct compare_view *v;
};

static void tell(struct found *f, char *line, bool counts)
{
	if (f->v) compare_view_line(f->v, mem_print("differs: %s", line));
	if (counts) {
		f->line.word = mem_grow(f->line.word, f->line.count, &f->line.cap, sizeof *f->line.word);
		f->line.word[f->line.count++] = line;
	} else {
		free(line);
	}
}

static char *line_of(const struct difference *d)
{
	if (!strchr(d->kind, '@'))
		return mem_print("%s: only %s", d->place, d->before ? "before" : "after");
	return mem_print("%s: %s -> %s", d->place, d->before ? d->before : "not there",
	    d->after ? d->after : "not there");
}

/* ---- files ---- */

static const char *digest_of(const struct ds_group *g, const char *file)
{
	char *const *name = ds_data(g, "file", DS_TEXT), *const *digest = ds_data(g, "file_sha256", DS_TEXT);
	for (size_t i = 0; name && digest && i < ds_rows(g, "file"); i++)
		if (!strcmp(name[i], file)) return digest[i];
	return NULL;
}

/* What scenarios and catalogues say is in the resolved scenario; other files are only named
 * there. */
static bool is_xml(const char *file)
{
	size_t n = strlen(file);
	return n > 4 && !strcmp(file + n - 4, ".xml");
}

static void compare_files(struct found *f, bool counts)
{
	const struct ds_group *a = ds_find(f->a->d, "manifest"), *b = ds_find(f->b->d, "manifest");
	char *const *file = ds_data(a, "file", DS_TEXT);
	for (size_t i = 0; file && i < ds_rows(a, "file"); i++) {
		const char *of_a = digest_of(a, file[i]), *of_b = digest_of(b, file[i]);
		if (is_xml(file[i]) || !of_a || !of_b || !strcmp(of_a, of_b)) continue;
		f->kinds += counts;
		tell(f, mem_print("%s: its contents", file[i]), counts);
	}
}

/* ---- scenarios ---- */

static const char *scenario_of(const struct compare_run *r)
{
	char *const *text = ds_data(ds_find(r->d, "manifest"), "scenario_xml", DS_TEXT);
	return text ? *text : NULL;
}

static bool is_any(const struct words *differ)
{
	for (size_t i = 0; i < differ->count; i++)
		if (!strcmp(differ->word[i], "any")) return true;
	return false;
}

static void take(struct found *f, const struct differ *d, bool any)
{
	for (size_t i = 0; i < d->rows; i++) {
		const struct difference *r = &d->row[i];
		f->implied += r->implied;
		if (!r->implied) tell(f, line_of(r), !any && !r->allowed);
	}
	f->kinds += any ? 0 : differ_kinds(d);
	if (f->implied && f->v)
		compare_view_line(f->v,
		    mem_print("differs: with these, %zu rows of catalogues that one side uses", f->implied));
}

static void refuse(const struct found *f, bool named, struct err_list *e)
{
	char *list = mem_text("");
	for (size_t i = 0; i < f->line.count && i < LISTED; i++) {
		char *longer = mem_print("%s\n    %s", list, f->line.word[i]);
		free(list);
		list = longer;
	}
	if (f->line.count > LISTED) {
		char *longer = mem_print("%s\n    and %zu more", list, f->line.count - LISTED);
		free(list);
		list = longer;
	}
	err_at(e, nowhere,
	    "'%s' and '%s' differ in %s:%s\n  say what may differ, as --differ='//homes/@count' "
	    "(once for each), or --differ=any", f->a->path, f->b->path,
	    named ? "more than --differ names" : "more than was asked", list);
	free(list);
}

static void tell_versions(struct found *f)
{
	const char *a = ds_text(ds_find(f->a->d, ""), NULL, "source");
	const char *b = ds_text(ds_find(f->b->d, ""), NULL, "source");
	if (f->v && a && b && strcmp(a, b) != 0)
		compare_view_line(f->v, mem_print("written by %s and by %s", a, b));
}

bool compare_same(const struct compare_run *a, const struct compare_run *b,
    const struct words *differ, int may, struct compare_view *v, struct err_list *e)
{
	struct found f = { .a = a, .b = b, .v = v };
	struct differ d;
	bool any = is_any(differ);
	const char *before = scenario_of(a), *after = scenario_of(b);
	if (!before || !after) {
		err_at(e, nowhere, "'%s' does not say what was run; write it again by hearth run -o",
		    before ? b->path : a->path);
		return false;
	}
	bool read = differ_init(&d, before, after, differ->word, any ? 0 : differ->count, e);
	if (read) {
		take(&f, &d, any);
		compare_files(&f, !any);
		tell_versions(&f);
	}
	bool named = differ->count > 0;
	size_t limit = may == COMPARE_ONE_KIND && !named ? 1 : 0;
	if (read && f.kinds > limit) refuse(&f, named, e);
	for (size_t i = 0; i < f.line.count; i++) free((char *)f.line.word[i]);
	free(f.line.word);
	differ_fini(&d);
	return read && f.kinds <= limit;
}
