#include "tests/unit.h"

#include "tests/twin_check.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* What the replica under test did. */
struct seen {
	double first_s[TWIN_REQUESTS], done_s[TWIN_REQUESTS], energy_j[TWIN_REQUESTS];
	int preemptions[TWIN_REQUESTS];
	int64_t at_ns[TWIN_REQUESTS]; /* when the meter was read */
	struct replica_total then[TWIN_REQUESTS];
	int64_t outstanding[TWIN_REQUESTS], kv_blocks[TWIN_REQUESTS];
	int tokens[TWIN_REQUESTS]; /* to compute and to get, of a request that comes */
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

static struct ask ask_of(const struct twin_request *q, uint32_t i)
{
	return (struct ask){
		.id = i,
		.prompt_tokens = q[i].prompt,
		.output_tokens = q[i].output,
		.computed_tokens = q[i].arrives ? q[i].prompt : 0,
		.first_ns = q[i].first_ns,
		.priority = (int8_t)q[i].priority,
		.prefix = q[i].id,
		.prefix_count = (uint32_t)q[i].ids,
	};
}

/* When the next event from outside comes: a request or a change of the cap. */
static int64_t outside_ns(const struct twin *t, size_t request, size_t cap)
{
	int64_t request_ns = request < t->requests ? t->request[request].sent_ns : INT64_MAX;
	int64_t cap_ns = cap < t->caps ? t->cap[cap].at_ns : INT64_MAX;
	return cap_ns < request_ns ? cap_ns : request_ns;
}

/* Events in the order of the engine: spans end before caps change and requests come. */
static void drive(const struct iteration_model *m, const struct twin *t, struct seen *s)
{
	struct replica *r = replica_new(m);
	int64_t end_ns = 0, now_ns;
	uint32_t next = 0;
	size_t cap = 0;
	replica_on_gaps(r, on_gaps, s);
	while ((now_ns = outside_ns(t, next, cap)) != INT64_MAX || replica_end_ns(r) != INT64_MAX) {
		if (replica_end_ns(r) <= now_ns) {
			end_ns = replica_end_ns(r);
			end_span(r, s);
			continue;
		}
		if (cap < t->caps && t->cap[cap].at_ns == now_ns) {
			replica_set_cap(r, now_ns, t->cap[cap++].cap_w);
			continue;
		}
		s->at_ns[next] = now_ns;
		s->then[next] = replica_total(r, now_ns);
		s->outstanding[next] = replica_outstanding(r, now_ns);
		s->kv_blocks[next] = replica_kv_used(r, now_ns) / m->block_tokens;
		struct ask a = ask_of(t->request, next);
		s->tokens[next++] = a.computed_tokens ? a.output_tokens - 1 :
							a.prompt_tokens + a.output_tokens;
		replica_submit(r, now_ns, &a);
	}
	s->total = replica_total(r, end_ns);
	cr_assert_eq(replica_outstanding(r, end_ns), 0);
	cr_assert_eq(replica_kv_used(r, end_ns), 0);
	cr_assert_eq(replica_running(r), 0);
	replica_free(r);
}

/* Poisson arrivals with bursts at one nanosecond and idle gaps; skewed lengths. */
int twin_draw(struct pcg64 *g, double gap_s, struct twin_request *q)
{
	double now_s = 0;
	int largest = 0;
	for (int i = 0; i < TWIN_REQUESTS; i++) {
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
	for (int i = 0; i < TWIN_REQUESTS; i++) {
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
	double devices = (double)(t->node->tensor_parallel * t->node->pipeline_parallel);
	double idle_w = devices * node_device(t->node)->power.idle_w;
	long double busy_j = 0, busy_s = 0;
	size_t k = 0;
	for (int i = 0; i < TWIN_REQUESTS; i++) {
		double at_s = (double)s->at_ns[i] * 1e-9, part_j = 0, part_s = 0;
		for (; k < t->stretches && t->stretch[k].end_s <= at_s; k++) {
			busy_j += t->stretch[k].energy_j;
			busy_s += t->stretch[k].end_s - t->stretch[k].begin_s;
		}
		if (k < t->stretches && t->stretch[k].begin_s < at_s) {
			const struct twin_stretch *it = &t->stretch[k];
			part_s = at_s - it->begin_s;
			part_j = it->energy_j * part_s / (it->end_s - it->begin_s);
		}
		double j = (double)(busy_j + part_j + idle_w * (at_s - busy_s - part_s));
		/* the twin's own times carry 1e-16 of the run's length */
		cr_assert_lt(fabs(s->then[i].device_j - j), 1e-9 * j + 1e-6,
		    "seed %d at %.9f s: %.12g J, twin %.12g J", seed, at_s, s->then[i].device_j, j);
	}
}

static void compare_known(int seed, int i, const struct seen *s, const struct twin_known *k)
{
	const struct replica_total *then = &s->then[i];
	cr_assert_eq(then->iterations, k->iterations, "seed %d request %d", seed, i);
	cr_assert_eq(then->tokens_in, k->tokens_in, "seed %d request %d", seed, i);
	cr_assert_eq(then->tokens_out, k->tokens_out, "seed %d request %d", seed, i);
	cr_assert_eq(then->served, k->served, "seed %d request %d", seed, i);
	cr_assert_leq(fabs(then->flops - k->flops), 1e-9 * k->flops);
	cr_assert_leq(fabs(then->bytes - k->bytes), 1e-9 * k->bytes);
	cr_assert_eq(s->outstanding[i], k->outstanding, "seed %d request %d: %lld tokens, twin %ld",
	    seed, i, (long long)s->outstanding[i], k->outstanding);
	cr_assert_eq(s->kv_blocks[i], k->kv_blocks, "seed %d request %d: %lld blocks, twin %lld",
	    seed, i, (long long)s->kv_blocks[i], (long long)k->kv_blocks);
}

/* What a router sees when a request comes: the twin's state at the last boundary before. */
static void compare_looks(int seed, const struct twin *t, const struct seen *s)
{
	size_t k = 0;
	for (int i = 0; i < TWIN_REQUESTS; i++) {
		double at_s = (double)s->at_ns[i] * 1e-9;
		while (k < t->stretches && t->stretch[k].end_s <= at_s) k++;
		if (k == t->stretches) break;
		struct twin_known now = t->stretch[k].known;
		if (now.submitted > (size_t)i) now.outstanding = now.kv_blocks = 0; /* idle */
		for (int j = (int)now.submitted; j < i; j++) now.outstanding += s->tokens[j];
		compare_known(seed, i, s, &now);
	}
}

static void compare_totals(const struct twin *t, const struct seen *s)
{
	cr_assert_eq(s->total.iterations, t->iterations);
	cr_assert_eq(s->total.loads, t->loads);
	cr_assert_eq(s->total.preemptions, t->preemptions);
	cr_assert_eq(s->total.tokens_in, t->tokens_in);
	cr_assert_eq(s->total.tokens_out, t->tokens_out);
	cr_assert_eq(s->total.served, t->served);
	cr_assert_leq(fabs(s->total.slowed_s - (double)t->slowed_s), 1e-9 * (double)t->slowed_s);
	cr_assert_eq(s->total.prefix_looked, t->looked);
	cr_assert_eq(s->total.prefix_hit, t->hit);
	cr_assert_lt(relative(s->total.flops, (double)t->flops), 1e-9);
	cr_assert_lt(relative(s->total.bytes, (double)t->bytes), 1e-9);
}

struct replica_total twin_check(int seed, const struct iteration_model *m, struct twin *t)
{
	struct seen *s = mem_new(1, sizeof *s);
	drive(m, t, s);
	twin_run(t);
	compare_requests(seed, t, s);
	compare_gaps(seed, t, s);
	compare_meter(seed, t, s);
	compare_looks(seed, t, s);
	compare_totals(t, s);
	struct replica_total total = s->total;
	free(s->gap_s);
	free(s);
	return total;
}
