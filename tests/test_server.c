/* Servers in the event queue: single requests by hand, limits, meters. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

#include "models/compute/gaps.h"
#include "models/compute/server.h"
#include "models/compute/waitlist.h"
#include "tests/rig.h"

enum { MANY = 400 };

/* A time rounded up to nanoseconds; a sum of doubles may lie just above the exact one. */
static bool near_ns(int64_t t_ns, int64_t want_ns)
{
	return t_ns == want_ns || t_ns == want_ns + 1;
}

/* One server and what it told. */
struct bed {
	struct rig rig;
	struct iteration_model *m;
	struct sim *sim;
	struct servers *servers;
	struct server *server;
	unsigned arrival;
	struct request request[MANY];
	struct outcome outcome[MANY];
	int done;
};

static void on_first(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct bed *b = ctx;
	cr_assert_eq(s, b->server);
	cr_assert_eq(t_ns, sim_now(b->sim));
	b->outcome[request].first_ns = t_ns;
}

static void on_done(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct bed *b = ctx;
	cr_assert_eq(s, b->server);
	b->outcome[request].done_ns = t_ns;
	b->done++;
}

static void on_arrival(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct bed *b = ctx;
	(void)sim;
	server_submit(b->server, ev->entity);
}

/* Call when b->rig is as wanted. */
static void bed_make(struct bed *b)
{
	b->m = iteration_new(&b->rig.node);
	b->sim = sim_new();
	b->servers = servers_new(b->sim, b->request, b->outcome,
	    &(struct server_calls){ on_first, on_done, b });
	b->server = servers_add(b->servers, b->m);
	b->arrival = sim_type(b->sim, "arrival", SIM_PHASE_REQUEST, on_arrival, b);
}

/* A second server sees the limit; the first was made before. */
static void bed_limit(struct bed *b, int64_t kv_blocks)
{
	b->m->kv_blocks = kv_blocks;
	servers_add(b->servers, b->m);
	b->server = servers_at(b->servers, 1);
}

static void bed_ask(struct bed *b, uint32_t i, int64_t at_ns, int prompt, int output)
{
	b->request[i] = (struct request){ .sent_ns = at_ns, .prompt_tokens = prompt,
		.output_tokens = output, .origin = ORIGIN_OUTSIDE };
	sim_at(b->sim, at_ns, b->arrival, i, 0, 0);
}

static void bed_free(struct bed *b)
{
	servers_free(b->servers);
	sim_free(b->sim);
	iteration_free(b->m);
}

Test(server, one_request_by_hand)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	bed_make(&b);
	bed_ask(&b, 0, 1000000007, 3, 4);
	sim_run(b.sim, INT64_MAX);
	/* prefill: 3 x 3584 + 512 + 64 x (1 + 2 + 3) = 11648 flops = 11.648 ms;
	 * decode at contexts 4, 5, 6: 4096 + 64 c = 4352, 4416, 4480 us */
	cr_expect(near_ns(b.outcome[0].first_ns, 1000000007 + 11648000));
	cr_expect(near_ns(b.outcome[0].done_ns, 1000000007 + 11648000 + 13248000));
	cr_expect(epsilon_eq(dbl, b.outcome[0].energy_j, 135 * 24.896e-3, 1e-12));
	struct replica_total t = server_total(b.server, 2000000000);
	cr_expect(epsilon_eq(dbl, t.busy_s, 24.896e-3, 1e-12));
	cr_expect(epsilon_eq(dbl, t.device_j, 200 + 35 * 24.896e-3, 1e-9));
	cr_expect(epsilon_eq(dbl, t.node_j, (t.device_j + 80 + 40 * 24.896e-3) / 0.92, 1e-9));
	cr_expect(epsilon_eq(dbl, t.flops, 24896.0, 1e-6));
	cr_expect_eq(t.tokens_in, 3);
	cr_expect_eq(t.tokens_out, 4);
	cr_expect_eq(t.iterations, 4);
	bed_free(&b);
}

static void on_cap(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct bed *b = ctx;
	(void)sim;
	(void)ev;
	server_set_cap(b->server, 110);
}

/* The request of above; 13 ms after it came, in the first of three decodes, the cap
 * falls to 110 W. The other two would draw 135 W and take (135 - 60) / (110 - 60) =
 * 1.5 times as long. */
