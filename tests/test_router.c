#include "tests/unit.h"

#include "models/compute/link.h"
#include "models/control/affinity.h"
#include "models/control/router.h"

#define OUT ORIGIN_OUTSIDE

static const struct policy_par nearest = { ROUTING_NEAREST, DISPATCH_NONE, 3 };
static const struct policy_par least = { ROUTING_LEAST_LOADED, DISPATCH_NONE, 3 };
static const struct policy_par spill = { ROUTING_SPILL, DISPATCH_NONE, 3 };
static const struct policy_par cloud = { ROUTING_CLOUD, DISPATCH_NONE, 3 };

/* Homes 2 and 7 of 11 have a node (7 a larger one); two nodes stand in a data centre. */
static const struct router_node street[] = { { 2, 1000 }, { 7, 5000 }, { OUT, 9000 }, { OUT, 9000 } };

static struct request ask(uint32_t origin, int32_t prompt)
{
	return (struct request){ .prompt_tokens = prompt, .output_tokens = 13, .origin = origin };
}

static uint32_t send(struct router *r, uint32_t origin, int32_t prompt)
{
	struct request q = ask(origin, prompt);
	return router_send(r, &q);
}

Test(router, nearest_walks_the_street)
{
	static const struct { uint32_t home; int32_t prompt; uint32_t node; } want[] = {
		{ 0, 100, 0 }, { 2, 100, 0 }, { 4, 100, 0 }, { 5, 100, 1 }, { 7, 100, 1 }, { 10, 100, 1 },
		{ 2, 988, 1 }, /* 988 + 13 > 1000: the own node is too small */
	};
	struct router *r = router_new(&nearest, street, 4, 11);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		cr_expect_eq(send(r, want[i].home, want[i].prompt), want[i].node, "home %u", want[i].home);
	cr_expect_eq(send(r, 2, 5000), 2, "too large for any home: the data centre");
	cr_expect_eq(send(r, OUT, 100), 3, "a client elsewhere: the data centre's other node");
	router_free(r);
}

Test(router, equal_homes_at_equal_distance_give_the_lower)
{
	static const struct router_node two[] = { { 3, 1000 }, { 7, 1000 } };
	struct router *r = router_new(&nearest, two, 2, 11);
	cr_expect_eq(send(r, 5, 10), 0);
	router_free(r);
}

Test(router, least_loaded_shares_by_tokens_and_goes_round_among_equals)
{
	static const struct router_node four[] = { { OUT, 9e3 }, { OUT, 9e3 }, { OUT, 9e3 }, { OUT, 9e3 } };
	struct router *r = router_new(&least, four, 4, 0);
	for (uint32_t i = 0; i < 4; i++) cr_expect_eq(send(r, OUT, 100), i);
	struct request q = ask(OUT, 100);
	router_answered(r, 2, &q);
	cr_expect_eq(send(r, OUT, 500), 2);
	cr_expect_eq(router_outstanding_tokens(r, 2), 513);
	cr_expect_eq(send(r, OUT, 100), 0, "longest without a request");
	router_free(r);
}

/* Against a search through all nodes, over a random history. */
Test(router, least_loaded_agrees_with_a_search)
{
	enum { N = 37, STEPS = 20000 };
	struct router_node node[N];
	for (uint32_t i = 0; i < N; i++) node[i] = (struct router_node){ OUT, 1000.0 * (1 + i % 3) };
	struct router *r = router_new(&least, node, N, 0);
	static struct request queue[STEPS];
	static uint32_t where[STEPS];
	struct pcg64 g = rng_stream(1, 0, rng_entity("router"), RNG_TEST);
	size_t head = 0, tail = 0;
	for (int k = 0; k < STEPS; k++) {
		struct request q = ask(OUT, 1 + (int32_t)(3200 * pcg64_unit(&g)));
		double tokens = q.prompt_tokens + q.output_tokens, best = INFINITY;
		for (uint32_t i = 0; i < N; i++)
			if (node[i].capacity_tokens >= tokens)
				best = fmin(best, router_outstanding_tokens(r, i));
		double before[N];
		for (uint32_t i = 0; i < N; i++) before[i] = router_outstanding_tokens(r, i);
		uint32_t got = router_send(r, &q);
		if (got == ROUTER_NONE) {
			cr_assert(isinf(best));
			continue;
		}
		cr_assert_eq(before[got], best);
		queue[tail] = q, where[tail++] = got;
		while (head < tail && pcg64_unit(&g) < 0.5) router_answered(r, where[head], &queue[head]), head++;
	}
	router_free(r);
}

