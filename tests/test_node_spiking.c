/* Nodes that compute with spikes: by hand, and step by step against the twin. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/full.h"
#include "models/compute/iteration_spiking.h"
#include "models/compute/node_spiking.h"
#include "models/compute/replica.h"
#include "tests/rig.h"
#include "tests/twin_check.h"

/* Three layers of 100, 50 and 10 neurons on a chip of even figures: a step has 160 accesses
 * and updates, 16 spikes (rate 0.1) and 10 x 50 + 5 x 10 = 550 synaptic operations. */
struct bed {
	struct rig rig;
	struct chip_par chip;
	struct spiking_par spiking;
	struct spiking_layer_par layer[3];
	struct object chip_object, spiking_object, layer_object[3];
};

static void bed_init(struct bed *b)
{
	*b = (struct bed){ .chip = { .name = "even", .static_w = 0.25, .max_w = NAN,
				   .access_j = 1e-9, .update_j = 2e-9, .fire_j = 3e-9, .synop_j = 4e-9,
				   .message_j = 5e-9, .hop_j = NAN, .crossing_j = NAN,
				   .access_s = NAN, .update_s = NAN, .fire_s = NAN, .synop_s = NAN,
				   .message_out_s = NAN, .message_in_s = NAN, .hop_s = NAN,
				   .barrier_s = NAN, .tick_s = 1e-3, .cores = 128,
				   .core_neurons = 1000, .memory_bytes = 1e6, .chips = 1 } };
	rig_toy(&b->rig);
	b->spiking = (struct spiking_par){ .name = "three", .method = SPIKING_NATIVE, .steps = 4,
		.rate = 0.1, .update_frac = 1, .imbalance = 1, .weight_bits = 8, .accuracy_frac = NAN,
		.gap16_frac = NAN, .gap_exponent = NAN };
	static const double neurons[] = { 100, 50, 10 }, fan_out[] = { 50, 10, 0 };
	b->spiking_object = (struct object){ .cls = &spiking_class, .par = &b->spiking,
		.child = &b->layer_object[0] };
	for (int i = 0; i < 3; i++) {
		b->layer[i] = (struct spiking_layer_par){ .neurons = neurons[i],
			.fan_out = fan_out[i], .rate = NAN, .sparsity_frac = NAN, .repeat = 1 };
		b->layer_object[i] = (struct object){ .cls = &spiking_layer_class,
			.par = &b->layer[i], .parent = &b->spiking_object,
			.next = i < 2 ? &b->layer_object[i + 1] : NULL };
	}
	b->chip_object = (struct object){ .cls = &chip_class, .par = &b->chip };
	b->rig.node.spiking = &b->spiking_object;
	b->rig.node.chip = &b->chip_object;
	b->rig.node.device = b->rig.node.model = NULL;
	b->rig.node.sequences = 1;
}

/* Of a time step, beside static power: 160 (1 + 2) + 16 x 3 + 550 x 4 + 15 messages x 5 nJ,
 * the last layer having nobody to tell. */
static const double STEP_J = (480 + 48 + 2200 + 75) * 1e-9;

/* Serves it alone; ends when its last token is there. */
static struct replica_done serve(struct replica *r, struct ask a, double *first_s, double *done_s)
{
	size_t n = 0;
	struct replica_done d = { 0 };
	replica_submit(r, 0, &a);
	while (replica_end_ns(r) != INT64_MAX) {
		double end_s = (double)replica_end_ns(r) * 1e-9;
		replica_advance(r);
		if (replica_first(r, &n), n) *first_s = end_s;
		const struct replica_done *done = replica_finished(r, &n);
		if (n) d = *done;
		if (n) *done_s = end_s;
	}
	return d;
}

