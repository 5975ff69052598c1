#include "models/work/workload_loop.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/sim.h"

struct client {
	struct pcg64 length, think;
	uint32_t origin;
};

struct loop {
	struct client *client;
	uint32_t clients;
	struct dist prompt, output, think;
	uint32_t *sender; /* of each request sent */
	size_t sender_cap, request_cap;
	uint32_t script;          /* requests of a trace, in w->request from the beginning */
	uint32_t promised, limit; /* requests that were or will be sent; at most */
};

int32_t workload_tokens(const struct dist *d, struct pcg64 *g)
{
	return (int32_t)fmax(1, round(dist_draw(d, g)));
}

static uint32_t draw_home(const struct workload_par *p, struct pcg64 g, uint32_t homes)
{
	if (p->origin == ORIGIN_RULE_OUTSIDE || !homes) return ORIGIN_OUTSIDE;
	return (uint32_t)(pcg64_unit(&g) * homes);
}

static void make_client(struct client *c, const struct workload_par *p, uint64_t seed,
    const char *name, uint32_t number, uint32_t homes)
{
	char *own = mem_print("%s/client %u", name, number);
	uint64_t entity = rng_entity(own);
	c->length = rng_stream(seed, 0, entity, RNG_LENGTH);
	c->think = rng_stream(seed, 0, entity, RNG_ARRIVAL);
	c->origin = draw_home(p, rng_stream(seed, 0, entity, RNG_ORIGIN), homes);
	free(own);
}

struct loop *loop_new(struct workload *w, const struct workload_par *p, uint64_t seed,
    const char *name, uint32_t homes)
{
	struct loop *l = mem_new(1, sizeof *l);
	l->clients = (uint32_t)p->concurrency;
	l->client = mem_new(l->clients, sizeof *l->client);
	for (uint32_t c = 0; c < l->clients; c++)
		make_client(&l->client[c], p, seed, name, c, homes);
	l->prompt = p->prompt;
	l->output = p->output;
	l->think = p->think;
	l->script = w->count;
	l->limit = p->requests ? (uint32_t)p->requests : WORKLOAD_REQUESTS_MAX;
	if (p->trace && l->limit > l->script) l->limit = l->script;
	l->request_cap = l->script;
	w->count = 0;
	return l;
}

void loop_free(struct loop *l)
{
	if (!l) return;
	free(l->client);
	free(l->sender);
	free(l);
}

uint32_t workload_clients(const struct workload *w)
{
	return w->loop ? w->loop->clients : 0;
}

uint32_t workload_most(const struct workload *w)
{
	return w->loop ? w->loop->limit : w->count;
}

static int64_t thought_ns(struct loop *l, struct client *c)
{
	double s = dist_draw(&l->think, &c->think);
	return isnan(s) ? 0 : llround(s * (double)SIM_NS_PER_S);
}

int64_t workload_next_ns(struct workload *w, uint32_t client, int64_t answered_ns)
{
	struct loop *l = w->loop;
	int64_t next_ns;
	if (l->promised == l->limit) return INT64_MAX;
	if (__builtin_add_overflow(answered_ns, thought_ns(l, &l->client[client]), &next_ns))
		return INT64_MAX;
	l->promised++;
	return next_ns;
}

uint32_t workload_send(struct workload *w, uint32_t client, int64_t now_ns)
{
	struct loop *l = w->loop;
	struct client *c = &l->client[client];
	uint32_t i = w->count;
	l->sender = mem_grow(l->sender, i, &l->sender_cap, sizeof *l->sender);
	l->sender[i] = client;
	if (!l->script) {
		w->request = mem_grow(w->request, i, &l->request_cap, sizeof *w->request);
		w->request[i] = (struct request){ .origin = c->origin };
		w->request[i].prompt_tokens = workload_tokens(&l->prompt, &c->length);
		w->request[i].output_tokens = workload_tokens(&l->output, &c->length);
	}
	w->request[i].sent_ns = now_ns;
	w->count++;
	return i;
}

uint32_t workload_client(const struct workload *w, uint32_t request)
{
	return w->loop->sender[request];
}
