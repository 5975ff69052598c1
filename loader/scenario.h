/* Scenario files: XML -> objects of the models' classes.
 *
 * The reader knows no model: models/class.h tables say what may stand where.
 * It reads the file itself (regular file, at most SCENARIO_BYTES_MAX), refuses
 * DOCTYPE, entities and XInclude, bounds depth and count, and reports every
 * fault at once with line and column. `<include href="street.xml"/>` takes a
 * relative path below the folder of the scenario; the root element of the
 * included file takes the include's place, and a root named <fragment> is
 * replaced by its children. */
#ifndef HEARTH_LOADER_SCENARIO_H
#define HEARTH_LOADER_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/dataset.h"
#include "base/err.h"
#include "models/class.h"

enum { SCENARIO_BYTES_MAX = 64 << 20, SCENARIO_DEPTH_MAX = 32, SCENARIO_INCLUDE_DEPTH_MAX = 16 };

struct scenario; /* owns the tree, all strings in it and the file texts */

/* Reads `path` with the catalogues (data/devices.xml and its kind: root
 * <catalogue>) of the data folders; `set` holds `XPATH=VALUE` overrides, which
 * pass the same checks as the file ("--set '...'" stands for the file name in
 * messages about them; loader/set.h says what it may select). NULL when
 * err_count(e) > 0 afterwards. */
struct scenario *scenario_load(const char *path, const char *const *set, size_t sets,
    struct err_list *e);
void scenario_free(struct scenario *s); /* takes NULL */

/* The same for a file whose root is an element of that name, which in a scenario stands
 * in another ("workload"): what `hearth trace info --fit` prints, for one. */
struct scenario *scenario_load_part(const char *path, const char *element, const char *const *set,
    size_t sets, struct err_list *e);

/* The same in two steps: what takes long, reading the files, is done once, and what an
 * override decides afterwards, in each child of a process that has read them.
 * scenario_open gives NULL with entries in e when a file cannot be read;
 * scenario_build is called once: false when e has entries, and then the scenario may
 * only be freed. */
struct scenario *scenario_open(const char *path, struct err_list *e);
bool scenario_build(struct scenario *s, const char *const *set, size_t sets, struct err_list *e);

/* A file of other classes than a scenario's, one of which is a root; no catalogues. */
struct scenario *scenario_load_classes(const char *path, const struct class *const *list,
    struct err_list *e);

/* The catalogues alone, for listing what there is: scenario_root is NULL. */
struct scenario *scenario_catalogues(struct err_list *e);

const struct object *scenario_root(const struct scenario *s); /* class "scenario" */

/* The roots of all catalogues, linked by next. Their children are the rows. */
const struct object *scenario_catalogue(const struct scenario *s);

/* The one currency of all sums ("EUR"); "" when there is none. */
const char *scenario_currency(const struct scenario *s);

/* The scenario as it will be run: overrides applied, includes inlined, the rows
 * of catalogues that it uses added at its end, every attribute written, in SI:
 * for people and for digests. */
char *scenario_resolved(const struct scenario *s); /* caller frees */

/* The same without the attributes that nobody wrote: some go with others only, and a
 * default that was written would be refused beside them. Reading it again in the same
 * folder gives the same objects, and overrides do what they would to the original. */
char *scenario_written(const struct scenario *s); /* caller frees */

/* Fills group "assumptions": one row an element of the scenario, with its place and what was
 * written and what left at its default; and group "figures": one row a source of figures of
 * the catalogue rows that it uses. Files are named as in the resolved scenario. */
void scenario_assumptions(const struct scenario *s, struct dataset *d);

/* Files that were read, in order: the scenario, includes, catalogues, and those
 * named by file attributes. */
size_t scenario_files(const struct scenario *s);
const char *scenario_file(const struct scenario *s, size_t i);

/* From the same tables: the XSD that editors check scenarios with, and the source of
 * hearth-scenario(5). `more` are classes of other files (scenario_load_classes), NULL at the
 * end; those that scenarios have too are written once. */
void schema_xsd(const struct class *const *more, FILE *out);
void schema_man(const struct class *const *more, FILE *out);

#endif
