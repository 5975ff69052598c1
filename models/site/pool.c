#include "models/site/pool_state.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/gaps.h"
#include "models/compute/node_spiking.h"
#include "models/site/datacentre.h"
#include "models/site/deferral.h"

static const struct link_par *link_between(const struct pool *p, const struct request *q,
    uint32_t node)
{
	uint32_t home = p->place[node].where.home;
	bool cloud = home == ORIGIN_OUTSIDE, outside = q->origin == ORIGIN_OUTSIDE;
	if (cloud) return &p->link[outside ? LINK_OUTSIDE_CLOUD : LINK_HOME_CLOUD];
	if (outside) return &p->link[LINK_OUTSIDE_HOME];
	return &p->link[q->origin == home ? LINK_HOME : LINK_HOME_HOME];
}

struct replica_total pool_total(const struct pool *p, uint32_t node)
{
	return server_total(p->place[node].server, sim_now(p->sim));
}

static struct steady_mark mark_now(const struct pool *p)
{
	struct steady_mark m = {
		.t_ns = sim_now(p->sim),
		.prompt_tokens = p->steady.prompt_tokens,
	};
	for (uint32_t i = 0; i < p->places; i++) {
		struct replica_total t = pool_total(p, i);
		m.device_j += t.device_j;
		m.output_tokens += t.tokens_out;
		if (node_by_events(pool_node(p, i))) continue; /* counts spikes */
		m.flops += t.flops;
		m.bytes += t.bytes;
	}
	return m;
}

static const struct outcome unanswered = { .first_ns = -1, .done_ns = -1,
	.first_node = ROUTER_NONE, .node = ROUTER_NONE };

/* The client of a closed loop asks next; false: never again. */
static bool schedule_ask(struct pool *p, uint32_t client, int64_t answered_ns)
{
	int64_t next_ns = workload_next_ns(p->loop, client, answered_ns);
	if (next_ns == INT64_MAX) return false;
	sim_at(p->sim, next_ns, p->on_ask, client, 0, 0);
	return true;
}

/* Nothing more comes of a request, and its client knows at that time. */
static void close_request(struct pool *p, uint32_t i, int64_t known_ns)
{
	if (steady_ended(&p->steady)) p->steady.end = mark_now(p);
	if (p->loop && schedule_ask(p, workload_client(p->loop, i), known_ns)) return;
	p->open--;
}

/* One request is on its way to the router at a time: the next is scheduled when
 * this one has been sent, for they are sorted. */
static void schedule_send(struct pool *p, uint32_t i)
{
	if (i < p->requests) sim_at(p->sim, p->request[i].sent_ns, p->on_send, i, 0, 0);
}

static void send_up(struct pool *p, uint32_t i)
{
	const struct request *q = &p->request[i];
	const struct outcome *o = &p->outcome[i];
	double up_s = link_up_s(link_between(p, q, o->node), q->prompt_tokens * p->bytes_per_token);
	sim_at(p->sim, link_arrival_ns(sim_now(p->sim), up_s), p->on_submit, i, 0, 0);
}

static void send(struct pool *p, uint32_t i)
{
	struct outcome *o = &p->outcome[i];
	o->node = o->first_node = pool_route(p, i);
	if (o->node != ROUTER_NONE) {
		send_up(p, i);
		return;
	}
	o->status = REQUEST_REJECTED;
	close_request(p, i, link_arrival_ns(sim_now(p->sim), WORKLOAD_REFUSED_S));
}

/* Its client has an answer that is insufficient: a large node's turn, and one can hold it. */
void pool_on_escalate(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct pool *p = ctx;
	struct outcome *o = &p->outcome[ev->entity];
	(void)s;
	o->node = o->first_node = router_send_tier(p->router, &p->seen[ev->entity], TIER_LARGE);
	assert(o->node != ROUTER_NONE);
	send_up(p, ev->entity);
}

static void on_send(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct pool *p = ctx;
	(void)s;
	schedule_send(p, ev->entity + 1);
	if (p->deferral && deferral_holds(p->deferral, ev->entity)) return;
	send(p, ev->entity);
}

/* There are `count` requests now. */
static void take_requests(struct pool *p, const struct request *requests, uint32_t count)
{
	p->request = p->seen = requests;
	p->requests = count;
	if (!p->cascade) return;
	cascade_take(p->cascade, requests, count);
	p->seen = cascade_seen(p->cascade);
}

