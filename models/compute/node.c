#include "models/compute/node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/compute/node_spiking.h"
#include "models/compute/node_variant.h"

const struct device_par *node_device(const struct node_par *p)
{
	return p->device->par;
}

const struct llm_par *node_model(const struct node_par *p)
{
	const struct object *model = p->spiking ? node_spiking(p)->model : p->model;
	return model ? model->par : NULL;
}

const struct engine_par *node_engine(const struct node_par *p)
{
	return p->engine->par;
}

const struct layer_table_par *node_layer_table(const struct node_par *p)
{
	return p->layer_table ? p->layer_table->par : NULL;
}

const struct llm_par *node_draft(const struct node_par *p)
{
	return p->draft_tokens > 0 && p->draft_model ? p->draft_model->par : NULL;
}

double node_kv_value_bytes(const struct node_par *p)
{
	switch (node_kv(p)) {
	case KV_FP16:
		return 2;
	case KV_FP8:
		return 1;
	case KV_FP32:
		return 4;
	}
	return NAN;
}

struct roofline node_gemm(const struct node_par *p, double span_bytes)
{
	const struct engine_par *g = node_engine(p);
	struct roofline r = device_gemm_packed(node_device(p), node_weights(p), node_value_bytes(p),
	    g->packed_share, span_bytes);
	if (g->decode_share > 0) r.bytes_s *= g->decode_share;
	if (g->prompt_share > 0) r.flops_s *= g->prompt_share;
	return r;
}

int64_t node_devices(const struct node_par *p)
{
	if (p->chip) return (int64_t)node_mapping(p).chips;
	return p->tensor_parallel * p->pipeline_parallel;
}

/* Of the model and its draft model, on one device of each layer's. */
static double both_weight_bytes(const struct node_par *p)
{
	double value = node_value_bytes(p);
	double bytes = llm_weight_bytes(node_model(p), p->tensor_parallel, value) -
	    node_left_out_bytes(p) / (double)p->tensor_parallel;
	if (node_draft(p)) bytes += llm_weight_bytes(node_draft(p), p->tensor_parallel, value);
	return bytes;
}

double node_weight_bytes(const struct node_par *p)
{
	if (node_by_events(p)) return node_spiking_bytes(p);
	return (double)p->tensor_parallel * both_weight_bytes(p);
}

int64_t node_stage_layers(const struct node_par *p)
{
	return (node_model(p)->layers + p->pipeline_parallel - 1) / p->pipeline_parallel;
}

/* Share of the layers, and so of weights and cache, on a device of the longest
 * stage. */
static double stage_share(const struct node_par *p)
{
	return (double)node_stage_layers(p) / (double)node_model(p)->layers;
}

static double weight_bytes(const struct node_par *p)
{
	return stage_share(p) * both_weight_bytes(p);
}

double node_idle_w(const struct node_par *p)
{
	return p->chip ? node_chip(p)->static_w : node_device(p)->power.idle_w;
}

static double usable_bytes(const struct node_par *p)
{
	return node_device(p)->memory_bytes * node_engine(p)->memory_frac;
}

int64_t node_kv_blocks(const struct node_par *p)
{
	bool stateful = p->spiking && node_spiking(p)->method == SPIKING_NATIVE;
	if (stateful) return usable_bytes(p) >= weight_bytes(p) ? NODE_KV_BLOCKS_MAX : 0;
	double token_bytes = stage_share(p) *
	    llm_kv_bytes(node_model(p), p->tensor_parallel, node_kv_value_bytes(p));
	if (node_draft(p))
		token_bytes +=
		    llm_kv_bytes(node_draft(p), p->tensor_parallel, node_kv_value_bytes(p));
	double block_bytes = token_bytes * (double)node_engine(p)->block_tokens;
	return (int64_t)floor((usable_bytes(p) - weight_bytes(p)) / block_bytes);
}

