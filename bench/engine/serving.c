/* Requests to four replicas, each span of iterations an event.
 *
 * serving_hour: AzureLLMInferenceTrace_conv.csv of github.com/Azure/AzurePublicDataset (Patel
 * et al. 2024, "Splitwise"), 19 366 requests in 3502 s; serving_poisson: 20 000 requests that
 * need no file, with Poisson arrivals and lognormal lengths of about the same means. Llama 2
 * 70B in fp16; a replica is 4 x H100 80 GB, tensor parallel, with the engine of 2023 that
 * data/engines.xml calls eager-2023; a request goes to the replica with the fewest outstanding
 * tokens. A call is the whole work: engine and servers built, all requests answered, freed.
 * The result is checked by the tokens that came out and by the order of times of each request.
 *
 * The conditions are written here and not read from data/, so that the bench keeps measuring
 * the same work when the catalogue learns better. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/bed.h"
#include "bench/engine/engine.h"
#include "bench/others.h"
#include "models/compute/server.h"
#include "models/work/trace.h"

enum { POISSON = 20000, POISSON_QUICK = 4000 };

/* The requests, which cases share. */
struct asked {
	struct request *request;
	size_t count;
	int64_t output_tokens;
	int users;
};

struct served {
	struct asked *asked;
	struct bed bed;
	struct iteration_model *model;
	uint32_t replicas;
	struct outcome *outcome; /* of the last call, with what follows */
	int64_t tokens_out, iterations;

	struct sim *sim; /* while a call runs */
	struct servers *servers;
	unsigned arrival;
};

static const struct engine_par eager = {
	.name = "eager-2023", .host_s = 336e-6, .sequence_s = 135e-6, .layer_s = 74e-6,
	.collective_s = 13e-6, .packed_share = NAN, .link_share = 0.278, .skew_frac = 0.1,
	.memory_frac = 0.9,
	.token_budget = 2048, .max_sequences = 256, .block_tokens = 16,
};
static struct server *least_loaded(const struct served *b)
{
	struct server *best = servers_at(b->servers, 0);
	for (uint32_t i = 1; i < b->replicas; i++) {
		struct server *s = servers_at(b->servers, i);
		if (server_outstanding(s) < server_outstanding(best)) best = s;
	}
	return best;
}

static void on_arrival(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct served *b = ctx;
	uint32_t i = ev->entity;
	server_submit(least_loaded(b), i);
	if ((size_t)i + 1 < b->asked->count)
		sim_at(sim, b->asked->request[i + 1].sent_ns, b->arrival, i + 1, 0, 0);
}

static void on_first(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct served *b = ctx;
	(void)s;
	b->outcome[request].first_ns = t_ns;
}

static void on_done(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct served *b = ctx;
	b->outcome[request].node = server_index(s);
	b->outcome[request].done_ns = t_ns;
}

static void served_run(void *ctx)
{
	struct served *b = ctx;
	memset(b->outcome, 0, b->asked->count * sizeof *b->outcome);
	b->sim = sim_new();
	b->servers = servers_new(b->sim, b->asked->request, b->outcome,
	    &(struct server_calls){ on_first, on_done, b });
	b->arrival = sim_type(b->sim, "arrival", SIM_PHASE_REQUEST, on_arrival, b);
	for (uint32_t i = 0; i < b->replicas; i++) servers_add(b->servers, b->model);
	sim_at(b->sim, b->asked->request[0].sent_ns, b->arrival, 0, 0, 0);
	sim_run(b->sim, INT64_MAX);
	b->tokens_out = b->iterations = 0;
	for (uint32_t i = 0; i < b->replicas; i++) {
		struct replica_total t = server_total(servers_at(b->servers, i), sim_now(b->sim));
		b->tokens_out += t.tokens_out;
		b->iterations += t.iterations;
	}
	servers_free(b->servers);
	sim_free(b->sim);
}

/* Tokens missing or too many, and requests answered before they were asked or begun. */
static double served_error(void *ctx)
{
	const struct served *b = ctx;
	size_t wrong = 0;
	for (size_t i = 0; i < b->asked->count; i++) {
		const struct outcome *o = &b->outcome[i];
		wrong += o->first_ns <= b->asked->request[i].sent_ns || o->done_ns < o->first_ns;
	}
	return engine_off((double)b->tokens_out, (double)b->asked->output_tokens) +
	       (double)wrong / (double)b->asked->count;
}

