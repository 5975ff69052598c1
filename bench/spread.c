#include "bench/spread.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void spread_add_beyond(struct spread *s, const struct bench_row *r, double work, double fixed_s)
{
	size_t longer = 0;
	for (size_t i = 0; i < r->samples; i++) longer += bench_sample_s(r, i) > fixed_s;
	if (!longer) return;
	for (size_t i = 0; i < r->samples; i++) {
		double time_s = bench_sample_s(r, i) - fixed_s;
		if (!(time_s > 0)) continue;
		s->sample = mem_grow(s->sample, s->samples, &s->cap, sizeof *s->sample);
		s->sample[s->samples++] = (struct spread_sample){ work / time_s, 1 / (double)longer };
	}
	s->rows++;
	s->sorted = false;
}

void spread_add(struct spread *s, const struct bench_row *r, double work)
{
	spread_add_beyond(s, r, work, 0);
}

void spread_put(struct spread *s, double value)
{
	s->sample = mem_grow(s->sample, s->samples, &s->cap, sizeof *s->sample);
	s->sample[s->samples++] = (struct spread_sample){ value, 1 };
	s->rows++;
	s->sorted = false;
}

static int ascending(const void *pa, const void *pb)
{
	const struct spread_sample *a = pa, *b = pb;
	if (a->value > b->value || a->value < b->value) return a->value > b->value ? 1 : -1;
	return (a->weight > b->weight) - (a->weight < b->weight);
}

double spread_quantile(struct spread *s, double share)
{
	double below = 0, wanted = share * (double)s->rows;
	if (!s->samples) return NAN;
	if (!s->sorted) qsort(s->sample, s->samples, sizeof *s->sample, ascending);
	s->sorted = true;
	for (size_t i = 0; i < s->samples; i++) {
		below += s->sample[i].weight;
		if (below >= wanted * (1 - 1e-12)) return s->sample[i].value;
	}
	return s->sample[s->samples - 1].value;
}

void spread_free(struct spread *s)
{
	free(s->sample);
	*s = (struct spread){ 0 };
}
