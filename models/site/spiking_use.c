#include "models/site/spiking_use.h"

#include "base/mem.h"
#include "models/site/node_metrics.h"

static void add(struct spiking_use *u, const struct replica_total *t, double answered, double run_s)
{
	const struct node_par *n = u->node;
	struct node_busy busy = node_busy_of(n, t, run_s);
	u->replicas++;
	u->answered += answered;
	u->tokens += (double)(t->tokens_in + t->tokens_out) - answered;
	u->output_tokens += (double)t->tokens_out;
	u->operations += t->flops;
	u->device_j += t->device_j;
	u->node_j += t->node_j;
	u->busy_device_j += busy.device_j;
	u->busy_node_j += busy.node_j;
	u->served += (double)t->served;
	u->iterations += (double)t->iterations;
}

static struct spiking_use *find(struct spiking_use *u, size_t *n, const struct pool *p, uint32_t i)
{
	const struct object *element = pool_element(p, i);
	for (size_t k = 0; k < *n; k++)
		if (u[k].element == element) return &u[k];
	u[*n] = (struct spiking_use){ .element = element,
		.node = element->par,
		.home = pool_where(p, i).home != ORIGIN_OUTSIDE };
	return &u[(*n)++];
}

struct spiking_use *spiking_use_of(const struct pool *p, size_t *n)
{
	struct spiking_use *u = mem_new(pool_nodes(p), sizeof *u);
	double run_s = pool_now_s(p);
	*n = 0;
	for (uint32_t i = 0; i < pool_nodes(p); i++) {
		struct replica_total t = pool_total(p, i);
		struct spiking_use *to = find(u, n, p, i);
		add(to, &t, (double)pool_answered(p, i), run_s);
		to->given += (double)pool_answered(p, i) + (double)pool_insufficient(p, i);
	}
	return u;
}
