/* Closed loops: clients that wait for the answer before they ask again. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/compute/link.h"
#include "models/site/pool.h"
#include "models/site/scenario.h"
#include "models/work/workload.h"
#include "tests/rig.h"

struct bed {
	struct rig rig;
	struct workload_par par;
	struct err_pos pos[32];
	struct object element, scenario, node;
	struct err_list *e;
	struct sim *sim;
	struct pool *pool;
	struct workload *w;
};

static struct dist law(const char *text, enum dim dim)
{
	struct dist d;
	char why[200];
	cr_assert(dist_parse(text, dim, 0, 1e9, &d, why, sizeof why), "%s", why);
	return d;
}

/* Clients of no home, one RTX 4090 in a data centre. */
static void bed_make(struct bed *b, int clients, int requests)
{
	*b = (struct bed){
		.par = { .repeat = 1,
		    .period_s = NAN,
		    .rate_hz = NAN,
		    .bytes_per_token = 4,
		    .concurrency = clients,
		    .requests = requests,
		    .think = law("uniform(0.5, 2.5) s", DIM_TIME),
		    .arrivals = ARRIVALS_GAMMA,
		    .burstiness = 1,
		    .idc = NAN,
		    .timescale_s = NAN,
		    .peak_hz = NAN,
		    .prompt = law("lognormal(200, 0.7) tokens", DIM_TOKENS),
		    .output = law("quantiles(0:3, 0.5:70, 1:170) tokens", DIM_TOKENS) },
		.scenario = { .cls = &scenario_class },
		.e = err_new(),
		.sim = sim_new(),
	};
	rig_home(&b->rig);
	b->element = (struct object){ .cls = &workload_class, .par = &b->par, .attr_pos = b->pos };
	b->node = (struct object){ .cls = &node_class, .par = &b->rig.node, .name = "node" };
	b->pool = pool_new(b->sim, &b->scenario,
	    &(struct policy_par){ .routing = ROUTING_LEAST_LOADED, .spill_above = 7 });
	pool_add(b->pool, &b->node, (struct pool_place){ .home = ORIGIN_OUTSIDE });
}

static void bed_run(struct bed *b, double until_s)
{
	b->w = workload_build(
	    &b->element, 7, 0, 0, isinf(until_s) ? INT64_MAX : llround(until_s * 1e9), b->e);
	err_print(b->e, stderr);
	cr_assert(b->w != NULL);
	pool_open_loop(b->pool, b->w, 0);
	sim_run(b->sim, isinf(until_s) ? INT64_MAX : llround(until_s * 1e9));
	if (!isinf(until_s)) pool_close(b->pool); /* else the last answer is still on its link */
}

static void bed_free(struct bed *b)
{
	pool_free(b->pool);
	workload_free(b->w);
	sim_free(b->sim);
	err_free(b->e);
}

static double response_s(const struct bed *b, uint32_t i)
{
	return (double)(pool_outcomes(b->pool)[i].done_ns - b->w->request[i].sent_ns) * 1e-9;
}

/* One client alone, and nothing drawn: every cycle is alike. */
Test(loop, one_client_goes_round_by_answer_and_thought)
{
	struct bed b;
	bed_make(&b, 1, 7);
	b.par.think = law("1.5 s", DIM_TIME);
	b.par.prompt = law("100 tokens", DIM_TOKENS);
	b.par.output = law("30 tokens", DIM_TOKENS);
	bed_run(&b, INFINITY);
	cr_assert_eq(b.w->count, 7);
	cr_expect_eq(b.w->request[0].sent_ns, 1500000000); /* it thinks first */
	for (uint32_t i = 0; i < 7; i++) {
		const struct outcome *o = &pool_outcomes(b.pool)[i];
		cr_expect_eq(o->status, REQUEST_DONE);
		cr_expect_eq(b.w->request[i].prompt_tokens, 100);
		cr_expect_float_eq(response_s(&b, i), response_s(&b, 0), 2e-9);
		if (i) cr_expect_eq(b.w->request[i].sent_ns, o[-1].done_ns + 1500000000);
	}
	bed_free(&b);
}

/* The interactive response time law, N = X (R + Z) (Lazowska et al. 1984, "Quantitative
 * system performance", section 3.4; after Little 1961): with few clients, whose thoughts
 * make most of the cycle, and with many, who queue. Until the end of the run each client
 * is in some cycle: the sum of all whole ones misses at most one a client. */
