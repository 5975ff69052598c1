/* Stateless noise: a number that depends on a key and a counter only.
 *
 * A member of a population draws its key once from its own stream (base/rng.h);
 * noise (key, tick) is then the same whatever happened before and however many
 * members there are. The hash is SplitMix64's: the key is the generator's state
 * and the counter says how many draws lie before (Steele, Lea and Flood 2014,
 * "Fast splittable pseudorandom number generators"). Inline, for inner loops. */
#ifndef HEARTH_MODELS_ENERGY_NOISE_H
#define HEARTH_MODELS_ENERGY_NOISE_H

#include <stdint.h>

static inline uint64_t noise_bits(uint64_t key, uint64_t counter)
{
	uint64_t z = key + (counter + 1) * 0x9e3779b97f4a7c15ULL;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double noise_unit(uint64_t key, uint64_t counter)
{
	return (double)(int64_t)(noise_bits(key, counter) >> 11) * 0x1p-53;
}

/* Mean 0, variance 1, nearly Gaussian: the sum of four uniform numbers of 16
 * bits (Irwin 1927, Hall 1927), excess kurtosis -0.3, within +-3.47. Meant as
 * the innovation of a process that adds up many of them. */
static inline double noise_normal(uint64_t key, uint64_t counter)
{
	uint64_t z = noise_bits(key, counter);
	uint64_t pair = (z & 0x0000ffff0000ffffULL) + (z >> 16 & 0x0000ffff0000ffffULL);
	int32_t sum = (int32_t)((pair & 0xffffffff) + (pair >> 32)); /* 0 to 4 * 65535 */
	return (sum - 2 * 65535) * (1.7320508075688772 / 65536);    /* sqrt(3): variance 4/12 */
}

#endif
