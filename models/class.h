/* What a model tells the world about itself: one table, read by all.
 *
 * A class is an XML element. Its attribute table says name, kind, dimension,
 * place in the parameter struct, default, range and one sentence; the reader,
 * the range check, the XSD, hearth-scenario(5) and shell completion all come
 * from that row. Nobody writes parsing code for a model.
 *
 *     static const struct attr attrs[] = {
 *         ATTR_QTY(struct heatpump_par, p_rated_w, "power", DIM_POWER, REQUIRED, 0, 50e3,
 *             "electric rating"),
 *         ATTR_QTY(struct heatpump_par, t_set_k, "setpoint", DIM_TEMPERATURE, "20 degC", 278, 308,
 *             "room set point"),
 *         ATTR_END,
 *     };
 *     const struct class heatpump_class = {
 *         .element = "heatpump", .parents = "homes", .about = "Heats the house.",
 *         .par_size = sizeof(struct heatpump_par), .attrs = attrs,
 *     };
 *
 * and one word in the list of models/classes.c. */
#ifndef HEARTH_MODELS_CLASS_H
#define HEARTH_MODELS_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dist.h"
#include "base/err.h"
#include "base/units.h"

/* Kind of attribute -> type of the member at `offset`. */
enum attr_kind {
	ATTR_KIND_QTY,  /* double, SI; NAN when optional and absent */
	ATTR_KIND_DIST, /* struct dist */
	ATTR_KIND_INT,  /* int64_t */
	ATTR_KIND_BOOL, /* bool: "yes" or "no" */
	ATTR_KIND_ENUM, /* int: index into words */
	ATTR_KIND_TEXT, /* const char *, owned by the scenario; NULL when optional and absent */
	ATTR_KIND_FILE, /* const char *: as TEXT, resolved to a path that exists (beside the
	                   file that names it, else in the data and scenario folders) */
	ATTR_KIND_FOLDER, /* the same of a folder of tables, all of which are inputs of the run */
	ATTR_KIND_TIME, /* struct stamp: an ISO 8601 stamp with time zone */
	ATTR_KIND_REF,  /* const struct object *: the object of class `words` with that name */
	ATTR_KIND_BODY, /* const char *: the element's own text, not an attribute */
};

/* An instant and the zone it was written in: 2024-06-20T00:00+05:30. */
struct stamp {
	double utc_s;  /* since 1970-01-01T00:00Z */
	double zone_s; /* local time minus UTC */
};

#define REQUIRED ((const char *)0) /* no default: the user must write it */
#define OPTIONAL ""                /* may be absent: see the kinds above; DIST: kind CONST, a = NAN */

struct attr {
	const char *name;   /* as in XML: lower case, words joined by '-' */
	enum attr_kind kind;
	enum dim dim;       /* QTY, DIST */
	size_t offset;
	const char *def;    /* REQUIRED, OPTIONAL or the default as the user would write it */
	double min, max;    /* QTY, DIST, INT; inclusive, SI */
	const char *words;  /* ENUM: "nearest least-loaded"; REF: the class's element */
	const char *about;  /* one sentence without final stop; the manual prints it */
};

#define ATTR_QTY(s, m, name, dim, def, min, max, about) \
	{ name, ATTR_KIND_QTY, dim, offsetof(s, m), def, min, max, NULL, about }
#define ATTR_DIST(s, m, name, dim, def, min, max, about) \
	{ name, ATTR_KIND_DIST, dim, offsetof(s, m), def, min, max, NULL, about }
#define ATTR_INT(s, m, name, def, min, max, about) \
	{ name, ATTR_KIND_INT, DIM_NUMBER, offsetof(s, m), def, min, max, NULL, about }
#define ATTR_BOOL(s, m, name, def, about) \
	{ name, ATTR_KIND_BOOL, DIM_NUMBER, offsetof(s, m), def, 0, 1, NULL, about }
#define ATTR_ENUM(s, m, name, def, words, about) \
	{ name, ATTR_KIND_ENUM, DIM_NUMBER, offsetof(s, m), def, 0, 0, words, about }
#define ATTR_TEXT(s, m, name, def, about) \
	{ name, ATTR_KIND_TEXT, DIM_NUMBER, offsetof(s, m), def, 0, 0, NULL, about }
#define ATTR_FILE(s, m, name, def, about) \
	{ name, ATTR_KIND_FILE, DIM_NUMBER, offsetof(s, m), def, 0, 0, NULL, about }
#define ATTR_FOLDER(s, m, name, def, about) \
	{ name, ATTR_KIND_FOLDER, DIM_NUMBER, offsetof(s, m), def, 0, 0, NULL, about }
#define ATTR_TIME(s, m, name, def, about) \
	{ name, ATTR_KIND_TIME, DIM_NUMBER, offsetof(s, m), def, 0, 0, NULL, about }
#define ATTR_REF(s, m, name, def, element, about) \
	{ name, ATTR_KIND_REF, DIM_NUMBER, offsetof(s, m), def, 0, 0, element, about }
#define ATTR_BODY(s, m, about) \
	{ "", ATTR_KIND_BODY, DIM_NUMBER, offsetof(s, m), OPTIONAL, 0, 0, NULL, about }
#define ATTR_END { 0 } /* about == NULL */

struct object;

struct class {
	const char *element;  /* "battery" */
	const char *parents;  /* elements it may stand in, "homes datacentre"; "" for a root */
	const char *about;    /* one or two sentences for the manual */
	size_t par_size;
	const struct attr *attrs; /* ends with ATTR_END; NULL: none */
	unsigned min, max;    /* how many in one parent; max 0: any number */
	bool implied;         /* where a parent has none, one stands there with its defaults */
	/* Checks what no single row can (a minimum above a maximum); reports with
	 * the object's place. NULL: nothing to check. */
	void (*check)(const struct object *o, struct err_list *e);
};

/* An element that was read: what the loader gives to the models. The tree and
 * all it points to belong to the scenario (loader/scenario.h). */
struct object {
	const struct class *cls;
	void *par;           /* cls->par_size bytes, every attribute set */
	const char *name;    /* its name="..." or NULL */
	struct err_pos pos;  /* where the tag begins */
	struct err_pos *attr_pos; /* where the value of each row of cls->attrs begins;
	                             file NULL: not written, the default */
	struct object *parent, *child, *next;
};

/* Every class of hearth, NULL at the end (models/classes.c). */
extern const struct class *const classes[];

const struct class *class_find(const char *element); /* NULL: no such class */

/* First child of that class, or the next of the same class after `o`; NULL: none. */
const struct object *object_child(const struct object *o, const struct class *cls);
const struct object *object_next(const struct object *o);

/* How many of its class stand before it in its parent. */
size_t object_index(const struct object *o);

/* Where an attribute of an object was written, for messages about it. */
struct err_pos object_attr_pos(const struct object *o, const char *attr);

bool object_attr_is_written(const struct object *o, const char *attr); /* false: the default */

#endif
