/* Requests on their way: links, router, servers and meters together, by hand. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/compute/link.h"
#include "models/compute/node.h"
#include "models/site/pool.h"
#include "models/site/scenario.h"
#include "models/site/score.h"
#include "models/site/utilisation.h"
#include "tests/rig.h"

#define OUT ORIGIN_OUTSIDE

enum { MANY = 17, HOMES = 3, CENTRES = 2 };
static const int64_t ms = 1000000;
static const double bytes_per_token = 8;

/* A prompt of 3 tokens takes 11.648 ms on rig_toy, 3 more tokens 13.248 ms
 * (tests/test_server.c has the sums). */
static const int64_t first_ns = 11648000, rest_ns = 13248000;
static const double busy_s = 24.896e-3;

/* Of each way: 24, 12, 6, 3, 1.5 ms for three tokens up, 16, 8, 4, 2, 1 ms for one down. */
static const struct link_par links[LINK_KINDS] = {
	{ LINK_HOME, 3e-3, 1000, 500 },
	{ LINK_HOME_HOME, 7e-3, 2000, 1000 },
	{ LINK_HOME_CLOUD, 11e-3, 4000, 2000 },
	{ LINK_OUTSIDE_HOME, 13e-3, 8000, 4000 },
	{ LINK_OUTSIDE_CLOUD, 17e-3, 16000, 8000 },
};
static const int64_t up_ns[LINK_KINDS] = { 27000000, 19000000, 17000000, 16000000, 18500000 };
static const int64_t down_ns[LINK_KINDS] = { 19000000, 15000000, 15000000, 15000000, 18000000 };

struct bed {
	struct rig rig;
	struct link_par link[LINK_KINDS];
	struct object scenario, links[LINK_KINDS], node;
	struct sim *sim;
	struct pool *pool;
	struct request request[MANY];
	uint32_t requests;
	double home_node_j[HOMES];
	struct pool_energy centre[CENTRES];
	struct pool_reading reading;
};

/* One node of 10 blocks of 16 tokens, to be placed by pool_add. */
static void bed_make(struct bed *b, enum routing routing)
{
	rig_toy(&b->rig);
	b->rig.engine.memory_frac = 1;
	b->rig.device.memory_bytes = 2 * 2048 + 160 * 64; /* fp16 weights; K and V of 16 numbers */
	b->scenario = (struct object){ .cls = &scenario_class, .child = b->links };
	for (int k = 0; k < LINK_KINDS; k++) {
		b->link[k] = links[k];
		b->links[k] = (struct object){ .cls = &link_class,
			.par = &b->link[k],
			.parent = &b->scenario,
			.next = k + 1 < LINK_KINDS ? &b->links[k + 1] : NULL };
	}
	b->node = (struct object){ .cls = &node_class, .par = &b->rig.node, .name = "toy" };
	b->sim = sim_new();
	b->pool = pool_new(b->sim, &b->scenario,
	    &(struct policy_par){ .routing = routing, .spill_above = 7 });
	b->reading.home_node_j = b->home_node_j;
	b->reading.centre = b->centre;
}

static void bed_ask(struct bed *b, int64_t sent_ns, int prompt, int output, uint32_t origin)
{
	b->request[b->requests++] = (struct request){ .sent_ns = sent_ns, .prompt_tokens = prompt,
		.output_tokens = output, .origin = origin };
}

static void bed_open(struct bed *b)
{
	pool_open(b->pool, b->request, b->requests, HOMES, bytes_per_token);
}

static void bed_free(struct bed *b)
{
	pool_free(b->pool);
	sim_free(b->sim);
}

/* Delays are rounded to nanoseconds twice, iterations are rounded up once. */
static bool near_ns(int64_t t_ns, int64_t want_ns)
{
	return llabs(t_ns - want_ns) <= 2;
}