Test(router, spills_when_the_near_node_is_busy)
{
	struct router *r = router_new(&spill, street, 4, 11);
	for (int i = 0; i < 3; i++) cr_expect_eq(send(r, 2, 10), 0);
	cr_expect_eq(send(r, 2, 10), 2);
	cr_expect_eq(send(r, 7, 10), 1);
	struct request q = ask(2, 10);
	router_answered(r, 0, &q);
	cr_expect_eq(send(r, 2, 10), 0);
	router_free(r);
}

Test(router, spill_without_a_data_centre_stays_near)
{
	struct router *r = router_new(&spill, street, 2, 11);
	for (int i = 0; i < 5; i++) cr_expect_eq(send(r, 2, 10), 0);
	router_free(r);
}

Test(router, cloud_only_leaves_homes_alone)
{
	struct router *r = router_new(&cloud, street, 4, 11);
	cr_expect_eq(send(r, 2, 10), 2);
	cr_expect_eq(send(r, 7, 10), 3);
	router_free(r);
}

Test(router, refuses_what_no_node_can_hold)
{
	struct router *r = router_new(&least, street, 4, 11);
	cr_expect_eq(send(r, 2, 8988), ROUTER_NONE);
	cr_expect_eq(send(r, 2, 8987), 2);
	router_free(r);
}

/* Centre 0: two prefill and two decode nodes; centre 1: a small prefill node, a large
 * decode node. */
static const struct router_node split[] = {
	{ OUT, 200, NODE_PREFILL, 0 }, { OUT, 200, NODE_PREFILL, 0 }, { OUT, 700, NODE_DECODE, 0 },
	{ OUT, 700, NODE_DECODE, 0 }, { OUT, 100, NODE_PREFILL, 1 }, { OUT, 900, NODE_DECODE, 1 },
};

/* Prompts of 83 tokens count 84 while they prefill and 12 while they decode. */
Test(router, counts_each_part_where_it_is_computed)
{
	struct router *r = router_new(&least, split, 4, 0);
	struct request q = ask(OUT, 83);
	cr_expect_eq(router_send(r, &q), 0);
	cr_expect_eq(router_send(r, &q), 1);
	cr_expect_eq(router_outstanding_tokens(r, 0), 84);
	cr_expect_eq(router_hand_over(r, 0, &q), 2);
	cr_expect_eq(router_outstanding_tokens(r, 0), 0);
	cr_expect_eq(router_outstanding_tokens(r, 2), 12);
	cr_expect_eq(router_hand_over(r, 1, &q), 3, "the other one is busy");
	router_answered(r, 3, &q);
	cr_expect_eq(router_outstanding_requests(r, 3), 0);
	cr_expect_eq(router_outstanding_tokens(r, 3), 0);
	router_free(r);
}

Test(router, hands_over_inside_a_data_centre)
{
	struct router *r = router_new(&least, split, 6, 0);
	struct request q = ask(OUT, 83);
	for (uint32_t i = 0; i < 2; i++) cr_expect_eq(router_send(r, &q), i);
	cr_expect_eq(router_send(r, &q), 4);
	cr_expect_eq(router_hand_over(r, 4, &q), 5);
	cr_expect_eq(router_send(r, &q), 4);
	cr_expect_eq(router_hand_over(r, 4, &q), 5);
	router_free(r);
}

