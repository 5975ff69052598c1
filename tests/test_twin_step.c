/* Latent attention, mixtures and measured layer times against the step-by-step twin
 * (tests/twin.h). */
#include "tests/unit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/layer_files.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

static long spans, iterations;

static void run(int seed, struct rig *rig, double gap_s, struct twin *t)
{
	struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("step"), RNG_TEST);
	t->node = &rig->node;
	t->requests = TWIN_REQUESTS;
	rig->engine.token_budget = seed % 2 ? 257 : 2048;
	rig->engine.max_sequences = 31;
	t->request = mem_new(TWIN_REQUESTS, sizeof *t->request);
	int largest = twin_draw(&g, gap_s, t->request);
	struct iteration_model *m = iteration_new(&rig->node);
	m->kv_blocks = t->blocks_total = (largest + 15) / 16 + 17;
	struct replica_total total = twin_check(seed, m, t);
	spans += total.spans;
	iterations += total.iterations;
	twin_fini(t);
	iteration_free(m);
	free(t->request);
}

Test(twin_step, latent_attention_of_a_mixture_with_dense_layers)
{
	for (int seed = 0; seed < 6; seed++) {
		struct rig rig;
		struct twin t = { .table = NULL };
		rig_cloud(&rig);
		struct llm_par *p = &rig.model;
		p->attention = ATTENTION_MLA;
		p->heads = p->kv_heads = 128;
		p->kv_rank = 512;
		p->rope_dim = 64;
		p->q_rank = 1536;
		p->experts = 256;
		p->experts_active = 8;
		p->experts_shared = 1;
		p->ffn = 2048;
		p->dense_layers = 3;
		p->dense_ffn = 18432;
		rig.node.kv = KV_FP8;
		rig.engine.host_s = seed % 3 ? 67e-6 : 371e-6;
		run(seed, &rig, 0.31, &t);
	}
	cr_expect_lt(spans, iterations * 2 / 3); /* about two a request */
}

/* Rows at 16, 116 and 316 tokens of context: contexts of 1 to some thousand pass them
 * all, the longest before the mean. Some of them as pipelines, even and not. */
Test(twin_step, measured_layers)
{
	for (int seed = 6; seed < 12; seed++) {
		struct rig rig;
		struct layer_files f;
		rig_home(&rig);
		layer_files_write(&f, layer_dense, layer_sequence, layer_attention);
		rig.node.layer_table = &f.object;
		rig.engine.sequence_s = 0; /* the sampler is measured */
		rig.engine.host_s = seed % 3 ? 9e-6 : 131e-6;
		rig.device.link_bytes_s = 31e9;
		if (seed % 4 > 1) rig.node.pipeline_parallel = 2 * seed - 11; /* of 32 layers */
		rig.node.pipeline = seed < 11 ? PIPELINE_FILLED : PIPELINE_SERIAL;
		struct err_list *e = err_new();
		struct layer_table *table = layer_table_read(&f.par, e);
		struct twin t = { .table = table };
		run(seed, &rig, 0.11, &t);
		layer_table_free(table);
		err_free(e);
		layer_files_remove(&f);
	}
	cr_expect_lt(spans, iterations * 2 / 3);
}