static void on_ask(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct pool *p = ctx;
	uint32_t i = workload_send(p->loop, ev->entity, sim_now(s));
	p->outcome = mem_grow(p->outcome, i, &p->outcome_cap, sizeof *p->outcome);
	p->outcome[i] = unanswered;
	take_requests(p, p->loop->request, p->loop->count);
	servers_move(p->servers, p->seen, p->outcome);
	send(p, i);
}

/* Whether a node leaves the tokens after the first to another. */
static bool hands_over(const struct place *at, const struct request *q)
{
	const struct node_par *par = at->object->par;
	return par->role == NODE_PREFILL && q->output_tokens > 1;
}

static void on_submit(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct pool *p = ctx;
	const struct place *at = &p->place[p->outcome[ev->entity].node];
	(void)s;
	if (hands_over(at, &p->seen[ev->entity]))
		server_submit_prefill(at->server, ev->entity);
	else
		server_submit(at->server, ev->entity);
}

/* When a token that leaves the node at t_ns is with the client. */
static int64_t received_ns(const struct pool *p, uint32_t request, int64_t t_ns)
{
	const struct request *q = &p->request[request];
	const struct link_par *l = link_between(p, q, p->outcome[request].node);
	return link_arrival_ns(t_ns, link_down_s(l, p->bytes_per_token));
}

static void on_first(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct pool *p = ctx;
	(void)s;
	if (!p->cascade || !cascade_holds(p->cascade, request))
		p->outcome[request].first_ns = received_ns(p, request, t_ns);
	if (p->cascade && cascade_is_second(p->cascade, request)) return; /* counted once */
	if (steady_first(&p->steady, p->request[request].prompt_tokens))
		p->steady.begin = mark_now(p);
}

static void hand_over(struct pool *p, struct place *from, uint32_t request)
{
	const struct request *q = &p->seen[request];
	struct outcome *o = &p->outcome[request];
	o->node = router_hand_over(p->router, o->first_node, q);
	from->handed_over++;
	handover_begin(p->handover, &(struct handover_move){ .request = request,
	    .from = o->first_node, .to = o->node, .tokens = q->prompt_tokens,
	    .used_tokens = server_kv_used(from->server) });
}

static void on_cache(void *ctx, uint32_t request, int64_t sent_ns)
{
	struct pool *p = ctx;
	server_submit_computed(p->place[p->outcome[request].node].server, request, sent_ns);
}

static void escalate(struct pool *p, struct place *at, uint32_t request, int64_t received_ns)
{
	at->insufficient++;
	p->outcome[request].first_ns = -1;
	sim_at(p->sim, received_ns, p->on_escalate, request, 0, 0);
}

static void on_done(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct pool *p = ctx;
	struct outcome *o = &p->outcome[request];
	struct place *at = &p->place[o->node];
	(void)s;
	if (hands_over(at, &p->seen[request])) {
		hand_over(p, at, request);
		return;
	}
	router_answered(p->router, o->node, &p->seen[request]);
	int64_t known_ns = received_ns(p, request, t_ns);
	if (p->cascade && pool_throws_away(p, request)) {
		escalate(p, at, request, known_ns);
		return;
	}
	o->done_ns = known_ns;
	o->status = REQUEST_DONE;
	if (p->cascade && cascade_holds(p->cascade, request)) o->first_ns = known_ns;
	if (o->done_ns > p->received_ns) p->received_ns = o->done_ns;
	at->answered++;
	close_request(p, request, o->done_ns);
}

static void on_gaps(void *ctx, const struct gap_run *g)
{
	struct pool *p = ctx;
	struct block *now = blocks_at(&p->itl, sim_now(p->sim));
	gaps_hist(&now->hist, g);
	now->sum += (double)g->each * series_sum(g->first_s, g->step_s, g->iterations);
}

struct pool *pool_new(struct sim *sim, const struct object *scenario,
    const struct policy_par *policy)
{
	struct pool *p = mem_new(1, sizeof *p);
	p->sim = sim;
	p->policy = *policy;
	link_table(scenario, p->link);
	p->on_send = sim_type(sim, "send", SIM_PHASE_REQUEST, on_send, p);
	p->on_submit = sim_type(sim, "submit", SIM_PHASE_REQUEST, on_submit, p);
	p->handover = handover_new(sim, on_cache, p);
	blocks_init(&p->itl);
	return p;
}

