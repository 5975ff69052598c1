#include "tests/rig.h"

#include <math.h>

#include "bench/bed.h"

static void join(struct rig *r)
{
	r->objects[0] = (struct object){ .cls = &device_class, .par = &r->device };
	r->objects[1] = (struct object){ .cls = &model_class, .par = &r->model };
	r->objects[2] = (struct object){ .cls = &engine_class, .par = &r->engine };
	r->node.device = &r->objects[0];
	r->node.model = &r->objects[1];
	r->node.engine = &r->objects[2];
}

static const struct engine_par vllm = {
	.name = "vllm", .source = "test", .host_s = 67e-6, .sequence_s = 17e-6, .layer_s = 25e-6,
	.collective_s = 5e-6, .packed_share = NAN, .link_share = 0.43, .skew_frac = 0.1,
	.memory_frac = 0.9,
	.token_budget = 2048, .max_sequences = 256, .block_tokens = 16,
};

void rig_cloud(struct rig *r)
{
	*r = (struct rig){
		.device = bed_h100,
		.model = bed_llama_70b,
		.engine = vllm,
		.node = { .name = "cloud",
		    .share_frac = 1,
		    .count = 1,
		    .tensor_parallel = 4,
		    .pipeline_parallel = 1,
		    .weights = WEIGHTS_FP16,
		    .host_idle_w = 350,
		    .host_active_w = 500,
		    .psu_frac = 0.93,
		    .clock_frac = 1,
		    .unload_after_s = NAN,
		    .load_bytes_s = 2e9,
		    .load_w = NAN },
	};
	join(r);
}

void rig_home(struct rig *r)
{
	*r = (struct rig){
		.device = { .name = "rtx-4090",
		    .source = "test",
		    .memory_bytes = 24e9,
		    .bandwidth_bytes_s = 1.008e12,
		    .fp16_flops_s = 165.2e12,
		    .fp8_flops_s = 330.3e12,
		    .int8_flops_s = 660.6e12,
		    .link_bytes_s = NAN,
		    .flops_share = 0.978,
		    .bandwidth_share = 0.945,
		    .op_s = 5.6e-6,
		    .roundness = 2.16,
		    .attention_share = 0.8,
		    .attention_bw_share = 0.88,
		    .attention_s = 13e-6,
		    .power = { .tdp_w = 450,
			.idle_w = 25,
			.unloaded_w = NAN,
			.base_w = NAN,
			.bw_w = NAN,
			.fl_w = NAN,
			.fl_exp = NAN,
			.max_w = NAN,
			.cap_floor_w = NAN,
			.cap_exp = 0.24,
			.voltage_floor = 0.62,
			.voltage_slope = 1.66 } },
		.model = { .name = "llama-3.1-8b",
		    .source = "test",
		    .layers = 32,
		    .hidden = 4096,
		    .heads = 32,
		    .kv_heads = 8,
		    .head_dim = 128,
		    .ffn = 14336,
		    .vocabulary = 128256,
		    .experts = 1,
		    .experts_active = 1,
		    .parameters = 8.03e9,
		    .parameters_active = NAN },
		.engine = vllm,
		.node = { .name = "home",
		    .share_frac = 1,
		    .count = 1,
		    .tensor_parallel = 1,
		    .pipeline_parallel = 1,
		    .weights = WEIGHTS_FP16,
		    .host_idle_w = 40,
		    .host_active_w = 80,
		    .psu_frac = 0.92,
		    .clock_frac = 1,
		    .unload_after_s = NAN,
		    .load_bytes_s = 2e9,
		    .load_w = NAN },
	};
	join(r);
}

void rig_toy(struct rig *r)
{
	rig_home(r);
	r->model.layers = 1;
	r->model.hidden = r->model.head_dim = r->model.ffn = r->model.vocabulary = 16;
	r->model.heads = r->model.kv_heads = 1;
	r->model.parameters = 2048;
	r->device.fp16_flops_s = 1e6;
	r->device.bandwidth_bytes_s = 1e30;
	r->device.flops_share = r->device.bandwidth_share = 1;
	r->device.attention_share = r->device.attention_bw_share = 1;
	r->device.op_s = r->device.attention_s = 0;
	r->device.power.idle_w = 100;
	r->device.power.base_w = 130;
	r->device.power.bw_w = 11;
	r->device.power.fl_w = 5;
	r->device.power.fl_exp = 1;
	r->device.power.max_w = 500;
	r->engine.host_s = r->engine.sequence_s = r->engine.layer_s = 0;
}