Test(pool, a_request_travels_both_ways_over_the_link_between)
{
	static const struct {
		uint32_t origin, home;
		enum link_kind link;
	} way[] = {
		{ 1, 1, LINK_HOME }, { 0, 1, LINK_HOME_HOME }, { 1, OUT, LINK_HOME_CLOUD },
		{ OUT, 1, LINK_OUTSIDE_HOME }, { OUT, OUT, LINK_OUTSIDE_CLOUD },
	};
	for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
		struct bed b = { 0 };
		bed_make(&b, ROUTING_NEAREST);
		pool_add(b.pool, &b.node, (struct pool_place){ .home = way[i].home });
		bed_ask(&b, 71 * ms, 3, 4, way[i].origin);
		bed_open(&b);
		sim_run(b.sim, INT64_MAX);
		const struct outcome *o = pool_outcomes(b.pool);
		int64_t there_ns = 71 * ms + up_ns[way[i].link], back_ns = down_ns[way[i].link];
		cr_expect_eq(o->status, REQUEST_DONE);
		cr_expect(near_ns(o->first_ns, there_ns + first_ns + back_ns), "way %zu: %ld", i,
		    (long)o->first_ns);
		cr_expect(
		    near_ns(o->done_ns, there_ns + first_ns + rest_ns + back_ns), "way %zu", i);
		bed_free(&b);
	}
}

/* 131 + 29 tokens fill the 160 of the node's cache. */
Test(pool, refuses_what_can_never_fit)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_LEAST_LOADED);
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 2 });
	bed_ask(&b, 0, 131, 30, 0);
	bed_ask(&b, 0, 131, 29, 0);
	bed_open(&b);
	sim_run(b.sim, 5 * ms);
	const struct outcome *o = pool_outcomes(b.pool);
	cr_expect_eq(o[0].status, REQUEST_REJECTED);
	cr_expect_eq(o[0].node, ROUTER_NONE);
	cr_expect_eq(o[1].status, REQUEST_PENDING);
	cr_expect_not(pool_is_idle(b.pool));
	sim_run(b.sim, INT64_MAX);
	cr_expect_eq(o[1].status, REQUEST_DONE);
	bed_free(&b);
}

/* Requests at one instant go round among equal nodes, in their order. */
Test(pool, requests_of_one_instant_are_sent_in_order)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_LEAST_LOADED);
	b.rig.node.count = 3;
	pool_add(b.pool, &b.node, (struct pool_place){ .home = OUT });
	cr_expect_eq(pool_nodes(b.pool), 3);
	for (int i = 0; i < 3; i++) bed_ask(&b, 13 * ms, 3, 4, OUT);
	bed_open(&b);
	sim_run(b.sim, INT64_MAX);
	const struct outcome *o = pool_outcomes(b.pool);
	for (uint32_t i = 0; i < 3; i++) {
		cr_expect_eq(o[i].node, i);
		cr_expect_eq(o[i].done_ns, o[0].done_ns);
	}
	bed_free(&b);
}

/* Gaps 4.352, 4.416 and 4.480 ms; links delay all tokens alike. */
Test(pool, gaps_between_tokens_are_pooled)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	for (int i = 0; i < 5; i++) bed_ask(&b, 211 * i * ms, 3, 4, 1);
	bed_open(&b);
	sim_run(b.sim, INT64_MAX);
	struct block all;
	blocks_total(pool_itl(b.pool), &all);
	cr_expect_eq(all.hist.count, 15);
	cr_expect(epsilon_eq(dbl, all.sum, 15 * 4.416e-3, 1e-12));
	bed_free(&b);
}

/* 100 W at rest and 35 W more when busy; 40 W of host and 40 W more; 92 %. */
static double device_j(double time_s, double work_s)
{
	return 100 * time_s + 35 * work_s;
}

static double node_j(double time_s, double work_s)
{
	return (device_j(time_s, work_s) + 40 * time_s + 40 * work_s) / 0.92;
}

/* Steps of 7 ms cut prefill and decode anywhere. Home 1 has one node and answers its
 * own two requests; data centre 1 has two nodes, of which one answers a client. */
