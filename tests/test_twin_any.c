/* Whatever a node can be, all at once: every seed draws the shape of the model, the
 * split, the engine's policies and the power of its boards, and the spans must agree
 * with the step-by-step twin (tests/twin.h). */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

enum { UNITS_MAX = 64, CAPS = 23, LAST_SEED = 120 };

/* A draft model, of the shape of Llama 3.2 1B. */
static const struct llm_par small = { .layers = 16, .hidden = 2048, .heads = 32, .kv_heads = 8,
	.head_dim = 64, .ffn = 8192, .vocabulary = 128256, .experts = 1, .experts_active = 1,
	.parameters = 1.24e9, .parameters_active = NAN };

struct bed {
	struct pcg64 g;
	struct rig rig;
	struct llm_par draft_par;
	struct object draft;
	struct twin_cap cap[CAPS];
	uint64_t *id;
	struct twin t;
	char table[40];
};

/* How often each was drawn, so that none is forgotten. */
static struct seen {
	int mla, mixture, padded, windowed, fp8, filled, serial, phase, tabled, capped, unloaded, drafts,
	    guessed_by_model, by_priority, prefixes, prompts_first, ahead, whole, arriving;
	long preempted, loads, hit, spans, iterations;
	double slowed_s;
} seen;

static bool chance(struct bed *b, double p)
{
	return pcg64_unit(&b->g) < p;
}

static int pick(struct bed *b, int n)
{
	return (int)(pcg64_unit(&b->g) * n);
}

static bool counted(int *count, bool is)
{
	*count += is;
	return is;
}

static void draw_model(struct bed *b)
{
	struct llm_par *p = &b->rig.model;
	if (counted(&seen.mla, chance(b, 0.2))) {
		p->attention = ATTENTION_MLA;
		p->kv_heads = p->heads;
		p->kv_rank = 512;
		p->rope_dim = 64;
		p->q_rank = chance(b, 0.5) ? 1536 : 0;
	} else if (counted(&seen.windowed, chance(b, 0.4))) {
		p->window = 61 + pick(b, 300);
		p->window_layers = 1 + pick(b, (int)p->layers);
	}
	if (counted(&seen.mixture, chance(b, 0.4))) {
		p->experts = 8 << pick(b, 4);
		p->experts_active = 1 + pick(b, 4);
		p->experts_shared = pick(b, 3);
		p->shared_ffn = chance(b, 0.5) ? p->ffn / 4 : 0;
		p->dense_layers = pick(b, 4);
		p->dense_ffn = p->dense_layers ? 2 * p->ffn : 0;
		b->rig.engine.expert_s = 47e-6;
	}
	if (p->experts > 1 && counted(&seen.padded, chance(b, 0.5))) {
		b->rig.node.weights = WEIGHTS_FP8;
		b->rig.engine.fp8_expert_s = 39e-6;
		b->rig.engine.fp8_expert_rows = 1 << pick(b, 8);
	}
	b->rig.node.kv = counted(&seen.fp8, chance(b, 0.3)) ? KV_FP8 : KV_FP16;
	b->rig.device.attention_row_s = chance(b, 0.5) ? 0.23e-6 : 0;
}

/* Guessed tokens and pipelines exclude each other. */
static void draw_split(struct bed *b, int largest)
{
	struct node_par *n = &b->rig.node;
	struct engine_par *e = &b->rig.engine;
	if (!isnan(b->rig.device.link_bytes_s) && chance(b, 0.5)) {
		n->pipeline_parallel = 2 + pick(b, 6); /* of 80 layers: even and not */
		n->pipeline = chance(b, 0.6) ? PIPELINE_FILLED : PIPELINE_SERIAL;
		counted(n->pipeline == PIPELINE_FILLED ? &seen.filled : &seen.serial, true);
	} else if (counted(&seen.drafts, chance(b, 0.6))) {
		n->draft_tokens = 1 + pick(b, 7);
		n->acceptance = 0.97 * pcg64_unit(&b->g);
		if (counted(&seen.guessed_by_model, chance(b, 0.5))) {
			b->draft_par = small;
			b->draft_par.window = chance(b, 0.3) ? 200 : 0;
			b->draft_par.window_layers = b->draft_par.window ? 7 : 0;
			n->draft_model = &b->draft;
		}
	}
	if (e->schedule == ENGINE_PREFILL_FIRST) e->token_budget += largest;
	e->token_budget += e->max_sequences * n->draft_tokens;
}

