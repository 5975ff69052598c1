/* Two nodes, a small model in home 1 and a large one in a data centre, by hand. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/compute/link.h"
#include "models/compute/node.h"
#include "models/site/datacentre.h"
#include "models/site/homes.h"
#include "models/site/marginal.h"
#include "models/site/pool.h"
#include "models/site/scenario.h"
#include "models/site/score.h"
#include "tests/rig.h"

enum { MANY = 7, HOMES = 3 };
static const int64_t ms = 1000000;

/* Three tokens up, one down: 27 and 19 ms at home, 17 and 15 ms to the data centre. */
static const struct link_par links[LINK_KINDS] = {
	[LINK_HOME] = { LINK_HOME, 3e-3, 1000, 500 },
	[LINK_HOME_HOME] = { LINK_HOME_HOME, 7e-3, 2000, 1000 },
	[LINK_HOME_CLOUD] = { LINK_HOME_CLOUD, 11e-3, 4000, 2000 },
	[LINK_OUTSIDE_HOME] = { LINK_OUTSIDE_HOME, 13e-3, 8000, 4000 },
	[LINK_OUTSIDE_CLOUD] = { LINK_OUTSIDE_CLOUD, 17e-3, 16000, 8000 },
};
static const int64_t home_up = 27000000, home_down = 19000000;
static const int64_t cloud_up = 17000000, cloud_down = 15000000;

/* A prompt of 3 tokens takes 11.648 ms on rig_toy, 3 more tokens 13.248 ms
 * (tests/test_server.c has the sums), and two more 4096 + 64 x 7 and 4096 + 64 x 8 us. */
static const int64_t first_ns = 11648000, rest_ns = 13248000, judge_ns = 9152000;
static const double busy_w = 135, idle_w = 100; /* of the board */

struct bed {
	struct rig small, large;
	struct link_par link[LINK_KINDS];
	struct policy_par policy_par;
	struct tiers_par par;
	struct err_pos pos[16];
	struct object scenario, links[LINK_KINDS], policy, tiers, homes, home_node, centre, node;
	struct err_list *e;
	struct sim *sim;
	struct pool *pool;
	struct request request[MANY];
	uint32_t requests;
};

static void join(struct bed *b)
{
	b->scenario = (struct object){ .cls = &scenario_class, .child = b->links };
	for (int k = 0; k < LINK_KINDS; k++) {
		b->link[k] = links[k];
		b->links[k] = (struct object){ .cls = &link_class, .par = &b->link[k],
			.parent = &b->scenario,
			.next = k + 1 < LINK_KINDS ? &b->links[k + 1] : &b->policy };
	}
	b->policy = (struct object){ .cls = &policy_class, .par = &b->policy_par,
		.parent = &b->scenario, .child = &b->tiers, .next = &b->homes };
	b->tiers = (struct object){ .cls = &tiers_class, .par = &b->par, .parent = &b->policy,
		.attr_pos = b->pos };
	b->homes = (struct object){ .cls = &homes_class, .parent = &b->scenario,
		.child = &b->home_node, .next = &b->centre };
	b->home_node = (struct object){ .cls = &node_class, .par = &b->small.node,
		.parent = &b->homes };
	b->centre = (struct object){ .cls = &datacentre_class, .parent = &b->scenario,
		.child = &b->node };
	b->node = (struct object){ .cls = &node_class, .par = &b->large.node, .parent = &b->centre };
}

/* Caches of 160 tokens; the large model is told by its parameters. */
static void bed_make(struct bed *b, double escalate, double large)
{
	*b = (struct bed){ .policy_par = { .routing = ROUTING_NEAREST, .spill_above = 7 },
		.par = { .large_frac = large, .escalate_frac = escalate, .gap_frac = NAN } };
	join(b);
	rig_toy(&b->small);
	b->small.engine.memory_frac = 1;
	b->small.device.memory_bytes = 2 * 2048 + 160 * 64; /* fp16 weights; K and V of 16 numbers */
	rig_toy(&b->large);
	b->large.engine.memory_frac = 1;
	b->large.model.parameters = 4096;
	b->large.device.memory_bytes = 2 * 4096 + 160 * 64;
	b->e = err_new();
	b->sim = sim_new();
	b->pool = pool_new(b->sim, &b->scenario, &b->policy_par);
	pool_add(b->pool, &b->home_node, (struct pool_place){ .home = 1 });
	pool_add(b->pool, &b->node, (struct pool_place){ .home = ORIGIN_OUTSIDE });
}