Test(loop, clients_throughput_response_and_thought_obey_littles_law)
{
	static const int clients[] = { 1, 13, 97, 401 };
	double last_x = 0;
	for (int k = 0; k < 4; k++) {
		struct bed b;
		bed_make(&b, clients[k], 0);
		b.rig.engine.max_sequences = 64;
		double end_s = 1801, response = 0, n = 0, longest = 0;
		bed_run(&b, end_s);
		for (uint32_t i = 0; i < b.w->count; i++) {
			if (pool_outcomes(b.pool)[i].status != REQUEST_DONE) continue;
			response += response_s(&b, i);
			longest = fmax(longest, response_s(&b, i));
			n++;
		}
		double x = n / end_s, law_n = x * (response / n + 1.5);
		/* and the mean of n uniform thoughts is 1.5 s +- 0.577 s / sqrt(n) */
		double slack = clients[k] * (longest + 2.5) / end_s + 4 * x * 0.577 / sqrt(n);
		cr_expect(fabs(law_n - clients[k]) <= slack, "%d clients: %g, slack %g", clients[k],
		    law_n, slack);
		cr_expect(slack < 0.05 * clients[k], "%d clients: says nothing, slack %g",
		    clients[k], slack);
		cr_expect(x > last_x); /* more clients, more throughput, up to the bound */
		last_x = x;
		bed_free(&b);
	}
}

/* What each client asks for and how long it thinks is the same on a node of any speed,
 * and with any number of other clients. */
Test(loop, clients_draw_the_same_whatever_happens_to_them)
{
	static const int clients[] = { 5, 5, 11 };
	static const double slower[] = { 1, 7, 1 };
	int32_t asked[3][5][20][2] = { { { { 0 } } } };
	for (int k = 0; k < 3; k++) {
		struct bed b;
		int n[11] = { 0 };
		bed_make(&b, clients[k], 20 * clients[k]);
		b.rig.device.bandwidth_bytes_s /= slower[k];
		bed_run(&b, INFINITY);
		cr_assert_eq((int)b.w->count, 20 * clients[k]);
		int64_t before_ns = 0, free_ns[11] = { 0 };
		for (uint32_t i = 0; i < b.w->count; i++) {
			const struct request *q = &b.w->request[i];
			uint32_t c = workload_client(b.w, i);
			cr_assert(q->sent_ns >= before_ns, "not in order of time");
			before_ns = q->sent_ns;
			/* one at a time, after half a second of thought at least */
			cr_expect(q->sent_ns >= free_ns[c] + 500000000);
			free_ns[c] = pool_outcomes(b.pool)[i].done_ns;
			if (c >= 5 || n[c] >= 20) continue;
			asked[k][c][n[c]][0] = q->prompt_tokens;
			asked[k][c][n[c]++][1] = q->output_tokens;
		}
		for (int c = 0; c < 5; c++) {
			cr_expect(n[c] > 10);
			for (int i = 0; i < 10; i++)
				cr_expect_arr_eq(asked[k][c][i], asked[0][c][i], 8);
		}
		bed_free(&b);
	}
}

Test(loop, a_trace_is_sent_in_its_order_until_it_ends)
{
	char path[] = "/tmp/hearth-loop-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");
	fputs("arrival_s,prompt_tokens,output_tokens\n", f);
	for (int i = 0; i < 11; i++) fprintf(f, "%d,%d,%d\n", 1000 * i, 50 + i, 3 + i);
	fclose(f);
	struct bed b;
	bed_make(&b, 4, 0);
	b.par.trace = path;
	b.par.repeat = 2;
	bed_run(&b, INFINITY);
	cr_assert_eq(b.w->count, 22);
	for (uint32_t i = 0; i < 22; i++) {
		cr_expect_eq(b.w->request[i].prompt_tokens, 50 + (int)i % 11);
		cr_expect_eq(b.w->request[i].output_tokens, 3 + (int)i % 11);
		cr_expect_eq(pool_outcomes(b.pool)[i].status, REQUEST_DONE);
	}
	cr_expect(b.w->request[21].sent_ns < 1000000000000, "times are not the trace's");
	unlink(path);
	bed_free(&b);
}

/* Prompts that no node can hold, and no thought: time passes all the same. */
Test(loop, who_is_refused_asks_again_a_second_later)
{
	struct bed b;
	bed_make(&b, 3, 0);
	b.par.think = (struct dist){ .kind = DIST_CONST, .a = NAN };
	b.par.prompt = law("100000 tokens", DIM_TOKENS);
	bed_run(&b, 7.5);
	cr_assert_eq(b.w->count, 3 * 8); /* at 0, 1, ... 7 s */
	for (uint32_t i = 0; i < b.w->count; i++) {
		cr_expect_eq(b.w->request[i].sent_ns, i / 3 * 1000000000LL);
		cr_expect_eq(pool_outcomes(b.pool)[i].status, REQUEST_REJECTED);
	}
	bed_free(&b);
}

Test(loop, what_makes_no_sense_is_refused)
{
	struct bed b;
	bed_make(&b, 3, 0);
	b.w = workload_build(&b.element, 7, 0, 0, INT64_MAX, b.e); /* no end */
	cr_expect(b.w == NULL);
	b.par.rate_hz = 1;
	workload_class.check(&b.element, b.e);
	cr_expect_eq(err_count(b.e), 2);
	b.par.concurrency = 0; /* a thought without clients */
	workload_class.check(&b.element, b.e);
	cr_expect_eq(err_count(b.e), 3);
	bed_free(&b);
}
