/* The energy ledger as one balance: what came in, and what became of it. */
#ifndef HEARTH_ANALYSIS_BALANCE_H
#define HEARTH_ANALYSIS_BALANCE_H

#include <stdbool.h>

#include "base/dataset.h"

enum balance_side { BALANCE_SOURCE, BALANCE_SINK };
enum { BALANCE_MAX = 32 };

struct balance_item {
	const char *name;  /* as the ledger's column, "line_loss"; owned by the dataset */
	const char *label; /* for people, "line losses" */
	enum balance_side side;
	double joule;      /* >= 0 */
};

struct balance {
	struct balance_item item[BALANCE_MAX];
	int n;
	double joule[2]; /* sums by side */
};

/* Adds up the ledgers of all sites and takes out what one site hands to another
 * (the grid's "delivered" is the homes' "import"; "collected" their "export"),
 * so that every joule counts once. A row named "total" is not a site. False
 * when the dataset has no ledger. */
bool balance_of(const struct dataset *d, struct balance *b);

/* The side of a ledger's column, by its attribute "side"; false: it has none and
 * is no flow of energy. */
bool balance_side(const struct ds_group *ledger, const struct ds_var *v, enum balance_side *side);

/* "line_loss" -> "line losses"; a name that is not known is given back. */
const char *balance_label(const char *name);

#endif
