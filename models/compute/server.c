#include "models/compute/server.h"

#include <stdlib.h>

#include "base/mem.h"

struct server {
	struct servers *ss;
	struct replica *replica;
	sim_handle end; /* of the span under way */
	uint32_t index;
};

struct servers {
	struct sim *sim;
	unsigned span_end; /* event type */
	const struct request *requests;
	struct outcome *outcomes;
	const uint64_t *prefix; /* NULL: not known */
	struct server_calls calls;
	struct server **server;
	size_t count, cap;
};

static void schedule(struct server *s)
{
	int64_t end_ns = replica_end_ns(s->replica);
	s->end = 0;
	if (end_ns != INT64_MAX)
		s->end = sim_at(s->ss->sim, end_ns, s->ss->span_end, s->index, 0, 0);
}

static void tell(struct server *s, int64_t t_ns)
{
	struct servers *ss = s->ss;
	size_t n;
	const uint32_t *first = replica_first(s->replica, &n);
	for (size_t i = 0; i < n && ss->calls.first; i++)
		ss->calls.first(ss->calls.ctx, s, first[i], t_ns);
	const struct replica_done *done = replica_finished(s->replica, &n);
	for (size_t i = 0; i < n; i++) {
		struct outcome *o = &ss->outcomes[done[i].id];
		o->energy_j += done[i].energy_j;
		o->preemptions = (uint16_t)(o->preemptions + done[i].preemptions);
		if (ss->calls.done) ss->calls.done(ss->calls.ctx, s, done[i].id, t_ns);
	}
}

/* The next span is under way before anybody is told, so that what a callback
 * submits is treated as any request that comes at this nanosecond. */
static void on_span_end(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct servers *ss = ctx;
	struct server *s = ss->server[ev->entity];
	replica_advance(s->replica);
	schedule(s);
	tell(s, sim_now(sim));
}

struct servers *servers_new(struct sim *sim, const struct request *requests,
    struct outcome *outcomes, const struct server_calls *calls)
{
	struct servers *ss = mem_new(1, sizeof *ss);
	*ss = (struct servers){ .sim = sim, .requests = requests, .outcomes = outcomes,
		.calls = *calls };
	ss->span_end = sim_type(sim, "span end", SIM_PHASE_DEVICE, on_span_end, ss);
	return ss;
}

void servers_move(struct servers *ss, const struct request *requests, struct outcome *outcomes)
{
	ss->requests = requests;
	ss->outcomes = outcomes;
}

void servers_share_prefixes(struct servers *ss, const uint64_t *prefix)
{
	ss->prefix = prefix;
}

void servers_free(struct servers *ss)
{
	if (!ss) return;
	for (size_t i = 0; i < ss->count; i++) {
		replica_free(ss->server[i]->replica);
		free(ss->server[i]);
	}
	free(ss->server);
	free(ss);
}

struct server *servers_add(struct servers *ss, const struct iteration_model *m)
{
	struct server *s = mem_new(1, sizeof *s);
	*s = (struct server){ .ss = ss, .replica = replica_new(m), .index = (uint32_t)ss->count };
	ss->server = mem_grow(ss->server, ss->count, &ss->cap, sizeof(struct server *));
	ss->server[ss->count++] = s;
	return s;
}

uint32_t servers_count(const struct servers *ss)
{
	return (uint32_t)ss->count;
}

struct server *servers_at(const struct servers *ss, uint32_t index)
{
	return ss->server[index];
}

uint32_t server_index(const struct server *s)
{
	return s->index;
}

bool server_fits(const struct server *s, uint32_t request)
{
	const struct request *q = &s->ss->requests[request];
	return replica_fits(s->replica, q->prompt_tokens, q->output_tokens);
}

bool server_fits_prefill(const struct server *s, uint32_t request)
{
	return replica_fits(s->replica, s->ss->requests[request].prompt_tokens, 1);
}

static struct ask ask_for(const struct server *s, uint32_t request)
{
	const struct request *q = &s->ss->requests[request];
	const uint64_t *prefix = s->ss->prefix;
	return (struct ask){ .id = request, .prompt_tokens = q->prompt_tokens,
		.output_tokens = q->output_tokens,
		.priority = q->priority,
		.prefix = prefix ? prefix + q->prefix_first : NULL,
		.prefix_count = prefix ? q->prefix_count : 0 };
}

static void submit(struct server *s, const struct ask *a)
{
	if (!replica_submit(s->replica, sim_now(s->ss->sim), a)) return;
	sim_cancel(s->ss->sim, s->end);
	schedule(s);
}

void server_submit(struct server *s, uint32_t request)
{
	struct ask a = ask_for(s, request);
	submit(s, &a);
}

void server_submit_prefill(struct server *s, uint32_t request)
{
	struct ask a = ask_for(s, request);
	a.output_tokens = 1;
	submit(s, &a);
}

void server_submit_computed(struct server *s, uint32_t request, int64_t first_ns)
{
	struct ask a = ask_for(s, request);
	a.computed_tokens = a.prompt_tokens;
	a.first_ns = first_ns;
	submit(s, &a);
}

void server_set_cap(struct server *s, double cap_w)
{
	if (!replica_set_cap(s->replica, sim_now(s->ss->sim), cap_w)) return;
	sim_cancel(s->ss->sim, s->end);
	schedule(s);
}

void server_on_gaps(struct server *s, gap_fn *fn, void *ctx)
{
	replica_on_gaps(s->replica, fn, ctx);
}

double server_energy_j(const struct server *s, int64_t t_ns, enum server_boundary where)
{
	struct replica_total t = replica_total(s->replica, t_ns);
	return where == SERVER_DEVICE ? t.device_j : t.node_j;
}

struct replica_total server_total(const struct server *s, int64_t t_ns)
{
	return replica_total(s->replica, t_ns);
}

int64_t server_outstanding(const struct server *s)
{
	return replica_outstanding(s->replica, sim_now(s->ss->sim));
}

int64_t server_kv_used(const struct server *s)
{
	return replica_kv_used(s->replica, sim_now(s->ss->sim));
}

int64_t server_kv_capacity(const struct server *s)
{
	return replica_kv_capacity(s->replica);
}

int64_t server_longest(const struct server *s)
{
	return replica_longest(s->replica);
}

uint32_t server_running(const struct server *s)
{
	return replica_running(s->replica);
}

size_t server_waiting(const struct server *s)
{
	return replica_waiting(s->replica);
}