static void bed_ask(struct bed *b, int64_t sent_ns, int prompt, int output)
{
	b->request[b->requests++] = (struct request){ .sent_ns = sent_ns,
		.prompt_tokens = prompt, .output_tokens = output, .origin = 1 };
}

static void bed_open(struct bed *b)
{
	pool_make_tiers(b->pool, &b->scenario, 1, b->e);
	cr_assert_eq(err_count(b->e), 0);
	pool_open(b->pool, b->request, b->requests, HOMES, 8);
}

static void bed_run(struct bed *b)
{
	bed_open(b);
	sim_run(b->sim, INT64_MAX);
}

static void bed_free(struct bed *b)
{
	pool_free(b->pool);
	sim_free(b->sim);
	err_free(b->e);
}

/* Delays are rounded to nanoseconds each, iterations are rounded up. */
static bool near_ns(int64_t t_ns, int64_t want_ns)
{
	return llabs(t_ns - want_ns) <= 5;
}

static double metric(const struct bed *b, const char *key)
{
	struct dataset *d = ds_new();
	struct ds_metric m;
	pool_export(b->pool, d);
	cr_assert(ds_metric_find(d, key, &m), "%s", key);
	double value = m.value;
	ds_free(d);
	return value;
}

/* Both work in turn; the user gets the second answer, and the energy of both is there. */
Test(cascade, an_insufficient_answer_is_given_again)
{
	struct bed b;
	bed_make(&b, 1, NAN);
	bed_ask(&b, 71 * ms, 3, 4);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	int64_t known_ns = 71 * ms + home_up + first_ns + rest_ns + home_down;
	int64_t there_ns = known_ns + cloud_up;
	double try_j = busy_w * (double)(first_ns + rest_ns) * 1e-9;
	cr_expect_eq(o->status, REQUEST_DONE);
	cr_expect_eq(o->first_node, 1);
	cr_expect_eq(o->node, 1);
	cr_expect(near_ns(o->first_ns, there_ns + first_ns + cloud_down), "%ld", (long)o->first_ns);
	cr_expect(near_ns(o->done_ns, there_ns + first_ns + rest_ns + cloud_down));
	cr_expect(epsilon_eq(dbl, o->energy_j, 2 * try_j, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(&b, "tiers.thrown_away_j"), try_j, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(&b, "tiers.thrown_away_frac"), 0.5, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(&b, "tiers.large_answer_j"), try_j, 1e-9));
	cr_expect_eq(metric(&b, "tiers.escalated_requests"), 1);
	cr_expect_eq(metric(&b, "tiers.small_requests"), 0);
	bed_free(&b);
}

/* What was thrown away is in the meters as all work is: boards that rest and work, hosts. */
Test(cascade, the_meters_have_what_was_thrown_away)
{
	struct bed b;
	double home_node_j[HOMES];
	struct pool_energy centre[1];
	struct pool_reading r = { .home_node_j = home_node_j, .centre = centre };
	bed_make(&b, 1, NAN);
	for (int i = 0; i < MANY; i++) bed_ask(&b, 211 * i * ms, 3, 4);
	bed_open(&b);
	sim_run(b.sim, 2000 * ms);
	pool_meter(b.pool, HOMES, 1, &r);
	double work_s = MANY * (double)(first_ns + rest_ns) * 1e-9;
	double device_j = idle_w * 2 + (busy_w - idle_w) * work_s;
	cr_expect(epsilon_eq(dbl, r.homes.device_j, device_j, 1e-9));
	cr_expect(epsilon_eq(dbl, centre[0].device_j, device_j, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(&b, "tiers.small_device_j"), device_j, 1e-9));
	cr_expect(epsilon_eq(dbl, metric(&b, "tiers.large_node_j"), centre[0].node_j, 1e-9));
	bed_free(&b);
}

/* The judge writes two tokens behind each answer of the small model, and none behind others;
 * held back, an accepted answer comes at once. */