/* A prefill node must hold the prompt and its first token, a decode node all of it:
 * 199 + 1 tokens fill 200, 687 + 13 fill 700. */
Test(router, sends_to_a_prefill_node_what_both_ends_can_hold)
{
	static const struct router_node small[] = {
		{ OUT, 800, NODE_PREFILL, 0 }, { OUT, 700, NODE_DECODE, 0 } };
	struct router *r = router_new(&least, split, 4, 0);
	cr_expect_eq(send(r, OUT, 199), 0);
	cr_expect_eq(send(r, OUT, 200), ROUTER_NONE);
	router_free(r);
	r = router_new(&least, small, 2, 0);
	cr_expect_eq(send(r, OUT, 687), 0);
	cr_expect_eq(send(r, OUT, 688), ROUTER_NONE);
	struct request one = { .prompt_tokens = 799, .output_tokens = 1, .origin = OUT };
	cr_expect_eq(router_send(r, &one), 0, "no decode node is needed");
	router_free(r);
}

Test(router, spills_to_prefill_nodes)
{
	static const struct router_node node[] = {
		{ 0, 700 }, { OUT, 200, NODE_PREFILL, 0 }, { OUT, 700, NODE_DECODE, 0 } };
	struct router *r = router_new(&spill, node, 3, 1);
	for (int i = 0; i < 3; i++) cr_expect_eq(send(r, 0, 10), 0);
	cr_expect_eq(send(r, 0, 10), 1);
	cr_expect_eq(send(r, 0, 300), 0, "too long a prompt for the prefill node");
	router_free(r);
}

/* ---- prefixes ---- */

static const struct policy_par prefix = { ROUTING_PREFIX, DISPATCH_NONE, 3, 1.25 };

/* Blocks of three conversations: 11 12 13, 21 22, 99. */
static const uint64_t ids[] = { 11, 12, 13, 21, 22, 99 };

static struct request with_prefix(uint32_t first, uint32_t count)
{
	return (struct request){ .prompt_tokens = 100, .output_tokens = 13, .origin = OUT,
		.prefix_first = first, .prefix_count = count };
}

static uint32_t send_prefix(struct router *r, uint32_t first, uint32_t count)
{
	struct request q = with_prefix(first, count);
	uint32_t node = router_send(r, &q);
	router_answered(r, node, &q);
	return node;
}

/* Among idle nodes: new conversations go round, those that go on stay. */
Test(router, a_conversation_stays_where_its_prefix_is)
{
	static const struct router_node three[] = { { OUT, 9e3 }, { OUT, 9e3 }, { OUT, 9e3 } };
	struct router *r = router_new(&prefix, three, 3, 0);
	router_share_prefixes(r, ids);
	cr_expect_eq(send_prefix(r, 0, 2), 0, "11 12 is new");
	cr_expect_eq(send_prefix(r, 3, 1), 1, "21 is new");
	cr_expect_eq(send_prefix(r, 0, 3), 0, "11 12 13 goes on");
	cr_expect_eq(send_prefix(r, 3, 2), 1, "21 22 goes on");
	cr_expect_eq(send_prefix(r, 5, 1), 2, "99 is new");
	router_free(r);
}

/* 1.25 times the mean, rounded up: one, one, two and two requests when the first to
 * the fourth come to three nodes. */
Test(router, a_busy_node_is_not_sent_a_prompt_for_its_prefix)
{
	static const struct router_node three[] = { { OUT, 9e3 }, { OUT, 9e3 }, { OUT, 9e3 } };
	static const uint32_t want[] = { 0, 1, 1, 2 };
	struct router *r = router_new(&prefix, three, 3, 0);
	struct request q = with_prefix(0, 3);
	router_share_prefixes(r, ids);
	for (int i = 0; i < 4; i++) cr_expect_eq(router_send(r, &q), want[i], "request %d", i);
	router_free(r);
}

