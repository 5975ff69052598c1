/* The steady part of a run: without the filling of batches at its beginning and
 * their draining at its end, so that throughput and energy per token can be put
 * beside those of benchmarks that measure so.
 *
 * After the ML.ENERGY Benchmark (Chung et al. 2025), which counts from when as many
 * requests as fit into a batch have their first token until all but as many, and
 * one, have ended. Here the margin on either side is what the batches of all nodes
 * hold together, but no more than keeps them full: in a closed loop at most the
 * number of clients, else, where requests come by themselves and batches may never
 * be full, at most a tenth of the requests. A run that ends earlier has not drained
 * its batches: its steady part ends with it. Times are those of the nodes, not of
 * the clients. */
#ifndef HEARTH_MODELS_SITE_STEADY_H
#define HEARTH_MODELS_SITE_STEADY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/dataset.h"

/* What all nodes have done until an instant. */
struct steady_mark {
	int64_t t_ns;
	double device_j;
	double flops, bytes;   /* of the accelerators */
	int64_t output_tokens; /* generated */
	int64_t prompt_tokens; /* of the requests that have their first token */
};

struct steady {
	uint32_t margin;    /* 0: no window */
	uint32_t requests;  /* that can come */
	uint32_t firsts;    /* of them have their first token */
	uint32_t endings;   /* of them have ended */
	int64_t prompt_tokens; /* of those */
	bool begun, ended;
	struct steady_mark begin, end;
};

/* places: requests that the batches of all nodes hold; the margin is at most `most`. */
void steady_init(struct steady *s, uint32_t requests, uint64_t places, uint32_t most);

/* A request's first token was made; a request has ended; the run ends. True when the
 * window begins or ends with it: the caller then fills in the mark. */
bool steady_first(struct steady *s, int32_t prompt_tokens);
bool steady_ended(struct steady *s);
bool steady_cut(struct steady *s);

bool steady_known(const struct steady *s); /* there is a window, and it took time */
double steady_length_s(const struct steady *s);

/* The metrics of the window; none when there is none. */
void steady_export(const struct steady *s, struct dataset *d);

#endif