static void draw_power(struct bed *b)
{
	struct power_par *p = &b->rig.device.power;
	struct node_par *n = &b->rig.node;
	double at_s = 0;
	p->form = pick(b, 3);
	if (counted(&seen.phase, p->form == POWER_PHASE)) {
		p->prompt_w = 401;
		p->token_w = 319;
	} else if (counted(&seen.tabled, p->form == POWER_TABLE)) {
		snprintf(b->table, sizeof b->table, "test_twin_any_%d.csv", (int)getpid());
		FILE *f = fopen(b->table, "w");
		fputs("phase,tokens,power_w\nprompt,3,311\nprompt,129,383.7\nprompt,700,431\n"
		      "token,1,281.3\ntoken,5,290\ntoken,23,329.9\n", f);
		fclose(f);
		p->table = b->table;
	}
	if (counted(&seen.capped, chance(b, 0.5))) {
		n->cap_w = chance(b, 0.5) ? 301 : NAN;
		b->t.cap = b->cap;
		b->t.caps = CAPS;
		for (int i = 0; i < CAPS; i++) {
			at_s += -17 * log(pcg64_open(&b->g));
			double cap_w = power_least_w(p) + 3 + 300 * pcg64_unit(&b->g);
			b->cap[i] = (struct twin_cap){ (int64_t)(at_s * 1e9),
				chance(b, 0.2) ? INFINITY : cap_w };
		}
	}
	if (counted(&seen.unloaded, chance(b, 0.4))) {
		p->unloaded_w = 0.6 * p->idle_w;
		n->unload_after_s = 5 * pcg64_unit(&b->g);
		n->cold_start_s = pick(b, 2);
		n->load_bytes_s = 61e9;
		n->load_w = chance(b, 0.5) ? 131 : NAN;
	}
}

static void draw_engine(struct bed *b)
{
	static const int budget[] = { 64, 257, 2048 }, sequences[] = { 1, 7, 31, 64 };
	struct engine_par *e = &b->rig.engine;
	e->token_budget = budget[pick(b, 3)];
	e->max_sequences = sequences[pick(b, 4)];
	e->host_s = chance(b, 0.5) ? 67e-6 : 3e-6;
	e->skew_frac = chance(b, 0.3) ? pick(b, 2) : 0.1 * pick(b, 6);
	if (counted(&seen.by_priority, chance(b, 0.4))) e->order = ENGINE_PRIORITY;
	if (counted(&seen.prompts_first, chance(b, 0.3)))
		e->schedule = ENGINE_PREFILL_FIRST;
	else
		e->ahead = counted(&seen.ahead, chance(b, 0.5));
	if (counted(&seen.whole, chance(b, 0.5))) e->admission = ENGINE_ADMIT_WHOLE;
}

/* Conversations that share their beginnings, of some priority, some computed elsewhere. */
static void draw_requests(struct bed *b)
{
	double arriving = counted(&seen.arriving, chance(b, 0.4)) ? 0.4 : 0;
	bool prefixes = counted(&seen.prefixes, chance(b, 0.5));
	int unit = 32 << pick(b, 3);
	if (prefixes) b->t.unit_tokens = unit;
	for (uint64_t i = 0; i < TWIN_REQUESTS; i++) {
		struct twin_request *q = &b->t.request[i];
		uint64_t talk = (uint64_t)pick(b, 23);
		double shared = 17 * pcg64_unit(&b->g);
		q->priority = pick(b, 5) - 2;
		if (chance(b, arriving) && q->output > 1) {
			q->arrives = true;
			q->first_ns = q->sent_ns - (int64_t)(0.3e9 * pcg64_unit(&b->g));
			if (q->first_ns < 0) q->first_ns = 0;
		}
		if (!prefixes || chance(b, 0.2)) continue;
		q->id = b->id + i * UNITS_MAX;
		q->ids = (q->prompt + unit - 1) / unit;
		if (q->ids > UNITS_MAX) q->ids = UNITS_MAX;
		for (uint64_t k = 0; k < (uint64_t)q->ids; k++)
			q->id[k] = k < shared ? talk * UNITS_MAX + k : (i + 23) * UNITS_MAX + k;
	}
}

