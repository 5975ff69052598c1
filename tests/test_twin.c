/* The server's spans against the step-by-step twin (tests/twin.h): every
 * request's first token, completion, energy and preemptions, every gap between
 * tokens, and the energy meter at every arrival. */
#include "tests/unit.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "models/compute/replica.h"
#include "tests/rig.h"
#include "tests/twin.h"

enum { REQUESTS = 1009 };

/* What the replica under test did. */
struct seen {
	double first_s[REQUESTS], done_s[REQUESTS], energy_j[REQUESTS];
	int preemptions[REQUESTS];
	int64_t at_ns[REQUESTS]; /* when the meter was read */
	double meter_j[REQUESTS];
	double *gap_s;
	size_t gaps, gaps_cap;
	struct replica_total total;
};

static void on_gaps(void *ctx, const struct gap_run *g)
{
	struct seen *s = ctx;
	for (int64_t j = 0; j < g->iterations; j++)
		for (int64_t i = 0; i < g->each; i++) {
			s->gap_s = mem_grow(s->gap_s, s->gaps, &s->gaps_cap, sizeof *s->gap_s);
			s->gap_s[s->gaps++] = g->first_s + (double)j * g->step_s;
		}
}

static void end_span(struct replica *r, struct seen *s)
{
	double now_s = (double)replica_end_ns(r) * 1e-9;
	size_t n;
	replica_advance(r);
	const uint32_t *first = replica_first(r, &n);
	for (size_t i = 0; i < n; i++) s->first_s[first[i]] = now_s;
	const struct replica_done *done = replica_finished(r, &n);
	for (size_t i = 0; i < n; i++) {
		s->done_s[done[i].id] = now_s;
		s->energy_j[done[i].id] = done[i].energy_j;
		s->preemptions[done[i].id] = (int)done[i].preemptions;
	}
}

/* Events in the order of the engine: spans end before requests come. */
static void drive(const struct iteration_model *m, const struct twin_request *q, struct seen *s)
{
	struct replica *r = replica_new(m);
	int64_t end_ns = 0;
	replica_on_gaps(r, on_gaps, s);
	for (uint32_t next = 0; next < REQUESTS || replica_end_ns(r) != INT64_MAX;) {
		if (next == REQUESTS || replica_end_ns(r) <= q[next].sent_ns) {
			end_ns = replica_end_ns(r);
			end_span(r, s);
			continue;
		}
		s->at_ns[next] = q[next].sent_ns;
		s->meter_j[next] = replica_total(r, q[next].sent_ns).device_j;
		replica_submit(r, q[next].sent_ns, next, q[next].prompt, q[next].output);
		next++;
	}
	s->total = replica_total(r, end_ns);
	cr_assert_eq(replica_outstanding(r, end_ns), 0);
	cr_assert_eq(replica_kv_used(r, end_ns), 0);
	cr_assert_eq(replica_running(r), 0);
	replica_free(r);
}

/* What varies between seeds. */
struct mix {
	int budget, sequences, slack_blocks; /* slack: KV blocks beyond the largest request's */
	double gap_s, exponent, max_w, host_s;
	bool cloud;
};

static struct mix mix_of(int seed)
{
	static const int budget[] = { 64, 257, 2048 }, sequences[] = { 1, 7, 31, 64 };
	static const int slack[] = { 0, 17, 100000 };
	static const double gap_s[] = { 0.0011, 0.13, 0.9 }, exponent[] = { 1, 0.89, 1.7 };
	static const double max_w[] = { 345, 380, 620 }, host_s[] = { 67e-6, 3e-6, 371e-6 };
	return (struct mix){
		.budget = budget[seed % 3],
		.sequences = sequences[seed % 4],
		.slack_blocks = slack[seed / 2 % 3],
		.gap_s = gap_s[seed / 3 % 3],
		.exponent = exponent[seed / 4 % 3],
		.max_w = max_w[seed / 5 % 3],
		.host_s = host_s[seed / 7 % 3],
		.cloud = seed % 5 < 3,
	};
}

