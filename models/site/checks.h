/* Self-checks of a run: what it says about its own arithmetic and coverage. */
#ifndef HEARTH_MODELS_SITE_CHECKS_H
#define HEARTH_MODELS_SITE_CHECKS_H

#include <stdbool.h>

#include "base/dataset.h"
#include "models/site/world.h"

enum { CHECKS_MAX = 16 };

struct check {
	const char *name;  /* "ledger_residual" */
	const char *about;
	double value, limit;
	bool pass;         /* |value| <= limit; NAN fails */
	enum validity otherwise; /* what a failure makes of the run */
};

struct checks {
	struct check row[CHECKS_MAX];
	int n;
};

void checks_add(struct checks *c, const char *name, double value, double limit,
    enum validity otherwise, const char *about);

enum validity checks_validity(const struct checks *c);

/* Fills group "checks". */
void checks_export(const struct checks *c, struct dataset *d);

#endif
