/* The inside of a replica, for replica.c (which changes it) and
 * replica_look.c (which only reads it). */
#ifndef HEARTH_MODELS_COMPUTE_REPLICA_STATE_H
#define HEARTH_MODELS_COMPUTE_REPLICA_STATE_H

#include "models/compute/governor.h"
#include "models/compute/kv.h"
#include "models/compute/waitlist.h"
#include "models/compute/replica.h"
#include "models/compute/slotheap.h"

#define NO_SLOT UINT32_MAX

/* A running request. */
struct slot {
	struct job job;
	bool decoding;
	int32_t prefilled;   /* tokens computed, until it decodes */
	int64_t base;        /* decoding: computed tokens - iteration counter */
	double share_j, share_low_j; /* the shares (below) when it began to decode */
	uint32_t prev, next; /* in order of admission; `next` chains free slots */
};

struct chunk {
	uint32_t slot;
	int32_t tokens;
};

struct replica {
	const struct iteration_model *m;
	gap_fn *on_gaps;
	void *gaps_ctx;

	struct slot *slot;
	uint32_t free, oldest, newest, running; /* slots */
	struct waitlist waiting;

	/* The decoding set. Counter: iterations begun and ended so far. Contexts
	 * grow with it, so each is kept as tokens minus counter: requests with 40
	 * and 25 tokens at counter 7 have bases 33 and 18, at any later counter. */
	int64_t counter, base_sum;
	struct slotheap finish; /* by the counter at which the last token is there */
	struct slotheap longest; /* by -base */
	struct kv kv;

	/* Those of them whose last token was not made at `begin`: it is in job.last. */
	uint32_t *fresh;
	int64_t freshes;

	/* Energy that one token of every iteration so far has borne, in two parts
	 * that add up exactly: differences stay good after years of service. */
	double share_j, share_low_j;

	/* The span under way. */
	bool busy, loading;   /* neither: idle since `begin` */
	struct instant begin; /* of the span or the load, too */
	struct run run;
	struct governor governor;
	int64_t length; /* iterations */
	int64_t tokens; /* computed in each of them */
	struct chunk *chunk;
	size_t chunks; /* 0: all decode */
	int64_t end_ns;

	struct replica_total total; /* until `begin`; no idle energy */
	int64_t outstanding;

	uint32_t *first;
	struct replica_done *finished;
	size_t firsts, finishes;
};

/* Iterations of the span under way that have ended by now_ns. */
int64_t replica_ended(const struct replica *r, int64_t now_ns);

static inline int64_t min_i64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

#endif
