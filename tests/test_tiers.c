/* Cascades and quality routing: what is drawn, where it goes, and what came of whole runs. */
#include "tests/unit.h"

#include <math.h>

#include "models/control/router.h"
#include "models/control/tiers.h"
#include "models/site/world_state.h"
#include "tests/world_bed.h"

#define OUT ORIGIN_OUTSIDE

static struct pcg64 stream(void)
{
	return rng_stream(1, 0, rng_entity("tiers"), RNG_TIERS);
}

/* Who is drawn at a share is drawn at every larger one, and neither share moves the other's. */
Test(tiers, draws_are_common_to_all_shares)
{
	enum { N = 20011 };
	const struct tiers_par none = { .large_frac = NAN, .escalate_frac = NAN };
	const struct tiers_par some = { .large_frac = 0.3, .escalate_frac = 0.2 };
	const struct tiers_par more = { .large_frac = 0.3, .escalate_frac = 0.4 };
	struct pcg64 a = stream(), b = a, c = a;
	int large = 0, less = 0, often = 0;
	for (int i = 0; i < N; i++) {
		struct tiers_draw x = tiers_draw(&none, &a), y = tiers_draw(&some, &b);
		struct tiers_draw z = tiers_draw(&more, &c);
		cr_assert(x.first == TIER_SMALL && !x.insufficient);
		cr_assert_eq(y.first, z.first);
		cr_assert(z.insufficient || !y.insufficient);
		large += y.first == TIER_LARGE;
		less += y.insufficient;
		often += z.insufficient;
	}
	/* four standard errors of a share of N */
	cr_expect_lt(fabs(large - 0.3 * N), 4 * sqrt(N * 0.3 * 0.7));
	cr_expect_lt(fabs(less - 0.2 * N), 4 * sqrt(N * 0.2 * 0.8));
	cr_expect_lt(fabs(often - 0.4 * N), 4 * sqrt(N * 0.4 * 0.6));
}

/* MMLU of Llama 3.1 8B and 70B: 69.4 and 83.6 %. A quarter of strong calls: half of the gap
 * with the router of Ong et al. 2024, table 4, and a quarter where they are picked blindly. */
Test(tiers, a_score_follows_the_share_or_what_was_measured)
{
	const struct tiers_par blind = { .gap_frac = NAN }, measured = { .gap_frac = 0.5 };
	cr_expect(epsilon_eq(dbl, tiers_score(&blind, 0.694, 0.836, 0.25), 0.7295, 1e-15));
	cr_expect(epsilon_eq(dbl, tiers_score(&measured, 0.694, 0.836, 0.25), 0.765, 1e-15));
}

static uint32_t send_to(struct router *r, uint32_t origin, int32_t prompt, enum model_tier tier)
{
	struct request q = { .prompt_tokens = prompt, .output_tokens = 13, .origin = origin };
	uint32_t node = router_send_tier(r, &q, tier);
	cr_expect_eq(router_fits(r, &q, tier), node != ROUTER_NONE);
	if (node != ROUTER_NONE) router_answered(r, node, &q);
	return node;
}

/* Homes 2 and 7 have small models, home 9 and a data centre large ones. */
static const struct router_node mixed[] = {
	{ 2, 1000, .tier = TIER_SMALL },
	{ 7, 5000, .tier = TIER_SMALL },
	{ 9, 2000, .tier = TIER_LARGE },
	{ OUT, 9000, .tier = TIER_LARGE },
};