static const struct attr attrs[] = {
	ATTR_TEXT(struct node_par, name, "name", OPTIONAL, "name in the results"),
	ATTR_QTY(struct node_par, share_frac, "share", DIM_FRACTION, "1", 0, 1,
	    "share of the homes that have such a node"),
	ATTR_REF(struct node_par, device, "device", OPTIONAL, "device",
	    "the accelerator; without chip= it must be there"),
	ATTR_REF(struct node_par, model, "model", OPTIONAL, "model",
	    "the language model it serves; without spiking= it must be there"),
	ATTR_REF(struct node_par, variant, "variant", OPTIONAL, "variant",
	    "how the model is computed with less: weights and cache of fewer bits, weights left "
	    "out, early exits, with what that costs in accuracy; absent: as it is, with the "
	    "score of the model itself whatever weights= and kv= are"),
	ATTR_REF(
	    struct node_par, engine, "engine", "vllm-cuda-graph", "engine", "the serving engine"),
	ATTR_REF(struct node_par, spiking, "spiking", OPTIONAL, "spiking",
	    "spiking network that it computes in place of model=, on a chip= or a device="),
	ATTR_REF(struct node_par, chip, "chip", OPTIONAL, "chip",
	    "neuromorphic chip that computes spiking=, in place of device= and engine="),
	ATTR_INT(struct node_par, chips, "chips", "0", 0, 1000000,
	    "chips of a replica; 0: as few as hold the network and what its requests need"),
	ATTR_INT(struct node_par, sequences, "sequences", "1", 1, 65536,
	    "of a chip=: requests that its pipeline computes in turn, the state of each being "
	    "kept in its memory"),
	ATTR_ENUM(struct node_par, role, "role", "both", NODE_ROLE_WORDS,
	    "what it does of a request in a data centre: all; the prompt and first token, whose "
	    "KV cache it then hands over; or the tokens that follow"),
	ATTR_ENUM(struct node_par, tier, "tier", "auto", NODE_TIER_WORDS,
	    "where the policy has <tiers>: of which its model is; auto: small with the fewest "
	    "parameters of the scenario's models, large with the most"),
	ATTR_REF(struct node_par, layer_table, "layer-table", OPTIONAL, "layer-table",
	    "measured times of the layers, instead of the formulas"),
	ATTR_INT(struct node_par, draft_tokens, "draft-tokens", "0", 0, 32,
	    "speculative decoding: tokens guessed ahead for each request, which one iteration "
	    "verifies; 0: none"),
	ATTR_QTY(struct node_par, acceptance, "acceptance", DIM_FRACTION, OPTIONAL, 0, 0.999,
	    "chance that a guessed token is accepted, given those before it"),
	ATTR_REF(struct node_par, draft_model, "draft-model", OPTIONAL, "model",
	    "small model on the same devices that guesses; absent: guessing costs nothing, as "
	    "when it looks the prompt up"),
	ATTR_INT(struct node_par, count, "count", "1", 0, 100000,
	    "independent replicas of the model, which share the requests; 0: there is none"),
	ATTR_INT(struct node_par, tensor_parallel, "tensor-parallel", "1", 1, 64,
	    "devices that each layer of a replica is split over"),
	ATTR_INT(struct node_par, pipeline_parallel, "pipeline-parallel", "1", 1, 1000,
	    "stages that the layers of a replica are spread over, each of tensor-parallel devices"),
	ATTR_ENUM(struct node_par, pipeline, "pipeline", "filled", PIPELINE_WORDS,
	    "filled: every stage works on its own part of the requests (vLLM); serial: one stage "
	    "works at a time (llama.cpp)"),
	ATTR_ENUM(struct node_par, weights, "weights", "fp16", WEIGHTS_WORDS,
	    "how weights are stored: fp16, fp8, int8, fp32, or packed as GGUF q8 (Q8_0), q4 (Q4_K_M) "
	    "or q4-0"),
	ATTR_ENUM(struct node_par, kv, "kv", "fp16", KV_WORDS, "how the KV cache is stored"),
	/* Assumed for a desktop computer without its graphics card; a server's host is given by
	 * the scenario. */
	ATTR_QTY(struct node_par, host_idle_w, "host-idle", DIM_POWER, "40 W", 0, 1e5,
	    "power of processor, memory, disks and fans of one replica when nothing runs"),
	ATTR_QTY(struct node_par, host_active_w, "host-active", DIM_POWER, "80 W", 0, 1e5,
	    "the same while requests run"),
	/* 80 PLUS Platinum at 230 V: 90 % at a fifth of the load, 94 % at half, 91 % at full.
	 * psu-loss of 1.6 % of the rating with psu-efficiency 96.9 % goes through the first two,
	 * and gives 95 % at full load. */
	ATTR_QTY(struct node_par, psu_frac, "psu-efficiency", DIM_FRACTION, "0.92", 0.3, 1,
	    "efficiency of the power supply, beside its psu-loss"),
	ATTR_QTY(struct node_par, psu_loss_w, "psu-loss", DIM_POWER, "0 W", 0, 1e5,
	    "loss of a replica's power supply at any load"),
	ATTR_QTY(struct node_par, unload_after_s, "unload-after", DIM_TIME, OPTIONAL, 0, 1e9,
	    "time without requests after which a replica unloads its model; absent: never"),
	/* Assumed: a solid-state drive at half its rate, and the start of a serving process. */
	ATTR_QTY(struct node_par, load_bytes_s, "load-bandwidth", DIM_BYTE_RATE, "2 GB/s", 1e3,
	    1e15, "rate at which the weights of a replica come back"),
	ATTR_QTY(struct node_par, cold_start_s, "cold-start", DIM_TIME, "10 s", 0, 1e6,
	    "fixed time of loading a model, beside that of its weights"),
	ATTR_QTY(struct node_par, load_w, "load-power", DIM_POWER, OPTIONAL, 0, 1e6,
	    "power of each device while it loads a model; absent: its idle power"),
	ATTR_QTY(struct node_par, clock_frac, "clock", DIM_FRACTION, "1", 0.01, 1,
	    "locked clock of each device over its highest; without a layer-table"),
	ATTR_QTY(struct node_par, cap_w, "power-cap", DIM_POWER, OPTIONAL, 1e-3, 1e6,
	    "highest power of each device; what would draw more is slowed down"),
	ATTR_END,
};

