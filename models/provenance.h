/* Where the figures of a row come from.
 *
 * A row of a catalogue has source= and verify=, which hold for all its figures
 * but those that a child names:
 *
 *     <device name="..." memory="24 GB" idle="25 W" ... source="NVIDIA data sheet" verify="seen">
 *         <source of="idle" verify="recalled">measurements of owners</source>
 *     </device>
 *
 * so that each figure has exactly one source and is seen, derived or recalled.
 * Loading checks that of= names figures which the row gives, each of them once. A source
 * of one figure may say between which values it was found:
 *
 *     <source of="bandwidth" verify="derived" low="19.8 GB/s" high="21.3 GB/s">...</source> */
#ifndef HEARTH_MODELS_PROVENANCE_H
#define HEARTH_MODELS_PROVENANCE_H

#include <stdbool.h>

#include "models/class.h"

/* How far a figure can be trusted. */
enum verify { VERIFY_SEEN, VERIFY_DERIVED, VERIFY_RECALLED };
#define VERIFY_WORDS "seen derived recalled"

/* The two last rows of every table whose objects stand in a catalogue. */
#define SOURCE_ATTRS(s) \
	ATTR_TEXT(s, source, "source", REQUIRED, \
	    "where the figures come from, but those of a <source> below"), \
	ATTR_ENUM(s, verify, "verify", REQUIRED, VERIFY_WORDS, \
	    "how far they can be trusted: seen at the source, derived from seen figures, or " \
	    "recalled and to be re-checked")

struct source_par {
	const char *of;   /* names of attributes, split by spaces */
	int verify;
	const char *low, *high; /* NULL: not said */
	const char *text; /* NULL is refused */
};

extern const struct class source_class;

/* Whether an attribute is a figure: a number, which a source can be given for. */
bool provenance_is_figure(const struct attr *a);

struct provenance {
	const char *text; /* NULL: rows of this class have none */
	enum verify verify;
	double low, high; /* SI, as the figure; NAN: not said */
};

/* Of an attribute of a row that was read: its own <source>, else the row's. */
struct provenance provenance_of(const struct object *row, const char *attr);

#endif