Test(tiers, each_rule_keeps_to_the_tier)
{
	static const struct {
		enum routing routing;
		uint32_t home;
		int32_t prompt;
		uint32_t small, large; /* nodes */
	} row[] = {
		{ ROUTING_NEAREST, 3, 100, 0, 2 },
		{ ROUTING_NEAREST, 9, 100, 1, 2 },
		{ ROUTING_NEAREST, 3, 2000, 1, 3 },
		{ ROUTING_NEAREST, 3, 5000, ROUTER_NONE, 3 },
		{ ROUTING_SPILL, 9, 100, 1, 2 },
		{ ROUTING_CLOUD, 3, 100, 0, 3 },
		{ ROUTING_LEAST_LOADED, 3, 100, 0, 2 },
		{ ROUTING_PREFIX, 3, 100, 0, 2 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const struct policy_par p = { .routing = row[i].routing, .spill_above = 3,
			.prefix_bound = 1.25 };
		struct router *r = router_new(&p, mixed, 4, 11);
		uint32_t small = send_to(r, row[i].home, row[i].prompt, TIER_SMALL);
		uint32_t large = send_to(r, row[i].home, row[i].prompt, TIER_LARGE);
		cr_expect_eq(small, row[i].small, "%zu: %u", i, small);
		cr_expect_eq(large, row[i].large, "%zu: %u", i, large);
		router_free(r);
	}
}

/* Blocks that a large model has computed are of no use to a small one. */
Test(tiers, a_prefix_is_remembered_by_tier)
{
	static const uint64_t ids[] = { 11, 12 };
	static const struct router_node node[] = { { OUT, 9e3, .tier = TIER_SMALL },
		{ OUT, 9e3, .tier = TIER_SMALL }, { OUT, 9e3, .tier = TIER_LARGE },
		{ OUT, 9e3, .tier = TIER_LARGE } };
	static const struct {
		enum model_tier tier;
		uint32_t node;
	} want[] = { { TIER_SMALL, 0 }, { TIER_LARGE, 2 }, { TIER_SMALL, 0 }, { TIER_LARGE, 2 } };
	const struct policy_par p = { .routing = ROUTING_PREFIX, .prefix_bound = 1.25 };
	const struct request q = { .prompt_tokens = 100, .output_tokens = 13, .origin = OUT,
		.prefix_count = 2 };
	struct router *r = router_new(&p, node, 4, 0);
	router_share_prefixes(r, ids);
	for (int i = 0; i < 4; i++) {
		uint32_t got = router_send_tier(r, &q, want[i].tier);
		cr_expect_eq(got, want[i].node, "%d: %u", i, got);
		router_answered(r, got, &q);
	}
	router_free(r);
}

/* ---- whole runs ---- */

#define TIME(duration) "<time start='2024-11-13T12:00+01:00' duration='" duration "'/>"
#define SMALL(more)                                                                                \
	"<datacentre name='near'><node device='rtx-4090' model='llama-3.1-8b' weights='q4' " more  \
	"/></datacentre>"
#define LARGE(more)                                                                                \
	"<datacentre name='far'><node device='h100-sxm' model='llama-3.1-70b' weights='fp8' "      \
	"tensor-parallel='2' " more "/></datacentre>"
#define SCENARIO(parts) "<scenario name='test'>" parts "</scenario>"

/* One client, so that every request is alone: 100 and 50 tokens, 400 times. */
#define ALONE(tiers)                                                                               \
	SCENARIO("<time start='2024-11-13T12:00+01:00'/>" SMALL("") LARGE("")                      \
	    "<workload concurrency='1' requests='400' prompt='100 tokens' output='50 tokens'/>"    \
	    "<policy><tiers " tiers "/></policy>")

static double energy_j(const char *xml)
{
	struct world_bed b;
	world_bed_run(&b, xml, 3);
	size_t n = (size_t)world_bed_metric(&b, "service.requests");
	const float *e = ds_data(ds_find(b.d, "requests"), "energy", DS_F32);
	double sum = 0;
	cr_assert_eq(world_bed_metric(&b, "service.done"), 400);
	for (size_t i = 0; i < n; i++) sum += (double)e[i];
	world_bed_free(&b);
	return sum / (double)n;
}

/* E_small + p E_large against the runs of either tier alone; the break-even share that a
 * cascade reports is where its own energy meets that of the large tier. */
Test(tiers, a_cascade_pays_up_to_the_break_even_share)
{
	double small_j = energy_j(ALONE("large-share='0'"));
	double large_j = energy_j(ALONE("large-share='1'"));
	struct world_bed b;
	world_bed_run(&b, ALONE("escalate='0.3'"), 3);
	double p = world_bed_metric(&b, "tiers.insufficient_frac");
	double even = world_bed_metric(&b, "tiers.break_even_frac");
	double thrown_j = world_bed_metric(&b, "tiers.thrown_away_j");
	double cascade_j = energy_j(ALONE("escalate='0.3'"));
	cr_expect(p > 0.2 && p < 0.4, "%g", p);
	cr_expect(epsilon_eq(dbl, cascade_j, small_j + p * large_j, 0.01 * cascade_j));
	cr_expect(epsilon_eq(dbl, even, 1 - small_j / large_j, 0.01));
	cr_expect(epsilon_eq(dbl, thrown_j, 400 * p * small_j, 0.01 * thrown_j));
	world_bed_free(&b);
	double all_j = energy_j(ALONE("escalate='1'"));
	double per_share_j = all_j - small_j; /* the line through p = 0 and 1 */
	cr_expect(epsilon_eq(dbl, (large_j - small_j) / per_share_j, even, 0.01));
}

/* Two small models and a large one, at 2 requests a second. */
#define BUSY(tiers)                                                                                \
	SCENARIO(TIME("20 min") SMALL("count='2'") LARGE("")                                       \
	    "<workload rate='2 1/s' prompt='uniform(20, 900) tokens' output='uniform(30, 300) "    \
	    "tokens'/><policy routing='least-loaded'><tiers " tiers "/></policy>")

Test(tiers, ledgers_hold_both_answers)
{
	struct world_bed b;
	world_bed_run(&b, BUSY("escalate='0.4' large-share='0.1' judge-tokens='3'"), 5);
	double device_j = world_bed_metric(&b, "energy.device_j");
	double node_j = world_bed_metric(&b, "energy.node_j");
	cr_expect(world_bed_passed(&b, "ledger_residual"));
	cr_expect(epsilon_eq(dbl, device_j,
	    world_bed_metric(&b, "tiers.small_device_j") +
		world_bed_metric(&b, "tiers.large_device_j"),
	    1e-9 * device_j));
	cr_expect(epsilon_eq(dbl, node_j,
	    world_bed_metric(&b, "tiers.small_node_j") +
		world_bed_metric(&b, "tiers.large_node_j"),
	    1e-9 * node_j));
	double done = world_bed_metric(&b, "tiers.small_requests") +
	    world_bed_metric(&b, "tiers.large_requests") +
	    world_bed_metric(&b, "tiers.escalated_requests");
	cr_expect_eq(done, world_bed_metric(&b, "service.done"));
	/* every answer, thrown away or not, was worked for: no more than the boards used */
	double work_j = world_bed_metric(&b, "tiers.thrown_away_j") /
	    world_bed_metric(&b, "tiers.thrown_away_frac");
	cr_expect(work_j > 0.3 * device_j && work_j < device_j);
	world_bed_free(&b);
}

/* Policies under one seed: who is sent to the large tier at 10 % is so at 30 %, and the
 * requests are the same. */
Test(tiers, policies_under_one_seed_meet_the_same_requests)
{
	struct world_bed a, b;
	world_bed_run(&a, BUSY("large-share='0.1'"), 5);
	world_bed_run(&b, BUSY("large-share='0.3'"), 5);
	const int8_t *x = ds_data(ds_find(a.d, "requests"), "tier", DS_I8);
	const int8_t *y = ds_data(ds_find(b.d, "requests"), "tier", DS_I8);
	size_t n = ds_rows(ds_find(a.d, "requests"), "tier"), fewer = 0, more = 0;
	cr_assert_eq(ds_rows(ds_find(b.d, "requests"), "tier"), n);
	for (size_t i = 0; i < n; i++) {
		cr_expect_eq(a.world->work->request[i].sent_ns, b.world->work->request[i].sent_ns);
		cr_expect(x[i] != TIER_LARGE || y[i] == TIER_LARGE);
		fewer += x[i] == TIER_LARGE;
		more += y[i] == TIER_LARGE;
	}
	cr_expect_lt(fewer, more);
	world_bed_free(&a);
	world_bed_free(&b);
}

/* The user of a cascade waits for the small model's whole answer before the large one begins. */
Test(tiers, who_is_escalated_waits_twice)
{
	struct world_bed b;
	world_bed_run(&b, BUSY("escalate='0.3'"), 5);
	double small_s = world_bed_metric(&b, "tiers.small_e2e_s.p50");
	cr_expect_gt(world_bed_metric(&b, "tiers.escalated_ttft_s.p50"), 0.5 * small_s);
	cr_expect_gt(world_bed_metric(&b, "tiers.escalated_e2e_s.p50"), 1.5 * small_s);
	cr_expect_lt(world_bed_metric(&b, "tiers.small_ttft_s.p50"), 0.1 * small_s);
	world_bed_free(&b);
}

/* A closed loop's client waits for the answer that counts; prompts of the large tier are
 * computed on one node and decoded on another. */
Test(tiers, clients_wait_and_caches_are_handed_over_within_a_tier)
{
	struct world_bed b;
	world_bed_run(&b,
	    SCENARIO(TIME("1 h") SMALL("")
		"<datacentre name='far'><node device='h100-sxm' model='llama-3.1-70b' weights='fp8' "
		"tensor-parallel='2' role='prefill'/><node device='h100-sxm' model='llama-3.1-70b' "
		"weights='fp8' tensor-parallel='2' role='decode'/></datacentre>"
		"<workload concurrency='3' requests='211' think='0.5 s' prompt='uniform(20, 900) "
		"tokens' output='uniform(30, 300) tokens'/><policy><tiers escalate='0.5' "
		"judge-tokens='7' first-answer='held'/></policy>"),
	    5);
	double again = world_bed_metric(&b, "tiers.escalated_requests");
	cr_expect_eq(world_bed_metric(&b, "service.done"), 211);
	cr_expect_eq(world_bed_metric(&b, "tiers.judged"), 211);
	cr_expect_gt(again, 70);
	cr_expect_eq(world_bed_metric(&b, "service.handovers"), again);
	world_bed_free(&b);
}