Test(server, a_cap_slows_the_next_iteration)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	b.rig.device.power.cap_floor_w = 60;
	b.rig.device.power.cap_exp = 1;
	bed_make(&b);
	bed_ask(&b, 0, 1000000007, 3, 4);
	unsigned cap = sim_type(b.sim, "cap", SIM_PHASE_DEVICE, on_cap, &b);
	sim_at(b.sim, 1000000007 + 13000000, cap, 0, 0, 0);
	sim_run(b.sim, INT64_MAX);
	double slow_s = 1.5 * (4.416e-3 + 4.480e-3);
	cr_expect(near_ns(b.outcome[0].done_ns, 1000000007 + 16000000 + 13344000));
	cr_expect(epsilon_eq(dbl, b.outcome[0].energy_j, 135 * 16e-3 + 110 * slow_s, 1e-12));
	struct replica_total t = server_total(b.server, 2000000000);
	cr_expect(epsilon_eq(dbl, t.slowed_s, slow_s, 1e-12));
	cr_expect(epsilon_eq(dbl, t.busy_s, 16e-3 + slow_s, 1e-12));
	bed_free(&b);
}

/* Idle at 100 W, after 2 s bare at 40 W, loading at 90 W for half a second. */
Test(server, a_model_is_unloaded_and_loaded_again)
{
	static const struct {
		double at_s, device_j, host_j; /* the host takes 40 W, 80 W when active */
	} row[] = {
		{ 1, 100, 40 }, { 2, 200, 80 }, { 5, 200 + 3 * 40, 200 },
		{ 7.25, 200 + 5 * 40 + 0.25 * 90, 280 + 0.25 * 80 },
		{ 7.75, 400 + 45 + 135 * 24.896e-3 + 100 * 0.225104,
		    280 + 80 * 0.524896 + 40 * 0.225104 },
	};
	struct bed b = { 0 };
	rig_toy(&b.rig);
	b.rig.device.power.unloaded_w = 40;
	b.rig.node.load_w = 90;
	b.rig.node.unload_after_s = 2;
	b.rig.node.cold_start_s = 0.5;
	b.rig.node.load_bytes_s = 1e15;
	b.rig.node.psu_loss_w = 7;
	bed_make(&b);
	bed_ask(&b, 0, 7000000000, 3, 4); /* 24.896 ms, as above */
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		int64_t t_ns = (int64_t)(row[i].at_s * 1e9);
		sim_run(b.sim, t_ns);
		double node_j = (row[i].device_j + row[i].host_j) / 0.92 + 7 * row[i].at_s;
		cr_expect(epsilon_eq(dbl, server_energy_j(b.server, t_ns, SERVER_DEVICE),
		    row[i].device_j, 1e-9), "%g s", row[i].at_s);
		cr_expect(epsilon_eq(dbl, server_energy_j(b.server, t_ns, SERVER_NODE), node_j,
		    1e-9), "%g s", row[i].at_s);
	}
	cr_expect(near_ns(b.outcome[0].first_ns, 7500000000 + 11648000));
	struct replica_total t = server_total(b.server, 8000000000);
	cr_expect(epsilon_eq(dbl, t.unloaded_s, 5.0, 1e-9));
	cr_expect(epsilon_eq(dbl, t.loading_s, 0.5, 1e-9));
	cr_expect_eq(t.loads, 1);
	cr_expect(epsilon_eq(dbl, rest_load_j(&b.m->rest, &b.rig.node), 85.0, 1e-9));
	bed_free(&b);
}

/* Of a node, over 20 s in which one request comes at at_s. */
static double energy_with_unloading_j(double at_s, double unload_after_s)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	b.rig.device.power.unloaded_w = 40;
	b.rig.node.load_w = 90;
	b.rig.node.unload_after_s = unload_after_s;
	b.rig.node.cold_start_s = 0.5;
	b.rig.node.load_bytes_s = 1e15;
	bed_make(&b);
	/* (90 - 100 + 80 - 40) W x 0.5 s over the 60 W saved */
	cr_expect(epsilon_eq(dbl, rest_break_even_s(&b.m->rest, &b.rig.node), 0.25, 1e-9));
	bed_ask(&b, 0, (int64_t)(at_s * 1e9), 3, 4);
	sim_run(b.sim, 20000000000);
	double j = server_energy_j(b.server, 20000000000, SERVER_NODE);
	bed_free(&b);
	return j;
}

/* Unloaded after 17 s, so that 20 s end before the replica unloads again. */
Test(server, unloading_pays_from_the_break_even_time_on)
{
	double keep_j = energy_with_unloading_j(17.25, NAN);
	cr_expect(epsilon_eq(dbl, energy_with_unloading_j(17.25, 17), keep_j, 1e-6));
	cr_expect_lt(energy_with_unloading_j(17.26, 17), keep_j);
	cr_expect_gt(energy_with_unloading_j(17.24, 17), keep_j);
}

