/* What a run takes for granted, for its results: where the scenario says what, what it left
 * at its defaults, and which figures of catalogues it stands on. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/load.h"
#include "loader/value.h"
#include "models/provenance.h"

/* ---- elements of the scenario ---- */

struct elements {
	const struct scenario *s;
	struct ds_group *g;
	const struct ds_dim *dim;
	char **element, **place, **written, **left;
	size_t n;
};

static size_t count(const struct object *o)
{
	size_t n = 1;
	for (const struct object *c = o->child; c; c = c->next) n += count(c);
	return n;
}

/* "homes/node 'home GPU'", without the root. */
static void put_path(const struct object *o, FILE *out)
{
	if (o->parent && o->parent->parent) {
		put_path(o->parent, out);
		fputc('/', out);
	}
	fputs(o->cls->element, out);
	if (o->name && strcmp(o->name, o->cls->element)) fprintf(out, " '%s'", o->name);
}

static char *path_of(const struct object *o)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	put_path(o, out);
	fclose(out);
	return text;
}

static char *place_of(const struct scenario *s, const struct err_pos *at)
{
	if (!at->file) return mem_text("");
	const char *file = resolved_file_name(s, at->file);
	return at->line ? mem_print("%s:%d", file, (int)at->line) : mem_text(file);
}

/* As people write it: quantities in a unit that fits, all else as in the resolved scenario. */
static void put_attr(const struct scenario *s, const struct object *o, const struct attr *a,
    FILE *out)
{
	char text[80];
	if (a->kind != ATTR_KIND_QTY) {
		resolved_put_attr(s, o, a, out);
		return;
	}
	double si = *(const double *)value_at(a, o->par);
	fprintf(out, " %s=\"%s\"", a->name, value_show(si, a->dim, s->currency, text, sizeof text));
}

/* The attributes that were written, or those that were not; an override says so. */
static char *attrs_of(const struct scenario *s, const struct object *o, bool written)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (const struct attr *a = o->cls->attrs; a && a->about; a++) {
		const struct err_pos *at = &o->attr_pos[a - o->cls->attrs];
		if (a->kind == ATTR_KIND_BODY || (at->file != NULL) != written) continue;
		if (value_is_absent(a, o->par)) continue;
		put_attr(s, o, a, out);
		if (at->file && !strncmp(at->file, "--set", strlen("--set"))) fputs(" (--set)", out);
	}
	fclose(out);
	const char *begin = *text == ' ' ? text + 1 : text;
	char *trimmed = mem_text(begin);
	free(text);
	return trimmed;
}

/* What stands there without having been written has its parent's place. */
static bool is_implied(const struct object *o)
{
	const struct object *p = o->parent;
	return p && p->pos.file == o->pos.file && p->pos.line == o->pos.line &&
	       p->pos.col == o->pos.col;
}

static void put_element(struct elements *e, const struct object *o)
{
	e->element[e->n] = path_of(o);
	e->place[e->n] = is_implied(o) ? mem_text("") : place_of(e->s, &o->pos);
	e->written[e->n] = attrs_of(e->s, o, true);
	e->left[e->n] = attrs_of(e->s, o, false);
	e->n++;
	for (const struct object *c = o->child; c; c = c->next) put_element(e, c);
}

static void put_elements(const struct scenario *s, struct dataset *d)
{
	struct elements e = { .s = s, .g = ds_group(d, "assumptions") };
	e.dim = ds_dim(e.g, "element", count(s->root));
	e.element = ds_column(e.g, "element", DS_TEXT, e.dim, NULL, "",
	    "element of the scenario, after those that it stands in");
	e.place = ds_column(e.g, "place", DS_TEXT, e.dim, NULL, "",
	    "file:line where it begins; empty: nobody wrote it, it is there by default");
	e.written = ds_column(e.g, "written", DS_TEXT, e.dim, NULL, "",
	    "its attributes that were written");
	e.left = ds_column(e.g, "left", DS_TEXT, e.dim, NULL, "",
	    "its attributes that were left at their defaults");
	put_element(&e, s->root);
}

/* ---- figures of catalogues ---- */

struct figures {
	char **row, **place, **figures, **verify, **source;
	size_t n;
};

static bool is_figure(const struct object *row, const struct attr *a)
{
	return provenance_is_figure(a) && row->attr_pos[a - row->cls->attrs].file;
}

/* Names of a row's figures that have this source; "" when it has none. */
static char *figures_from(const struct object *row, const char *source)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *before = "";
	for (const struct attr *a = row->cls->attrs; a && a->about; a++) {
		if (!is_figure(row, a) || provenance_of(row, a->name).text != source) continue;
		fprintf(out, "%s%s", before, a->name);
		before = " ";
	}
	fclose(out);
	return text;
}

/* Whether an earlier figure of the row has the same source. */
static bool is_told(const struct object *row, const struct attr *figure, const char *source)
{
	for (const struct attr *a = row->cls->attrs; a != figure; a++)
		if (is_figure(row, a) && provenance_of(row, a->name).text == source) return true;
	return false;
}

/* One entry a source. f NULL: counts them. */
static size_t put_row(const struct scenario *s, const struct object *row, struct figures *f)
{
	static const char *const words[] = { "seen", "derived", "recalled" };
	size_t n = 0;
	for (const struct attr *a = row->cls->attrs; a && a->about; a++) {
		struct provenance p = provenance_of(row, a->name);
		if (!is_figure(row, a) || !p.text || is_told(row, a, p.text)) continue;
		n++;
		if (!f) continue;
		f->row[f->n] = mem_print("%s %s", row->cls->element, row->name ? row->name : "");
		f->place[f->n] = place_of(s, &row->pos);
		f->figures[f->n] = figures_from(row, p.text);
		f->verify[f->n] = mem_text(words[p.verify]);
		f->source[f->n] = mem_text(p.text);
		f->n++;
	}
	return n;
}

static void put_figures(const struct scenario *s, struct dataset *d)
{
	size_t n = 0;
	for (size_t i = 0; i < s->rows; i++) n += put_row(s, s->row[i], NULL);
	if (!n) return;
	struct ds_group *g = ds_group(d, "figures");
	const struct ds_dim *dim = ds_dim(g, "figure", n);
	struct figures f = {
		.row = ds_column(g, "row", DS_TEXT, dim, NULL, "", "row of a catalogue"),
		.place = ds_column(g, "place", DS_TEXT, dim, NULL, "", "file:line where it begins"),
		.figures = ds_column(g, "figures", DS_TEXT, dim, NULL, "",
		    "those of its figures that have this source"),
		.verify = ds_column(g, "verify", DS_TEXT, dim, NULL, "",
		    "how far they can be trusted: seen at the source, derived, recalled"),
		.source = ds_column(g, "source", DS_TEXT, dim, NULL, "", "where they come from"),
	};
	for (size_t i = 0; i < s->rows; i++) put_row(s, s->row[i], &f);
}

void scenario_assumptions(const struct scenario *s, struct dataset *d)
{
	put_elements(s, d);
	put_figures(s, d);
}
