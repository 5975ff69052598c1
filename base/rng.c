#include "base/rng.h"

#include <limits.h>
#include <string.h>

typedef unsigned __int128 u128;

static void step(struct pcg64 *g)
{
	g->state = g->state * PCG64_MULTIPLIER + g->inc;
}

void pcg64_seed(struct pcg64 *g, u128 state, u128 stream)
{
	g->state = 0;
	g->inc = (stream << 1) | 1;
	step(g);
	g->state += state;
	step(g);
}

/* n steps of x -> m x + c are one step of x -> M x + C; M and C come from
 * squaring (Brown 1994, "Random number generation with arbitrary strides"). */
void pcg64_advance(struct pcg64 *g, u128 draws)
{
	u128 all_m = 1, all_c = 0, m = PCG64_MULTIPLIER, c = g->inc;
	for (; draws; draws >>= 1) {
		if (draws & 1) {
			all_m *= m;
			all_c = all_c * m + c;
		}
		c *= m + 1;
		m *= m;
	}
	g->state = all_m * g->state + all_c;
}

uint64_t rng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t rng_splitmix(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15ULL; /* 2^64 / golden ratio, odd */
	return rng_mix(*state);
}

/* FNV-1a over the bytes (Fowler, Noll and Vo 1991), then the finaliser, so that
 * names which differ in their last letter only have nothing in common. */
uint64_t rng_entity(const char *name)
{
	uint64_t h = 0xcbf29ce484222325ULL;
	for (const char *c = name; *c; c++) h = (h ^ (unsigned char)*c) * 0x100000001b3ULL;
	return rng_mix(h) >> 8;
}

/* Four outputs of SplitMix64: state high and low, stream high and low. */
static struct pcg64 spread(uint64_t h)
{
	u128 word[4];
	for (int i = 0; i < 4; i++) word[i] = rng_splitmix(&h);
	struct pcg64 g;
	pcg64_seed(&g, word[0] << 64 | word[1], word[2] << 64 | word[3]);
	return g;
}

struct pcg64 rng_stream(
    uint64_t seed, uint64_t replication, uint64_t entity, enum rng_purpose purpose)
{
	uint64_t run = rng_mix(seed ^ rng_mix(replication));
	return spread(rng_mix(run ^ rng_mix(entity << 8 | (uint64_t)purpose)));
}

static void gsl_set(void *g, unsigned long seed)
{
	struct pcg64 s = spread(rng_mix(seed));
	memcpy(g, &s, sizeof s);
}

static unsigned long gsl_get(void *g)
{
	return pcg64_next(g);
}

static double gsl_get_double(void *g)
{
	return pcg64_unit(g);
}

static const gsl_rng_type type = {
	.name = "pcg64",
	.max = ULONG_MAX,
	.min = 0,
	.size = sizeof(struct pcg64),
	.set = gsl_set,
	.get = gsl_get,
	.get_double = gsl_get_double,
};
_Static_assert(ULONG_MAX == UINT64_MAX, "gsl_rng returns an unsigned long of 64 bits");

const gsl_rng_type *const rng_gsl_type = &type;

gsl_rng *rng_gsl(struct pcg64 g)
{
	gsl_rng *r = gsl_rng_alloc(rng_gsl_type);
	memcpy(gsl_rng_state(r), &g, sizeof g);
	return r;
}
