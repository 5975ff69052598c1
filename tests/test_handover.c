/* KV caches that move from prefill to decode nodes: alone, and with the nodes around. */
#include "tests/unit.h"

#include <stdlib.h>

#include "models/compute/node.h"
#include "models/site/datacentre.h"
#include "models/site/handover.h"
#include "models/compute/rest.h"
#include "models/site/node_metrics.h"
#include "models/site/pool.h"
#include "models/site/scenario.h"
#include "tests/rig.h"

enum { MANY = 23, MOVES = 7 };
static const int64_t ms = 1000000;

/* 1000 B/s and 3 ms. In the tests without servers a token is 1 B: 11 tokens take 11 ms
 * and are there 3 ms later; a node has room for 40. */
static const struct datacentre_par slow = { .kv_bytes_s = 1000, .kv_latency_s = 3e-3 };
static const struct handover_node end = { 1000, 3e-3, 1, 40 };

struct caches {
	struct sim *sim;
	struct handover *handover;
	int64_t sent_ns[MOVES], at_ns[MOVES];
};

static void on_cache(void *ctx, uint32_t request, int64_t sent_ns)
{
	struct caches *c = ctx;
	cr_expect_eq(sent_ns, c->sent_ns[request]);
	c->at_ns[request] = sim_now(c->sim);
}

static void caches_make(struct caches *c)
{
	*c = (struct caches){ .sim = sim_new() };
	c->handover = handover_new(c->sim, on_cache, c);
	handover_open(c->handover, (struct handover_node[]){ end, end, end, end, end }, 5);
}

static void caches_free(struct caches *c)
{
	handover_free(c->handover);
	sim_free(c->sim);
}

static void send(struct caches *c, uint32_t request, uint32_t from, uint32_t to, int32_t tokens)
{
	c->sent_ns[request] = sim_now(c->sim);
	handover_begin(c->handover, &(struct handover_move){ .request = request, .from = from,
	    .to = to, .tokens = tokens, .used_tokens = 8 });
}

/* All at 0, unless said. 0: from 0 to 3, 11 B. 1: from 0 too, so after it, 5 B: until 16.
 * 2: from 1 to 4, at once with 0, 7 B; but 1 waits for nobody at 4 after 7.
 * 3: from 2 to 3, when 3 has taken 0: from 11, 13 B, until 24.
 * 4: from 2 to 4, behind 3 though 4 is free from 16 on: from 24, 1 B, until 25. */
Test(handover, an_interface_carries_one_cache_at_a_time)
{
	static const int64_t want_ms[] = { 11 + 3, 16 + 3, 7 + 3, 24 + 3, 25 + 3 };
	struct caches c;
	caches_make(&c);
	send(&c, 0, 0, 3, 11);
	send(&c, 2, 1, 4, 7);
	send(&c, 1, 0, 4, 5);
	send(&c, 3, 2, 3, 13);
	send(&c, 4, 2, 4, 1);
	sim_run(c.sim, INT64_MAX);
	for (int i = 0; i < 5; i++) cr_expect_eq(c.at_ns[i], want_ms[i] * ms, "cache %d", i);
	caches_free(&c);
}

/* The latency is on the way, not at the interface. */
Test(handover, the_next_one_leaves_before_the_last_is_there)
{
	struct caches c;
	caches_make(&c);
	send(&c, 0, 0, 3, 11);
	sim_run(c.sim, 12 * ms);
	send(&c, 1, 0, 3, 11);
	sim_run(c.sim, INT64_MAX);
	cr_expect_eq(c.at_ns[0], 14 * ms);
	cr_expect_eq(c.at_ns[1], 26 * ms);
	caches_free(&c);
}

static double metric(const struct dataset *d, const char *key)
{
	struct ds_metric m;
	cr_assert(ds_metric_find(d, key, &m), "%s", key);
	return m.value;
}

/* 14, 19 and 14 ms; at most 11 + 5 bytes are on their way, then 7. */
Test(handover, says_what_moved_and_how_long_it_took)
{
	struct caches c;
	struct dataset *d = ds_new();
	struct ds_metric none;
	caches_make(&c);
	handover_export(c.handover, d);
	cr_expect_not(ds_metric_find(d, "service.handovers", &none), "nothing moved");
	send(&c, 0, 0, 3, 11);
	send(&c, 1, 0, 4, 5);
	sim_run(c.sim, 100 * ms);
	send(&c, 2, 1, 3, 7);
	handover_export(c.handover, d);
	cr_expect_eq(metric(d, "service.handovers"), 2, "the third is on its way");
	cr_expect_eq(metric(d, "service.handover_bytes"), 16);
	cr_expect_eq(metric(d, "service.handover_peak_bytes"), 16);
	cr_expect(epsilon_eq(dbl, metric(d, "service.handover_s.mean"), 16.5e-3, 1e-12));
	cr_expect(epsilon_eq(dbl, metric(d, "service.handover_s.p99"), 19e-3, 1e-4));
	ds_free(d);
	caches_free(&c);
}

