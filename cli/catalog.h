/* The rows of the catalogues: what `hearth catalog` prints.
 *
 * A kind is a class whose objects may stand in a catalogue; everything but the
 * room for models (catalog_fit.c) follows from its attribute table. */
#ifndef HEARTH_CLI_CATALOG_H
#define HEARTH_CLI_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/table.h"
#include "loader/scenario.h"
#include "models/class.h"

bool catalog_is_kind(const struct class *cls);

/* "devices", "batteries". The caller frees. */
char *catalog_plural(const struct class *cls);

/* The class with that element or plural; NULL: none. */
const struct class *catalog_kind(const char *name);

/* Rows of a class in the order of the files; NULL cls: of all kinds. */
struct catalog_rows {
	const struct object **row;
	size_t count, cap;
};
struct catalog_rows catalog_rows_of(const struct scenario *s, const struct class *cls);
void catalog_rows_fini(struct catalog_rows *r);
const struct object *catalog_named(const struct catalog_rows *r, const char *name);

/* The value of an attribute for people, "1.008 TB/s"; "" when it is absent. The
 * caller frees. */
char *catalog_value(const struct object *row, const struct attr *a);

/* "seen", "derived" or "recalled"; "default" for what the row does not give; ""
 * for what is no figure or has no source. *source: where it comes from, or NULL. */
const char *catalog_trust(const struct object *row, const struct attr *a, const char **source);

/* Rows of attributes that are shown: not the name, nor source= and verify= where
 * every figure has its own. */
bool catalog_is_shown(const struct class *cls, const struct attr *a);

/* For people (catalog_print.c): all rows of a class; one row with its sources. */
void catalog_print_table(const struct class *cls, const struct catalog_rows *r,
    enum table_form form);
void catalog_print_row(const struct object *row);

/* Every figure of the rows (catalog_data.c): an object a row; a line a figure, in any form. */
void catalog_print_json(const struct catalog_rows *r);
void catalog_print_figures(const struct catalog_rows *r, enum table_form form);

/* What a device has room for, and which devices have room for a model
 * (catalog_fit.c); nothing for other classes. */
void catalog_print_room(const struct scenario *s, const struct object *row, enum table_form form);

#endif