/* The first begins at once; the second, at the same nanosecond, waits for the boundary. */
Test(server, a_tie_waits_one_iteration)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	bed_make(&b);
	bed_ask(&b, 0, 500, 3, 2);
	bed_ask(&b, 1, 500, 2, 1);
	sim_run(b.sim, INT64_MAX);
	/* then 1 decode at context 4 and 2 prefilled together:
	 * 3 x 3584 + 2 x 512 + 64 (4 + 1 + 2) */
	cr_expect(near_ns(b.outcome[0].first_ns, 500 + 11648000));
	cr_expect(near_ns(b.outcome[0].done_ns, 500 + 11648000 + 12224000));
	cr_expect_eq(b.outcome[1].first_ns, b.outcome[0].done_ns);
	cr_expect_eq(b.outcome[1].done_ns, b.outcome[0].done_ns);
	/* three tokens share that iteration equally: 135 W x 12.224 ms x 2/3 */
	cr_expect(epsilon_eq(dbl, b.outcome[1].energy_j, 135 * 12.224e-3 * 2 / 3, 1e-12));
	bed_free(&b);
}

static void on_split(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct bed *b = ctx;
	(void)sim;
	b->server = servers_at(b->servers, (uint32_t)ev->a);
	if (ev->a == 0)
		server_submit_prefill(b->server, ev->entity);
	else
		server_submit_computed(b->server, ev->entity, b->outcome[ev->entity].first_ns);
}

/* The prompt on one server, the other tokens, 10 ms later, on another. */
Test(server, a_request_split_over_two_servers)
{
	struct bed b = { 0 };
	struct hist gaps;
	rig_toy(&b.rig);
	bed_make(&b);
	struct server *second = servers_add(b.servers, b.m);
	hist_init(&gaps);
	server_on_gaps(second, gaps_hist, &gaps);
	unsigned split = sim_type(b.sim, "split", SIM_PHASE_REQUEST, on_split, &b);
	b.request[0] = (struct request){ .prompt_tokens = 3, .output_tokens = 4 };
	sim_at(b.sim, 7, split, 0, 0, 0);
	sim_run(b.sim, INT64_MAX);
	/* as one_request_by_hand: 11.648 ms, then 4352, 4416, 4480 us */
	cr_expect(near_ns(b.outcome[0].first_ns, 7 + 11648000));
	cr_expect_eq(b.done, 1);
	int64_t second_ns = b.outcome[0].first_ns + 10000000;
	sim_at(b.sim, second_ns, split, 0, 1, 0);
	sim_run(b.sim, INT64_MAX);
	cr_expect(near_ns(b.outcome[0].done_ns, second_ns + 13248000));
	cr_expect_eq(b.done, 2);
	cr_expect(epsilon_eq(dbl, b.outcome[0].energy_j, 135 * 24.896e-3, 1e-12));
	cr_expect_eq(server_total(second, second_ns + 20000000).tokens_in, 0);
	cr_expect_eq(gaps.count, 3);
	cr_expect(epsilon_eq(dbl, gaps.max, 10e-3 + 4352e-6, 1e-9)); /* the move, then an iteration */
	bed_free(&b);
}

Test(server, a_long_prompt_goes_in_chunks)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	b.rig.engine.token_budget = 5;
	b.rig.engine.max_sequences = 5;
	bed_make(&b);
	bed_ask(&b, 0, 0, 12, 1);
	sim_run(b.sim, INT64_MAX);
	/* 5, 5 and 2 tokens, each with a row of the head; attention over 78 pairs */
	cr_expect(near_ns(b.outcome[0].first_ns, (12 * 3584 + 3 * 512 + 78 * 64) * 1000LL));
	cr_expect_eq(server_total(b.server, sim_now(b.sim)).iterations, 3);
	bed_free(&b);
}

/* Three blocks: two requests of 17 tokens each cannot both have a second one. */
Test(server, when_blocks_run_out_the_last_admitted_starts_again)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	bed_make(&b);
	bed_limit(&b, 3);
	bed_ask(&b, 0, 0, 14, 7);
	bed_ask(&b, 1, 1, 14, 7);
	sim_run(b.sim, INT64_MAX);
	cr_expect_eq(b.outcome[0].preemptions, 0);
	cr_expect_eq(b.outcome[1].preemptions, 1);
	cr_expect_gt(b.outcome[1].done_ns, b.outcome[0].done_ns);
	struct replica_total t = server_total(b.server, sim_now(b.sim));
	cr_expect_eq(t.tokens_out, 14);
	/* its 14 prompt tokens and the 3 it had generated by then are computed again */
	cr_expect_eq(t.tokens_in, 14 + 14 + 17);
	bed_free(&b);
}

