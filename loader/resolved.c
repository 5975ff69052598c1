/* The scenario as it will be run, as XML again: canonical, in SI, complete. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/paths.h"
#include "loader/load.h"
#include "loader/value.h"

struct writer {
	const struct scenario *s;
	FILE *out;
	bool all; /* attributes that nobody wrote too */
};

static const char *text_at(const struct attr *a, const struct object *o)
{
	return *(const char *const *)value_at(a, o->par);
}

static const struct object *object_at(const struct attr *a, const struct object *o)
{
	return *(const struct object *const *)value_at(a, o->par);
}

/* The rest of path behind folder and a slash; NULL: it lies elsewhere. */
static const char *behind(const char *path, const char *folder, size_t size)
{
	return !strncmp(path, folder, size) && path[size] == '/' ? path + size + 1 : NULL;
}

const char *resolved_file_name(const struct scenario *s, const char *path)
{
	const char *slash = s->path ? strrchr(s->path, '/') : NULL, *rest;
	rest = slash ? behind(path, s->path, (size_t)(slash - s->path)) : behind(path, ".", 1);
	for (int i = 0; i < 2 && !rest && paths_home(); i++) {
		char *folder = mem_print("%s/%s", paths_home(), i ? "scenarios" : "data");
		rest = behind(path, folder, strlen(folder));
		free(folder);
	}
	return rest ? rest : path;
}

void resolved_put_attr(const struct scenario *s, const struct object *o, const struct attr *a,
    FILE *out)
{
	if (a->kind == ATTR_KIND_BODY || value_is_absent(a, o->par)) return;
	fprintf(out, " %s=\"", a->name);
	if (a->kind == ATTR_KIND_REF) value_escape(object_at(a, o)->name, out);
	else if (a->kind == ATTR_KIND_FILE || a->kind == ATTR_KIND_FOLDER)
		value_escape(resolved_file_name(s, text_at(a, o)), out);
	else value_print(a, o->par, s->currency, out);
	fputc('"', out);
}

/* Returns whether the element has a text. */
static bool write_body(const struct writer *w, const struct object *o)
{
	for (const struct attr *a = o->cls->attrs; a && a->about; a++) {
		if (a->kind != ATTR_KIND_BODY || !text_at(a, o)) continue;
		fputc('>', w->out);
		value_escape(text_at(a, o), w->out);
		return true;
	}
	return false;
}

static void write_object(const struct writer *w, const struct object *o, int depth);

static void write_rows(const struct writer *w)
{
	for (size_t i = 0; i < w->s->rows; i++) write_object(w, w->s->row[i], 1);
}

static void write_object(const struct writer *w, const struct object *o, int depth)
{
	bool with_rows = o == w->s->root && w->s->rows > 0;
	fprintf(w->out, "%*s<%s", 2 * depth, "", o->cls->element);
	for (const struct attr *a = o->cls->attrs; a && a->about; a++)
		if (w->all || object_attr_is_written(o, a->name))
			resolved_put_attr(w->s, o, a, w->out);
	bool text = write_body(w, o);
	if (!o->child && !with_rows) {
		if (text) fprintf(w->out, "</%s>\n", o->cls->element);
		else fputs("/>\n", w->out);
		return;
	}
	fputs(text ? "\n" : ">\n", w->out);
	for (const struct object *c = o->child; c; c = c->next) write_object(w, c, depth + 1);
	if (with_rows) write_rows(w);
	fprintf(w->out, "%*s</%s>\n", 2 * depth, "", o->cls->element);
}

static char *print(const struct scenario *s, bool all)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	struct writer w = { s, out, all };
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	if (s->root) write_object(&w, s->root, 0);
	fclose(out);
	return text;
}

char *scenario_resolved(const struct scenario *s)
{
	return print(s, true);
}

char *scenario_written(const struct scenario *s)
{
	return print(s, false);
}
