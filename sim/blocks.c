#include "sim/blocks.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/sim.h"

void blocks_init(struct blocks *b)
{
	*b = (struct blocks){
		.block = mem_new(BLOCKS_MAX, sizeof *b->block),
		.width_ns = SIM_NS_PER_S / 8,
	};
}

void blocks_fini(struct blocks *b)
{
	free(b->block);
}

/* Only blocks that the run has reached are touched: 64 histograms are 4 MB. */
static void reach(struct blocks *b, int count)
{
	for (; b->count < count; b->count++) {
		hist_init(&b->block[b->count].hist);
		b->block[b->count].sum = 0;
	}
}

static void join_into(struct block *into, const struct block *from)
{
	hist_merge(&into->hist, &from->hist);
	into->sum += from->sum;
}

static void join_neighbours(struct blocks *b)
{
	reach(b, b->count + b->count % 2);
	for (int i = 0; i < b->count / 2; i++) {
		if (i) b->block[i] = b->block[2 * i];
		join_into(&b->block[i], &b->block[2 * i + 1]);
	}
	b->count /= 2;
	b->width_ns *= 2;
}

struct block *blocks_at(struct blocks *b, int64_t t_ns)
{
	while (t_ns / b->width_ns >= BLOCKS_MAX) join_neighbours(b);
	int i = (int)(t_ns / b->width_ns);
	reach(b, i + 1);
	return &b->block[i];
}

void blocks_total(const struct blocks *b, struct block *all)
{
	hist_init(&all->hist);
	all->sum = 0;
	for (int i = 0; i < b->count; i++) join_into(all, &b->block[i]);
}

double blocks_mean_half(const struct blocks *b, double level)
{
	struct ratio r = { .k = 0 };
	for (int i = 0; i < b->count; i++) {
		const struct block *k = &b->block[i];
		if (k->hist.count) ratio_add(&r, k->sum, (double)k->hist.count);
	}
	return r.k < BLOCKS_MIN ? NAN : ratio_half(&r, level);
}

bool blocks_quantile_ci(const struct blocks *b, const struct block *all, double p, double level,
    double *lo, double *hi)
{
	struct ratio r = { .k = 0 };
	double x = hist_quantile(&all->hist, p), naive_lo, naive_hi;
	*lo = *hi = NAN;
	if (!hist_quantile_ci(&all->hist, p, level, &naive_lo, &naive_hi)) return false;
	for (int i = 0; i < b->count; i++) {
		const struct hist *h = &b->block[i].hist;
		if (h->count) ratio_add(&r, hist_below(h, x), (double)h->count);
	}
	if (r.k < BLOCKS_MIN) return false;
	double half = ratio_half(&r, level);
	if (!(p - half > 0) || !(p + half < 1)) return false;
	*lo = fmin(naive_lo, hist_quantile(&all->hist, p - half));
	*hi = fmax(naive_hi, hist_quantile(&all->hist, p + half));
	return true;
}
