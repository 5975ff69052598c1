#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"

static int by_size(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;
	return (a > b) - (a < b);
}

/* n values of one kind sorted like the C library does. Lengths on both sides of
 * where the method changes. */
static void check(double (*draw)(struct pcg64 *g))
{
	static const size_t length[] = { 0, 1, 2, 7, 1999, 2000, 30011 };
	struct pcg64 g = rng_stream(7, 0, 13, RNG_LENGTH);
	for (size_t k = 0; k < sizeof length / sizeof *length; k++) {
		size_t n = length[k];
		double *v = mem_new(n + 1, sizeof *v), *want = mem_new(n + 1, sizeof *want);
		for (size_t i = 0; i < n; i++) v[i] = want[i] = draw(&g);
		v[n] = want[n] = -77; /* beyond the end: untouched */
		qsort(want, n, sizeof *want, by_size);
		sort_f64(v, n);
		cr_expect_eq(memcmp(v, want, (n + 1) * sizeof *v), 0, "%zu values", n);
		free(v);
		free(want);
	}
}

static double latency(struct pcg64 *g)
{
	return -0.3 * log(pcg64_unit(g));
}

static double both_signs(struct pcg64 *g)
{
	return ldexp(pcg64_unit(g) - 0.5, (int)(2000 * pcg64_unit(g)) - 1000);
}

static double few_values(struct pcg64 *g)
{
	static const double value[] = { -INFINITY, -3, 0, 0x1p-1074, 5, 5.000000000000001,
		INFINITY };
	return value[(int)(7 * pcg64_unit(g))];
}

static double one_value(struct pcg64 *g)
{
	(void)g;
	return 0.028;
}

Test(sort, orders_what_the_library_orders)
{
	check(latency);
	check(both_signs);
	check(few_values);
	check(one_value);
}
