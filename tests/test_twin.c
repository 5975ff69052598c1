/* The server's spans against the step-by-step twin (tests/twin.h). */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

enum {
	UNIT = 32,       /* tokens of a prefix unit */
	UNITS_MAX = 128, /* of a prompt */
};

/* What is tried, with fifty seeds each. */
struct family {
	double arriving; /* share of the requests that bring the cache of their prompt */
	enum engine_order order;
	enum engine_schedule schedule;
	enum engine_admission admission;
	bool ahead, prefixes;
	int drafts;       /* up to so many */
	bool draft_model;
};

/* What varies between seeds. */
struct mix {
	int budget, sequences, slack_blocks; /* slack: KV blocks beyond the largest request's */
	double gap_s, exponent, max_w, host_s;
	bool cloud;
};

static struct mix mix_of(int seed)
{
	static const int budget[] = { 64, 257, 2048 }, sequences[] = { 1, 7, 31, 64 };
	static const int slack[] = { 0, 17, 100000 };
	static const double gap_s[] = { 0.0011, 0.13, 0.9 }, exponent[] = { 1, 0.89, 1.7 };
	static const double max_w[] = { 345, 380, 620 }, host_s[] = { 67e-6, 3e-6, 371e-6 };
	return (struct mix){
		.budget = budget[seed % 3],
		.sequences = sequences[seed % 4],
		.slack_blocks = slack[seed / 2 % 3],
		.gap_s = gap_s[seed / 3 % 3],
		.exponent = exponent[seed / 4 % 3],
		.max_w = max_w[seed / 5 % 3],
		.host_s = host_s[seed / 7 % 3],
		.cloud = seed % 5 < 3,
	};
}

static long preempted, spans, iterations, looked, hit;

static void some_arrive(struct pcg64 *g, double share, struct twin_request *q)
{
	for (int i = 0; i < TWIN_REQUESTS; i++, q++) {
		double u = pcg64_unit(g), moved_s = 0.3 * pcg64_unit(g);
		if (u > share || q->output == 1) continue;
		q->arrives = true;
		q->first_ns = q->sent_ns - (int64_t)(moved_s * 1e9);
		if (q->first_ns < 0) q->first_ns = 0;
	}
}

static void some_first(struct pcg64 *g, struct twin_request *q)
{
	for (int i = 0; i < TWIN_REQUESTS; i++) q[i].priority = (int)(pcg64_unit(g) * 5) - 2;
}

/* Conversations that share their beginnings, up to a random depth. */
static void know_prefixes(struct pcg64 *g, struct twin_request *q, uint64_t *id)
{
	for (uint64_t i = 0; i < TWIN_REQUESTS; i++) {
		uint64_t talk = (uint64_t)(40 * pcg64_unit(g) * pcg64_unit(g));
		double shared = 40 * pcg64_unit(g), whose = pcg64_unit(g);
		q[i].id = id + i * UNITS_MAX;
		q[i].ids = (q[i].prompt + UNIT - 1) / UNIT;
		if (q[i].ids > UNITS_MAX) q[i].ids = UNITS_MAX;
		if (whose > 0.8) q[i].ids = 0; /* not known */
		for (uint64_t k = 0; k < (uint64_t)q[i].ids; k++)
			q[i].id[k] = k < shared ? talk * UNITS_MAX + k : (i + 40) * UNITS_MAX + k;
	}
}

/* A draft model, of the shape of Llama 3.2 1B. */
static struct llm_par small = { .layers = 16, .hidden = 2048, .heads = 32, .kv_heads = 8,
	.head_dim = 64, .ffn = 8192, .vocabulary = 128256, .experts = 1, .experts_active = 1,
	.parameters = 1.24e9, .parameters_active = NAN };