void pool_free(struct pool *p)
{
	if (!p) return;
	router_free(p->router);
	servers_free(p->servers);
	handover_free(p->handover);
	cascade_free(p->cascade);
	blocks_fini(&p->itl);
	for (uint32_t i = 0; i < p->models; i++) iteration_free(p->model[i]);
	free(p->model);
	free(p->model_of);
	free(p->place);
	free(p->outcome);
	free(p);
}

void pool_add(struct pool *p, const struct object *node, struct pool_place where)
{
	const struct node_par *par = node->par;
	for (int64_t k = 0; k < par->count; k++) {
		p->place = mem_grow(p->place, p->places, &p->places_cap, sizeof *p->place);
		p->place[p->places++] = (struct place){ .where = where, .object = node };
	}
}

uint32_t pool_nodes(const struct pool *p)
{
	return (uint32_t)p->places;
}

const struct node_par *pool_node(const struct pool *p, uint32_t node)
{
	return p->place[node].object->par;
}

const struct object *pool_element(const struct pool *p, uint32_t node)
{
	return p->place[node].object;
}

struct pool_place pool_where(const struct pool *p, uint32_t node)
{
	return p->place[node].where;
}

double pool_node_j(const struct pool *p, uint32_t node)
{
	return p->place[node].node_j;
}

void pool_set_cap(struct pool *p, uint32_t node, double cap_w)
{
	server_set_cap(p->place[node].server, cap_w);
}

void pool_hold_full(struct pool *p)
{
	assert(!p->servers);
	p->held = true;
	for (size_t i = 0; i < p->places; i++) {
		struct place *at = &p->place[i];
		at->held = at->where.home != ORIGIN_OUTSIDE;
		if (at->held) at->full = full_power(at->object->par);
	}
}

/* Replicas of one element share one model. */
static const struct iteration_model *model_for(struct pool *p, const struct object *node)
{
	for (uint32_t i = 0; i < p->models; i++)
		if (p->model_of[i] == node) return p->model[i];
	p->model = mem_resize(p->model, p->models + 1, sizeof *p->model);
	p->model_of = mem_resize(p->model_of, p->models + 1, sizeof *p->model_of);
	p->model_of[p->models] = node;
	return p->model[p->models++] = iteration_new(node->par);
}

static void make_servers(struct pool *p)
{
	const struct server_calls calls = { .first = on_first, .done = on_done, .ctx = p };
	p->servers = servers_new(p->sim, p->seen, p->outcome, &calls);
	servers_share_prefixes(p->servers, p->prefix);
	for (size_t i = 0; i < p->places; i++) {
		struct place *at = &p->place[i];
		at->server = servers_add(p->servers, model_for(p, at->object));
		server_on_gaps(at->server, on_gaps, p);
	}
}

static void make_router(struct pool *p, uint32_t homes)
{
	struct router_node *node = mem_new(p->places, sizeof *node);
	for (size_t i = 0; i < p->places; i++) {
		const struct place *at = &p->place[i];
		const struct node_par *par = at->object->par;
		node[i] = (struct router_node){ at->where.home,
			(double)server_longest(at->server), (enum node_role)par->role,
			at->where.centre, (double)server_kv_capacity(at->server), at->tier };
	}
	p->router = router_new(&p->policy, node, (uint32_t)p->places, homes);
	router_share_prefixes(p->router, p->prefix);
	free(node);
}

static void open_handover(struct pool *p)
{
	struct handover_node *node = mem_new(p->places, sizeof *node);
	for (size_t i = 0; i < p->places; i++) {
		const struct place *at = &p->place[i];
		const struct node_par *par = at->object->par;
		if (par->role == NODE_BOTH) continue;
		const struct datacentre_par *centre = at->object->parent->par;
		node[i] = (struct handover_node){ centre->kv_bytes_s, centre->kv_latency_s,
			llm_kv_bytes(node_model(par), 1, node_kv_value_bytes(par)),
			(double)server_kv_capacity(at->server) };
	}
	handover_open(p->handover, node, pool_nodes(p));
	free(node);
}

void pool_share_prefixes(struct pool *p, const uint64_t *prefix)
{
	assert(!p->servers);
	p->prefix = prefix;
}

