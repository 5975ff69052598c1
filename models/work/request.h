/* A request to a language model, and what became of it. */
#ifndef HEARTH_MODELS_WORK_REQUEST_H
#define HEARTH_MODELS_WORK_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

/* What the trace says. Order: by sent_ns, then as in the file. */
struct request {
	int64_t sent_ns;       /* when the client sends it; >= 0 */
	int32_t prompt_tokens; /* >= 1 */
	int32_t output_tokens; /* >= 1 */
	uint32_t origin;       /* home that asks; ORIGIN_OUTSIDE: a client of no home */
	uint32_t prefix_first; /* its prefix blocks: index into the workload's hash ids */
	uint32_t prefix_count; /* 0: none known */
	int8_t priority;       /* smaller goes first; 0 when nothing is said */
	bool deferrable;       /* it can wait (models/site/deferral.h) */
};
#define ORIGIN_OUTSIDE UINT32_MAX

#define REQUEST_STATUS_LIST(X) \
	X(REQUEST_PENDING, "pending")     /* not finished when the run ended */ \
	X(REQUEST_DONE, "done") \
	X(REQUEST_REJECTED, "rejected")   /* no node can ever hold its KV cache */

enum request_status {
#define X(id, word) id,
	REQUEST_STATUS_LIST(X)
#undef X
};

/* What became of it, as the client sees it: link delays included. */
struct outcome {
	int64_t first_ns;  /* first token received; -1: not yet */
	int64_t done_ns;   /* last token received; -1: not yet */
	double energy_j;   /* device energy of the iterations it took part in, shared equally
	                      among the tokens computed in each */
	uint32_t first_node; /* where its prompt was computed; UINT32_MAX: nowhere */
	uint32_t node;       /* where its last token is; the same unless it was handed over */
	uint16_t preemptions;
	uint8_t status;    /* enum request_status */
};

#endif