/* Node 1, with the prefix, holds 113 tokens but not 114. */
Test(router, a_prefix_is_no_reason_where_the_rest_does_not_fit)
{
	static const struct router_node two[] = { { OUT, 9e3 }, { OUT, 113 } };
	struct router *r = router_new(&prefix, two, 2, 0);
	struct request other = ask(OUT, 300), long_one = with_prefix(0, 3);
	router_share_prefixes(r, ids);
	cr_expect_eq(router_send(r, &other), 0);
	cr_expect_eq(send_prefix(r, 0, 2), 1);
	cr_expect_eq(send_prefix(r, 0, 3), 1);
	long_one.prompt_tokens++;
	cr_expect_eq(router_send(r, &long_one), 0);
	router_free(r);
}

Test(router, prefixes_are_kept_by_those_who_compute_prompts)
{
	struct router *r = router_new(&prefix, split, 4, 0);
	struct request q = with_prefix(0, 2);
	router_share_prefixes(r, ids);
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(router_send(r, &q), 0);
		router_answered(r, router_hand_over(r, 0, &q), &q);
	}
	router_free(r);
}

Test(affinity, forgets_what_a_cache_has_no_room_for)
{
	struct affinity *a = affinity_new(2);
	static const uint64_t id[] = { 11, 12, 13 };
	affinity_capacity(a, 1, 250);
	for (uint32_t i = 0; i < 3; i++) affinity_note(a, 1, 100, &id[i], 1);
	affinity_note(a, 1, 50, NULL, 0);
	cr_expect_eq(affinity_find(a, &id[0], 1), 1, "250 tokens since");
	affinity_note(a, 1, 1, NULL, 0);
	cr_expect_eq(affinity_find(a, &id[0], 1), AFFINITY_NONE, "251 tokens since");
	cr_expect_eq(affinity_find(a, id, 2), 1, "the deeper one came later");
	affinity_free(a);
}

/* Against a list of all ids, while the table is cleared out again and again: two
 * nodes hold 3700 and 1100 of 30 000 blocks of 7 tokens. */
Test(affinity, agrees_with_a_list)
{
	enum { IDS = 30000, STEPS = 90000 };
	static struct { uint32_t node; double at; } list[IDS];
	const double capacity[] = { 3700 * 7, 1100 * 7 };
	double sent[2] = { 0, 0 };
	struct affinity *a = affinity_new(2);
	struct pcg64 g = rng_stream(1, 0, rng_entity("affinity"), RNG_TEST);
	for (uint32_t i = 0; i < 2; i++) affinity_capacity(a, i, capacity[i]);
	for (int i = 0; i < IDS; i++) list[i].at = -INFINITY;
	for (int k = 0; k < STEPS; k++) {
		uint64_t id = (uint64_t)(IDS * pcg64_unit(&g)), look = (uint64_t)(IDS * pcg64_unit(&g));
		uint32_t node = pcg64_unit(&g) < 0.3;
		uint64_t spread = id << 32;
		affinity_note(a, node, 7, &spread, 1);
		sent[node] += 7;
		list[id].node = node, list[id].at = sent[node];
		uint32_t at = list[look].node, want = AFFINITY_NONE;
		if (sent[at] - list[look].at <= capacity[at]) want = at;
		spread = look << 32;
		cr_assert_eq(affinity_find(a, &spread, 1), want, "step %d", k);
	}
	affinity_free(a);
}

Test(link, delay_is_latency_plus_transfer)
{
	const struct link_par l = { LINK_HOME_CLOUD, 0.013, 2e6, 5e6 };
	cr_expect(epsilon_eq(dbl, link_up_s(&l, 3000), 0.0145, 1e-15));
	cr_expect(epsilon_eq(dbl, link_down_s(&l, 3000), 0.0136, 1e-15));
}