static void asked_free(struct asked *a)
{
	if (--a->users) return;
	free(a->request);
	free(a);
}

static void served_free(void *ctx)
{
	struct served *b = ctx;
	asked_free(b->asked);
	iteration_free(b->model);
	free(b->outcome);
	free(b);
}

/* Runs it once, for the iterations that it takes. */
static void add(struct suite *s, const char *kernel, struct asked *a, uint32_t replicas,
    const struct bench_peer *peer)
{
	struct served *b = mem_new(1, sizeof *b);
	*b = (struct served){ .asked = a, .replicas = replicas,
		.outcome = mem_new(a->count, sizeof *b->outcome) };
	bed_put(&b->bed, &bed_h100, &bed_llama_70b, &eager);
	b->bed.node.tensor_parallel = 4;
	b->model = iteration_new(&b->bed.node);
	a->users++;
	served_run(b);
	struct bench_case c = { .kernel = kernel, .keys = 2, .threads = 1, .pages = "",
		.key = { { "replicas", replicas }, { "iterations", (double)b->iterations } },
		.items = (double)a->count, .item = "request", .ctx = b, .run = served_run,
		.error = served_error, .free = served_free, .peer = peer };
	snprintf(c.shape, sizeof c.shape, "%u replica%s", replicas, replicas > 1 ? "s" : "");
	suite_add(s, &c);
}

/* Poisson, 5.53 a second; lognormal of mean 1155 and median 1020 prompt tokens, mean 211 and
 * median 129 output tokens, as the hour of conversations has them. */
static struct asked *asked_poisson(size_t count)
{
	struct asked *a = mem_new(1, sizeof *a);
	struct pcg64 gap = rng_stream(7, 0, 0, RNG_ARRIVAL), length = rng_stream(7, 0, 0, RNG_LENGTH);
	double t_s = 0;
	a->request = mem_new(count, sizeof *a->request);
	a->count = count;
	for (size_t i = 0; i < count; i++) {
		struct request *r = &a->request[i];
		double z = sqrt(-2 * log(pcg64_open(&length))), turn = 2 * M_PI * pcg64_unit(&length);
		t_s -= log(pcg64_open(&gap)) / 5.53;
		double prompt = 1020 * exp(sqrt(2 * log(1155.0 / 1020)) * z * cos(turn));
		double output = 129 * exp(sqrt(2 * log(211.0 / 129)) * z * sin(turn));
		*r = (struct request){ .sent_ns = (int64_t)(t_s * 1e9), .origin = ORIGIN_OUTSIDE,
			.prompt_tokens = (int32_t)fmin(fmax(1, prompt), 16000),
			.output_tokens = (int32_t)fmin(fmax(1, output), 4000) };
		a->output_tokens += r->output_tokens;
	}
	return a;
}

static struct asked *asked_hour(struct suite *s)
{
	struct asked *a = NULL;
	struct err_list *e = err_new();
	struct trace t;
	char *path = engine_data(s, "the hour of conversations", "traces/azure2023_conv.csv");
	if (path && trace_read(path, &t, e)) {
		a = mem_new(1, sizeof *a);
		*a = (struct asked){ t.request, t.count, t.output_tokens, 0 };
		t.request = NULL;
		trace_fini(&t);
	}
	err_print(e, stderr);
	err_free(e);
	free(path);
	return a;
}

void serving_add(struct suite *s)
{
	static const struct bench_peer four[] = { OTHERS_FOUR(OTHERS_ROW){ NULL, 0, NULL } };
	static const struct bench_peer overload[] = { OTHERS_OVERLOAD(OTHERS_ROW){ NULL, 0, NULL } };
	struct asked *hour = suite_quick(s) ? NULL : asked_hour(s);
	add(s, "serving_poisson", asked_poisson(suite_quick(s) ? POISSON_QUICK : POISSON), 4, NULL);
	if (!hour) return;
	add(s, "serving_hour", hour, 4, four);
	add(s, "serving_hour", hour, 1, overload);
}