Test(server, what_can_never_fit_is_told_before)
{
	struct bed b = { 0 };
	rig_home(&b.rig);
	bed_make(&b);
	/* 0.9 x 24 GB - 8.03e9 x 2 bytes = 5.54 GB; 131072 bytes a token: 2641 blocks of 16 */
	int capacity = (int)server_kv_capacity(b.server);
	cr_expect_eq(capacity, 42256);
	b.request[0] = (struct request){ .prompt_tokens = capacity, .output_tokens = 1 };
	b.request[1] = (struct request){ .prompt_tokens = capacity, .output_tokens = 2 };
	cr_expect(server_fits(b.server, 0));
	cr_expect_not(server_fits(b.server, 1));
	cr_expect(server_fits_prefill(b.server, 1));
	bed_free(&b);
}

/* The meter read every 7 ms adds up to the whole and each reading to power times time. */
Test(server, energy_is_the_integral_of_power)
{
	struct bed b = { 0 };
	rig_cloud(&b.rig);
	bed_make(&b);
	for (uint32_t i = 0; i < 97; i++)
		bed_ask(&b, i, i * 13000000LL, 37 + (int)i * 11, 1 + (int)i % 71);
	double last_j = 0, shares_j = 0;
	for (int64_t t_ns = 0; t_ns < 6000000000; t_ns += 7000000) {
		sim_run(b.sim, t_ns);
		double j = server_energy_j(b.server, t_ns, SERVER_DEVICE), w = (j - last_j) / 7e-3;
		if (t_ns > 0)
			cr_assert(
			    w > 4 * 113 - 1e-6 && w < 4 * 620 + 1e-6, "%g W at %ld", w, (long)t_ns);
		last_j = j;
	}
	cr_assert_eq(b.done, 97);
	for (int i = 0; i < 97; i++) shares_j += b.outcome[i].energy_j;
	struct replica_total t = server_total(b.server, 6000000000);
	/* all that is not idle is borne by requests */
	cr_expect(
	    epsilon_eq(dbl, shares_j, t.device_j - 4 * 113 * (6 - t.busy_s), 1e-9 * shares_j));
	bed_free(&b);
}

/* Requests that come while the first decodes. Where no place is free none of them ends its
 * span; where blocks lack the first of the queue ends it once to be looked at, those behind
 * it do not: so a long queue costs nothing. */
Test(server, who_waits_behind_others_ends_no_span)
{
	for (int blocks = 3; blocks < 1000; blocks += 700) {
		struct bed b = { 0 };
		rig_toy(&b.rig);
		if (blocks > 3) b.rig.engine.max_sequences = 1;
		bed_make(&b);
		bed_limit(&b, blocks);
		bed_ask(&b, 0, 0, 20, 25);
		for (uint32_t i = 1; i < 7; i++) bed_ask(&b, i, 80000000 + 17000000 * i, 20, 25);
		sim_run(b.sim, INT64_MAX);
		cr_assert_eq(b.done, 7);
		/* one for each prompt, one for the tokens of each */
		cr_expect_eq(server_total(b.server, sim_now(b.sim)).spans, 14 + (blocks == 3));
		bed_free(&b);
	}
}

/* Four blocks of 16 tokens. Guesses under verification take places behind those that a
 * request has, as many again where its last iteration gains them all: 64 - 2 g tokens are
 * the most, and whoever has them runs through alone. With prompts first it must fit the
 * budget, too, for it may have to be computed again. */
Test(server, the_longest_that_fits_runs_through)
{
	for (int g = 0; g <= 5; g++) {
		struct rig rig;
		rig_toy(&rig);
		rig.node.draft_tokens = g;
		rig.node.acceptance = 0.9;
		struct iteration_model *m = iteration_new(&rig.node);
		m->kv_blocks = 4;
		struct replica *r = replica_new(m);
		int64_t longest = 64 - 2 * g;
		cr_assert_eq(replica_longest(r), longest);
		for (int prompt = 1; prompt <= longest; prompt++) {
			int output = (int)longest - prompt + 1;
			struct ask a = { .prompt_tokens = prompt, .output_tokens = output };
			cr_assert(replica_fits(r, prompt, output));
			cr_assert_not(replica_fits(r, prompt, output + 1));
			replica_submit(r, (int64_t)prompt * 1000000000, &a);
			while (replica_running(r) + replica_waiting(r) > 0) replica_advance(r);
		}
		cr_expect_eq(replica_total(r, 99000000000).preemptions, 0);
		replica_free(r);
		m->prefill_first = true;
		m->token_budget = 40;
		r = replica_new(m);
		cr_expect_eq(replica_longest(r), 40);
		replica_free(r);
		iteration_free(m);
	}
}

