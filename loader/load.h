/* How a scenario is put together; what its parts share. */
#ifndef HEARTH_LOADER_LOAD_H
#define HEARTH_LOADER_LOAD_H

#include <libxml/tree.h>

#include "loader/keep.h"
#include "loader/scenario.h"
#include "loader/xml.h"

/* A reference as written. */
struct ref {
	struct object *from;
	const struct attr *row;
	const char *name;
	struct err_pos at;
};

/* A sum of money as written, or a default. */
struct money {
	const struct object *object;
	const struct attr *row;
	struct err_pos at;
	char currency[4];
	bool is_default, is_zero;
};

/* While reading, and the tables that later steps need. */
struct scenario {
	const struct class *const *classes; /* NULL at the end */
	struct keep keep;
	struct xml xml;
	struct docs *docs;   /* until the objects are built of them (scenario.c) */
	const char *path;    /* of the scenario; NULL: catalogues only */
	struct object *root; /* NULL: catalogues only */
	struct object *catalogue, **catalogue_end; /* roots, linked by next */
	struct ref *ref;
	size_t refs, refs_cap;
	struct money *money;
	size_t moneys, moneys_cap;
	const struct object **row; /* of the catalogues, that the scenario refers to */
	size_t rows, rows_cap;
	char currency[4];
};

/* As scenario_load, with other classes and catalogues from another folder
 * (NULL: none). path NULL: the catalogues only. */
struct scenario *scenario_load_with(const struct class *const *list, const char *folder,
    const char *path, const char *const *set, size_t sets, struct err_list *e);

/* objects.c: the element and all below as objects; NULL when it is not known. */
struct object *objects_build(struct scenario *s, const xmlNode *root);

/* The checks between several attributes, once each attribute is right. */
void objects_check(const struct scenario *s, const struct object *o, struct err_list *e);

/* resolved.c: ` name="value"` in SI, escaped; nothing for an element's text and for what is
 * absent. */
void resolved_put_attr(const struct scenario *s, const struct object *o, const struct attr *a,
    FILE *out);

/* resolved.c: a file's name as it is found again: relative to the scenario's folder, else below
 * hearth's data or scenarios, else the path itself. Thus the text is the same on every machine. */
const char *resolved_file_name(const struct scenario *s, const char *path);

/* names.c: finds what references name, in the scenario, else in the catalogues;
 * reports names given twice. Lists the rows of catalogues that are used. */
void names_resolve(struct scenario *s);

/* money.c: one currency in all that is used. Sets s->currency. */
void money_check(struct scenario *s);

/* catalogue.c: the documents of a folder's catalogues, in order of their names.
 * Free each and the list. */
xmlDoc **catalogue_read(struct xml *x, const char *folder, size_t *docs);
extern const struct class catalogue_class;

/* schema.c, manual.c: scenario.h's schema_xsd and schema_man for other classes. */
void schema_xsd_of(const struct class *const *list, FILE *out);
void schema_man_of(const struct class *const *list, FILE *out);

/* classes.c: what may stand where. */
/* Two lists in one, without those of the second that the first has too; the caller frees. */
const struct class **classes_join(const struct class *const *a, const struct class *const *b);
const struct class *classes_find(const struct class *const *list, const char *element);
bool class_fits(const struct class *cls, const char *parent);

/* A class that may stand in a catalogue may stand in a scenario, where its
 * object hides the catalogue's of the same name. The i-th parent of a class,
 * "" for a root; NULL behind the last. The caller frees. */
char *class_parent(const struct class *cls, int i);

#endif
