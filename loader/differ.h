/* What differs between two scenarios as they were run.
 *
 * Both are texts of scenario_resolved, as results files keep them: every attribute written, in
 * SI, so that two texts differ where two runs could. Left aside is what decides no number:
 * the seed (of the scenario, which --seed overrides), its name and <about>, and where figures of
 * catalogues come from. Elements are the same ones by tag and name= below the same parent,
 * those without a name by their order among the parent's. */
#ifndef HEARTH_LOADER_DIFFER_H
#define HEARTH_LOADER_DIFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct difference {
	char *place;          /* an XPath, as --set takes: "/scenario/homes[@name='homes']/@count" */
	char *kind;           /* "homes/@count", of an element "homes": differences that may have
			         one cause count once */
	char *before, *after; /* NULL: not there; "" of an element that is there */
	bool allowed;         /* a path of the caller's selects it or something that holds it */
	bool implied;         /* a catalogue's row that only one of them uses, because another
			         difference names it */
};

struct differ {
	struct difference *row;
	size_t rows, cap;
};

/* Fills *d. `allow`: XPaths of what may differ. False with entries in e for what is no path,
 * selects nothing in either scenario, or is no scenario. Give *d to differ_fini in either case. */
bool differ_init(struct differ *d, const char *before, const char *after, const char *const *allow,
    size_t allows, struct err_list *e);
void differ_fini(struct differ *d);

/* How many kinds of differences are neither allowed nor implied. */
size_t differ_kinds(const struct differ *d);

#endif