/* 11 + 5 of 40 tokens on their way from node 0 and 8 in its blocks; when the first is
 * there, 5 + 29 and 8: 1.05 of what it has. Node 1 holds less. */
Test(handover, a_sender_without_room_makes_the_run_suspect)
{
	static const struct { int64_t at_ns; uint32_t from; int32_t tokens; double held; } step[] = {
		{ 0, 0, 11, 19 / 40.0 }, { 0, 0, 5, 24 / 40.0 }, { 0, 1, 15, 24 / 40.0 },
		{ 15000000, 0, 29, 42 / 40.0 }, { 300000000, 0, 30, 42 / 40.0 },
	};
	struct caches c;
	caches_make(&c);
	for (uint32_t i = 0; i < sizeof step / sizeof *step; i++) {
		struct checks checks = { .n = 0 };
		sim_run(c.sim, step[i].at_ns);
		send(&c, i, step[i].from, 3, step[i].tokens);
		handover_check(c.handover, &checks);
		cr_assert_eq(checks.n, 1);
		cr_expect(epsilon_eq(dbl, checks.row[0].value, step[i].held, 1e-12), "%u", i);
		cr_expect_eq(checks_validity(&checks),
		    step[i].held > 1 ? VALIDITY_SUSPECT : VALIDITY_VALID, "%u", i);
	}
	caches_free(&c);
}

/* ---- with nodes: toys whose times tests/test_server.c sums up ---- */

/* A prompt of 3 tokens takes 11.648 ms and has a cache of 192 B; 3 more tokens take
 * 4.352 + 4.416 + 4.480 ms. */
static const int64_t first_ns = 11648000, rest_ns = 13248000;
static const int64_t move_ns = 192000000, latency_ns = 3000000;

struct bed {
	struct rig rig;
	struct node_par part[3]; /* prefill, decode, both */
	struct datacentre_par centre_par;
	struct object scenario, centre, node[3];
	struct sim *sim;
	struct pool *pool;
	struct request request[MANY];
	uint32_t requests;
};

/* 10 blocks of 16 tokens a node. */
static void bed_make(struct bed *b)
{
	static const enum node_role role[] = { NODE_PREFILL, NODE_DECODE, NODE_BOTH };
	*b = (struct bed){ .centre_par = slow, .scenario = { .cls = &scenario_class } };
	rig_toy(&b->rig);
	b->rig.engine.memory_frac = 1;
	b->rig.device.memory_bytes = 2 * 2048 + 160 * 64;
	b->centre = (struct object){ .cls = &datacentre_class, .par = &b->centre_par };
	for (int i = 0; i < 3; i++) {
		b->part[i] = b->rig.node;
		b->part[i].role = (int)role[i];
		b->node[i] = (struct object){ .cls = &node_class, .par = &b->part[i],
			.parent = &b->centre };
	}
	b->sim = sim_new();
	sim_fingerprint_on(b->sim);
	b->pool = pool_new(b->sim, &b->scenario,
	    &(struct policy_par){ .routing = ROUTING_LEAST_LOADED });
}

static void bed_nodes(struct bed *b, enum node_role role, int64_t count)
{
	for (int i = 0; i < 3; i++) {
		if (b->part[i].role != (int)role) continue;
		b->part[i].count = count;
		pool_add(b->pool, &b->node[i], (struct pool_place){ .home = ORIGIN_OUTSIDE });
	}
}

static void bed_ask(struct bed *b, int64_t sent_ns, int prompt, int output)
{
	b->request[b->requests++] = (struct request){ .sent_ns = sent_ns,
		.prompt_tokens = prompt, .output_tokens = output, .origin = ORIGIN_OUTSIDE };
}

static void bed_run(struct bed *b)
{
	pool_open(b->pool, b->request, b->requests, 0, 0);
	sim_run(b->sim, INT64_MAX);
}

static void bed_free(struct bed *b)
{
	pool_free(b->pool);
	sim_free(b->sim);
}

/* Iterations are rounded up to nanoseconds, once on either node. */
static bool near_ns(int64_t t_ns, int64_t want_ns)
{
	return llabs(t_ns - want_ns) <= 2;
}