Test(cascade, judging_takes_time_and_an_answer_may_be_held_until_then)
{
	static const struct {
		double escalate;
		enum first_answer shown;
	} row[] = { { 0, FIRST_STREAMED }, { 0, FIRST_HELD }, { 1, FIRST_HELD } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bed b;
		bed_make(&b, row[i].escalate, NAN);
		b.par.judge_tokens = 2;
		b.par.first_answer = row[i].shown;
		bed_ask(&b, 0, 3, 4);
		bed_run(&b);
		const struct outcome *o = pool_outcomes(b.pool);
		int64_t begun_ns = home_up + first_ns + home_down;
		int64_t judged_ns = begun_ns + rest_ns + judge_ns;
		bool again = row[i].escalate > 0, held = row[i].shown == FIRST_HELD;
		int64_t first = again ? judged_ns + cloud_up + first_ns + cloud_down :
		    held              ? judged_ns :
					begun_ns;
		cr_expect(near_ns(o->first_ns, first), "%zu: %ld", i, (long)o->first_ns);
		cr_expect(near_ns(o->done_ns, again ? first + rest_ns : judged_ns), "%zu", i);
		double try_j = busy_w * (double)(first_ns + rest_ns) * 1e-9;
		double judge_j = busy_w * (double)judge_ns * 1e-9;
		cr_expect(
		    epsilon_eq(dbl, metric(&b, "tiers.small_answer_j"), try_j + judge_j, 1e-9));
		if (again)
			cr_expect(epsilon_eq(dbl, metric(&b, "tiers.large_answer_j"), try_j, 1e-9));
		cr_expect_eq(metric(&b, "tiers.judge_tokens"), 2);
		bed_free(&b);
	}
}

/* The small node has 160 tokens, of which the judge takes two; the large one 48. */
Test(cascade, what_one_tier_cannot_hold_the_other_answers)
{
	static const struct {
		int prompt, output;
		uint32_t node; /* that answers */
		enum request_status status;
	} row[] = {
		{ 39, 9, 1, REQUEST_DONE },   /* 48: either can */
		{ 40, 9, 0, REQUEST_DONE },   /* only the small one: insufficient, but it stands */
		{ 146, 12, 0, REQUEST_DONE }, /* with the judge's tokens 160 */
		{ 147, 12, ROUTER_NONE, REQUEST_REJECTED },
	};
	struct bed b;
	bed_make(&b, 1, NAN);
	b.large.device.memory_bytes = 2 * 4096 + 48 * 64;
	b.par.judge_tokens = 2;
	for (int i = 0; i < 4; i++) bed_ask(&b, 3000 * i * ms, row[i].prompt, row[i].output);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	for (int i = 0; i < 4; i++) {
		cr_expect_eq(o[i].node, row[i].node, "%d: %u", i, o[i].node);
		cr_expect_eq(o[i].status, row[i].status, "%d", i);
	}
	cr_expect_eq(metric(&b, "tiers.judged"), 3);
	bed_free(&b);
}

/* A request that is too long for the small tier goes to the large one, unjudged. */
Test(cascade, a_prompt_too_long_for_small_models_goes_to_a_large_one)
{
	struct bed b;
	bed_make(&b, 0, NAN);
	b.small.device.memory_bytes = 2 * 2048 + 48 * 64;
	bed_ask(&b, 0, 40, 10);
	bed_run(&b);
	cr_expect_eq(pool_outcomes(b.pool)->node, 1);
	cr_expect_eq(metric(&b, "tiers.large_requests"), 1);
	cr_expect_eq(metric(&b, "tiers.judged"), 0);
	bed_free(&b);
}

