#include "models/compute/iteration_spiking.h"

#include <math.h>

#include "base/mem.h"
#include "models/compute/node_spiking.h"

/* As engines compute prompts where nothing else is said (engine.c). */
enum { CHIP_TOKEN_BUDGET = 2048 };

/* E = P_static t + events: exact, whatever the run. Bytes are joules (events.h). */
static struct meter chip_meter(const struct chip_par *c)
{
	return (struct meter){
		.base_w = c->static_w,
		.byte_j = 1,
		.flop_j = isnan(c->synop_j) ? 0 : c->synop_j,
		.exponent = 1,
		.max_w = INFINITY,
	};
}

static void fill_chip(struct iteration_model *m, const struct node_par *p)
{
	m->max_sequences = p->sequences;
	m->token_budget = p->sequences > CHIP_TOKEN_BUDGET ? p->sequences : CHIP_TOKEN_BUDGET;
	m->meter = chip_meter(node_chip(p));
	m->cap_w = INFINITY;
}

/* A processor adds in fp32; where its peak is not told, that of fp16 stands in. */
static void fill_lists(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	const struct engine_par *e = node_engine(p);
	struct power power = power_init(&d->power);
	double peak = isnan(d->fp32_flops_s) ? device_half_flops_s(d) : d->fp32_flops_s;
	m->meter = meter_init(&power, peak, d->bandwidth_bytes_s);
	m->max_sequences = e->max_sequences;
	m->token_budget = e->token_budget;
	m->by_priority = e->order == ENGINE_PRIORITY;
	m->prefill_first = e->schedule == ENGINE_PREFILL_FIRST;
	m->admit_whole = e->admission == ENGINE_ADMIT_WHOLE;
	m->ahead = e->ahead;
	m->cap_w = INFINITY;
}

struct iteration_model *spiking_model_new(const struct node_par *p)
{
	struct iteration_model *m = mem_new(1, sizeof *m);
	m->by_events = true;
	m->event = node_event_cost(p);
	m->stages = 1;
	m->pace = pace_init(0, 0);
	m->devices = node_devices(p);
	m->block_tokens = SPIKING_BLOCK_TOKENS;
	m->kv_blocks = node_context_blocks(p);
	m->rest = rest_init(p);
	m->host_idle_w = p->host_idle_w;
	m->host_active_w = p->host_active_w;
	m->psu_frac = p->psu_frac;
	m->psu_loss_w = p->psu_loss_w;
	if (p->chip)
		fill_chip(m, p);
	else
		fill_lists(m, p);
	return m;
}

/* Attention costs nothing: there is none. */
static void forget_context(struct iteration_model *m)
{
	m->stateful = true;
	m->full = m->windowed = (struct context_cost){ 0, 0, 0 };
	m->decode_call_s = m->decode_row_s = 0;
}

void spiking_fill_passes(struct iteration_model *m, const struct node_par *p)
{
	const struct device_par *d = node_device(p);
	struct spiking_net n = spiking_net_of(p->spiking);
	m->passes = n.steps;
	if (node_spiking(p)->method == SPIKING_NATIVE) forget_context(m);
	m->membrane_bytes = 2 * sizeof(float) * spiking_neurons(&n) / (double)p->tensor_parallel;
	m->membrane_s = m->membrane_bytes / (d->bandwidth_bytes_s * d->bandwidth_share);
}

struct run spiking_by_events(
    const struct iteration_model *m, const struct batch *b, int64_t *longest)
{
	*longest = b->prefills > 0 ? 1 : INT64_MAX;
	return events_run(&m->event, (double)(b->decodes + b->prefill_tokens),
	    b->context_sum + b->before_sum, (double)b->decodes, (double)m->devices);
}

struct run spiking_passes(
    const struct iteration_model *m, const struct batch *b, const struct run *one)
{
	double t = m->passes, membranes = t * (double)(b->decodes + b->prefill_tokens);
	double sampled_s = m->sequence_s * (double)(b->decodes + b->prefills);
	return (struct run){
		.time_s = t * (one->time_s - sampled_s) + sampled_s + membranes * m->membrane_s,
		.time_step_s = t * one->time_step_s,
		.flops = t * one->flops,
		.flops_step = t * one->flops_step,
		.bytes = t * one->bytes + membranes * m->membrane_bytes,
		.bytes_step = t * one->bytes_step,
		.held_w = one->held_w,
	};
}
