#include "base/sort.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DIGIT_BITS = 11, DIGITS = 6, VALUES = 1 << DIGIT_BITS }; /* 6 x 11 >= 64 bits */

/* Below, counting costs more than comparing. */
static const size_t radix_min = 2000;

static int ascending(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

/* Bits whose order as an unsigned number is that of the value: the sign on top
 * turned over, and all others of a negative number. */
static uint64_t key_of(double v)
{
	uint64_t bits;
	memcpy(&bits, &v, sizeof bits);
	return bits ^ (bits >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

static double value_of(uint64_t key)
{
	uint64_t bits = key ^ (key >> 63 ? UINT64_C(1) << 63 : UINT64_MAX);
	double v;
	memcpy(&v, &bits, sizeof v);
	return v;
}

static size_t digit(uint64_t key, int d)
{
	return key >> (d * DIGIT_BITS) & (VALUES - 1);
}

static void to_keys(const double *v, size_t n, uint64_t *key, size_t count[DIGITS][VALUES])
{
	for (size_t i = 0; i < n; i++) {
		key[i] = key_of(v[i]);
		for (int d = 0; d < DIGITS; d++) count[d][digit(key[i], d)]++;
	}
}

/* Moves keys into the order of digit d, and keeps it among equal digits. */
static void by_digit(const uint64_t *from, uint64_t *to, size_t n, int d, size_t count[VALUES])
{
	size_t before = 0;
	for (int k = 0; k < VALUES; k++) {
		size_t here = count[k];
		count[k] = before;
		before += here;
	}
	for (size_t i = 0; i < n; i++) to[count[digit(from[i], d)]++] = from[i];
}

static void radix(double *v, size_t n)
{
	uint64_t *a = mem_new(n, sizeof *a), *b = mem_new(n, sizeof *b);
	size_t(*count)[VALUES] = mem_new(DIGITS, sizeof *count);
	to_keys(v, n, a, count);
	for (int d = 0; d < DIGITS; d++) {
		if (count[d][digit(a[0], d)] == n) continue; /* all alike */
		by_digit(a, b, n, d, count[d]);
		uint64_t *t = a;
		a = b;
		b = t;
	}
	for (size_t i = 0; i < n; i++) v[i] = value_of(a[i]);
	free(count);
	free(a);
	free(b);
}

void sort_f64(double *v, size_t n)
{
	if (n < radix_min)
		qsort(v, n, sizeof *v, ascending);
	else
		radix(v, n);
}
