#include "models/site/utilisation.h"

#include <math.h>

#include "models/compute/node_spiking.h"
#include "models/metric.h"

#define MFU_SOURCE                                                                                 \
	"Chowdhery et al. 2022 (PaLM), appendix B, with the forward pass only: 2 N + 4 L H Q T "  \
	"flops a token for N weights, L layers, H heads of width Q; T is each token's own "       \
	"context here, not the longest"
#define MBU_SOURCE                                                                                 \
	"Agarwal et al. 2023 (Databricks), LLM Inference Performance Engineering: achieved over " \
	"peak memory bandwidth"
#define MFU_FORMULA "flops of all iterations, tokens computed again included / sum over "          \
		    "accelerators of peak flop rate at the weights' precision * "
#define MBU_FORMULA "bytes of weights and KV cache that all iterations read / sum over "           \
		    "accelerators of peak bandwidth * "

extern const struct metric compute_metrics[];
const struct metric compute_metrics[] = {
	{ "compute.mfu_frac", "1", "model flops utilisation, over the run",
	    MFU_FORMULA "run length", MFU_SOURCE },
	{ "compute.busy_mfu_frac", "1", "model flops utilisation, while requests run",
	    MFU_FORMULA "time its node was busy", MFU_SOURCE },
	{ "compute.steady_mfu_frac", "1", "model flops utilisation, steady part of the run",
	    MFU_FORMULA "(steady.end_s - steady.begin_s)", MFU_SOURCE },
	{ "compute.mbu_frac", "1", "memory bandwidth utilisation, over the run",
	    MBU_FORMULA "run length", MBU_SOURCE },
	{ "compute.busy_mbu_frac", "1", "memory bandwidth utilisation, while requests run",
	    MBU_FORMULA "time its node was busy", MBU_SOURCE },
	{ "compute.steady_mbu_frac", "1", "memory bandwidth utilisation, steady part of the run",
	    MBU_FORMULA "(steady.end_s - steady.begin_s)", MBU_SOURCE },
	{ "compute.busy_frac", "1", "share of the nodes' time in which requests ran",
	    "sum over nodes of busy time / (nodes * run length)", "counted" },
	{ "compute.batch", "1", "mean batch: requests that get tokens from an iteration",
	    "requests that decode or whose prompt ends, in all iterations / iterations, all nodes; "
	    "without guessed tokens each gets one",
	    "counted" },
	{ 0 },
};

/* Sums over nodes. "could": what their peaks would have done. */
struct use {
	double flops, bytes;
	double flops_could_s, bytes_could_s; /* per second */
	double flops_could, bytes_could;     /* while busy */
	double busy_s;
	int64_t served, iterations;
};

struct peaks {
	double flops_s, bytes_s;
};

/* Of a node whose work is flops and bytes; chips have neither, and what a processor does event
 * by event is no model's flops. */
static struct peaks node_peaks(const struct node_par *n)
{
	if (node_by_events(n)) return (struct peaks){ 0, 0 };
	const struct device_par *d = node_device(n);
	double devices = (double)node_devices(n);
	return (struct peaks){ devices * device_peak_flops_s(d, node_weights(n)),
		devices * d->bandwidth_bytes_s };
}

static void add(struct use *u, const struct peaks *peak, const struct replica_total *t)
{
	bool peaks = peak->flops_s > 0;
	u->flops += peaks ? t->flops : 0;
	u->bytes += peaks ? t->bytes : 0;
	u->flops_could_s += peak->flops_s;
	u->bytes_could_s += peak->bytes_s;
	u->flops_could += peak->flops_s * t->busy_s;
	u->bytes_could += peak->bytes_s * t->busy_s;
	u->busy_s += t->busy_s;
	u->served += t->served;
	u->iterations += t->iterations;
}

static void put(struct dataset *d, const char *key, double part, double of, int64_t n)
{
	if (of > 0) metric_put(d, key, NULL, estimate_exact(part / of, n));
}

static void put_steady(const struct steady *s, const struct use *u, struct dataset *d)
{
	if (!steady_known(s)) return;
	double length_s = steady_length_s(s);
	put(d, "compute.steady_mfu_frac", s->end.flops - s->begin.flops,
	    u->flops_could_s * length_s, 1);
	put(d, "compute.steady_mbu_frac", s->end.bytes - s->begin.bytes,
	    u->bytes_could_s * length_s, 1);
}

static double ratio(double part, double of)
{
	return of > 0 ? part / of : NAN;
}

void utilisation_export(const struct pool *p, double run_s, struct dataset *d)
{
	uint32_t nodes = pool_nodes(p);
	struct use u = { 0 };
	if (!nodes) return;
	struct ds_group *g = ds_group(d, "nodes");
	struct ds_dim *dim = ds_dim(g, "node", nodes);
	double *mfu = ds_column(g, "mfu", DS_F64, dim, NULL, "1",
	    "model flops utilisation while busy");
	double *mbu = ds_column(g, "mbu", DS_F64, dim, NULL, "1",
	    "memory bandwidth utilisation while busy");
	double *batch = ds_column(g, "batch", DS_F64, dim, NULL, "1",
	    "mean batch: requests that get tokens from an iteration");
	int64_t *iterations = ds_column(g, "iterations", DS_I64, dim, NULL, "1",
	    "iterations of its batches");
	int64_t *out = ds_column(g, "output_tokens", DS_I64, dim, NULL, "token",
	    "output tokens generated");
	for (uint32_t i = 0; i < nodes; i++) {
		struct replica_total t = pool_total(p, i);
		struct peaks peak = node_peaks(pool_node(p, i));
		add(&u, &peak, &t);
		mfu[i] = ratio(t.flops, peak.flops_s * t.busy_s);
		mbu[i] = ratio(t.bytes, peak.bytes_s * t.busy_s);
		batch[i] = t.iterations ? (double)t.served / (double)t.iterations : NAN;
		iterations[i] = t.iterations;
		out[i] = t.tokens_out;
	}
	put(d, "compute.mfu_frac", u.flops, u.flops_could_s * run_s, nodes);
	put(d, "compute.busy_mfu_frac", u.flops, u.flops_could, nodes);
	put(d, "compute.mbu_frac", u.bytes, u.bytes_could_s * run_s, nodes);
	put(d, "compute.busy_mbu_frac", u.bytes, u.bytes_could, nodes);
	put_steady(pool_steady(p), &u, d);
	put(d, "compute.busy_frac", u.busy_s, nodes * run_s, nodes);
	put(d, "compute.batch", (double)u.served, (double)u.iterations, u.iterations);
}
