/* Random numbers: PCG64 streams behind the GNU Scientific Library.
 *
 * Generator: PCG XSL-RR 128/64 (O'Neill 2014, "PCG: A family of simple fast
 * space-efficient statistically good algorithms", section 6.3). Wrapped as a
 * gsl_rng_type, so that every gsl_ran_* distribution works on it.
 *
 * One stream for each (seed, replication, entity name, purpose), derived by
 * hashing: adding a home changes no other home's draws, and two policies run
 * under one seed meet the same weather, loads and requests. Raw numbers as PCG
 * stream ids would correlate, which is why there is no call that takes one. */
#ifndef HEARTH_BASE_RNG_H
#define HEARTH_BASE_RNG_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

struct pcg64 {
	unsigned __int128 state, inc; /* inc is odd */
};

/* The multiplier of the congruential generator (O'Neill 2014, after L'Ecuyer
 * 1999, "Tables of linear congruential generators of different sizes and good
 * lattice structure", table 4). */
#define PCG64_MULTIPLIER ((unsigned __int128)2549297995355413924ULL << 64 | 4865540595714422341ULL)

/* Seeds as the reference implementation's pcg64_srandom does. */
void pcg64_seed(struct pcg64 *g, unsigned __int128 state, unsigned __int128 stream);

/* 64 uniform bits. XSL-RR: a step, then the halves of the state are folded by
 * XOR and turned by its top six bits. */
static inline uint64_t pcg64_next(struct pcg64 *g)
{
	g->state = g->state * PCG64_MULTIPLIER + g->inc;
	uint64_t folded = (uint64_t)(g->state >> 64) ^ (uint64_t)g->state;
	unsigned turn = (unsigned)(g->state >> 122);
	return folded >> turn | folded << (-turn & 63);
}

/* Uniform in [0, 1), 53 bits. */
static inline double pcg64_unit(struct pcg64 *g)
{
	return (double)(pcg64_next(g) >> 11) * 0x1p-53;
}

/* Uniform in (0, 1): safe for log. The middles of 2^52 cells; with 53 bits the
 * last middle would round to 1. */
static inline double pcg64_open(struct pcg64 *g)
{
	return ((double)(pcg64_next(g) >> 12) + 0.5) * 0x1p-52;
}

/* A whole number from 0 to n - 1, n > 0: the high half of a product (Lemire 2019, ACM TOMACS
 * 29(1)), without his rejection: the odds of two numbers differ by n / 2^64 at most. */
static inline uint64_t pcg64_below(struct pcg64 *g, uint64_t n)
{
	return (uint64_t)((unsigned __int128)pcg64_next(g) * n >> 64);
}

/* The same as `draws` calls of pcg64_next. */
void pcg64_advance(struct pcg64 *g, unsigned __int128 draws);

/* The SplitMix64 finaliser and its generator (Steele, Lea, Flood 2014). */
uint64_t rng_mix(uint64_t z);
uint64_t rng_splitmix(uint64_t *state);

/* 56-bit identity of an entity, from its name in the scenario ("home 7",
 * "cloud/node 1"): independent of how many others there are. */
uint64_t rng_entity(const char *name);

/* What a stream is drawn for. Only ever append: the numbers are part of what
 * "same seed, same bytes" means. */
enum rng_purpose {
	RNG_POPULATION = 1, /* sizes and shares of a population's members */
	RNG_LOAD,           /* household demand */
	RNG_CLOUD,          /* clouds */
	RNG_VEHICLE,        /* trips */
	RNG_ARRIVAL,        /* when requests come */
	RNG_LENGTH,         /* prompt and output tokens */
	RNG_ORIGIN,         /* which home asks */
	RNG_ROUTE,          /* ties between nodes */
	RNG_HOT_WATER,      /* draws from water heaters */
	RNG_TEST,
	RNG_NETWORK,        /* connections and first states of spiking neurons */
	RNG_WEIGHTS,        /* of a decoder that is measured */
	RNG_TIERS,          /* which model answers a request */
	RNG_DESIGN,         /* points of a study */
	RNG_BOOTSTRAP,      /* which values are drawn again for an interval */
};

/* The stream of (seed, replication, entity, purpose). */
struct pcg64 rng_stream(
    uint64_t seed, uint64_t replication, uint64_t entity, enum rng_purpose purpose);

/* The same as a GSL generator; free with gsl_rng_free. */
gsl_rng *rng_gsl(struct pcg64 g);

extern const gsl_rng_type *const rng_gsl_type;

#endif