/* Tables of one vocabulary that are padded to different sizes differ by up to 128
 * (Qwen2.5: 151 936 and 152 064), as llama.cpp's speculative example allows, too. */
enum { DRAFT_VOCABULARY_PAD = 128 };

/* A draft model must speak of the same tokens, and be worth it. */
static void check_draft_kind(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct llm_par *m = node_model(p), *draft = node_draft(p);
	if (llabs(draft->vocabulary - m->vocabulary) > DRAFT_VOCABULARY_PAD)
		err_at(e, object_attr_pos(o, "draft-model"),
		    "node: %s has another vocabulary than %s, %lld and %lld tokens; its guesses "
		    "cannot be verified, take a smaller model of the same family",
		    draft->name, m->name, (long long)draft->vocabulary, (long long)m->vocabulary);
	if (llm_active_parameters(draft) >= llm_active_parameters(m))
		err_at(e, object_attr_pos(o, "draft-model"),
		    "node: %s computes with %.3g parameters for a token and %s with %.3g; take a "
		    "smaller draft model or leave it out",
		    draft->name, llm_active_parameters(draft), m->name, llm_active_parameters(m));
}

/* What a draft model must be for the split of the layers. */
static void check_draft_model(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct llm_par *draft = node_draft(p);
	if (draft->heads % p->tensor_parallel)
		err_at(e, object_attr_pos(o, "draft-model"),
		    "node: tensor-parallel=\"%lld\" must divide the %lld heads of %s, too",
		    (long long)p->tensor_parallel, (long long)draft->heads, draft->name);
}

static bool is_written(const struct object *o, const char *attr)
{
	struct err_pos at = object_attr_pos(o, attr);
	return at.line != o->pos.line || at.col != o->pos.col;
}