Test(pool, meter_readings_add_up_over_steps)
{
	struct bed b = { 0 };
	struct pool_energy homes = { 0, 0 }, centre = { 0, 0 };
	double home_j = 0;
	bed_make(&b, ROUTING_NEAREST);
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	struct node_par two = b.rig.node;
	two.count = 2;
	struct object pair = { .cls = &node_class, .par = &two };
	pool_add(b.pool, &pair, (struct pool_place){ .home = OUT, .centre = 1 });
	bed_ask(&b, 3 * ms, 3, 4, 1);
	bed_ask(&b, 5 * ms, 3, 4, OUT);
	bed_ask(&b, 101 * ms, 3, 4, 1);
	bed_open(&b);
	for (int k = 1; k <= 43; k++) {
		sim_run(b.sim, 7 * ms * k);
		pool_meter(b.pool, HOMES, CENTRES, &b.reading);
		cr_expect_eq(b.reading.home_node_j[1], b.reading.homes.node_j);
		cr_expect_eq(b.reading.home_node_j[0] + b.reading.home_node_j[2], 0);
		cr_expect_eq(b.reading.centre[0].node_j, 0);
		home_j += b.reading.home_node_j[1];
		homes.device_j += b.reading.homes.device_j;
		homes.node_j += b.reading.homes.node_j;
		centre.device_j += b.reading.centre[1].device_j;
		centre.node_j += b.reading.centre[1].node_j;
	}
	double end_s = 0.301;
	cr_expect(epsilon_eq(dbl, homes.device_j, device_j(end_s, 2 * busy_s), 1e-9));
	cr_expect(epsilon_eq(dbl, homes.node_j, node_j(end_s, 2 * busy_s), 1e-9));
	cr_expect(epsilon_eq(dbl, home_j, homes.node_j, 1e-9));
	cr_expect(epsilon_eq(dbl, centre.device_j, device_j(2 * end_s, busy_s), 1e-9));
	cr_expect(epsilon_eq(dbl, centre.node_j, node_j(2 * end_s, busy_s), 1e-9));
	bed_free(&b);
}

/* Three at a node that runs one at a time. */
Test(pool, the_meter_counts_who_runs_and_who_waits)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	b.rig.engine.max_sequences = 1;
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	for (int i = 0; i < 3; i++) bed_ask(&b, 0, 3, 4, 1);
	bed_open(&b);
	sim_run(b.sim, up_ns[LINK_HOME] + 1 * ms);
	pool_meter(b.pool, HOMES, CENTRES, &b.reading);
	cr_expect_eq(b.reading.running, 1);
	cr_expect_eq(b.reading.waiting, 2);
	sim_run(b.sim, 1000 * ms);
	pool_meter(b.pool, HOMES, CENTRES, &b.reading);
	cr_expect_eq(b.reading.running + b.reading.waiting, 0);
	bed_free(&b);
}

/* The node is done 19 ms before its answer arrives: a run that ends 17 ms after it
 * has the first token only. */
Test(pool, an_answer_on_its_link_is_not_received)
{
	static const struct {
		int64_t after_ns;
		bool idle;
		enum request_status status;
	} end[] = { { 17000000, false, REQUEST_PENDING }, { 21000000, true, REQUEST_DONE } };
	for (int i = 0; i < 2; i++) {
		struct bed b = { 0 };
		bed_make(&b, ROUTING_NEAREST);
		pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
		bed_ask(&b, 0, 3, 4, 1);
		bed_open(&b);
		const struct outcome *o = pool_outcomes(b.pool);
		sim_run(b.sim, up_ns[LINK_HOME] + first_ns + rest_ns + end[i].after_ns);
		cr_expect_eq(pool_is_idle(b.pool), end[i].idle);
		pool_close(b.pool);
		cr_expect_eq(o->status, end[i].status);
		cr_expect_eq(o->done_ns >= 0, end[i].status == REQUEST_DONE);
		cr_expect(near_ns(o->first_ns, up_ns[LINK_HOME] + first_ns + down_ns[LINK_HOME]));
		bed_free(&b);
	}
}

