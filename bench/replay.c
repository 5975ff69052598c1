#include "bench/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/replica.h"

static void finish_span(struct replica *r, struct client *c)
{
	double now_s = (double)replica_end_ns(r) * 1e-9;
	size_t n;
	replica_advance(r);
	const uint32_t *first = replica_first(r, &n);
	for (size_t i = 0; i < n; i++) c[first[i]].first_s = now_s;
	const struct replica_done *done = replica_finished(r, &n);
	for (size_t i = 0; i < n; i++) c[done[i].id].done_s = now_s;
}

static void submit(struct replica *r, int64_t now_ns, const struct client *c, uint32_t i)
{
	struct ask a = { .id = i,
		.prompt_tokens = c[i].prompt,
		.output_tokens = c[i].output,
		.prefix = c[i].prefix,
		.prefix_count = (uint32_t)c[i].units };
	replica_submit(r, now_ns, &a);
}

void replay_open(const struct iteration_model *m, struct client *c, uint32_t clients)
{
	struct replica *r = replica_new(m);
	for (uint32_t next = 0; next < clients || replica_end_ns(r) != INT64_MAX;) {
		int64_t sent_ns = next < clients ? (int64_t)(c[next].sent_s * 1e9) : INT64_MAX;
		if (replica_end_ns(r) <= sent_ns) {
			finish_span(r, c);
			continue;
		}
		submit(r, sent_ns, c, next);
		next++;
	}
	replica_free(r);
}

/* The counters when the last request of the first round ended, and at the end. */
struct window {
	int64_t from_ns, to_ns;
	struct replica_total from, to;
};

static struct closed_seen seen_of(
    const struct client *c, uint32_t from, uint32_t to, const struct window *w)
{
	struct closed_seen s = { 0 };
	double n = 0, tokens = (double)(w->to.tokens_out - w->from.tokens_out);
	for (uint32_t i = from; i < to; i++) {
		if (!(c[i].done_s > 0)) continue; /* under way at the end */
		n++;
		s.ttft_s += c[i].first_s - c[i].sent_s;
		if (c[i].output > 1) s.tpot_s += (c[i].done_s - c[i].first_s) / (c[i].output - 1);
	}
	s.ttft_s /= n;
	s.tpot_s /= n;
	s.tokens_s = tokens / (1e-9 * (double)(w->to_ns - w->from_ns));
	s.device_j_per_token = (w->to.device_j - w->from.device_j) / tokens;
	return s;
}

/* A client that comes in the middle of its first answer: the rest of it is even over
 * the clients, so that they end one after the other. */
static int32_t first_output(const struct closed_loop *l, uint32_t client)
{
	double rest = (client + 1.0) / l->at_once;
	return l->staggered ? (int32_t)ceil(rest * l->output) : l->output;
}

static void send(
    struct replica *r, int64_t now_ns, struct client *c, uint32_t i, const struct closed_loop *l)
{
	c[i] = (struct client){ .sent_s = (double)now_ns * 1e-9,
		.prompt = l->prompt,
		.output = i < l->at_once ? first_output(l, i) : l->output };
	submit(r, now_ns, c, i);
}

struct closed_seen replay_closed(const struct iteration_model *m, const struct closed_loop *l)
{
	uint32_t total = l->at_once * l->rounds, sent = 0, ended = 0;
	struct client *c = mem_new(total, sizeof *c);
	struct replica *r = replica_new(m);
	struct window w = { 0 };
	for (; sent < l->at_once; sent++) send(r, 0, c, sent, l);
	/* From its last request on a service in steady state would lack clients. */
	while (l->staggered ? sent < total : ended < total) {
		size_t n;
		w.to_ns = replica_end_ns(r);
		finish_span(r, c);
		replica_finished(r, &n);
		bool first_round = ended < l->at_once;
		ended += (uint32_t)n;
		for (; n > 0 && sent < total; n--, sent++) send(r, w.to_ns, c, sent, l);
		w.to = replica_total(r, w.to_ns);
		if (first_round && ended >= l->at_once) {
			w.from_ns = w.to_ns;
			w.from = w.to;
		}
	}
	struct closed_seen s = seen_of(c, l->at_once, total, &w);
	replica_free(r);
	free(c);
	return s;
}

struct client_means client_means(const struct client *c, uint32_t clients)
{
	struct client_means m = { 0 };
	uint32_t gaps = 0;
	for (uint32_t i = 0; i < clients; i++) {
		m.ttft_s += (c[i].first_s - c[i].sent_s) / clients;
		m.e2e_s += (c[i].done_s - c[i].sent_s) / clients;
		if (c[i].output < 2) continue;
		m.tpot_s += (c[i].done_s - c[i].first_s) / (c[i].output - 1);
		gaps++;
	}
	m.tpot_s /= gaps;
	return m;
}
