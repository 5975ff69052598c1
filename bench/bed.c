#include "bench/bed.h"

#include <math.h>
#include <string.h>

const struct device_par bed_h100 = {
	.name = "h100-sxm",
	.source = "data/devices.xml",
	.memory_bytes = 80e9,
	.bandwidth_bytes_s = 3.35e12,
	.fp16_flops_s = 989.4e12,
	.fp8_flops_s = 1979e12,
	.int8_flops_s = 1979e12,
	.link_bytes_s = 450e9,
	.flops_share = 0.74,
	.bandwidth_share = 0.95,
	.op_s = 5.9e-6,
	.roundness = 1.47,
	.attention_share = 0.5,
	.attention_bw_share = 0.96,
	.attention_s = 10e-6,
	.power = {
		.tdp_w = 700,
		.idle_w = 113,
		.unloaded_w = NAN,
		.base_w = 308,
		.bw_w = 162,
		.fl_w = 1089,
		.fl_exp = 0.89,
		.max_w = 620,
		.cap_floor_w = NAN,
		.cap_exp = 0.24,
		.voltage_floor = 0.62,
		.voltage_slope = 1.66,
	},
};

const struct llm_par bed_llama_70b = {
	.name = "llama-2-70b",
	.source = "data/models.xml",
	.layers = 80,
	.hidden = 8192,
	.heads = 64,
	.kv_heads = 8,
	.head_dim = 128,
	.ffn = 28672,
	.vocabulary = 32000,
	.experts = 1,
	.experts_active = 1,
	.parameters = 68.98e9,
	.parameters_active = NAN,
};

static const struct err_pos nowhere;

const struct object *bed_row(
    const struct object *catalogue, const struct class *cls, const char *name, struct err_list *e)
{
	for (; catalogue; catalogue = catalogue->next)
		for (const struct object *o = object_child(catalogue, cls); o; o = object_next(o))
			if (o->name && !strcmp(o->name, name)) return o;
	err_at(e, nowhere,
	    "the catalogues have no %s '%s'; add the row to a catalogue in the data folder",
	    cls->element, name);
	return NULL;
}

static void join(struct bed *b)
{
	b->objects[0] = (struct object){ .cls = &device_class, .par = &b->device };
	b->objects[1] = (struct object){ .cls = &model_class, .par = &b->model };
	b->objects[2] = (struct object){ .cls = &engine_class, .par = &b->engine };
	b->node = (struct node_par){ .name = "bed",
		.share_frac = 1,
		.count = 1,
		.tensor_parallel = 1,
		.pipeline_parallel = 1,
		.weights = WEIGHTS_FP16,
		.psu_frac = 1,
		.clock_frac = 1,
		.cap_w = NAN,
		.unload_after_s = NAN,
		.load_bytes_s = 2e9,
		.load_w = NAN,
		.device = &b->objects[0],
		.model = &b->objects[1],
		.engine = &b->objects[2] };
}

void bed_put(struct bed *b, const struct device_par *device, const struct llm_par *model,
    const struct engine_par *engine)
{
	b->device = *device;
	b->model = *model;
	b->engine = *engine;
	join(b);
}

bool bed_init(struct bed *b, const struct object *catalogue, const char *device, const char *model,
    const char *engine, struct err_list *e)
{
	const struct object *d = bed_row(catalogue, &device_class, device, e);
	const struct object *m = bed_row(catalogue, &model_class, model, e);
	const struct object *s = bed_row(catalogue, &engine_class, engine, e);
	if (!d || !m || !s) return false;
	bed_put(b, d->par, m->par, s->par);
	return true;
}

void bed_plain(struct bed *b)
{
	struct device_par *d = &b->device;
	d->flops_share = d->bandwidth_share = 1;
	d->attention_share = d->attention_bw_share = 1;
	d->op_s = d->attention_s = d->attention_row_s = 0;
	d->roundness = 100; /* the largest: as good as max() */
	struct engine_par *g = &b->engine;
	g->host_s = g->sequence_s = g->layer_s = g->collective_s = 0;
	g->skew_frac = 0;
	g->link_share = 1;
}
