#include "cli/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "loader/value.h"
#include "models/provenance.h"

bool catalog_is_kind(const struct class *cls)
{
	static const char where[] = "catalogue";
	size_t size;
	for (int i = 0;; i++) {
		const char *word = value_word(cls->parents, i, &size);
		if (!size) return false;
		if (size == strlen(where) && !memcmp(word, where, size)) return true;
	}
}

char *catalog_plural(const struct class *cls)
{
	size_t n = strlen(cls->element);
	if (cls->element[n - 1] == 'y') return mem_print("%.*sies", (int)n - 1, cls->element);
	return mem_print("%ss", cls->element);
}

const struct class *catalog_kind(const char *name)
{
	for (const struct class *const *c = classes; *c; c++) {
		if (!catalog_is_kind(*c)) continue;
		char *plural = catalog_plural(*c);
		bool same = !strcmp(name, (*c)->element) || !strcmp(name, plural);
		free(plural);
		if (same) return *c;
	}
	return NULL;
}

struct catalog_rows catalog_rows_of(const struct scenario *s, const struct class *cls)
{
	struct catalog_rows r = { 0 };
	for (const struct object *c = scenario_catalogue(s); c; c = c->next)
		for (const struct object *o = c->child; o; o = o->next) {
			if (cls && o->cls != cls) continue;
			r.row = mem_grow(r.row, r.count, &r.cap, sizeof *r.row);
			r.row[r.count++] = o;
		}
	return r;
}

void catalog_rows_fini(struct catalog_rows *r)
{
	free(r->row);
}

const struct object *catalog_named(const struct catalog_rows *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->row[i]->name && !strcmp(r->row[i]->name, name)) return r->row[i];
	return NULL;
}

/* What value_print writes. */
static char *printed(const struct attr *a, const void *par)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	value_print(a, par, "", out);
	fclose(out);
	return text;
}

char *catalog_value(const struct object *row, const struct attr *a)
{
	char buf[64];
	const void *m = value_at(a, row->par);
	if (value_is_absent(a, row->par)) return mem_text("");
	switch (a->kind) {
	case ATTR_KIND_QTY:
		return mem_text(value_show(*(const double *)m, a->dim, "", buf, sizeof buf));
	case ATTR_KIND_TEXT:
	case ATTR_KIND_FILE:
	case ATTR_KIND_FOLDER:
	case ATTR_KIND_BODY: return mem_text(*(const char *const *)m);
	case ATTR_KIND_REF: return mem_text((*(const struct object *const *)m)->name);
	case ATTR_KIND_DIST:
	case ATTR_KIND_INT:
	case ATTR_KIND_BOOL:
	case ATTR_KIND_ENUM:
	case ATTR_KIND_TIME: break;
	}
	return printed(a, row->par);
}

const char *catalog_trust(const struct object *row, const struct attr *a, const char **source)
{
	static const char *const words[] = { [VERIFY_SEEN] = "seen", [VERIFY_DERIVED] = "derived",
		[VERIFY_RECALLED] = "recalled" };
	*source = NULL;
	if (!provenance_is_figure(a)) return "";
	if (!row->attr_pos[a - row->cls->attrs].file) return "default";
	struct provenance p = provenance_of(row, a->name);
	*source = p.text;
	return p.text ? words[p.verify] : "";
}

static bool has(const struct class *cls, const char *name)
{
	for (const struct attr *a = cls->attrs; a && a->about; a++)
		if (!strcmp(a->name, name)) return true;
	return false;
}

bool catalog_is_shown(const struct class *cls, const struct attr *a)
{
	if (!strcmp(a->name, "name")) return false;
	bool of_row = !strcmp(a->name, "source") || !strcmp(a->name, "verify");
	return !(of_row && has(cls, "source") && has(cls, "verify"));
}