static void add_seen(const struct twin *t, const struct replica_total *total)
{
	seen.preempted += total->preemptions;
	seen.loads += total->loads;
	seen.hit += t->hit;
	seen.spans += total->spans;
	seen.iterations += total->iterations;
	seen.slowed_s += total->slowed_s;
}

static void run_seed(int seed)
{
	static const double gap_s[] = { 0.0011, 0.13, 0.9 };
	static const int slack[] = { 0, 17, 100000 };
	struct bed b = { .g = rng_stream((uint64_t)seed, 0, rng_entity("any"), RNG_TEST),
		.draft = { .cls = &model_class, .par = &b.draft_par } };
	b.id = mem_new((size_t)TWIN_REQUESTS * UNITS_MAX, sizeof *b.id);
	chance(&b, 0.7) ? rig_cloud(&b.rig) : rig_home(&b.rig);
	b.t = (struct twin){ .node = &b.rig.node, .requests = TWIN_REQUESTS,
		.id_end = (23 + TWIN_REQUESTS) * UNITS_MAX };
	b.t.request = mem_new(TWIN_REQUESTS, sizeof *b.t.request);
	int largest = twin_draw(&b.g, gap_s[pick(&b, 3)], b.t.request);
	draw_engine(&b);
	draw_model(&b);
	draw_split(&b, largest);
	draw_power(&b);
	draw_requests(&b);
	struct iteration_model *m = iteration_new(&b.rig.node);
	m->prefix_tokens = b.t.unit_tokens;
	largest += 2 * (int)b.rig.node.draft_tokens;
	m->kv_blocks = b.t.blocks_total = (largest + 15) / 16 + slack[pick(&b, 3)];
	struct replica_total total = twin_check(seed, m, &b.t);
	add_seen(&b.t, &total);
	if (b.rig.device.power.form == POWER_TABLE) remove(b.table);
	twin_fini(&b.t);
	iteration_free(m);
	free(b.t.request);
	free(b.id);
}

static void run_seeds(int from, int to)
{
	for (int seed = from; seed < to; seed++) run_seed(seed);
	cr_log_info("mla %d, mixture %d, padded %d, windows %d, fp8 %d, filled %d, serial %d, by phase %d, "
		    "by table %d, caps %d, unloaded %d, drafts %d (%d by a model), priority %d, "
		    "prefixes %d, prompts first %d, ahead %d, whole %d, arriving %d",
	    seen.mla, seen.mixture, seen.padded, seen.windowed, seen.fp8, seen.filled, seen.serial, seen.phase, seen.tabled, seen.capped,
	    seen.unloaded, seen.drafts, seen.guessed_by_model, seen.by_priority, seen.prefixes,
	    seen.prompts_first, seen.ahead, seen.whole, seen.arriving);
	const int *each = &seen.mla;
	for (int i = 0; each + i <= &seen.arriving; i++)
		cr_expect_geq(each[i], 3, "number %d of the list", i);
	cr_expect_gt(seen.preempted, 1000);
	cr_expect_gt(seen.loads, 50);
	cr_expect_gt(seen.hit, 1000);
	cr_expect_gt(seen.slowed_s, 100);
	cr_expect_lt(seen.spans, seen.iterations / 2);
}

Test(twin_any, the_first_half_of_the_seeds_agrees)
{
	run_seeds(0, LAST_SEED / 2);
}

Test(twin_any, the_second_half_of_the_seeds_agrees)
{
	run_seeds(LAST_SEED / 2, LAST_SEED);
}
