/* Spiking networks and their mapping on chips, by hand and against models' published sizes. */
#include "tests/unit.h"

#include <math.h>
#include <string.h>

#include "bench/bed.h"
#include "bench/spike_peers.h"
#include "loader/scenario.h"
#include "models/compute/mapping.h"

static struct scenario *shipped;

static void read_catalogues(void)
{
	struct err_list *e = err_new();
	shipped = scenario_catalogues(e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(shipped != NULL);
}

static void free_catalogues(void)
{
	scenario_free(shipped);
}

static const struct object *row(const struct class *cls, const char *name)
{
	struct err_list *e = err_new();
	const struct object *o = bed_row(scenario_catalogue(shipped), cls, name, e);
	err_print(e, stderr);
	err_free(e);
	cr_assert(o != NULL);
	return o;
}

/* A spiking version of that model, as the loader would make it. */
static struct spiking_net net_of_model(const char *model, int method)
{
	static struct spiking_par p;
	p = (struct spiking_par){ .method = method, .model = row(&model_class, model), .steps = 4,
		.rate = 0.25, .update_frac = 1, .imbalance = 1, .weight_bits = 8 };
	struct object o = { .cls = &spiking_class, .par = &p };
	return spiking_net_of(&o);
}

/* 6 neurons drive 10 synapses each, of which a fifth are zero, and then 4 are read out. */
static struct spiking_net two_layers(void)
{
	return (struct spiking_net){
		.layer = { { .neurons = 6, .fan_out = 10, .awake_frac = 1, .active_frac = 1,
			       .rate = 0.5, .sparsity_frac = 0.2, .repeat = 1 },
			{ .neurons = 4, .awake_frac = 1, .active_frac = 1, .rate = 0.25,
			    .repeat = 1 } },
		.count = 2, .steps = 8, .weight_bits = 8, .update_frac = 0.75, .imbalance = 1, .window = INFINITY,
	};
}

/* Two cores a chip, of 4 neurons and 20 bytes each. */
static struct chip_par small_chip(void)
{
	return (struct chip_par){
		.name = "small", .static_w = 2, .max_w = NAN, .access_j = 1, .update_j = 2,
		.fire_j = 4, .synop_j = 8, .message_j = 16, .hop_j = 32, .crossing_j = 64,
		.access_s = 1e-6, .update_s = 2e-6, .fire_s = 3e-6, .synop_s = 5e-6,
		.message_out_s = 7e-6, .message_in_s = 11e-6, .hop_s = 1e-6, .barrier_s = 100e-6,
		.tick_s = 10e-6, .cores = 2, .core_neurons = 4, .memory_bytes = 40, .mesh_width = 2,
		.mesh_height = 1, .chips = 1,
	};
}

/* T 8: accesses 8 x 6 and 8 x 4, spikes 24 and 8, operations 24 x 8 = 192. */
Test(mapping, events_of_an_inference)
{
	struct spiking_net n = two_layers();
	struct spike_counts c = spiking_counts(&n);
	cr_expect_eq(c.accesses, 80);
	cr_expect_eq(c.updates, 60);
	cr_expect_eq(c.fires, 32);
	cr_expect(epsilon_eq(dbl, c.synops, 192, 1e-9));
	cr_expect(epsilon_eq(dbl, spiking_synapses(&n), 48, 1e-9));
	cr_expect(epsilon_eq(dbl, spiking_k(&n), 4, 1e-9)); /* T r of the layer with synapses */
	cr_expect_eq(spiking_neurons(&n), 10);
	cr_expect_eq(spiking_depth(&n), 2);
}

/* Layer 1: 48 bytes are 3 cores of 20; layer 2: 4 neurons are one; 4 cores are 2 chips. Each of
 * the 24 spikes goes to 3 cores; the readout sends nothing. Mean hops of two tiles: 1/2. A spike
 * passes 3 cores / 2 cores a chip = 1.5 borders. */
Test(mapping, cores_chips_and_messages_by_hand)
{
	struct spiking_net n = two_layers();
	struct chip_par chip = small_chip();
	struct mapping m;
	char why[200];
	cr_assert(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect_eq(m.cores, 4);
	cr_expect_eq(m.chips, 2);
	cr_expect_eq(m.token.messages, 72);
	cr_expect_eq(m.token.hops, 36);
	cr_expect_eq(m.token.crossings, 24 * 1.5);
	cr_expect_eq(m.static_w, 4);
	double soma = 80 * 1 + 60 * 2 + 32 * 4;
	cr_expect(epsilon_eq(dbl, m.token_j, soma + 192 * 8 + 72 * 16 + 36 * 32 + 36 * 64, 1e-9));
	/* In a step a core of layer 1 has 2 neurons, 1.5 updates, 1 spike, 8 operations and 3
	 * messages each way, and the whole way is one hop. */
	double core = (2 * 1 + 1.5 * 2 + 1 * 3 + 8 * 5 + 3 * 7 + 3 * 11) * 1e-6;
	cr_expect(epsilon_eq(dbl, m.core_s, core, 1e-12));
	n.imbalance = 3;
	struct mapping uneven;
	cr_assert(mapping_make(&uneven, &chip, &n, 0, why, sizeof why));
	cr_expect(epsilon_eq(dbl, uneven.core_s, 3 * core, 1e-12));
	cr_expect_eq(uneven.token_j, m.token_j);
	cr_expect(epsilon_eq(dbl, mapping_step_s(&m, 0), 100e-6 + core + 1e-6, 1e-12));
	cr_expect(epsilon_eq(dbl, mapping_latency_s(&m, 0), 9 * mapping_step_s(&m, 0), 1e-12));
}

/* On one chip that holds it nothing crosses, and chips come in their multiple. */
Test(mapping, chips_come_together)
{
	struct spiking_net n = two_layers();
	struct chip_par chip = small_chip();
	struct mapping m;
	char why[200];
	chip.cores = 4;
	chip.memory_bytes = 80;
	cr_assert(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect_eq(m.chips, 1);
	cr_expect_eq(m.token.crossings, 0);
	chip.chips = 48;
	cr_assert(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect_eq(m.chips, 48);
	cr_expect_eq(m.static_w, 96);
}

Test(mapping, what_does_not_fit_is_refused)
{
	struct spiking_net n = two_layers();
	struct chip_par chip = small_chip();
	struct mapping m;
	char why[200];
	cr_expect_not(mapping_make(&m, &chip, &n, 1, why, sizeof why));
	cr_expect(strstr(why, "give 2") != NULL, "%s", why);
	cr_expect(mapping_make(&m, &chip, &n, 3, why, sizeof why));
	cr_expect_eq(m.static_w, 6);
	chip.most_chips = 1;
	cr_expect_not(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect(strstr(why, "no more than 1 of small") != NULL, "%s", why);
	chip.most_chips = 0;
	chip.fan_out = 9;
	cr_expect_not(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect(strstr(why, "layer 1 drives 10 synapses") != NULL, "%s", why);
	chip.fan_out = 10;
	cr_expect(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	chip.fire_j = NAN;
	cr_expect_not(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect(strstr(why, "no figure of fire-energy") != NULL, "%s", why);
}

/* Steps become so long that the pipeline's power is just the most that chips may draw. */
Test(mapping, power_is_kept_below_its_limit)
{
	struct spiking_net n = two_layers();
	struct chip_par chip = small_chip();
	struct mapping m;
	char why[200];
	chip.max_w = 1e3;
	cr_assert(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	double w = m.static_w + m.token_j / (m.steps * mapping_step_s(&m, 0));
	cr_expect(epsilon_eq(dbl, w, 2 * 1e3, 1e-6), "%g", w);
	chip.max_w = 1e9;
	cr_assert(mapping_make(&m, &chip, &n, 0, why, sizeof why));
	cr_expect_lt(mapping_step_s(&m, 0), 1e-3);
}

/* Each weight of a model is a synapse, but for those of the token embeddings, and a token makes
 * k operations of each that it uses (llm.h: parameters of the shape). */
Test(mapping, models_keep_their_weights, .init = read_catalogues, .fini = free_catalogues)
{
	static const char *const model[] = { "llama-3.1-8b", "llama-3.2-1b", "mixtral-8x7b",
		"deepseek-v3", "gpt-oss-20b", "gemma-3-12b", "qwen3-30b-a3b" };
	for (size_t i = 0; i < sizeof model / sizeof *model; i++) {
		const struct llm_par *p = row(&model_class, model[i])->par;
		struct spiking_net n = net_of_model(model[i], SPIKING_NATIVE);
		double all = llm_shape_parameters(p, 1), used = llm_shape_active_parameters(p, 1);
		cr_expect(epsilon_eq(dbl, spiking_synapses(&n) / all, 1, 1e-9), "%s", model[i]);
		cr_expect(
		    epsilon_eq(dbl, spiking_counts(&n).synops / used, 1, 1e-9), "%s", model[i]);
		cr_expect(epsilon_eq(dbl, spiking_k(&n), 1, 1e-9), "%s", model[i]);
	}
}

/* Llama 3.1 8B: 32 layers x 32 heads x 128 x 2 multiply-adds a token of context. Gemma 3 sees
 * 1024 tokens in five of six layers. */
Test(mapping, conversions_keep_attention, .init = read_catalogues, .fini = free_catalogues)
{
	struct spiking_net n = net_of_model("llama-3.1-8b", SPIKING_CONVERSION);
	cr_expect(epsilon_eq(dbl, spiking_context_synops(&n, 1), 32 * 32 * 128 * 2.0, 1e-6));
	cr_expect(epsilon_eq(dbl, spiking_context_synops(&n, 4000), 4000 * 262144.0, 1e-3));
	n = net_of_model("llama-3.1-8b", SPIKING_NATIVE);
	cr_expect_eq(spiking_context_synops(&n, 4000), 0);
	n = net_of_model("gemma-3-12b", SPIKING_CONVERSION);
	double full = spiking_context_synops(&n, 9000) - spiking_context_synops(&n, 8000);
	double both = spiking_context_synops(&n, 1000);
	const struct llm_par *p = row(&model_class, "gemma-3-12b")->par;
	double share = 1 - (double)p->window_layers / (double)p->layers;
	cr_expect(epsilon_eq(dbl, full / both, share, 1e-9));
}

/* An inference over a context takes the energy and the time of its attention too. */
Test(mapping, context_costs_energy_and_time, .init = read_catalogues, .fini = free_catalogues)
{
	struct spiking_net n = net_of_model("llama-3.2-1b", SPIKING_CONVERSION);
	const struct chip_par *chip = row(&chip_class, "loihi-2")->par;
	struct mapping m;
	char why[200];
	cr_assert(mapping_make(&m, chip, &n, 0, why, sizeof why), "%s", why);
	double more = mapping_token_j(&m, 1000) - mapping_token_j(&m, 0);
	cr_expect(
	    epsilon_eq(dbl, more / (spiking_context_synops(&n, 1000) * chip->synop_j), 1, 1e-9));
	double s = spiking_context_synops(&n, 1e6) * chip->synop_s / (m.cores * m.steps);
	cr_expect(epsilon_eq(dbl, (m.context_s * 1e6) / s, 1, 1e-9));
	cr_expect_gt(mapping_latency_s(&m, 1e6), mapping_latency_s(&m, 0));
}

/* Weights in 8 bits of 1.236e9 synapses (vocabulary x hidden once) over 192 KiB a core; a
 * single layer's rest of a core is not shared. TrueNorth's neurons drive 256 synapses. */
Test(mapping, a_small_model_takes_fifty_chips, .init = read_catalogues, .fini = free_catalogues)
{
	struct spiking_net n = net_of_model("llama-3.2-1b", SPIKING_CONVERSION);
	struct mapping m;
	char why[200];
	cr_assert(mapping_make(&m, row(&chip_class, "loihi-2")->par, &n, 0, why, sizeof why));
	double least = spiking_weight_bytes(&n) / 25.2e6;
	cr_expect_eq(m.chips, 50);
	cr_expect_geq(m.chips, least);
	cr_expect_lt(m.chips, least + 3);
	cr_assert(mapping_make(&m, row(&chip_class, "hala-point")->par, &n, 0, why, sizeof why));
	cr_expect_eq(m.chips, 1152);
	cr_expect_not(mapping_make(&m, row(&chip_class, "truenorth")->par, &n, 0, why, sizeof why));
	cr_expect(strstr(why, "truenorth at most 256") != NULL, "%s", why);
	cr_expect_not(mapping_make(&m, row(&chip_class, "akida")->par, &n, 0, why, sizeof why));
	cr_expect(strstr(why, "akida has no figure of static-power") != NULL, "%s", why);
}

/* The gestures of bench/spike_peers.h, from the shape of their net alone: the peer knows where
 * each spike goes. Its layers' rates are not known, so that spikes are too few by a quarter, and
 * messages with them. */
Test(mapping, a_whole_network_costs_about_what_a_peer_says, .init = read_catalogues,
    .fini = free_catalogues)
{
	const struct spike_peer *peer = &spike_peers[1];
	struct spiking_net n = spiking_net_of(row(&spiking_class, "dvs-gesture"));
	struct chip_par loihi = *(const struct chip_par *)row(&chip_class, "loihi-1")->par;
	struct mapping m;
	char why[200];
	loihi.synop_j = peer->chip.synop_j;
	loihi.synop_s = peer->chip.synop_s;
	cr_assert(mapping_make(&m, &loihi, &n, 0, why, sizeof why), "%s", why);
	cr_expect_eq(spiking_neurons(&n), 18678);
	cr_expect_eq(m.chips, 1);
	cr_expect(epsilon_eq(dbl, m.token.synops / peer->run.synops, 1, 1e-4));
	cr_expect(epsilon_eq(dbl, m.token_energy.synapse_j / peer->synapse_j, 1, 1e-3));
	cr_expect(epsilon_eq(dbl, m.token_energy.soma_j / peer->soma_j, 1, 0.01));
	cr_expect(epsilon_eq(dbl, m.token_energy.network_j / peer->network_j, 0.75, 0.02));
	cr_expect(epsilon_eq(dbl, m.token_j / peer->total_j, 1, 0.05));
	cr_expect(epsilon_eq(dbl, mapping_step_s(&m, 0) * peer->steps / peer->time_s, 1, 0.06));
}

/* Abreu et al. 2025, recalled: 370M parameters. The rows of data/spiking.xml hold together. */
Test(mapping, shipped_networks_have_their_size, .init = read_catalogues, .fini = free_catalogues)
{
	struct spiking_net n = spiking_net_of(row(&spiking_class, "matmul-free-370m"));
	cr_expect_eq(n.count, 9);
	cr_expect(epsilon_eq(dbl, spiking_synapses(&n) / 370e6, 1, 0.1));
	cr_expect_eq(spiking_depth(&n), 7 * 24 + 2);
	cr_expect_eq(spiking_context_synops(&n, 1000), 0);
	cr_expect_eq(spiking_k(&n), 1);
	n = spiking_net_of(row(&spiking_class, "spiking-brain-7b"));
	cr_expect(epsilon_eq(dbl, spiking_k(&n), 1.13, 1e-9)); /* Pan et al. 2025 */
	n = spiking_net_of(row(&spiking_class, "llama-3.2-1b-rate16"));
	cr_expect(epsilon_eq(dbl, spiking_k(&n), 1.6, 1e-9));
}

/* Bu et al. 2022, recalled: VGG-16 loses 23.32 points at T = 16, 5.82 at 32, 1.44 at 64. */
Test(mapping, accuracy_grows_with_the_steps)
{
	static const struct { int steps; double gap; } point[] = { { 16, 0.2332 }, { 32, 0.0582 },
		{ 64, 0.0144 } };
	struct spiking_par p = { .accuracy_frac = NAN, .gap16_frac = NAN, .gap_exponent = NAN };
	cr_expect_eq(spiking_accuracy_frac(&p, 0.7429), 0.7429); /* no law */
	p.gap16_frac = 0.2332;
	p.gap_exponent = 2;
	for (size_t i = 0; i < sizeof point / sizeof *point; i++) {
		p.steps = point[i].steps;
		double gap = 0.7429 - spiking_accuracy_frac(&p, 0.7429);
		cr_expect(epsilon_eq(dbl, gap, point[i].gap, 5e-4), "T = %d", point[i].steps);
	}
	p.steps = 1;
	cr_expect_eq(spiking_accuracy_frac(&p, 0.7429), 0);
	p.accuracy_frac = 0.9;
	cr_expect_eq(spiking_accuracy_frac(&p, 0.7429), 0.9);
}
