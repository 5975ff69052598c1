#include "models/compute/node_spiking.h"

#include <assert.h>
#include <math.h>

enum { STATE_BYTES = 4, INDEX_BYTES = 4, MEMBRANE_BYTES = 8 };

const struct spiking_par *node_spiking(const struct node_par *p)
{
	return p->spiking ? p->spiking->par : NULL;
}

const struct chip_par *node_chip(const struct node_par *p)
{
	return p->chip ? p->chip->par : NULL;
}

const char *node_boundary(const struct node_par *p)
{
	return p->chip ? chip_boundary_word(node_chip(p)) : "board";
}

static bool by_lists(const struct node_par *p)
{
	return p->spiking && p->device && node_device(p)->synapse_s > 0;
}

bool node_by_events(const struct node_par *p)
{
	return p->chip || by_lists(p);
}

/* ---- room ---- */

/* Of the states that wait for their turn. */
static double state_bytes(const struct node_par *p, const struct spiking_net *n)
{
	if (node_spiking(p)->method != SPIKING_NATIVE) return 0;
	return (double)(p->sequences - 1) * spiking_neurons(n) * STATE_BYTES;
}

/* Keys and values of a token; 0: none are kept. */
static double context_bytes(const struct node_par *p)
{
	const struct llm_par *m = node_model(p);
	if (node_spiking(p)->method == SPIKING_NATIVE || !m) return 0;
	return llm_kv_bytes(m, 1, (double)node_spiking(p)->weight_bits / 8);
}

/* Chips that hold the network and the states; 0: as many as the mapping takes. */
static double wanted_chips(const struct node_par *p, const struct spiking_net *n)
{
	const struct chip_par *c = node_chip(p);
	double lot = (double)c->chips, waiting = state_bytes(p, n);
	struct mapping m;
	if (p->chips > 0) return (double)p->chips;
	if (!(waiting > 0) || isnan(c->memory_bytes)) return 0;
	if (!mapping_make(&m, c, n, 0, (char[1]){ 0 }, 1)) return 0;
	double lots = ceil((m.used_bytes + waiting) / (c->memory_bytes * lot));
	return fmax(m.chips, lot * lots);
}

static bool map(struct mapping *m, const struct node_par *p, char *why, size_t why_size)
{
	struct spiking_net n = spiking_net_of(p->spiking);
	return mapping_make(m, node_chip(p), &n, wanted_chips(p, &n), why, why_size);
}

struct mapping node_mapping(const struct node_par *p)
{
	struct mapping m;
	bool fits = map(&m, p, (char[1]){ 0 }, 1);
	assert(fits);
	(void)fits;
	return m;
}

/* Memory beside the weights; INFINITY: no limit is known. */
static double spare_bytes(const struct node_par *p, const struct spiking_net *n)
{
	double weights = spiking_weight_bytes(n);
	if (p->chip) return node_mapping(p).memory_bytes - weights - state_bytes(p, n);
	double usable = node_device(p)->memory_bytes * node_engine(p)->memory_frac;
	return usable - weights - spiking_synapses(n) * INDEX_BYTES;
}

int64_t node_context_blocks(const struct node_par *p)
{
	struct spiking_net n = spiking_net_of(p->spiking);
	double spare = spare_bytes(p, &n), block = context_bytes(p) * SPIKING_BLOCK_TOKENS;
	if (spare < 0) return 0;
	if (block <= 0) return NODE_KV_BLOCKS_MAX;
	return (int64_t)fmin(NODE_KV_BLOCKS_MAX, floor(spare / block));
}

double node_spiking_bytes(const struct node_par *p)
{
	struct spiking_net n = spiking_net_of(p->spiking);
	return spiking_weight_bytes(&n);
}

/* ---- cost ---- */

static struct event_cost chip_cost(const struct node_par *p)
{
	struct mapping m = node_mapping(p);
	struct spiking_net n = spiking_net_of(p->spiking);
	double op_j = isnan(m.chip->synop_j) ? 0 : m.chip->synop_j;
	double room_w = m.chips * m.chip->max_w - m.static_w;
	double held_s = room_w > 0 ? m.context_j / (m.steps * room_w) : 0;
	return (struct event_cost){
		.steps = m.steps,
		.depth = m.depth,
		.step_s = mapping_step_s(&m, 0),
		.context_step_s = fmax(m.context_s, held_s),
		.token_ops = m.token.synops,
		.context_ops = n.context_synops,
		.token_rest = m.token_j - m.token.synops * op_j,
		.context_rest = m.context_j - n.context_synops * op_j,
	};
}

/* Arithmetic and memory, one after the other where lists stand in the cache, else the longer. */
static struct event_cost list_cost(const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct spiking_net n = spiking_net_of(p->spiking);
	struct spike_counts c = spiking_counts(&n);
	double op_bytes = INDEX_BYTES + n.weight_bits / 8;
	double bytes = c.synops * op_bytes + c.accesses * MEMBRANE_BYTES;
	double op_s = fmax(d->synapse_s, op_bytes / d->bandwidth_bytes_s);
	double neuron_s = MEMBRANE_BYTES / (d->bandwidth_bytes_s * d->bandwidth_share);
	return (struct event_cost){
		.steps = 1,
		.depth = 1,
		.step_s = c.synops * op_s + c.accesses * neuron_s,
		.context_step_s = n.context_synops * op_s,
		.token_ops = c.synops,
		.context_ops = n.context_synops,
		.token_rest = bytes,
		.context_rest = n.context_synops * op_bytes,
	};
}