Test(pool, exports_what_each_node_did)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 2 });
	pool_add(b.pool, &b.node, (struct pool_place){ .home = OUT });
	bed_ask(&b, 0, 3, 4, 0);
	bed_open(&b);
	sim_run(b.sim, 500 * ms);
	pool_meter(b.pool, HOMES, CENTRES, &b.reading);
	struct dataset *d = ds_new();
	pool_export(b.pool, d);
	const struct ds_group *g = ds_find(d, "nodes");
	const int32_t *home = ds_data(g, "home", DS_I32);
	const int64_t *answered = ds_data(g, "answered", DS_I64);
	const double *busy = ds_data(g, "busy", DS_F64), *used = ds_data(g, "node_energy", DS_F64);
	cr_assert_eq(ds_rows(g, "node"), 2);
	cr_expect_eq(home[0], 2);
	cr_expect_eq(home[1], -1);
	cr_expect_eq(answered[0], 1);
	cr_expect_eq(answered[1], 0);
	cr_expect(epsilon_eq(dbl, busy[0], busy_s, 1e-12));
	cr_expect_eq(busy[1], 0);
	cr_expect(epsilon_eq(dbl, used[0], node_j(0.5, busy_s), 1e-9));
	ds_free(d);
	bed_free(&b);
}

/* 17 requests of four tokens one after the other and a margin of one: from the first
 * token of the first to the last of the fifteenth. */
Test(pool, the_steady_part_is_marked_at_the_nodes)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	for (int i = 0; i < MANY; i++) bed_ask(&b, 211 * i * ms, 3, 4, 1);
	bed_open(&b);
	sim_run(b.sim, INT64_MAX);
	const struct steady *s = pool_steady(b.pool);
	cr_assert(steady_known(s));
	int64_t begin_ns = up_ns[LINK_HOME] + first_ns;
	int64_t end_ns = 14 * 211 * ms + up_ns[LINK_HOME] + first_ns + rest_ns;
	cr_expect(near_ns(s->begin.t_ns, begin_ns), "%ld", (long)s->begin.t_ns);
	cr_expect(near_ns(s->end.t_ns, end_ns), "%ld", (long)s->end.t_ns);
	cr_expect_eq(s->end.output_tokens - s->begin.output_tokens, 15 * 4 - 1);
	cr_expect_eq(s->end.prompt_tokens - s->begin.prompt_tokens, 14 * 3);
	double length_s = (double)(end_ns - begin_ns) * 1e-9;
	double work_s = 14 * busy_s + (double)rest_ns * 1e-9;
	cr_expect(epsilon_eq(dbl, s->end.device_j - s->begin.device_j,
	    device_j(length_s, work_s), 1e-5));
	/* at one flop a microsecond and nothing else to wait for */
	cr_expect(epsilon_eq(dbl, s->end.flops - s->begin.flops, 1e6 * work_s, 1e-3));
	bed_free(&b);
}

static double metric(const struct dataset *d, const char *key)
{
	struct ds_metric m;
	cr_assert(ds_metric_find(d, key, &m), "%s", key);
	return m.value;
}

/* A request of 3 and 4 tokens does 3 x 3584 flops of matrices, 512 of the head and 64
 * for each of 1 + 2 + 3 tokens of context, then 3 x (3584 + 512) and 64 x (4 + 5 + 6):
 * 24896, which is all that the device of 1e6 flop/s can do meanwhile. Its memory is
 * of 1e30 byte/s. Two of three nodes are idle. */
