/* The serving yardstick: an hour of conversations on four replicas.
 *
 *     bench_serving [REPLICAS [TRACE.csv]]
 *
 * Without TRACE.csv it is sought below the folder that HEARTH_SHARED names. It is
 * AzureLLMInferenceTrace_conv.csv of github.com/Azure/AzurePublicDataset
 * (Patel et al. 2024, "Splitwise"): 19 366 requests in 3502 s. Llama 2 70B in
 * fp16; a replica is 4 x H100 80 GB, tensor parallel, with the engine of 2023
 * that data/engines.xml calls eager-2023; a request goes to the replica with the
 * fewest outstanding tokens. Prints the work done, the processor time that it
 * took and latencies, beside what other simulators of the same hour need. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "bench/others.h"
#include "models/compute/server.h"
#include "models/work/trace.h"

struct bench {
	struct sim *sim;
	struct servers *servers;
	struct trace trace;
	const struct request *request;
	struct outcome *outcome;
	size_t requests;
	unsigned arrival;
};

static struct server *least_loaded(const struct bench *b)
{
	struct server *best = servers_at(b->servers, 0);
	for (uint32_t i = 1; i < servers_count(b->servers); i++) {
		struct server *s = servers_at(b->servers, i);
		if (server_outstanding(s) < server_outstanding(best)) best = s;
	}
	return best;
}

static void on_arrival(struct sim *sim, const struct sim_event *ev, void *ctx)
{
	struct bench *b = ctx;
	uint32_t i = ev->entity;
	server_submit(least_loaded(b), i);
	if ((size_t)i + 1 < b->requests)
		sim_at(sim, b->request[i + 1].sent_ns, b->arrival, i + 1, 0, 0);
}

static void on_first(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct bench *b = ctx;
	(void)s;
	b->outcome[request].first_ns = t_ns;
}

static void on_done(void *ctx, struct server *s, uint32_t request, int64_t t_ns)
{
	struct bench *b = ctx;
	b->outcome[request].node = server_index(s);
	b->outcome[request].done_ns = t_ns;
}

/* The conditions are written here and not read from data/, so that the bench
 * keeps measuring the same work when the catalogue learns better. */
static struct device_par h100 = {
	.name = "h100-sxm",
	.memory_bytes = 80e9,
	.bandwidth_bytes_s = 3.35e12,
	.fp16_flops_s = 989.4e12,
	.link_bytes_s = 450e9,
	.flops_share = 0.74,
	.bandwidth_share = 0.95,
	.op_s = 5.9e-6,
	.roundness = 1.47,
	.attention_share = 0.5,
	.attention_bw_share = 0.96,
	.attention_s = 10e-6,
	.power = {
		.tdp_w = 700,
		.idle_w = 113,
		.unloaded_w = NAN,
		.base_w = 308,
		.bw_w = 162,
		.fl_w = 1089,
		.fl_exp = 0.89,
		.max_w = 620,
	},
};
static struct llm_par llama = {
	.name = "llama-2-70b",
	.layers = 80,
	.hidden = 8192,
	.heads = 64,
	.kv_heads = 8,
	.head_dim = 128,
	.ffn = 28672,
	.vocabulary = 32000,
	.experts = 1,
	.experts_active = 1,
	.parameters = 68.98e9,
	.parameters_active = NAN,
};
static struct engine_par eager = {
	.name = "eager-2023", .host_s = 336e-6, .sequence_s = 135e-6, .layer_s = 74e-6,
	.collective_s = 13e-6, .packed_share = NAN, .link_share = 0.278, .skew_frac = 0.1,
	.memory_frac = 0.9,
	.token_budget = 2048, .max_sequences = 256, .block_tokens = 16,
};
static const struct object device = { .cls = &device_class, .par = &h100 };
static const struct object model = { .cls = &model_class, .par = &llama };
static const struct object engine = { .cls = &engine_class, .par = &eager };
static const struct node_par node = {
	.device = &device, .model = &model, .engine = &engine, .count = 1,
	.tensor_parallel = 4, .pipeline_parallel = 1,
	.weights = WEIGHTS_FP16, .host_idle_w = 350, .host_active_w = 500, .psu_frac = 0.93,
	.clock_frac = 1, .cap_w = NAN, .unload_after_s = NAN, .load_bytes_s = 2e9, .load_w = NAN,
};