/* With draft-tokens="0" the rest may stand: it is how a comparison does without. */
static void check_drafts(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct engine_par *engine = node_engine(p);
	int64_t tokens = engine->max_sequences * (1 + p->draft_tokens);
	if (p->draft_tokens == 0) {
		if ((!isnan(p->acceptance) || p->draft_model) && !is_written(o, "draft-tokens"))
			err_at(e, o->pos,
			    "node: acceptance= and draft-model= need draft-tokens=; write how many "
			    "tokens are guessed ahead");
		return;
	}
	if (isnan(p->acceptance))
		err_at(e, object_attr_pos(o, "draft-tokens"),
		    "node: draft-tokens= needs acceptance=, the chance that a token is accepted");
	if (p->pipeline_parallel > 1)
		err_at(e, object_attr_pos(o, "draft-tokens"),
		    "node: guessed tokens in a pipeline are not modelled; use "
		    "pipeline-parallel=\"1\" or draft-tokens=\"0\"");
	if (p->layer_table)
		err_at(e, object_attr_pos(o, "draft-tokens"),
		    "node: a layer-table= has no times for guessed tokens; leave one of them out");
	if (engine->token_budget < tokens)
		err_at(e, object_attr_pos(o, "draft-tokens"),
		    "node: %lld tokens for each of max-sequences=\"%lld\" are more than the "
		    "token-budget=\"%lld\" of engine %s; guess fewer",
		    (long long)(1 + p->draft_tokens), (long long)engine->max_sequences,
		    (long long)engine->token_budget, engine->name);
	if (!node_draft(p)) return;
	check_draft_model(o, e);
	check_draft_kind(o, e);
}

static void check_split(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (node_devices(p) == 1) return;
	const char *split = p->tensor_parallel > 1 ? "tensor-parallel" : "pipeline-parallel";
	if (isnan(node_device(p)->link_bytes_s))
		err_at(e, object_attr_pos(o, split),
		    "node: device %s has no link= to its peers; use %s=\"1\"",
		    node_device(p)->name, split);
	if (p->pipeline_parallel > node_model(p)->layers)
		err_at(e, object_attr_pos(o, "pipeline-parallel"),
		    "node: pipeline-parallel=\"%lld\" must not exceed the %lld layers of %s",
		    (long long)p->pipeline_parallel, (long long)node_model(p)->layers,
		    node_model(p)->name);
	if (node_model(p)->heads % p->tensor_parallel)
		err_at(e, object_attr_pos(o, "tensor-parallel"),
		    "node: tensor-parallel=\"%lld\" must divide the %lld heads of %s",
		    (long long)p->tensor_parallel, (long long)node_model(p)->heads,
		    node_model(p)->name);
}

static void check_cap(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	double least_w = power_least_w(&node_device(p)->power);
	if (p->cap_w <= least_w)
		err_at(e, object_attr_pos(o, "power-cap"),
		    "node: power-cap=\"%g W\" must be above the %g W that %s draws at rest or "
		    "cannot be capped below (its idle= and cap-floor=)",
		    p->cap_w, least_w, node_device(p)->name);
}

/* Caches of gigabytes do not cross the lines of a street. */
static void check_role(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (p->role != NODE_BOTH && strcmp(o->parent->cls->element, "datacentre"))
		err_at(e, object_attr_pos(o, "role"),
		    "node: only nodes of a <datacentre> share requests among them; write "
		    "role=\"both\"");
}

static void check_clock(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (p->clock_frac < 1 && node_device(p)->power.form != POWER_UTIL)
		err_at(e, object_attr_pos(o, "clock"),
		    "node: device %s has power-model=\"%s\", which holds for its full clock only; use "
		    "power-model=\"util\" or leave clock= out",
		    node_device(p)->name,
		    node_device(p)->power.form == POWER_PHASE ? "phase" : "table");
	if (p->clock_frac < 1 && node_layer_table(p))
		err_at(e, object_attr_pos(o, "clock"),
		    "node: the times of a layer-table hold for the full clock only; leave layer-table= "
		    "or clock= out");
}