static void send_held(void *ctx, uint32_t i)
{
	send(ctx, i);
}

void pool_defer(struct pool *p, struct deferral *d)
{
	assert(!p->servers);
	p->deferral = d;
	deferral_on_send(d, send_held, p);
}

/* Requests that the batches of all nodes hold. */
static uint64_t batch_places(const struct pool *p)
{
	uint64_t places = 0;
	for (uint32_t i = 0; i < p->places; i++) {
		const struct node_par *n = pool_node(p, i);
		places += (uint64_t)(n->chip ? n->sequences : node_engine(n)->max_sequences);
	}
	return places;
}

void pool_open(struct pool *p, const struct request *requests, uint32_t count, uint32_t homes,
    double bytes_per_token)
{
	assert(!p->servers);
	take_requests(p, requests, count);
	p->open = count;
	p->bytes_per_token = bytes_per_token;
	p->outcome = mem_new(count, sizeof *p->outcome);
	for (uint32_t i = 0; i < count; i++) p->outcome[i] = unanswered;
	make_servers(p);
	make_router(p, homes);
	open_handover(p);
	steady_init(&p->steady, count, batch_places(p), count / 10);
	schedule_send(p, 0);
}

void pool_open_loop(struct pool *p, struct workload *w, uint32_t homes)
{
	pool_open(p, NULL, 0, homes, w->bytes_per_token);
	p->loop = w;
	p->on_ask = sim_type(p->sim, "ask", SIM_PHASE_REQUEST, on_ask, p);
	for (uint32_t c = 0; c < workload_clients(w); c++)
		if (schedule_ask(p, c, 0)) p->open++;
	steady_init(&p->steady, workload_most(w), batch_places(p), workload_clients(w));
}

const struct outcome *pool_outcomes(const struct pool *p)
{
	return p->outcome;
}

const struct blocks *pool_itl(const struct pool *p)
{
	return &p->itl;
}

const struct steady *pool_steady(const struct pool *p)
{
	return &p->steady;
}

bool pool_is_idle(const struct pool *p)
{
	return p->open == 0 && p->received_ns <= sim_now(p->sim);
}

void pool_close(struct pool *p)
{
	int64_t now_ns = sim_now(p->sim);
	if (steady_cut(&p->steady)) p->steady.end = mark_now(p);
	for (uint32_t i = 0; i < p->requests; i++) {
		struct outcome *o = &p->outcome[i];
		if (o->first_ns > now_ns) o->first_ns = -1;
		if (o->done_ns <= now_ns) continue;
		o->done_ns = -1;
		o->status = REQUEST_PENDING;
		p->place[o->node].answered--;
	}
}

static struct pool_energy drawn(const struct place *at, int64_t now_ns)
{
	double now_s = (double)now_ns / (double)SIM_NS_PER_S;
	if (at->held)
		return (struct pool_energy){ at->full.device_w * now_s, at->full.node_w * now_s };
	struct replica_total t = server_total(at->server, now_ns);
	return (struct pool_energy){ t.device_j, t.node_j + at->routing_j };
}

static struct pool_energy since_last(struct place *at, int64_t now_ns)
{
	struct pool_energy all = drawn(at, now_ns);
	struct pool_energy e = { all.device_j - at->device_j, all.node_j - at->node_j };
	at->device_j = all.device_j;
	at->node_j = all.node_j;
	return e;
}

void pool_meter(struct pool *p, uint32_t homes, uint32_t centres, struct pool_reading *r)
{
	int64_t now_ns = sim_now(p->sim);
	for (uint32_t h = 0; h < homes; h++) r->home_node_j[h] = 0;
	for (uint32_t c = 0; c < centres; c++) r->centre[c] = (struct pool_energy){ 0, 0 };
	r->homes = (struct pool_energy){ 0, 0 };
	r->running = r->waiting = 0;
	for (size_t i = 0; i < p->places; i++) {
		struct place *at = &p->place[i];
		struct pool_energy e = since_last(at, now_ns);
		bool home = at->where.home != ORIGIN_OUTSIDE;
		struct pool_energy *sum = home ? &r->homes : &r->centre[at->where.centre];
		sum->device_j += e.device_j;
		sum->node_j += e.node_j;
		if (home) r->home_node_j[at->where.home] += e.node_j;
		r->running += server_running(at->server);
		r->waiting += (double)server_waiting(at->server);
	}
}