static double cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print_row(const char *name, double *v, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += v[i];
	qsort(v, n, sizeof *v, by_value);
	printf("%-6s %9.4f %9.4f %9.4f %9.4f\n", name, sum / (double)n, v[n / 2], v[n * 9 / 10],
	    v[n * 99 / 100]);
}

static void print_latency(const struct bench *b)
{
	double *ttft = mem_new(b->requests, sizeof *ttft);
	double *tpot = mem_new(b->requests, sizeof *tpot);
	double *e2e = mem_new(b->requests, sizeof *e2e);
	size_t tpots = 0;
	for (size_t i = 0; i < b->requests; i++) {
		const struct request *q = &b->request[i];
		const struct outcome *o = &b->outcome[i];
		ttft[i] = (double)(o->first_ns - q->sent_ns) * 1e-9;
		e2e[i] = (double)(o->done_ns - q->sent_ns) * 1e-9;
		if (q->output_tokens > 1)
			tpot[tpots++] = (e2e[i] - ttft[i]) / (q->output_tokens - 1);
	}
	printf("s           mean       p50       p90       p99\n");
	print_row("TTFT", ttft, b->requests);
	print_row("TPOT", tpot, tpots);
	print_row("E2E", e2e, b->requests);
	free(ttft);
	free(tpot);
	free(e2e);
}

static void print_work(const struct bench *b, double used_s)
{
	struct replica_total sum = { 0 };
	struct rusage u;
	int64_t end_ns = sim_now(b->sim);
	for (uint32_t i = 0; i < servers_count(b->servers); i++) {
		struct replica_total t = server_total(servers_at(b->servers, i), end_ns);
		sum.iterations += t.iterations;
		sum.spans += t.spans;
		sum.preemptions += t.preemptions;
		sum.tokens_out += t.tokens_out;
		sum.device_j += t.device_j;
		sum.busy_s += t.busy_s;
	}
	getrusage(RUSAGE_SELF, &u);
	printf("%u replica(s), %zu requests, %.0f s simulated, %.1f J a token at the devices\n",
	    servers_count(b->servers), b->requests, (double)end_ns * 1e-9,
	    sum.device_j / (double)sum.tokens_out);
	printf("%ld iterations in %ld spans, %lu events, %ld preemptions\n", (long)sum.iterations,
	    (long)sum.spans, (unsigned long)sim_count(b->sim), (long)sum.preemptions);
	printf("%.3f s of processor time, %.0f requests/s, %.2f million iterations/s, %.1f MB\n",
	    used_s, (double)b->requests / used_s, 1e-6 * (double)sum.iterations / used_s,
	    (double)u.ru_maxrss / 1024);
}

static char *trace_path(const char *given)
{
	const char *shared = getenv("HEARTH_SHARED");
	if (given) return mem_text(given);
	return shared ? mem_print("%s/data/traces/azure2023_conv.csv", shared) : NULL;
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	double start_s = cpu_s();
	struct err_list *faults = err_new();
	int replicas = argc > 1 ? atoi(argv[1]) : 4;
	char *path = trace_path(argc > 2 ? argv[2] : NULL);
	if (!path || replicas < 1) {
		fprintf(stderr,
		    "bench_serving: passed over: needs a trace; see the head of its source\n");
		return 0;
	}
	if (!trace_read(path, &b.trace, faults)) {
		err_print(faults, stderr);
		return 2;
	}
	b.request = b.trace.request;
	b.requests = b.trace.count;
	b.outcome = mem_new(b.requests, sizeof *b.outcome);
	struct iteration_model *m = iteration_new(&node);
	b.sim = sim_new();
	b.servers = servers_new(b.sim, b.request, b.outcome,
	    &(struct server_calls){ on_first, on_done, &b });
	b.arrival = sim_type(b.sim, "arrival", SIM_PHASE_REQUEST, on_arrival, &b);
	for (int i = 0; i < replicas; i++) servers_add(b.servers, m);
	sim_at(b.sim, b.request[0].sent_ns, b.arrival, 0, 0, 0);
	sim_run(b.sim, INT64_MAX);
	print_work(&b, cpu_s() - start_s);
	print_latency(&b);
	fputs(OTHERS, stdout);
	servers_free(b.servers);
	sim_free(b.sim);
	iteration_free(m);
	trace_fini(&b.trace);
	free(path);
	err_free(faults);
	free(b.outcome);
	return 0;
}
