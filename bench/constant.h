/* Constants that measurements give: what catalogues call them, and where they lie. */
#ifndef HEARTH_BENCH_CONSTANT_H
#define HEARTH_BENCH_CONSTANT_H

#include <stddef.h>

#include "base/units.h"

struct constant_kind {
	const char *name; /* of the attribute: "op-time" */
	enum dim dim;
	size_t offset;    /* of a double in the parameters */
};

static inline double *constant_at(const struct constant_kind *k, void *par)
{
	return (double *)(void *)((char *)par + k->offset);
}

#endif
