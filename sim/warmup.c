#include "sim/warmup.h"

#include <math.h>

#include "sim/tally.h"

enum { GROUP = 5, GROUPS_MIN = 10, REST_MIN = 5 };

static double average(const double *x)
{
	double sum = 0;
	for (int i = 0; i < GROUP; i++) sum += x[i];
	return sum / GROUP;
}

/* From the end, so that each cut adds one average to the tally of the rest. Of
 * equal minima the earliest cut counts: it keeps most. The last averages alone
 * say nothing, so the rest has five at least. */
bool warmup_mser5(const double *x, size_t n, size_t *cut)
{
	size_t groups = n / GROUP, best = groups;
	double least = INFINITY;
	struct tally rest = TALLY_EMPTY;
	*cut = n;
	if (groups < GROUPS_MIN) return false;
	for (size_t d = groups; d-- > 0;) {
		tally_add(&rest, average(x + GROUP * d));
		double kept = (double)rest.count, mser = rest.squares / (kept * kept);
		if (rest.count < REST_MIN || mser > least) continue;
		least = mser;
		best = d;
	}
	if (best > groups / 2) return false;
	*cut = GROUP * best;
	return true;
}