/* 40 W of host and 40 W more while it works; 92 %; and 7 J for each request at its node. */
Test(cascade, a_router_has_its_energy_where_it_sends)
{
	struct bed b;
	double home_node_j[HOMES];
	struct pool_energy centre[1];
	struct pool_reading r = { .home_node_j = home_node_j, .centre = centre };
	bed_make(&b, NAN, 1);
	b.par.router_j = 7;
	for (int i = 0; i < 3; i++) bed_ask(&b, 211 * i * ms, 3, 4);
	bed_open(&b);
	sim_run(b.sim, 1000 * ms);
	pool_meter(b.pool, HOMES, 1, &r);
	double work_s = 3 * (double)(first_ns + rest_ns) * 1e-9;
	double device_j = idle_w + (busy_w - idle_w) * work_s;
	double host_j = (device_j + 40 + 40 * work_s) / 0.92;
	cr_expect(epsilon_eq(dbl, centre[0].device_j, device_j, 1e-9));
	cr_expect(epsilon_eq(dbl, centre[0].node_j, host_j + 3 * 7, 1e-9));
	cr_expect(epsilon_eq(dbl, home_node_j[1], (idle_w + 40) / 0.92, 1e-9));
	cr_expect_eq(metric(&b, "tiers.large_requests"), 3);
	bed_free(&b);
}

/* The run ends while the answer is judged, or while it is on the way to be: the request has
 * no first token that counts. */
Test(cascade, a_run_that_ends_between_answers_has_none)
{
	struct bed b;
	bed_make(&b, 1, NAN);
	bed_ask(&b, 0, 3, 4);
	bed_open(&b);
	sim_run(b.sim, home_up + first_ns + rest_ns + home_down + cloud_up + 5 * ms);
	pool_close(b.pool);
	const struct outcome *o = pool_outcomes(b.pool);
	cr_expect_eq(o->status, REQUEST_PENDING);
	cr_expect_eq(o->first_ns, -1);
	cr_expect_not(pool_is_idle(b.pool));
	cr_expect_eq(metric(&b, "tiers.escalated_requests"), 0);
	cr_expect_eq(metric(&b, "tiers.insufficient_frac"), 1);
	bed_free(&b);
}

/* Scores 0.7 and 0.9 of the models; half of the answers by the large one. */
Test(cascade, the_score_of_a_mix_is_the_mean_or_as_was_measured)
{
	static const struct { double gap, score; } row[] = { { NAN, 0.8 }, { 0.75, 0.85 } };
	for (size_t i = 0; i < 2; i++) {
		struct bed b;
		bed_make(&b, NAN, 0);
		b.par.gap_frac = row[i].gap;
		b.small.model.score_frac = 0.7;
		b.large.model.score_frac = 0.9;
		b.small.model.score_name = b.large.model.score_name = "MMLU";
		b.small.device.memory_bytes = 2 * 2048 + 48 * 64;
		bed_ask(&b, 0, 3, 4);
		bed_run(&b);
		cr_expect(epsilon_eq(dbl, score_expected(b.pool, 1).frac, 0.7, 1e-15),
		    "one tier alone: nothing is recovered");
		bed_free(&b);
		bed_make(&b, NAN, 0);
		b.par.gap_frac = row[i].gap;
		b.small.model.score_frac = 0.7;
		b.large.model.score_frac = 0.9;
		b.small.model.score_name = b.large.model.score_name = "MMLU";
		b.small.device.memory_bytes = 2 * 2048 + 48 * 64;
		bed_ask(&b, 0, 3, 4);
		bed_ask(&b, 0, 40, 10); /* too long for the small model */
		bed_run(&b);
		cr_expect(epsilon_eq(dbl, score_expected(b.pool, 2).frac, row[i].score, 1e-15));
		bed_free(&b);
	}
}

/* Seven answers of 0.7 thrown away at home, seven of 0.9 instead, all of the same work; hosts draw
 * 40 and 140 W at rest, through supplies of 92 %. In 2 s the better answers take 100 * 2 / 0.92 / 7 J
 * more each, or nothing more: 1000 * 0.2 / (200 / 0.92 / 7) = 6.44. */