struct event_cost node_event_cost(const struct node_par *p)
{
	return p->chip ? chip_cost(p) : list_cost(p);
}

/* ---- checks ---- */

bool node_spiking_is_complete(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	bool right = true;
	if (!p->spiking && !object_attr_is_written(o, "spiking")) {
		err_at(e, object_attr_pos(o, "chip"),
		    "node: a chip computes a spiking network; write spiking=, which hearth catalog "
		    "spiking lists");
		right = false;
	}
	if (p->chip && p->device) {
		err_at(e, object_attr_pos(o, "chip"),
		    "node: device= and chip= are two places for one network; leave one of them "
		    "out");
		right = false;
	}
	if (!p->chip && !p->device && !object_attr_is_written(o, "device") &&
	    !object_attr_is_written(o, "chip")) {
		err_at(e, object_attr_pos(o, "spiking"),
		    "node: spiking= needs chip= or device=, what it is computed on");
		right = false;
	}
	if (p->model) {
		err_at(e, object_attr_pos(o, "model"),
		    "node: it serves its spiking= network; leave model= out");
		right = false;
	}
	return right && p->spiking && (p->chip || p->device) && p->engine;
}

/* What a chip has no use for. */
static void refuse_on_chip(const struct object *o, struct err_list *e)
{
	static const char *const names[] = { "engine", "layer-table", "draft-tokens", "acceptance",
		"draft-model", "tensor-parallel", "pipeline-parallel", "pipeline", "weights", "kv",
		"clock", "power-cap", "unload-after", "load-bandwidth", "cold-start",
		"load-power" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (object_attr_is_written(o, names[i]))
			err_at(e, object_attr_pos(o, names[i]),
			    "node: %s= means nothing on a chip, whose network is in place and "
			    "whose "
			    "figures are its own; leave it out",
			    names[i]);
}

/* What a network of spikes on a device has no use for. */
static void refuse_on_device(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (object_attr_is_written(o, "chips") || object_attr_is_written(o, "sequences"))
		err_at(e,
		    object_attr_pos(o, object_attr_is_written(o, "chips") ? "chips" : "sequences"),
		    "node: chips= and sequences= are of a chip=; leave them out");
	if (p->draft_tokens > 0 || p->layer_table || p->pipeline_parallel > 1)
		err_at(e, object_attr_pos(o, "spiking"),
		    "node: time steps with draft-tokens=, layer-table= or pipeline-parallel= are "
		    "not modelled; leave these out");
	if (by_lists(p) && (p->tensor_parallel > 1 || p->clock_frac < 1 || p->cap_w > 0))
		err_at(e, object_attr_pos(o, "spiking"),
		    "node: device %s delivers spikes by lists (synapse-time), for which "
		    "tensor-parallel=, clock= and power-cap= are not modelled; leave these out",
		    node_device(p)->name);
	if (!by_lists(p) && !node_spiking(p)->model)
		err_at(e, object_attr_pos(o, "spiking"),
		    "node: device %s has no synapse-time= and computes the network dense, for "
		    "which "
		    "<spiking> must have model=; use a chip= or another device",
		    node_device(p)->name);
}

static void check_mapping(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	struct mapping m;
	char why[256];
	if (!map(&m, p, why, sizeof why))
		err_at(e, object_attr_pos(o, p->chips > 0 ? "chips" : "spiking"), "node: %s: %s",
		    node_spiking(p)->name, why);
}

static void check_memory(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (node_context_blocks(p) < 1)
		err_at(e, object_attr_pos(o, p->chip ? "chips" : "spiking"),
		    "node: beside the weights of %s there is no room for what its requests keep "
		    "(sequences=, or keys and values of a context); %s",
		    node_spiking(p)->name,
		    p->chip ? "write more chips=" : "use a device with more memory");
}

static void check_attention(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct llm_par *m = node_model(p);
	if (!m || m->window_layers == 0 || node_spiking(p)->method == SPIKING_NATIVE) return;
	err_at(e, object_attr_pos(o, "spiking"),
	    "node: attention with a window, as %s has it, is not modelled event by event; use "
	    "another model",
	    m->name);
}

bool node_spiking_check(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	size_t faults = err_count(e);
	if (p->role != NODE_BOTH)
		err_at(e, object_attr_pos(o, "role"),
		    "node: what a spiking network keeps of a prompt is not handed over; write "
		    "role=\"both\"");
	if (p->chip) {
		refuse_on_chip(o, e);
		check_mapping(o, e);
	} else {
		refuse_on_device(o, e);
	}
	if (err_count(e) == faults && node_by_events(p)) {
		check_attention(o, e);
		check_memory(o, e);
	}
	return err_count(e) == faults;
}