Test(pool, utilisation_is_what_was_done_of_what_could_be)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	b.rig.device.bandwidth_bytes_s = 3e9; /* never the limit */
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 2 });
	struct node_par two = b.rig.node;
	two.count = 2;
	struct object pair = { .cls = &node_class, .par = &two };
	pool_add(b.pool, &pair, (struct pool_place){ .home = OUT });
	bed_ask(&b, 0, 3, 4, 2);
	bed_open(&b);
	sim_run(b.sim, 500 * ms);
	struct dataset *d = ds_new();
	pool_export(b.pool, d);
	utilisation_export(b.pool, 0.5, d);
	struct replica_total t = pool_total(b.pool, 0);
	double work_s = t.busy_s; /* 24.896 ms and what memory adds to it */
	cr_expect(epsilon_eq(dbl, work_s, busy_s, 1e-5));
	cr_expect(epsilon_eq(dbl, metric(d, "compute.mfu_frac"), 24896 / 1.5e6, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(d, "compute.busy_mfu_frac"), 24896e-6 / work_s, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(d, "compute.busy_mbu_frac"), t.bytes / (3e9 * work_s),
	    1e-15));
	cr_expect_gt(t.bytes, 4 * 2 * 2048, "2048 weights of 2 bytes are read four times");
	cr_expect(epsilon_eq(dbl, metric(d, "compute.busy_frac"), work_s / 1.5, 1e-12));
	cr_expect_eq(metric(d, "compute.batch"), 1);
	const struct ds_group *g = ds_find(d, "nodes");
	const double *mfu = ds_data(g, "mfu", DS_F64), *batch = ds_data(g, "batch", DS_F64);
	cr_expect_eq(mfu[0], metric(d, "compute.busy_mfu_frac"));
	cr_expect(isnan(mfu[1]) && isnan(batch[2]));
	struct ds_metric m;
	cr_expect_not(ds_metric_find(d, "compute.steady_mfu_frac", &m), "one request");
	ds_free(d);
	bed_free(&b);
}

/* A client alone is a batch of one, however many tokens its iterations give. */
Test(pool, guessed_tokens_are_no_batch)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	b.rig.node.draft_tokens = 3;
	b.rig.node.acceptance = 0.7;
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	for (int k = 0; k < 3; k++) bed_ask(&b, 900000000 * (int64_t)k, 3, 71, 1);
	bed_open(&b);
	sim_run(b.sim, INT64_MAX);
	struct dataset *d = ds_new();
	utilisation_export(b.pool, 2.7, d);
	cr_expect_eq(metric(d, "compute.batch"), 1);
	const struct ds_group *g = ds_find(d, "nodes");
	const int64_t *iterations = ds_data(g, "iterations", DS_I64), *tokens;
	tokens = ds_data(g, "output_tokens", DS_I64);
	cr_expect_eq(tokens[0], 3 * 71);
	cr_expect_lt(iterations[0], tokens[0] / 2);
	ds_free(d);
	bed_free(&b);
}

/* Three requests to a node in home 1 and, if `far`, one to a node elsewhere, whose
 * models score 0.7 and 0.3. */
static struct score score_of(const char *const benchmark[2], bool far)
{
	struct bed b = { 0 };
	bed_make(&b, ROUTING_NEAREST);
	struct llm_par other = b.rig.model;
	struct object other_model = { .cls = &model_class, .par = &other };
	struct node_par node = b.rig.node;
	struct object far_node = { .cls = &node_class, .par = &node };
	node.model = &other_model;
	b.rig.model.score_frac = 0.7;
	b.rig.model.score_name = benchmark[0];
	other.score_frac = 0.3;
	other.score_name = benchmark[1];
	pool_add(b.pool, &b.node, (struct pool_place){ .home = 1 });
	pool_add(b.pool, &far_node, (struct pool_place){ .home = OUT });
	for (int k = 0; k < 3; k++) bed_ask(&b, 0, 3, 4, 1);
	bed_ask(&b, 0, 131, 30, 1); /* refused: neither right nor wrong */
	if (far) bed_ask(&b, 0, 3, 4, OUT);
	bed_open(&b);
	cr_expect_null(score_expected(b.pool, b.requests).benchmark, "no answer yet");
	sim_run(b.sim, INT64_MAX);
	struct score s = score_expected(b.pool, b.requests);
	bed_free(&b);
	return s;
}

Test(pool, the_expected_score_is_that_of_who_answered)
{
	static const struct {
		const char *benchmark[2];
		bool known;
	} row[] = {
		{ { "GPQA Diamond", "GPQA Diamond" }, true },
		{ { "GPQA Diamond", "MMLU" }, false },
		{ { "GPQA Diamond", NULL }, false },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (int far = 0; far < 2; far++) { /* far: the other model answers too */
			struct score s = score_of(row[i].benchmark, far);
			cr_expect_eq(s.benchmark != NULL, !far || row[i].known);
			if (s.benchmark) cr_expect(epsilon_eq(dbl, s.frac, far ? 0.6 : 0.7, 1e-15));
		}
}
