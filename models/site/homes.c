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
	ATTR_INT(struct homes_par, placement, "placement", "0", 0, 9e15,
	    "which homes have nodes: 0: spread evenly along the street; else by the random order "
	    "of that number, which moves nothing but the nodes"),
	ATTR_END,
};

const struct class homes_class = {
	.element = "homes", .parents = "scenario",
	.about = "Homes along a street, each behind its own meter.",
	.par_size = sizeof(struct homes_par), .attrs = attrs, .max = 1,
};

static const char *const kind_name[HOMES_KINDS] = { "load", "solar", "battery", "vehicle", "node",
	"heating", "water-heater" };

/* Square roots of primes: badly approximated by fractions, and independent of
 * each other, so that each spreads evenly and pairs do too. */
static const double kind_prime[HOMES_KINDS] = { 2, 3, 5, 7, 11, 13, 17 };

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

/* The rank of each home in a random order (R. Durstenfeld 1964, Communications of the
 * ACM 7(7), algorithm 235, built from the front). The caller frees. */
static uint32_t *draw_ranks(const struct homes_par *par, uint64_t seed, enum homes_kind kind)
{
	uint32_t *rank = mem_new((size_t)par->count, sizeof *rank);
	char *name = mem_print("%s %s", par->name, kind_name[kind]);
	struct pcg64 g =
	    rng_stream(seed, (uint64_t)par->placement, rng_entity(name), RNG_POPULATION);
	free(name);
	for (uint32_t k = 0; k < par->count; k++) {
		uint32_t at = (uint32_t)pcg64_below(&g, k + 1);
		rank[k] = rank[at];
		rank[at] = k;
	}
	return rank;
}

/* To the nearest whole; halves up, also where a product of decimals falls short of one. */
static double whole_homes(const struct homes_par *par, double frac)
{
	return floor(frac * (double)par->count + 0.5 + 1e-9);
}

static size_t list_ranked(const struct homes_par *par, const uint32_t *rank, double before_frac,
    double share_frac, uint32_t *list)
{
	double begin = whole_homes(par, before_frac);
	double end = whole_homes(par, before_frac + share_frac);
	size_t n = 0;
	for (uint32_t h = 0; h < par->count; h++)
		if (rank[h] >= begin && rank[h] < end) list[n++] = h;
	return n;
}

static size_t list_spread(const struct homes_par *par, const struct homes_pick *p, uint32_t *list)
{
	size_t n = 0;
	for (uint32_t h = 0; h < par->count; h++)
		if (homes_pick(p, h)) list[n++] = h;
	return n;
}

size_t homes_list(const struct object *homes, const struct object *o, enum homes_kind kind,
    uint64_t seed, uint32_t *list)
{
	const struct homes_par *par = homes->par;
	if (par->seed) seed = (uint64_t)par->seed;
	double before_frac = 0, share_frac = homes_share(o);
	const struct object *earlier = object_child(homes, o->cls);
	for (; earlier != o; earlier = object_next(earlier)) before_frac += homes_share(earlier);
	if (kind != HOMES_NODE || !par->placement) {
		struct homes_pick p =
		    homes_pick_make(seed, par->name, kind, before_frac, share_frac);
		return list_spread(par, &p, list);
	}
	uint32_t *rank = draw_ranks(par, seed, kind);
	size_t n = list_ranked(par, rank, before_frac, share_frac, list);
	free(rank);
	return n;
}