Test(handover, prompt_transfer_and_tokens_add_up)
{
	struct bed b;
	bed_make(&b);
	bed_nodes(&b, NODE_PREFILL, 1);
	bed_nodes(&b, NODE_DECODE, 1);
	bed_ask(&b, 71 * ms, 3, 4);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	int64_t first = 71 * ms + first_ns;
	cr_expect_eq(o->status, REQUEST_DONE);
	cr_expect_eq(o->first_node, 0);
	cr_expect_eq(o->node, 1);
	cr_expect(near_ns(o->first_ns, first), "%ld", (long)o->first_ns);
	cr_expect(near_ns(o->done_ns, first + move_ns + latency_ns + rest_ns), "%ld",
	    (long)o->done_ns);
	bed_free(&b);
}

static int64_t gaps(const struct bed *b)
{
	struct block all;
	blocks_total(pool_itl(b->pool), &all);
	return all.hist.count;
}

/* The gap before the second token holds the transfer: 195 + 4.352 ms. */
Test(handover, the_gap_before_the_second_token_holds_the_transfer)
{
	struct bed b;
	bed_make(&b);
	bed_nodes(&b, NODE_PREFILL, 1);
	bed_nodes(&b, NODE_DECODE, 1);
	bed_ask(&b, 0, 3, 4);
	bed_run(&b);
	struct block all;
	blocks_total(pool_itl(b.pool), &all);
	cr_expect_eq(all.hist.count, 3);
	cr_expect(epsilon_eq(dbl, all.hist.max, 199.352e-3, 1e-8));
	cr_expect(epsilon_eq(dbl, all.hist.min, 4.416e-3, 1e-12));
	cr_expect(epsilon_eq(dbl, all.sum, 208.248e-3, 1e-8));
	bed_free(&b);
}

/* Two prompts done at once on two nodes: the second cache waits for the first. */
Test(handover, two_at_once_share_the_receiver)
{
	struct bed b;
	bed_make(&b);
	bed_nodes(&b, NODE_PREFILL, 2);
	bed_nodes(&b, NODE_DECODE, 1);
	bed_ask(&b, 0, 3, 4);
	bed_ask(&b, 0, 3, 4);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(o[i].first_node, i);
		cr_expect(near_ns(o[i].first_ns, first_ns));
		cr_expect(near_ns(o[i].done_ns,
		    first_ns + (i + 1) * move_ns + latency_ns + rest_ns));
	}
	bed_free(&b);
}

Test(handover, a_single_token_does_not_move)
{
	struct bed b;
	struct dataset *d = ds_new();
	struct ds_metric none;
	bed_make(&b);
	bed_nodes(&b, NODE_PREFILL, 1);
	bed_nodes(&b, NODE_DECODE, 1);
	bed_ask(&b, 0, 3, 1);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	cr_expect_eq(o->status, REQUEST_DONE);
	cr_expect_eq(o->node, 0);
	cr_expect(near_ns(o->done_ns, first_ns));
	pool_export(b.pool, d);
	cr_expect_not(ds_metric_find(d, "service.handovers", &none));
	ds_free(d);
	bed_free(&b);
}

/* Two long answers fill the decode node's 160 tokens: one is computed again there,
 * prompt and all. */
Test(handover, who_loses_its_blocks_is_computed_again_where_it_decodes)
{
	struct bed b;
	bed_make(&b);
	b.centre_par.kv_bytes_s = 1e6;
	bed_nodes(&b, NODE_PREFILL, 2);
	bed_nodes(&b, NODE_DECODE, 1);
	for (int i = 0; i < 2; i++) bed_ask(&b, i * ms, 31, 120);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(o[i].status, REQUEST_DONE);
		cr_expect_eq(o[i].node, 2);
	}
	cr_expect_gt(o[0].preemptions + o[1].preemptions, 0);
	cr_expect_eq(gaps(&b), 2 * 119);
	bed_free(&b);
}

static int64_t sum_i64(const int64_t *v, size_t n)
{
	int64_t sum = 0;
	for (size_t i = 0; i < n; i++) sum += v[i];
	return sum;
}

/* Requests of 1 to 40 and 1 to 9 tokens, about as fast as two prefill, three decode
 * and one whole node serve them. */
static void ask_many(struct bed *b)
{
	struct pcg64 g = rng_stream(1, 0, rng_entity("handover"), RNG_TEST);
	int64_t sent_ns = 0;
	for (int i = 0; i < MANY; i++) {
		sent_ns += (int64_t)(61e6 * pcg64_unit(&g));
		int prompt = 1 + (int)(40 * pcg64_unit(&g)), output = 1 + (int)(9 * pcg64_unit(&g));
		bed_ask(b, sent_ns, prompt, output);
	}
}