/* Three guessed tokens, nearly all accepted: iterations give 4 tokens but for the first, 3.
 * Of 6 wanted the prompt gives 1, then 3 and 4, of which 2 are wanted: until it has ended
 * nobody knows of the last. */
Test(server, the_last_guesses_show_at_the_end)
{
	struct rig rig;
	rig_toy(&rig);
	rig.node.draft_tokens = 3;
	rig.node.acceptance = 0.999;
	struct iteration_model *m = iteration_new(&rig.node);
	struct replica *r = replica_new(m);
	replica_submit(r, 0, &(struct ask){ .prompt_tokens = 5, .output_tokens = 6 });
	replica_advance(r);
	cr_expect_eq(replica_outstanding(r, replica_end_ns(r)), 2);
	replica_advance(r);
	cr_expect_eq(replica_outstanding(r, replica_end_ns(r)), 0);
	cr_expect_eq(replica_total(r, 0).tokens_out, 6);
	replica_free(r);
	iteration_free(m);
}

/* A century at 135 W leaves 4e11 J in the sums, of which a double knows the next 6e-5 J:
 * the request of one_request_by_hand still bears its own 3.36 J. */
Test(server, energy_of_a_small_request_after_a_century)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	bed_make(&b);
	bed_limit(&b, 1000000);
	bed_ask(&b, 0, 0, 3, 10000000);
	sim_run(b.sim, INT64_MAX);
	cr_assert_eq(b.done, 1);
	cr_expect_gt(b.outcome[0].energy_j, 4e11);
	bed_ask(&b, 1, sim_now(b.sim) + 7, 3, 4);
	sim_run(b.sim, INT64_MAX);
	cr_expect_float_eq(b.outcome[1].energy_j, 135 * 24.896e-3, 1e-9);
	bed_free(&b);
}

Test(server, outstanding_tokens_and_cache_follow_the_iterations)
{
	struct bed b = { 0 };
	rig_toy(&b.rig);
	bed_make(&b);
	bed_ask(&b, 0, 0, 15, 40);
	/* prefill: 15 x 3584 + 512 + 120 x 64 = 61.952 ms;
	 * decodes at contexts 16, 17: 5.12, 5.184 ms */
	static const struct { int64_t t_ns; int64_t left, cache; } want[] = {
		{ 0, 55, 16 }, { 61951999, 55, 16 }, { 61953000, 39, 16 }, { 67071000, 39, 16 },
		{ 67073000, 38, 32 }, { 72257000, 37, 32 },
	};
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		sim_run(b.sim, want[i].t_ns);
		cr_expect_eq(server_outstanding(b.server), want[i].left, "%ld tokens at %ld",
		    (long)server_outstanding(b.server), (long)want[i].t_ns);
		cr_expect_eq(server_kv_used(b.server), want[i].cache, "%ld cached at %ld",
		    (long)server_kv_used(b.server), (long)want[i].t_ns);
	}
	bed_free(&b);
}

/* Gaps in closed form against adding them one by one. */
Test(server, gaps_fill_the_histogram)
{
	static struct hist fast, slow;
	static const struct gap_run runs[] = {
		{ 0.0251, 1.7e-5, 1003, 7 },
		{ 0.03, 0, 311, 2 },
		{ 0.9, 0, 1, 1 },
		{ 1e-12, 3e-11, 999, 3 },
	};
	hist_init(&fast);
	hist_init(&slow);
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		gaps_hist(&fast, &runs[i]);
		for (int64_t j = 0; j < runs[i].iterations; j++)
			hist_add_n(
			    &slow, runs[i].first_s + (double)j * runs[i].step_s, runs[i].each);
	}
	cr_expect_eq(fast.count, slow.count);
	cr_expect_eq(fast.min, slow.min);
	cr_expect_eq(fast.max, slow.max);
	for (int i = 0; i < HIST_BUCKETS; i++)
		cr_expect_eq(fast.bucket[i], slow.bucket[i], "bucket %d: %ld, not %ld", i,
		    (long)fast.bucket[i], (long)slow.bucket[i]);
}

Test(server, what_ends_after_the_clock_does_never_ends)
{
	static const struct instant late = { INT64_MAX - 7, 0.5 };
	cr_expect_eq(instant_add(late, 1e-7).ns, INT64_MAX);
	cr_expect_eq(instant_up_ns(instant_add((struct instant){ 1, 0.5 }, 1e300)), INT64_MAX);
	cr_expect_eq(instant_add((struct instant){ 1, 0.5 }, 7.75e-9).ns, 9);
}
