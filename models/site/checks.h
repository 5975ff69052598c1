/* Self-checks of a run: what it says about its own arithmetic and coverage. Each is
 * a metric "check.NAME" (the table in checks.c), and a row with its tolerance. */
#ifndef HEARTH_MODELS_SITE_CHECKS_H
#define HEARTH_MODELS_SITE_CHECKS_H

#include <stdbool.h>

#include "base/dataset.h"
#include "models/metric.h"
#include "models/site/world.h"

enum { CHECKS_MAX = 16 };

struct check {
	const struct metric *metric; /* "check.ledger_residual" */
	double value, limit;
	bool pass;         /* |value| <= limit; NAN fails */
	enum validity otherwise; /* what a failure makes of the run */
};

struct checks {
	struct check row[CHECKS_MAX];
	int n;
};

/* key: of the metric. */
void checks_add(struct checks *c, const char *key, double value, double limit,
    enum validity otherwise);

enum validity checks_validity(const struct checks *c);

/* Fills group "checks", and the metrics. */
void checks_export(const struct checks *c, struct dataset *d);

#endif
