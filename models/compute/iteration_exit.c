#include "models/compute/iteration_exit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/node_variant.h"
#include "models/compute/streamed.h"

/* Of iterations that only decode: a token a request, as none is guessed. */
struct early_exit *iteration_exit_new(const struct iteration_model *m, const struct node_par *p)
{
	const struct variant_par *v = node_variant(p);
	if (isnan(v->exit_frac)) return NULL;
	int64_t most = m->max_sequences < m->token_budget ? m->max_sequences : m->token_budget;
	struct gemm head = llm_head(m->llm, p->tensor_parallel);
	double head_bytes = gemm_weight_bytes(&head, 1, node_value_bytes(p));
	double *values = mem_new(3 * ((size_t)most + 1), sizeof *values);
	double *layers_bytes = values, *layers_s = values + most + 1, *head_s = layers_s + most + 1;
	for (int64_t n = 1; n <= most; n++) {
		double found_frac = streamed_kept_frac(m->products.weight_bytes[n], m->cache_bytes);
		layers_bytes[n] = m->products.weight_bytes[n] - head_bytes;
		layers_s[n] = m->layers_s[n] - found_frac * m->products.layers_saved_s[n];
		head_s[n] = m->products.head_s[n] - found_frac * m->products.head_saved_s[n];
	}
	struct early_exit *x = early_exit_new(v->exit_depth_frac, v->exit_frac,
	    &(struct early_exit_of){ layers_s, head_s, layers_bytes, head_bytes, most });
	free(values);
	return x;
}
