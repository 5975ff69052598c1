#include "models/compute/iteration_measured.h"

#include <math.h>

/* One layer's measured attention of n requests from `context` on. */
static struct line measured_line(const struct iteration_model *m, double n, double context)
{
	struct layer_piece p = layer_table_decode(m->table, n, context);
	double rows = floor(p.until - context) + 1; /* to the row itself */
	return (struct line){ p.s, p.token_s, rows < 9e18 ? (int64_t)rows : INT64_MAX };
}

static struct line measured_decode(const struct iteration_model *m, const struct batch *b, double n)
{
	double skew = m->skew_frac, mean = b->context_sum / (double)b->decodes;
	struct line all = measured_line(m, n, mean);
	if (skew <= 0 || b->context_max <= mean) return all;
	return line_add(
	    line_scale(all, 1 - skew), line_scale(measured_line(m, n, b->context_max), skew));
}

/* What both kinds take together above their parts, skewed alike. */
static double measured_mixed_s(
    const struct iteration_model *m, const struct batch *b, double n, double chunk)
{
	double before = b->before_sum / (double)b->prefill_tokens, skew = m->skew_frac;
	double mean = b->context_sum / (double)b->decodes;
	return (1 - skew) * layer_table_mixed_s(m->table, before, chunk, n, mean) +
	       skew * layer_table_mixed_s(m->table, before, chunk, n, b->context_max);
}

struct line measured_attention(const struct iteration_model *m, const struct batch *b, int64_t k)
{
	double n = (double)ceil_div(b->decodes, k), chunk = (double)b->prefill_tokens / (double)k;
	struct line l = line_even(0);
	if (b->decodes > 0) l = measured_decode(m, b, n);
	if (b->prefills > 0) {
		l.at += layer_table_call_s(m->table) + b->chunk_s / (double)k;
		if (b->decodes > 0) l.at += measured_mixed_s(m, b, n, chunk);
		l.holds = 1;
	}
	return line_scale(l, m->layers);
}
