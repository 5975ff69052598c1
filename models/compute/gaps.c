#include "models/compute/gaps.h"

#include <math.h>

static double gap_at(const struct gap_run *g, int64_t j)
{
	return g->first_s + (double)j * g->step_s;
}

/* First iteration from `from` on whose gap is not below edge_s; at most the last + 1. */
static int64_t first_at(const struct gap_run *g, int64_t from, double edge_s)
{
	double guess = g->step_s > 0 ? ceil((edge_s - g->first_s) / g->step_s) : INFINITY;
	int64_t j = guess < (double)g->iterations ? (int64_t)guess : g->iterations;
	if (j <= from) j = from + 1;
	while (j > from + 1 && gap_at(g, j - 1) >= edge_s) j--; /* rounding of the guess */
	while (j < g->iterations && gap_at(g, j) < edge_s) j++;
	return j;
}

void gaps_hist(void *ctx, const struct gap_run *g)
{
	struct hist *h = ctx;
	for (int64_t j = 0, end; j < g->iterations; j = end) {
		double x = gap_at(g, j);
		end = first_at(g, j, hist_edge(hist_index(x) + 1));
		/* the last value goes in by itself, so that the histogram's maximum is exact */
		int64_t last = end == g->iterations && end > j + 1;
		hist_add_n(h, x, (end - j - last) * g->each);
		if (last) hist_add_n(h, gap_at(g, end - 1), g->each);
	}
}