Test(cascade, a_better_answer_costs_energy_or_dominates)
{
	static const struct { double host_w, value, dominates; } row[] = {
		{ 140, 6.44, 0 }, { 40, NAN, 1 },
	};
	for (size_t i = 0; i < 2; i++) {
		struct bed b;
		struct dataset *d = ds_new();
		struct ds_metric m;
		bed_make(&b, 1, NAN);
		b.small.model.score_frac = 0.7;
		b.large.model.score_frac = 0.9;
		b.small.model.score_name = b.large.model.score_name = "MMLU";
		b.large.node.host_active_w += row[i].host_w - b.large.node.host_idle_w;
		b.large.node.host_idle_w = row[i].host_w;
		for (int k = 0; k < MANY; k++) bed_ask(&b, 211 * k * ms, 3, 4);
		bed_open(&b);
		sim_run(b.sim, 2000 * ms);
		marginal_export(b.pool, d);
		cr_expect_eq(ds_metric_find(d, "score.marginal_correct_per_kj", &m), !i);
		if (!i) cr_expect(epsilon_eq(dbl, m.value, row[i].value, 1e-9), "%.12g", m.value);
		cr_assert(ds_metric_find(d, "score.marginal_dominates", &m));
		cr_expect_eq(m.value, row[i].dominates);
		char *const *word = ds_data(ds_find(d, "marginal"), "verdict", DS_TEXT);
		cr_expect_str_eq(word[0], i ? "dominates" : "costs energy");
		ds_free(d);
		bed_free(&b);
	}
}

/* Nodes of the same model, or without a score, have nothing to be set against each other. */
Test(cascade, without_scores_no_better_answers)
{
	struct bed b;
	struct dataset *d = ds_new();
	struct ds_metric m;
	bed_make(&b, 1, NAN);
	bed_ask(&b, 0, 3, 4);
	bed_run(&b);
	marginal_export(b.pool, d);
	cr_expect_null(ds_find(d, "marginal"));
	cr_expect_not(ds_metric_find(d, "score.marginal_pairs", &m));
	ds_free(d);
	bed_free(&b);
}

static size_t faults_of(struct bed *b)
{
	pool_make_tiers(b->pool, &b->scenario, 1, b->e);
	return err_count(b->e);
}

/* Tiers by parameters, or as written; models of one size must be told apart. */
Test(cascade, tiers_are_told_by_the_models_or_by_the_nodes)
{
	static const struct {
		double parameters; /* of the model in the data centre, 2048 at home */
		enum node_tier home, centre;
		enum model_tier got[2];
		size_t faults;
	} row[] = {
		{ 4096, NODE_TIER_AUTO, NODE_TIER_AUTO, { TIER_SMALL, TIER_LARGE }, 0 },
		{ 1024, NODE_TIER_AUTO, NODE_TIER_AUTO, { TIER_LARGE, TIER_SMALL }, 0 },
		{ 4096, NODE_TIER_LARGE, NODE_TIER_SMALL, { TIER_LARGE, TIER_SMALL }, 0 },
		{ 2048, NODE_TIER_SMALL, NODE_TIER_LARGE, { TIER_SMALL, TIER_LARGE }, 0 },
		{ 2048, NODE_TIER_AUTO, NODE_TIER_AUTO, { TIER_ONE, TIER_ONE }, 1 },
		{ 2048, NODE_TIER_SMALL, NODE_TIER_AUTO, { TIER_SMALL, TIER_ONE }, 2 },
		{ 4096, NODE_TIER_LARGE, NODE_TIER_AUTO, { TIER_LARGE, TIER_LARGE }, 1 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bed b;
		bed_make(&b, 0.5, NAN);
		b.large.model.parameters = row[i].parameters;
		b.small.node.tier = (int)row[i].home;
		b.large.node.tier = (int)row[i].centre;
		cr_expect_eq(faults_of(&b), row[i].faults, "%zu", i);
		for (uint32_t n = 0; n < 2; n++)
			cr_expect_eq(pool_tier(b.pool, n), row[i].got[n], "%zu %u", i, n);
		bed_free(&b);
	}
}

/* A spiking network that is no language model has no parameters to be told by. */
Test(cascade, a_network_that_is_no_model_needs_its_tier_written)
{
	static const struct { enum node_tier tier; size_t faults; } row[] = {
		{ NODE_TIER_AUTO, 2 }, { NODE_TIER_SMALL, 1 }, { NODE_TIER_LARGE, 0 } };
	for (size_t i = 0; i < 3; i++) {
		struct bed b;
		bed_make(&b, 0.5, NAN);
		b.small.node.tier = NODE_TIER_SMALL;
		b.large.node.tier = (int)row[i].tier;
		b.large.node.model = NULL;
		cr_expect_eq(faults_of(&b), row[i].faults, "%zu: %zu", i, err_count(b.e));
		bed_free(&b);
	}
}
