/* The inside of a replica: replica.c begins and ends spans, replica_admit.c says
 * who takes part in the next iteration, replica_slots.c keeps those that run, and
 * replica_look.c only reads. */
#ifndef HEARTH_MODELS_COMPUTE_REPLICA_STATE_H
#define HEARTH_MODELS_COMPUTE_REPLICA_STATE_H

#include "models/compute/governor.h"
#include "models/compute/kv.h"
#include "models/compute/prefix.h"
#include "models/compute/replica.h"
#include "models/compute/slotheap.h"
#include "models/compute/waitlist.h"

#define NO_SLOT UINT32_MAX

/* A running request. */
struct slot {
	struct job job;
	bool decoding;
	bool fresh;          /* decoding: its last token is older than the last iteration */
	int32_t prefilled;   /* tokens computed, until it decodes; at the end, those with blocks */
	int32_t units;       /* of its prefix, held in the prefix cache */
	int64_t base;        /* decoding: computed tokens - clock */
	double share_j, share_low_j; /* the shares (below) when it began to decode */
	uint32_t next;       /* chains free slots */
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
	uint32_t free, running; /* slots */
	uint32_t partial;       /* whose prompt is partly computed; NO_SLOT: nobody's */
	struct slotheap worst;  /* running ones by -order: the first to be preempted */
	struct slotheap ended;  /* those that end at this boundary, by order */
	struct waitlist waiting;  /* by order */
	int64_t submissions;

	/* Where iterations are planned ahead: those that came too late for the next
	 * plan, by submission, and those that have ended but still hold their places
	 * and blocks in it. */
	struct waitlist coming;
	uint32_t *leaving;
	size_t leavings;

	/* The decoding set. Clock: tokens that each has gained in `counter` iterations
	 * (pace.h). Contexts grow with it, so each is kept as tokens minus clock:
	 * requests with 40 and 25 tokens at clock 7 have bases 33 and 18, at any
	 * later clock. */
	int64_t counter, clock, base_sum;
	struct slotheap finish; /* by the clock at which the last token is there */
	struct slotheap longest; /* by -base */

	/* Blocks of running requests; those of idle prefix units count as free. */
	struct kv kv;
	struct prefix prefix;
	int64_t unit_blocks; /* 0: no prefix cache */

	/* When decoding requests got their last tokens: those in `fresh` at their
	 * job.last, the others at `decoded`. */
	uint32_t *fresh;
	int64_t freshes;
	struct instant decoded;
	bool paused; /* prompts were computed alone since `decoded` */

	/* Energy that one token of every iteration so far has borne, in two parts
	 * that add up exactly: differences stay good after years of service. */
	double share_j, share_low_j;

	/* The span under way. */
	bool busy, loading;   /* neither: idle since `begin` */
	struct instant begin; /* of the span or the load, too */
	struct run run;
	struct governor governor;
	int64_t length;  /* iterations */
	int64_t decodes; /* requests that decode in each */
	int64_t prefill; /* prompt tokens computed in each */
	struct chunk *chunk;
	size_t chunks;   /* 0: all decode */
	int64_t end_ns;

	struct replica_total total; /* until `begin`; no idle energy */
	int64_t outstanding;

	uint32_t *first;
	struct replica_done *finished;
	size_t firsts, finishes;
};

/* replica_slots.c */

/* A waiting request begins to run. */
uint32_t slot_take(struct replica *r, struct job job);

/* Its prompt is computed, up to the token that it has got last. */
void slot_decode(struct replica *r, uint32_t slot);

/* The prefix units of its prompt that are computed can be shared from now on. */
void slot_share(struct replica *r, uint32_t slot);

/* It leaves with its last token, and is told; its place and blocks are free at
 * once or, where iterations are planned ahead, with slots_let_go. */
void slot_finish(struct replica *r, uint32_t slot);
void slots_let_go(struct replica *r);

/* The one with the last turn loses its cache and waits for its turn again. */
void slot_preempt_worst(struct replica *r);

/* Tokens to compute before the next one can be generated. */
static inline int32_t job_known(const struct job *j)
{
	return j->prompt + j->generated;
}

/* Blocks are taken, or will be: idle prefix units make room. */
void replica_make_room(struct replica *r, int64_t blocks);
void replica_take_blocks(struct replica *r, int64_t blocks);

/* replica_admit.c: fills b and the chunks of the iteration that begins at
 * r->begin. */
enum next {
	NEXT_STEADY,  /* nothing but decoding, until somebody ends or blocks run out */
	NEXT_HINGES,  /* the same, but whether the first in the queue fits depends on
	                 idle prefix units: no further than they last */
	NEXT_ONE,     /* look again after one iteration */
};
enum next replica_plan(struct replica *r, struct batch *b);

/* Iterations of the span under way that have ended by now_ns. */
int64_t replica_ended(const struct replica *r, int64_t now_ns);

/* Tokens that each decoding request gains in the next n iterations. */
static inline int64_t replica_gain(const struct replica *r, int64_t n)
{
	return pace_tokens(&r->m->pace, r->counter + n) - r->clock;
}

/* Blocks that the next n iterations of the decoding requests take. */
static inline int64_t replica_need(const struct replica *r, int64_t n)
{
	return kv_need(&r->kv, r->clock, replica_gain(r, n));
}

static inline int64_t min_i64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