/* Every joule that the nodes used beyond 100 W at rest is some request's. */
Test(handover, requests_tokens_and_energy_are_conserved)
{
	struct bed b;
	double request_j = 0, node_j = 0;
	int64_t tokens = 0, moved = 0;
	bed_make(&b);
	b.centre_par.kv_bytes_s = 100e3;
	bed_nodes(&b, NODE_PREFILL, 2);
	bed_nodes(&b, NODE_DECODE, 3);
	bed_nodes(&b, NODE_BOTH, 1);
	ask_many(&b);
	bed_run(&b);
	const struct outcome *o = pool_outcomes(b.pool);
	for (int i = 0; i < MANY; i++) {
		cr_expect_eq(o[i].status, REQUEST_DONE);
		request_j += o[i].energy_j;
		tokens += b.request[i].output_tokens;
		moved += o[i].node != o[i].first_node;
	}
	struct pool_energy used;
	pool_meter(b.pool, 0, 1, &(struct pool_reading){ .centre = &used });
	struct dataset *d = ds_new();
	pool_export(b.pool, d);
	const struct ds_group *g = ds_find(d, "nodes");
	const double *device = ds_data(g, "device_energy", DS_F64);
	const double *busy = ds_data(g, "busy", DS_F64);
	for (int i = 0; i < 6; i++)
		node_j += device[i] - 100 * ((double)sim_now(b.sim) * 1e-9 - busy[i]);
	cr_expect(epsilon_eq(dbl, request_j, node_j, 1e-9 * node_j));
	cr_expect_eq(gaps(&b), tokens - MANY);
	cr_expect_gt(moved, MANY / 2);
	cr_expect_eq(sum_i64(ds_data(g, "answered", DS_I64), 6), MANY);
	cr_expect_eq(sum_i64(ds_data(g, "handed_over", DS_I64), 6), moved);
	cr_expect_eq(metric(d, "service.handovers"), (double)moved);
	ds_free(d);
	bed_free(&b);
}

/* 9 + 21 of 30 + 70 prompt tokens; what a decode node finds saves no prompt. */
Test(node, prefix_hits_are_those_of_prompts)
{
	struct rig r;
	struct node_sum sum = { 0 };
	struct dataset *d = ds_new();
	rig_toy(&r);
	static const struct { int role; int64_t looked, hit; } part[] = {
		{ NODE_BOTH, 30, 9 }, { NODE_PREFILL, 70, 21 }, { NODE_DECODE, 50, 50 },
	};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		struct replica_total t = { .prefix_looked = part[i].looked, .prefix_hit = part[i].hit };
		r.node.role = part[i].role;
		node_sum_add(&sum, &r.node, false, &t, 1);
	}
	node_sum_put(&sum, 1, d);
	cr_expect_eq(metric(d, "node.prefix_hit_frac"), 0.3);
	ds_free(d);
}

/* 1000 s, of which 200 s with requests at 300 W; the host draws its powers behind a supply
 * with the losses of node_inlet_j. */
Test(node, energy_is_idle_or_busy)
{
	struct rig r;
	rig_toy(&r);
	r.node.psu_loss_w = 10;
	struct rest rest = rest_init(&r.node);
	double devices = (double)node_devices(&r.node), idle_j = devices * rest.idle_w * 800;
	struct replica_total t = { .busy_s = 200, .device_j = idle_j + 300.0 * 200 };
	t.node_j = node_inlet_j(r.node.psu_frac, r.node.psu_loss_w,
	    t.device_j + r.node.host_idle_w * 800 + r.node.host_active_w * 200, 1000);
	struct node_busy busy = node_busy_of(&r.node, &t, 1000);
	cr_expect_float_eq(busy.device_j, 60000, 1e-6);
	cr_expect_float_eq(busy.node_j, node_inlet_j(r.node.psu_frac, 10,
	    60000 + r.node.host_active_w * 200, 200), 1e-6);
	struct node_sum sum = { 0 };
	struct dataset *d = ds_new();
	node_sum_add(&sum, &r.node, false, &t, 1000);
	node_sum_put(&sum, 1000, d);
	cr_expect_float_eq(metric(d, "energy.device_idle_j"), idle_j, 1e-6);
	cr_expect_float_eq(metric(d, "energy.node_idle_j"),
	    node_inlet_j(r.node.psu_frac, 10, idle_j + r.node.host_idle_w * 800, 800), 1e-6);
	ds_free(d);
}

Test(handover, a_run_repeats_itself)
{
	uint64_t history[2];
	for (int k = 0; k < 2; k++) {
		struct bed b;
		bed_make(&b);
		bed_nodes(&b, NODE_PREFILL, 2);
		bed_nodes(&b, NODE_DECODE, 2);
		ask_many(&b);
		bed_run(&b);
		history[k] = sim_fingerprint(b.sim);
		bed_free(&b);
	}
	cr_expect_eq(history[0], history[1]);
}