Test(node_spiking, time_and_energy_of_a_request)
{
	struct bed b;
	double first_s, done_s;
	bed_init(&b);
	struct iteration_model *m = iteration_new(&b.rig.node);
	struct replica *r = replica_new(m);
	struct replica_done d = serve(r, (struct ask){ .prompt_tokens = 7, .output_tokens = 5 },
	    &first_s, &done_s);
	/* The prompt streams, (4 x 7 + 3 - 1) steps; each token after waits for the one before. */
	cr_assert_float_eq(first_s, 30e-3, 2e-9);
	cr_assert_float_eq(done_s, 30e-3 + 4 * 6e-3, 2e-9);
	/* 11 tokens of 4 steps, and a quarter of a watt all the time. */
	double want_j = 11 * 4 * STEP_J + 0.25 * (30e-3 + 4 * 6e-3);
	cr_assert_float_eq(d.energy_j, want_j, 1e-12 * want_j);
	struct replica_total t = replica_total(r, 100000000);
	cr_assert_float_eq(t.flops, 11 * 4 * 550, 1e-9);
	cr_assert_float_eq(t.device_j, 11 * 4 * STEP_J + 0.25 * 0.1, 1e-12);
	replica_free(r);
	iteration_free(m);
}

/* n tokens of n requests stream like those of a prompt: 4 n + 2 steps. */
Test(node_spiking, a_batch_saves_the_fill_only)
{
	struct bed b;
	bed_init(&b);
	b.rig.node.sequences = 101;
	struct iteration_model *m = iteration_new(&b.rig.node);
	cr_assert_eq(m->max_sequences, 101);
	for (int n = 1; n <= 101; n += 50) {
		int64_t longest;
		struct batch batch = { .decodes = n, .context_sum = 9 * n, .context_max = 9 };
		struct run one = iteration_run(m, &batch, &longest);
		cr_assert_eq(longest, INT64_MAX);
		cr_assert_float_eq(one.time_s, (4 * n + 2) * 1e-3, 1e-15 * n);
		cr_assert_float_eq(run_energy_j(&one, &m->meter, 0, 1),
		    n * 4 * STEP_J + 0.25 * one.time_s, 1e-15 * n);
		cr_assert_eq(one.time_step_s, 0, "a native network looks at no context");
	}
	iteration_free(m);
}

/* A conversion keeps attention: time and energy grow with the context, and spans must
 * still add up to what the twin finds iteration by iteration. */
Test(node_spiking, spans_agree_with_the_twin)
{
	for (int seed = 0; seed < 5; seed++) {
		struct bed b;
		struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("chip"), RNG_TEST);
		bed_init(&b);
		struct node_par *n = &b.rig.node;
		b.spiking.method = SPIKING_CONVERSION;
		b.spiking.model = &b.rig.objects[1];
		b.spiking_object.child = NULL;
		b.chip.memory_bytes = 1e9;
		b.chip.synop_s = 1e-8;
		b.chip.tick_s = 1e-5 * (1 + seed);
		n->sequences = b.rig.engine.max_sequences = 31;
		struct iteration_model *m = iteration_new(n);
		cr_assert_gt(m->event.context_step_s, 0);
		struct twin_chip chip = { m->event, b.chip.synop_j };
		struct node_par known = *n; /* the twin reads its limits from a device and an engine */
		known.device = &b.rig.objects[0];
		known.model = &b.rig.objects[1];
		known.spiking = known.chip = NULL;
		b.rig.device.power.idle_w = b.chip.static_w;
		struct twin t = { .node = &known, .chip = &chip, .requests = TWIN_REQUESTS };
		t.request = mem_new(TWIN_REQUESTS, sizeof *t.request);
		int largest = twin_draw(&g, 0.5, t.request);
		m->kv_blocks = t.blocks_total = (largest + 15) / 16 + 20;
		struct replica_total total = twin_check(seed, m, &t);
		cr_assert_lt(total.spans, total.iterations);
		twin_fini(&t);
		iteration_free(m);
		free(t.request);
	}
}

