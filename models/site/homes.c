#include "models/site/homes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

static const struct attr attrs[] = {
	ATTR_TEXT(struct homes_par, name, "name", "homes", "name of the street"),
	ATTR_INT(struct homes_par, count, "count", REQUIRED, 0, 1000000, "how many homes"),
	ATTR_INT(struct homes_par, seed, "seed", "0", 0, 9e15,
	    "seed of who has what and how large it is; 0: the scenario's"),
	ATTR_END,
};

const struct class homes_class = {
	.element = "homes", .parents = "scenario",
	.about = "Homes along a street, each behind its own meter.",
	.par_size = sizeof(struct homes_par), .attrs = attrs, .max = 1,
};

static const char *const kind_name[HOMES_KINDS] = { "load", "solar", "battery", "vehicle", "node" };

/* Square roots of primes: badly approximated by fractions, and independent of
 * each other, so that each spreads evenly and pairs do too. */
static const double kind_prime[HOMES_KINDS] = { 2, 3, 5, 7, 11 };

static double frac(double x)
{
	return x - floor(x);
}

struct homes_pick homes_pick_make(uint64_t seed, const char *street, enum homes_kind kind,
    double before_frac, double share_frac)
{
	char *name = mem_print("%s %s", street, kind_name[kind]);
	struct pcg64 g = rng_stream(seed, 0, rng_entity(name), RNG_POPULATION);
	free(name);
	return (struct homes_pick){
		.alpha = frac(sqrt(kind_prime[kind])),
		.phase = frac(pcg64_unit(&g) - before_frac),
		.share_frac = share_frac,
	};
}

bool homes_pick(const struct homes_pick *p, size_t home)
{
	return frac((double)home * p->alpha + p->phase) < p->share_frac;
}

double homes_share(const struct object *o)
{
	for (const struct attr *a = o->cls->attrs; a && a->about; a++)
		if (!strcmp(a->name, "share") && a->kind == ATTR_KIND_QTY) {
			double share;
			memcpy(&share, (const char *)o->par + a->offset, sizeof share);
			return share;
		}
	return 1;
}
