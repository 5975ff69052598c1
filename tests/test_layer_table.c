/* Measured layer times: a small table worked out by hand, and its faults. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>

#include "models/compute/iteration.h"
#include "tests/layer_files.h"
#include "tests/rig.h"
#include "tests/walk.h"

#define NEAR_US(a, b)                                                                              \
	cr_expect(epsilon_eq(dbl, 1e6 * (a), (b), 1e-9), "%.17g us, not %.17g", 1e6 * (a), (b))

static struct layer_table *read_good(void)
{
	struct layer_files f;
	struct err_list *e = err_new();
	layer_files_write(&f, layer_dense, layer_sequence, layer_attention);
	struct layer_table *t = layer_table_read(&f.par, e);
	err_print(e, stderr);
	err_free(e);
	layer_files_remove(&f);
	cr_assert(t != NULL);
	return t;
}

Test(layer_table, times_lie_between_rows_and_go_on_after_the_last)
{
	struct layer_table *t = read_good();
	/* two layers of 6 parts and 2 norms of 15 us; 3 + 1 us once */
	NEAR_US(layer_table_dense_s(t, 2, 6), 244.0);
	NEAR_US(layer_table_dense_s(t, 2, 21), 484.0);
	NEAR_US(layer_table_rows_s(t, 6), 158.0);
	NEAR_US(layer_table_rows_s(t, 16), 260.0);
	layer_table_free(t);
}

Test(layer_table, decoding_is_affine_from_row_to_row)
{
	struct layer_table *t = read_good();
	/* two requests: two thirds of the times of one, a third of those of four */
	static const struct { double context, us, token_us, until; } row[] = {
		{ 5, 40 / 3.0, 0, 16 },
		{ 16, 40 / 3.0, 0.5 / 3, 116 },
		{ 66, 65 / 3.0, 0.5 / 3, 116 },
		{ 116, 30, 0.8 / 3, INFINITY },
		{ 416, 110, 0.8 / 3, INFINITY },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct layer_piece p = layer_table_decode(t, 2, row[i].context);
		NEAR_US(p.s, row[i].us);
		NEAR_US(p.token_s, row[i].token_us);
		cr_expect_eq(p.until, row[i].until, "%zu: until %g", i, p.until);
	}
	NEAR_US(layer_table_decode(t, 7, 66).s, 55.0); /* 20 us for three more requests */
	layer_table_free(t);
}

Test(layer_table, chunks_share_a_call)
{
	struct layer_table *t = read_good();
	NEAR_US(layer_table_call_s(t), 5.0);
	NEAR_US(layer_table_chunk_s(t, 50, 40), 10.0); /* (5 + 9 + 13 + 33) / 4 - 5 */
	cr_expect_eq(layer_table_chunk_s(t, 0, 8), 0);
	layer_table_free(t);
}

Test(layer_table, both_kinds_together_take_longer_and_gaps_are_filled)
{
	struct layer_table *t = read_good();
	/* 18 - 5 - 10 us; 30 - 13 - 10 us; 35 - 5 - 20 us */
	NEAR_US(layer_table_mixed_s(t, 0, 16, 1, 16), 3.0);
	NEAR_US(layer_table_mixed_s(t, 0, 40, 1, 16), 5.0);
	NEAR_US(layer_table_mixed_s(t, 0, 16, 2, 16), 3 + 7 / 3.0);
	/* before 100, context 116 was not measured: it takes that of before 0, 33 - 5 - 20 us */
	NEAR_US(layer_table_mixed_s(t, 50, 16, 1, 66), (3 + 5 + 8 + 8) / 4.0);
	NEAR_US(layer_table_mixed_s(t, 100, 64, 4, 116), 14.0);
	layer_table_free(t);
}

static struct iteration_model *model_of(struct rig *r, struct layer_files *f)
{
	rig_home(r);
	layer_files_write(f, layer_dense, layer_sequence, layer_attention);
	r->model.layers = 2;
	r->engine.host_s = 0;
	r->node.layer_table = &f->object;
	return iteration_new(&r->node);
}