static void check_unload(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (!isnan(p->unload_after_s) && isnan(node_device(p)->power.unloaded_w))
		err_at(e, object_attr_pos(o, "unload-after"),
		    "node: device %s has no idle-unloaded= power, so that unloading saves nothing; "
		    "give it one or leave unload-after= out", node_device(p)->name);
}

static void check_table(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	const struct layer_table_par *t = node_layer_table(p);
	if (!t || !t->device || !t->model) return;
	if (t->device != p->device || t->model != p->model ||
	    t->tensor_parallel != p->tensor_parallel ||
	    (enum weights)t->weights != node_weights(p) || (enum kv_values)t->kv != node_kv(p))
		err_at(e, object_attr_pos(o, "layer-table"),
		    "node: %s measured another device, model, tensor-parallel, weights or kv; give "
		    "the node the same or leave layer-table= out",
		    t->name);
}

/* Whether it is said what the node computes, and on what. */
static bool is_complete(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (p->spiking || p->chip) return node_spiking_is_complete(o, e);
	if (!p->device && !is_written(o, "device"))
		err_at(e, o->pos,
		    "node: attribute 'device' is missing: the accelerator (the name of a "
		    "<device>)");
	if (!p->model && !is_written(o, "model"))
		err_at(e, o->pos,
		    "node: attribute 'model' is missing: the language model it serves (the name "
		    "of a <model>)");
	return p->device && p->model && p->engine; /* else: reported */
}

static void check_room(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	if (node_kv_blocks(p) > NODE_KV_BLOCKS_MAX)
		err_at(e, object_attr_pos(o, "device"),
		    "node: %s has room for %lld blocks of KV cache of %s, of which there can be "
		    "%d; check its memory= and the model's shape, or write a larger block=",
		    node_device(p)->name, (long long)node_kv_blocks(p), node_model(p)->name,
		    NODE_KV_BLOCKS_MAX);
	if (node_kv_blocks(p) < 1)
		err_at(e, object_attr_pos(o, "device"),
		    "node: %s needs %.3g GB of weights on each device and %s leaves %.3g GB; use "
		    "smaller weights=, more tensor-parallel= or a larger device",
		    node_model(p)->name, weight_bytes(p) * 1e-9, node_device(p)->name,
		    usable_bytes(p) * 1e-9);
}

/* The attribute of a device without which it cannot compute such weights. */
static const char *rate_word(enum weights w)
{
	switch (w) {
	case WEIGHTS_FP32:
		return "fp32";
	case WEIGHTS_FP16:
	case WEIGHTS_FP8:
		return "fp16";
	default:
		return "int8";
	}
}

static void check_device(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	check_split(o, e);
	check_cap(o, e);
	check_clock(o, e);
	check_unload(o, e);
	check_drafts(o, e);
	check_table(o, e);
	bool computes = !isnan(device_half_flops_s(node_device(p))); /* else: reported there */
	if (computes && isnan(device_peak_flops_s(node_device(p), node_weights(p))))
		err_at(e, object_attr_pos(o, p->variant ? "variant" : "weights"),
		    "node: device %s has no %s= rate; use other weights", node_device(p)->name,
		    rate_word(node_weights(p)));
	check_room(o, e);
}

static void check(const struct object *o, struct err_list *e)
{
	const struct node_par *p = o->par;
	check_role(o, e);
	if (!is_complete(o, e)) return;
	node_variant_check(o, e);
	bool sound = !p->spiking || node_spiking_check(o, e);
	if (sound && !node_by_events(p)) check_device(o, e);
	if (p->host_active_w < p->host_idle_w)
		err_at(e, object_attr_pos(o, "host-active"),
		    "node: host-active must be at least host-idle=\"%g W\"", p->host_idle_w);
}

const struct class node_class = {
	.element = "node", .parents = "homes datacentre",
	.about = "A computer with accelerators that serves a language model, or with neuromorphic "
		 "chips that serve a spiking network.",
	.par_size = sizeof(struct node_par), .attrs = attrs, .check = check,
};
