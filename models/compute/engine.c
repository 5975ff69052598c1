#include "models/compute/engine.h"

#include "models/provenance.h"
#include "models/work/trace.h"

static const struct attr attrs[] = {
	ATTR_TEXT(struct engine_par, name, "name", REQUIRED, "name that nodes refer to"),
	ATTR_QTY(struct engine_par, host_s, "host-time", DIM_TIME, REQUIRED, 0, 1,
	    "host time to launch one layer"),
	ATTR_QTY(struct engine_par, sequence_s, "sequence-time", DIM_TIME, REQUIRED, 0, 1,
	    "host time for one running request in an iteration"),
	ATTR_QTY(struct engine_par, layer_s, "layer-time", DIM_TIME, "10 us", 0, 1,
	    "fixed device time of a layer outside matrix products and attention"),
	ATTR_QTY(struct engine_par, collective_s, "collective-time", DIM_TIME, "5 us", 0, 1,
	    "fixed time of an all-reduce between tensor-parallel devices"),
	ATTR_QTY(struct engine_par, expert_s, "expert-time", DIM_TIME, "0 s", 0, 1,
	    "fixed device time of a layer in which tokens choose experts and are brought to them"),
	ATTR_QTY(struct engine_par, fp8_expert_s, "fp8-expert-time", DIM_TIME, "0 s", 0, 1,
	    "what experts in fp8 add to it: scaling and rounding what goes in"),
	ATTR_INT(struct engine_par, fp8_expert_rows, "fp8-expert-rows", "0", 0, 4096,
	    "rows that kernels for experts in fp8 compute for every expert at least, picked by a "
	    "token or not; 0: those of experts that are picked"),
	ATTR_QTY(struct engine_par, link_share, "link-share", DIM_FRACTION, "0.43", 0.001, 1,
	    "share of the link bandwidth that an all-reduce reaches"),
	ATTR_QTY(struct engine_par, packed_share, "packed-share", DIM_FRACTION, OPTIONAL, 0.01, 1,
	    "share of the bandwidth reached with fp16 weights that is reached with packed ones, "
	    "which are unpacked on the way; absent: 0.9 with q8, 0.77 with q4"),
	ATTR_QTY(struct engine_par, decode_share, "decode-share", DIM_FRACTION, OPTIONAL, 0.01, 10,
	    "rate at which its own matrix products read weights, over that of the device's row; "
	    "absent: 1"),
	ATTR_QTY(struct engine_par, prompt_share, "prompt-share", DIM_FRACTION, OPTIONAL, 0.01, 10,
	    "rate at which its own matrix products of many tokens compute, over that of the "
	    "device's row; absent: 1"),
	ATTR_QTY(struct engine_par, skew_frac, "skew", DIM_FRACTION, "0.1", 0, 1,
	    "weight of the longest context in the time of decode attention; 0: the mean alone "
	    "counts"),
	ATTR_QTY(struct engine_par, memory_frac, "memory-share", DIM_FRACTION, "0.9", 0.01, 1,
	    "share of the device's memory for weights and KV cache"),
	ATTR_INT(struct engine_par, token_budget, "token-budget", "2048", 1, 1048576,
	    "tokens that one iteration may compute"),
	ATTR_INT(struct engine_par, max_sequences, "max-sequences", "256", 1, 65536,
	    "requests that may run at once"),
	ATTR_INT(struct engine_par, block_tokens, "block", "16", 1, ENGINE_BLOCK_MAX,
	    "tokens in a block of KV cache"),
	ATTR_ENUM(struct engine_par, order, "order", "fcfs", ENGINE_ORDER_WORDS,
	    "whose turn it is: fcfs, first come, first served; priority, the smallest number "
	    "first, and the largest is preempted first"),
	ATTR_ENUM(struct engine_par, schedule, "schedule", "chunked", ENGINE_SCHEDULE_WORDS,
	    "chunked: prompts are computed in parts beside the requests that decode; "
	    "prefill-first: whole prompts in iterations of their own, before any decoding"),
	ATTR_ENUM(struct engine_par, admission, "admission", "chunk", ENGINE_ADMISSION_WORDS,
	    "chunk: a prompt is begun when the KV cache has room for its first part; whole: only "
	    "when it has room for all of it"),
	ATTR_BOOL(struct engine_par, ahead, "ahead", "no",
	    "plan an iteration while the one before runs: who comes or ends in that one is "
	    "noticed one iteration later"),
	ATTR_BOOL(struct engine_par, prefix_cache, "prefix-cache", "no",
	    "keep the KV cache of prompts for requests that begin alike; takes effect where "
	    "the trace tells prefixes"),
	SOURCE_ATTRS(struct engine_par),
	ATTR_END,
};

static void check(const struct object *o, struct err_list *e)
{
	const struct engine_par *p = o->par;
	if (p->prefix_cache && TRACE_BLOCK_TOKENS % p->block_tokens)
		err_at(e, object_attr_pos(o, "block"),
		    "engine: prefixes are known in units of %d tokens, which must be whole blocks; "
		    "with prefix-cache=\"yes\" block=\"%lld\" must divide them",
		    TRACE_BLOCK_TOKENS, (long long)p->block_tokens);
	if (p->ahead && p->schedule == ENGINE_PREFILL_FIRST)
		err_at(e, object_attr_pos(o, "ahead"),
		    "engine: ahead=\"yes\" is known of engines that compute prompts in chunks; with "
		    "schedule=\"prefill-first\" leave it out");
	if (p->token_budget < p->max_sequences)
		err_at(e, object_attr_pos(o, "token-budget"),
		    "engine: token-budget=\"%lld\" must be at least max-sequences=\"%lld\", one "
		    "token for "
		    "every running request",
		    (long long)p->token_budget, (long long)p->max_sequences);
}

const struct class engine_class = {
	.element = "engine", .parents = "scenario catalogue",
	.about = "A serving engine: its own times an iteration and its limits.",
	.par_size = sizeof(struct engine_par), .attrs = attrs, .check = check,
};