Test(layer_table, an_iteration_by_hand)
{
	struct rig r;
	struct layer_files f;
	struct iteration_model *m = model_of(&r, &f);
	int64_t longest;
	/* 180 us for two tokens, 117.2 us for two rows; two layers of attention at 66 tokens and a
	 * quarter of the way to 100 tokens: 65/3 + (82/3 - 65/3) / 4 */
	struct batch b = { .decodes = 2, .context_sum = 132, .context_max = 100 };
	struct run run = iteration_run(m, &b, &longest);
	NEAR_US(run.time_s, 297.2 + 2 * (65 / 3.0 + 17 / 12.0));
	NEAR_US(run.time_step_s, 2 * 0.5 / 3);
	cr_expect_eq(longest, 17); /* 100 to 116 */
	/* with chunks of 16 and 40 tokens after 0 and 50: 5 us and 10 us; together 56 tokens after
	 * 2000/56 on average */
	batch_prefill(&b, m, 0, 16);
	batch_prefill(&b, m, 50, 40);
	double mixed_s = 0.75 * layer_table_mixed_s(m->table, 2000 / 56.0, 56, 2, 66) +
	    0.25 * layer_table_mixed_s(m->table, 2000 / 56.0, 56, 2, 100);
	NEAR_US(iteration_run(m, &b, &longest).time_s,
	    2 * 8 * 67 + 4 + 137.6 + 2 * (65 / 3.0 + 17 / 12.0 + 15 + 1e6 * mixed_s));
	cr_expect_eq(longest, 1);
	iteration_free(m);
	layer_files_remove(&f);
}

Test(layer_table, a_run_ends_where_mean_and_longest_pass_a_row)
{
	struct rig r;
	struct layer_files f;
	struct iteration_model *m = model_of(&r, &f);
	/* from 3 and 5 on average: at 16 and 116 each once for the mean and for the longest */
	struct batch b = { .decodes = 3, .context_sum = 10, .context_max = 5 };
	cr_expect_eq(walk(m, b, 700), 5);
	r.node.pipeline_parallel = 2;
	r.device.link_bytes_s = 1e12;
	r.engine.host_s = 150e-6;
	struct iteration_model *staged = iteration_new(&r.node);
	cr_expect_geq(walk(staged, b, 700), 5);
	iteration_free(staged);
	iteration_free(m);
	layer_files_remove(&f);
}

Test(layer_table, faults_are_found_all_at_once)
{
	static const struct { const char *a, *b, *c; size_t faults; } bad[] = {
		{ "", "", "", 12 }, /* 9 + 2 layers, no attention */
		{ "tp,layer,time_us\n1,qkv_proj,3\n", layer_sequence, layer_attention, 1 },
		{ "layer,time_us\n", layer_sequence, "tp,time_us\n", 6 },
		{ layer_dense, "tp,layer,sequences,time_us\n1,lm_head,3,5\n1,lm_head,3,6\n1,head,3,5\n"
			 "1,sampler,1,-7\n1,sampler\n", layer_attention, 4 },
		{ layer_dense, layer_sequence,
		    "tp,prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n1,16,0,0,0,5\n"
		    "1,0,0,1,16,x\n1,0,0,1,16,5\n1,20,0,0,0,5\n1,20,0,0,0,6\n1,0,0,0,7,6\n", 4 },
		{ layer_dense, layer_sequence,
		    "tp,prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n1,16,0,0,0,5\n", 1 },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct layer_files f;
		struct err_list *e = err_new();
		layer_files_write(&f, bad[i].a, bad[i].b, bad[i].c);
		cr_expect(layer_table_read(&f.par, e) == NULL);
		cr_expect_eq(err_count(e), bad[i].faults, "%zu: %zu faults", i, err_count(e));
		err_free(e);
		layer_files_remove(&f);
	}
}