/* Poisson arrivals with bursts at one nanosecond and idle gaps; skewed lengths. */
static int draw_requests(struct pcg64 *g, double gap_s, struct twin_request *q)
{
	double now_s = 0;
	int largest = 0;
	for (int i = 0; i < REQUESTS; i++) {
		double u = pcg64_unit(g);
		if (u > 0.25) now_s += -gap_s * log(pcg64_open(g));
		if (u > 0.995) now_s += 37;
		int output = 1 + (int)(-53 * log(pcg64_open(g)));
		int prompt = 1 + (int)(exp(4.3 + 1.1 * gsl_cdf_ugaussian_Pinv(pcg64_open(g))));
		q[i] = (struct twin_request){ .sent_ns = (int64_t)(now_s * 1e9), .prompt = prompt,
			.output = output };
		if (prompt + output > largest) largest = prompt + output;
	}
	return largest;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double relative(double a, double b)
{
	return fabs(a - b) / fmax(fabs(a), fabs(b));
}

static void compare_requests(int seed, const struct twin *t, const struct seen *s)
{
	for (int i = 0; i < REQUESTS; i++) {
		const struct twin_request *q = &t->request[i];
		cr_assert_lt(fabs(s->first_s[i] - q->first_s), 1e-6,
		    "seed %d request %d: first %.9f, twin %.9f", seed, i, s->first_s[i],
		    q->first_s);
		cr_assert_lt(fabs(s->done_s[i] - q->done_s), 1e-6,
		    "seed %d request %d: done %.9f, twin %.9f", seed, i, s->done_s[i], q->done_s);
		cr_assert_lt(relative(s->energy_j[i], q->energy_j), 1e-9,
		    "seed %d request %d: %.12g J, twin %.12g J", seed, i, s->energy_j[i],
		    q->energy_j);
		cr_assert_eq(s->preemptions[i], q->preemptions);
	}
}

static void compare_gaps(int seed, struct twin *t, struct seen *s)
{
	cr_assert_eq(s->gaps, t->gaps, "seed %d: %zu gaps, twin %zu", seed, s->gaps, t->gaps);
	qsort(s->gap_s, s->gaps, sizeof *s->gap_s, by_value);
	qsort(t->gap_s, t->gaps, sizeof *t->gap_s, by_value);
	for (size_t i = 0; i < s->gaps; i++)
		cr_assert_lt(fabs(s->gap_s[i] - t->gap_s[i]), 1e-9,
		    "seed %d gap %zu: %.12g s, twin %.12g s", seed, i, s->gap_s[i], t->gap_s[i]);
}

/* The twin's energy until each time the meter was read. */
static void compare_meter(int seed, const struct twin *t, const struct seen *s)
{
	double idle_w = (double)t->node->tensor_parallel * node_device(t->node)->power.idle_w;
	long double busy_j = 0, busy_s = 0;
	size_t k = 0;
	for (int i = 0; i < REQUESTS; i++) {
		double at_s = (double)s->at_ns[i] * 1e-9, part_j = 0, part_s = 0;
		for (; k < t->iterations && t->iteration[k].end_s <= at_s; k++) {
			busy_j += t->iteration[k].energy_j;
			busy_s += t->iteration[k].end_s - t->iteration[k].begin_s;
		}
		if (k < t->iterations && t->iteration[k].begin_s < at_s) {
			const struct twin_iteration *it = &t->iteration[k];
			part_s = at_s - it->begin_s;
			part_j = it->energy_j * part_s / (it->end_s - it->begin_s);
		}
		double j = (double)(busy_j + part_j + idle_w * (at_s - busy_s - part_s));
		/* the twin's own times carry 1e-16 of the run's length */
		cr_assert_lt(fabs(s->meter_j[i] - j), 1e-9 * j + 1e-6,
		    "seed %d at %.9f s: %.12g J, twin %.12g J", seed, at_s, s->meter_j[i], j);
	}
}

static void compare_totals(const struct twin *t, const struct seen *s)
{
	cr_assert_eq(s->total.iterations, (int64_t)t->iterations);
	cr_assert_eq(s->total.preemptions, t->preemptions);
	cr_assert_eq(s->total.tokens_in, t->tokens_in);
	cr_assert_eq(s->total.tokens_out, t->tokens_out);
	cr_assert_lt(relative(s->total.flops, (double)t->flops), 1e-9);
	cr_assert_lt(relative(s->total.bytes, (double)t->bytes), 1e-9);
}

static long preempted, spans, iterations;

static void run_seed(int seed)
{
	struct mix x = mix_of(seed);
	struct pcg64 g = rng_stream((uint64_t)seed, 0, rng_entity("twin"), RNG_TEST);
	struct rig rig;
	x.cloud ? rig_cloud(&rig) : rig_home(&rig);
	rig.engine.token_budget = x.budget;
	rig.engine.max_sequences = x.sequences;
	rig.engine.host_s = x.host_s;
	rig.device.power.base_w = 308;
	rig.device.power.bw_w = 162;
	rig.device.power.fl_w = 1089;
	rig.device.power.fl_exp = x.exponent;
	rig.device.power.max_w = x.max_w;
	struct twin t = { .node = &rig.node, .requests = REQUESTS };
	t.request = mem_new(REQUESTS, sizeof *t.request);
	int largest = draw_requests(&g, x.gap_s, t.request);
	struct iteration_model *m = iteration_new(&rig.node);
	m->kv_blocks = t.blocks_total = (largest + 15) / 16 + x.slack_blocks;
	struct seen *s = mem_new(1, sizeof *s);
	drive(m, t.request, s);
	twin_run(&t);
	compare_requests(seed, &t, s);
	compare_gaps(seed, &t, s);
	compare_meter(seed, &t, s);
	compare_totals(&t, s);
	preempted += t.preemptions;
	spans += s->total.spans;
	iterations += s->total.iterations;
	twin_fini(&t);
	iteration_free(m);
	free(t.request);
	free(s->gap_s);
	free(s);
}

Test(twin, fifty_seeds_agree)
{
	for (int seed = 0; seed < 50; seed++) run_seed(seed);
	cr_log_info("%ld iterations in %ld spans, %ld preemptions", iterations, spans, preempted);
	cr_assert_gt(preempted, 1000);          /* the small caches must be felt */
	cr_assert_lt(spans, iterations / 5); /* spans must be worth their name */
}
