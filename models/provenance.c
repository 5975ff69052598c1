#include "models/provenance.h"

#include <math.h>
#include <string.h>

#include "base/near.h"

/* The i-th word of `of`; its size, 0 behind the last. */
static size_t word_at(const char **word, const char *of, int i)
{
	for (;; i--) {
		*word = of + strspn(of, " ");
		size_t size = strcspn(*word, " ");
		if (!size || !i) return size;
		of = *word + size;
	}
}

static bool names(const struct source_par *p, const char *attr, size_t size)
{
	const char *word;
	size_t n;
	for (int i = 0; (n = word_at(&word, p->of, i)); i++)
		if (n == size && !memcmp(word, attr, size)) return true;
	return false;
}

static const struct attr *row_named(const struct class *cls, const char *name, size_t size)
{
	for (const struct attr *a = cls->attrs; a && a->about; a++)
		if (strlen(a->name) == size && !memcmp(a->name, name, size)) return a;
	return NULL;
}

bool provenance_is_figure(const struct attr *a)
{
	return a->kind == ATTR_KIND_QTY || a->kind == ATTR_KIND_DIST || a->kind == ATTR_KIND_INT;
}

static bool is_given(const struct object *row, const struct attr *a)
{
	return provenance_is_figure(a) && row->attr_pos[a - row->cls->attrs].file;
}

static const void *member(const struct object *o, const struct attr *a)
{
	return (const char *)o->par + a->offset;
}

/* NAN where nothing is said. */
static double bound(const char *text, enum dim dim)
{
	char why[200];
	struct quantity q;
	return text && units_parse(text, dim, &q, why, sizeof why) ? q.si : NAN;
}

struct provenance provenance_of(const struct object *row, const char *attr)
{
	for (const struct object *s = object_child(row, &source_class); s; s = object_next(s)) {
		const struct source_par *p = s->par;
		if (!names(p, attr, strlen(attr))) continue;
		const struct attr *a = row_named(row->cls, attr, strlen(attr));
		return (struct provenance){ p->text, (enum verify)p->verify, bound(p->low, a->dim),
			bound(p->high, a->dim) };
	}
	const struct attr *text = row_named(row->cls, "source", strlen("source"));
	const struct attr *verify = row_named(row->cls, "verify", strlen("verify"));
	if (!text || !verify) return (struct provenance){ .low = NAN, .high = NAN };
	const char *const *source = member(row, text);
	const int *trust = member(row, verify);
	return (struct provenance){ *source, (enum verify)*trust, NAN, NAN };
}

static void refuse_word(const struct object *o, const char *word, size_t size, struct err_list *e)
{
	const struct object *row = o->parent;
	char name[NEAR_WORD_MAX + 1];
	snprintf(name, sizeof name, "%.*s", (int)size, word);
	struct near n = near_to(name);
	for (const struct attr *a = row->cls->attrs; a && a->about; a++)
		if (is_given(row, a)) near_try(&n, a->name);
	struct err_pos at = object_attr_pos(o, "of");
	const struct attr *a = row_named(row->cls, word, size);
	if (a && provenance_is_figure(a))
		err_at(e, at, "source: <%s> gives no %s= here; take the word away", row->cls->element,
		    name);
	else if (near_best(&n))
		err_at(e, at, "source: '%s' is no figure of <%s> (did you mean '%s'?)", name,
		    row->cls->element, near_best(&n));
	else
		err_at(e, at,
		    "source: '%s' is no figure of <%s>; write names of its attributes, split by "
		    "spaces", name, row->cls->element);
}

/* Whether the word stands before, in this or an elder sibling. */
static bool is_twin(const struct object *o, int i, const char *word, size_t size)
{
	const struct object *s = object_child(o->parent, &source_class);
	for (; s != o; s = object_next(s))
		if (names(s->par, word, size)) return true;
	const struct source_par *p = o->par;
	const char *before;
	for (int k = 0; k < i; k++)
		if (word_at(&before, p->of, k) == size && !memcmp(before, word, size)) return true;
	return false;
}

/* The one figure of of=, or NULL. */
static const struct attr *only_figure(const struct object *o)
{
	const struct source_par *p = o->par;
	const char *word;
	size_t size = word_at(&word, p->of, 1);
	if (size) return NULL;
	size = word_at(&word, p->of, 0);
	const struct attr *a = row_named(o->parent->cls, word, size);
	return a && a->kind == ATTR_KIND_QTY ? a : NULL;
}

/* low <= the figure <= high, all in its unit. */
static void check_interval(const struct object *o, struct err_list *e)
{
	const struct source_par *p = o->par;
	const struct attr *a = only_figure(o);
	const char *const text[] = { p->low, p->high }, *const name[] = { "low", "high" };
	if (!p->low && !p->high) return;
	if (!p->low || !p->high) {
		err_at(e, o->pos, "source: low= and high= go together; give both or none");
		return;
	}
	if (!a) {
		err_at(e, object_attr_pos(o, "low"),
		    "source: low= and high= are of one figure; give each of '%s' a <source> of its "
		    "own", p->of);
		return;
	}
	double value = *(const double *)member(o->parent, a);
	for (int i = 0; i < 2; i++) {
		char why[200];
		struct quantity q;
		if (!units_parse(text[i], a->dim, &q, why, sizeof why))
			err_at(e, object_attr_pos(o, name[i]), "source: %s: %s", name[i], why);
		else if (i ? q.si < value : q.si > value)
			err_at(e, object_attr_pos(o, name[i]),
			    "source: %s is not between low= and high=; correct one of them", a->name);
	}
}

static void check(const struct object *o, struct err_list *e)
{
	const struct source_par *p = o->par;
	const char *word;
	size_t size;
	for (int i = 0; (size = word_at(&word, p->of, i)); i++) {
		const struct attr *a = row_named(o->parent->cls, word, size);
		if (!a || !is_given(o->parent, a)) refuse_word(o, word, size, e);
		else if (is_twin(o, i, word, size))
			err_at(e, object_attr_pos(o, "of"),
			    "source: '%s' has a source already; name it once", a->name);
	}
	check_interval(o, e);
	if (!p->text)
		err_at(e, o->pos, "source: it is empty; write where '%s' comes from", p->of);
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct source_par, of, "of", REQUIRED,
	    "the figures that it is of: names of attributes that the element around it gives, "
	    "split by spaces"),
	ATTR_ENUM(struct source_par, verify, "verify", REQUIRED, VERIFY_WORDS,
	    "how far they can be trusted: seen at the source, derived from seen figures, or "
	    "recalled and to be re-checked"),
	ATTR_TEXT(struct source_par, low, "low", OPTIONAL,
	    "with a single figure: between this value"),
	ATTR_TEXT(struct source_par, high, "high", OPTIONAL,
	    "and this one it was found, in nine of ten measurements where the source says "
	    "nothing else"),
	ATTR_BODY(struct source_par, text, "the source"),
	ATTR_END,
};

const struct class source_class = {
	.element = "source",
	.parents = "cable chip claim device engine layer-table model spiking variant",
	.about = "Where some figures of a row come from, when it is not where the others do.",
	.par_size = sizeof(struct source_par), .attrs = attrs, .check = check,
};
