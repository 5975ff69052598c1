#include "sim/batch.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "sim/tally.h"

void batch_init(struct batch *b)
{
	*b = (struct batch){ .size = 1 };
}

static void join_neighbours(struct batch *b)
{
	b->count /= 2;
	for (int i = 0; i < b->count; i++) b->mean[i] = (b->mean[2 * i] + b->mean[2 * i + 1]) / 2;
	b->size *= 2;
}

void batch_add(struct batch *b, double x)
{
	if (b->count == BATCH_MAX) join_neighbours(b); /* only when a further value comes */
	b->sum += x;
	if (++b->filled < b->size) return;
	b->mean[b->count++] = b->sum / (double)b->size;
	b->sum = 0;
	b->filled = 0;
}

/* Lag-1 autocorrelation and von Neumann's z of k >= 3 means that differ. */
static void dependence(const struct batch *b, const struct tally *t, struct batch_interval *in)
{
	double products = 0, steps = 0, k = b->count;
	for (int i = 0; i + 1 < b->count; i++) {
		products += (b->mean[i] - t->mean) * (b->mean[i + 1] - t->mean);
		steps += (b->mean[i + 1] - b->mean[i]) * (b->mean[i + 1] - b->mean[i]);
	}
	in->lag1 = products / t->squares;
	in->z = sqrt((k * k - 1) / (k - 2)) * (1 - steps / t->squares / 2);
	in->independent = in->z < gsl_cdf_ugaussian_Pinv(0.95);
}

struct batch_interval batch_interval(const struct batch *b, double level)
{
	struct tally t = TALLY_EMPTY;
	for (int i = 0; i < b->count; i++) tally_add(&t, b->mean[i]);
	struct batch_interval in = {
		.mean = tally_mean(&t),
		.half_width = tally_half_width(&t, level),
		.batches = b->count,
		.size = b->size,
		.lag1 = NAN,
		.z = NAN,
	};
	if (b->count >= 3 && t.squares > 0) dependence(b, &t, &in);
	return in;
}