static void run_seed(const struct family *f, int seed)
{
	struct mix x = mix_of(seed);
	struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("twin"), RNG_TEST);
	struct rig rig;
	x.cloud ? rig_cloud(&rig) : rig_home(&rig);
	rig.engine.token_budget = x.budget;
	rig.engine.max_sequences = x.sequences;
	rig.engine.host_s = x.host_s;
	rig.device.power.base_w = 308;
	rig.device.power.bw_w = 162;
	rig.device.power.fl_w = 1089;
	rig.device.power.fl_exp = x.exponent;
	rig.device.power.max_w = x.max_w;
	struct twin t = { .node = &rig.node, .requests = TWIN_REQUESTS };
	t.request = mem_new(TWIN_REQUESTS, sizeof *t.request);
	int largest = twin_draw(&g, x.gap_s, t.request);
	if (f->arriving > 0) some_arrive(&g, f->arriving, t.request);
	if (f->order == ENGINE_PRIORITY) some_first(&g, t.request);
	uint64_t *id = mem_new((size_t)TWIN_REQUESTS * UNITS_MAX, sizeof *id);
	if (f->prefixes) know_prefixes(&g, t.request, id);
	rig.engine.order = f->order;
	rig.engine.schedule = f->schedule;
	rig.engine.admission = f->admission;
	rig.engine.ahead = f->ahead;
	if (f->schedule == ENGINE_PREFILL_FIRST) rig.engine.token_budget += largest;
	struct object draft = { .cls = &model_class, .par = &small };
	if (f->drafts > 0) {
		rig.node.draft_tokens = 1 + seed % f->drafts;
		rig.node.acceptance = 0.37 + 0.0113 * seed;
		if (f->draft_model) rig.node.draft_model = &draft;
		rig.engine.token_budget += rig.engine.max_sequences * rig.node.draft_tokens;
	}
	struct iteration_model *m = iteration_new(&rig.node);
	if (f->prefixes) m->prefix_tokens = t.unit_tokens = UNIT;
	t.id_end = (40 + TWIN_REQUESTS) * UNITS_MAX;
	largest += 2 * (int)rig.node.draft_tokens;
	m->kv_blocks = t.blocks_total = (largest + 15) / 16 + x.slack_blocks;
	struct replica_total total = twin_check(seed, m, &t);
	looked += t.looked;
	hit += t.hit;
	preempted += t.preemptions;
	spans += total.spans;
	iterations += total.iterations;
	twin_fini(&t);
	iteration_free(m);
	free(t.request);
	free(id);
}

/* Faults of memory show in a few seeds, which sanitizers make slow: each seventh meets
 * every entry of the lists above. Whether both agree is judged by all fifty, without. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 7 };
#else
enum { STRIDE = 1 };
#endif

static void run_seeds(const struct family *f)
{
	for (int seed = 0; seed < 50; seed += STRIDE) run_seed(f, seed);
	cr_log_info("%ld iterations in %ld spans, %ld preemptions, %ld of %ld tokens in cache",
	    iterations, spans, preempted, hit, looked);
	cr_assert_gt(preempted, STRIDE > 1 ? 20 : 1000); /* the small caches must be felt */
	cr_assert_lt(spans, iterations / (f->drafts > 0 ? 3 : 5)); /* spans must be worth their name */
}

Test(twin, fifty_seeds_agree)
{
	run_seeds(&(struct family){ 0 });
}

Test(twin, prompts_computed_elsewhere_agree)
{
	run_seeds(&(struct family){ .arriving = 0.7 });
}

Test(twin, priorities_agree)
{
	run_seeds(&(struct family){ .order = ENGINE_PRIORITY });
}

Test(twin, prefixes_agree)
{
	run_seeds(&(struct family){ .prefixes = true });
	cr_assert_gt(hit, looked / 10);
}

Test(twin, prompts_first_agree)
{
	run_seeds(&(struct family){ .schedule = ENGINE_PREFILL_FIRST });
}

Test(twin, all_policies_together_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .order = ENGINE_PRIORITY, .prefixes = true });
	cr_assert_gt(hit, looked / 20);
}

Test(twin, all_policies_with_prompts_first_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .order = ENGINE_PRIORITY, .prefixes = true,
	    .schedule = ENGINE_PREFILL_FIRST });
	cr_assert_gt(hit, looked / 20);
}

Test(twin, guessed_tokens_agree)
{
	run_seeds(&(struct family){ .drafts = 4 });
}

Test(twin, a_draft_model_agrees)
{
	run_seeds(&(struct family){ .drafts = 7, .draft_model = true });
}

Test(twin, guesses_and_all_policies_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .order = ENGINE_PRIORITY, .prefixes = true,
	    .drafts = 3 });
}

Test(twin, guesses_with_prompts_first_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .prefixes = true, .drafts = 5,
	    .draft_model = true, .schedule = ENGINE_PREFILL_FIRST });
}

Test(twin, plans_ahead_agree)
{
	run_seeds(&(struct family){ .ahead = true });
}

Test(twin, whole_prompts_agree)
{
	run_seeds(&(struct family){ .admission = ENGINE_ADMIT_WHOLE });
}

Test(twin, plans_ahead_and_all_policies_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .order = ENGINE_PRIORITY, .prefixes = true,
	    .admission = ENGINE_ADMIT_WHOLE, .ahead = true });
	cr_assert_gt(hit, looked / 20);
}

Test(twin, guesses_planned_ahead_agree)
{
	run_seeds(&(struct family){ .arriving = 0.3, .order = ENGINE_PRIORITY, .prefixes = true,
	    .drafts = 3, .ahead = true });
}
