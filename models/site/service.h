/* How well requests were served: latencies as the client sees them, counts, goodput. */
#ifndef HEARTH_MODELS_SITE_SERVICE_H
#define HEARTH_MODELS_SITE_SERVICE_H

#include <stddef.h>

#include "base/dataset.h"
#include "models/metric.h"
#include "models/work/request.h"
#include "models/work/slo.h"
#include "sim/blocks.h"

/* What is needed to speak about service; all borrowed. */
struct service {
	const struct request *request;
	const struct outcome *outcome;
	size_t n;                     /* requests of the run */
	const struct blocks *itl;     /* gaps between tokens of a request, s */
	const struct service_limits *slo; /* [slos] */
	size_t slos;
	double run_s;                 /* length of the run */
	const int64_t *released_ns;   /* [n], of those that can wait; NULL: none can */
};

/* Latencies of one finished request, s. tpot is NAN for a single token. */
double request_ttft_s(const struct request *q, const struct outcome *o);
double request_e2e_s(const struct request *q, const struct outcome *o);
double request_tpot_s(const struct request *q, const struct outcome *o);

int64_t service_count(const struct service *s, enum request_status status);

/* Tokens of the finished requests. */
int64_t service_output_tokens(const struct service *s);
int64_t service_prompt_tokens(const struct service *s);

/* Mean and percentiles of a latency, of n values in order of time; nothing of none. */
void service_put_latency(struct dataset *d, const char *key, const double *v, size_t n);

/* Fills group "requests" (one row a request), group "hist" and the service and
 * latency metrics. */
void service_export(const struct service *s, struct dataset *d);

#endif