/* T passes of the model it was made of, which the membranes follow. */
Test(node_spiking, dense_steps_are_passes)
{
	struct bed b;
	int64_t longest;
	struct batch batch = { .decodes = 3, .context_sum = 300, .context_max = 100 };
	bed_init(&b);
	rig_home(&b.rig);
	struct iteration_model *ann = iteration_new(&b.rig.node);
	struct run once = iteration_run(ann, &batch, &longest);
	b.spiking.method = SPIKING_CONVERSION;
	b.spiking.model = b.rig.node.model;
	b.spiking_object.child = NULL;
	b.rig.node.spiking = &b.spiking_object;
	b.rig.node.model = NULL;
	struct iteration_model *m = iteration_new(&b.rig.node);
	struct run all = iteration_run(m, &batch, &longest);
	/* Neurons before each product of Llama 3.1 8B: 32 layers of 3 x 4096 + 14336, the head's
	 * 4096 and a readout of 128256; 8 bytes to and fro for each token and step. */
	double neurons = 32 * (3 * 4096 + 14336) + 4096 + 128256, membranes = 3 * 4 * 8 * neurons;
	double sampled_s = 3 * b.rig.engine.sequence_s;
	double rate = b.rig.device.bandwidth_bytes_s * b.rig.device.bandwidth_share;
	cr_assert_float_eq(all.bytes, 4 * once.bytes + membranes, 1e-9 * all.bytes);
	cr_assert_float_eq(all.time_s, 4 * once.time_s - 3 * sampled_s + membranes / rate,
	    1e-12 * all.time_s);
	cr_assert_float_eq(all.flops, 4 * once.flops, 1e-12 * all.flops);
	b.spiking.method = SPIKING_NATIVE;
	struct iteration_model *native = iteration_new(&b.rig.node);
	struct run free_of = iteration_run(native, &batch, &longest);
	cr_assert_lt(free_of.bytes, all.bytes);
	cr_assert_eq(free_of.time_step_s, 0);
	iteration_free(ann);
	iteration_free(m);
	iteration_free(native);
}

/* 0.5 ns an operation: 4 x 550 operations, and 4 x 160 neurons of 8 bytes at 1 GB/s. */
Test(node_spiking, lists_take_the_time_of_their_operations)
{
	struct bed b;
	bed_init(&b);
	b.rig.device.synapse_s = 5e-10;
	b.rig.device.bandwidth_bytes_s = 1e10;
	b.rig.device.bandwidth_share = 0.1;
	b.rig.device.memory_bytes = 1e9;
	b.rig.device.fp32_flops_s = NAN;
	b.rig.node.chip = NULL;
	b.rig.node.device = &b.rig.objects[0];
	struct event_cost c = node_event_cost(&b.rig.node);
	cr_assert_float_eq(c.step_s, 4 * 550 * 5e-10 + 4 * 160 * 8 * 1e-9, 1e-15);
	cr_assert_eq(c.steps, 1);
	cr_assert_float_eq(c.token_ops, 4 * 550, 1e-9);
	/* an index of 4 bytes and a weight of 1, and the membranes */
	cr_assert_float_eq(c.token_rest, 4 * 550 * 5 + 4 * 160 * 8, 1e-9);
}

Test(node_spiking, states_want_chips_and_contexts_want_memory)
{
	struct bed b;
	bed_init(&b);
	/* 5500 bytes of weights and 160 x 4 for each state that waits */
	b.chip.memory_bytes = 10000;
	b.rig.node.sequences = 1;
	cr_assert_eq(node_devices(&b.rig.node), 1);
	b.rig.node.sequences = 8; /* 5500 + 7 x 640 = 9980 */
	cr_assert_eq(node_devices(&b.rig.node), 1);
	b.rig.node.sequences = 9;
	cr_assert_eq(node_devices(&b.rig.node), 2);
	cr_assert_eq(node_context_blocks(&b.rig.node), NODE_KV_BLOCKS_MAX);
	b.rig.node.chips = 1;
	cr_assert_eq(node_context_blocks(&b.rig.node), 0, "one state too many for a chip");
	b.chip.memory_bytes = 1e6; /* a layer in a core again */
	/* At most its static power and a step's events each millisecond. */
	b.rig.node.sequences = 1;
	cr_assert_float_eq(full_power(&b.rig.node).device_w, 0.25 + STEP_J / 1e-3, 1e-9);
	b.chip.max_w = 0.251;
	cr_assert_float_eq(full_power(&b.rig.node).device_w, 0.251, 1e-9);
}
