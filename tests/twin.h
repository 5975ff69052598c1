/* The slow twin of a replica: the same scheduler one iteration at a time.
 *
 * Written from the rules and from the plain formulas of device.h and llm.h,
 * sharing none of replica.c, run.c, iteration.c or kv.c. Every running request
 * is visited in every iteration; time and energy are added up one by one. */
#ifndef HEARTH_TESTS_TWIN_H
#define HEARTH_TESTS_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/compute/events.h"
#include "models/compute/node.h"

/* A chip in the place of the node's device; its power at rest is the device's idle_w. */
struct twin_chip {
	struct event_cost cost;
	double op_j; /* of a synaptic operation */
};

struct twin_request {
	int64_t sent_ns; /* in; not decreasing */
	int prompt, output;
	bool arrives;    /* with the cache of its prompt and its first token, made at first_ns */
	int64_t first_ns;
	int priority;
	uint64_t *id;    /* of its prompt's prefix units, below id_end */
	int ids;
	double first_s, done_s, energy_j; /* out */
	int preemptions;
	/* inside */
	int computed, generated, blocks, chunk;
	int held;        /* leading prefix units; `blocks` are its own */
	int64_t base;    /* tokens when it began to decode, less the clock then */
	bool prefilling;
	long double last_s;
};

struct twin_unit {
	uint64_t id;
	int holders;
	long left; /* when the last holder left: 1, 2, 3, ... */
};

/* What is known at the begin of a stretch, of an iteration once it is planned. */
struct twin_known {
	long iterations, tokens_in, tokens_out, served;
	double flops, bytes; /* of all devices */
	long outstanding;    /* tokens still to compute, of requests below `submitted` */
	int64_t kv_blocks;   /* of running requests */
	size_t submitted;
};

/* An iteration, a time without a model, or the loading of one. */
struct twin_stretch {
	double begin_s, end_s, energy_j; /* of all devices */
	struct twin_known known;
};

struct twin_cap {
	int64_t at_ns;
	double cap_w; /* of each device, from then on */
};

struct twin {
	const struct node_par *node;
	const struct twin_chip *chip;    /* NULL: what the node says */
	const struct layer_table *table; /* measured layer times; NULL: the formulas */
	int64_t blocks_total; /* KV blocks to use, instead of node_kv_blocks */
	int unit_tokens;      /* of a prefix unit; 0: no prefix cache */
	uint64_t id_end;
	struct twin_request *request;
	size_t requests;
	const struct twin_cap *cap; /* in order of time; before them the node's */
	size_t caps;

	/* Results, grown while running; twin_fini frees them. */
	struct twin_stretch *stretch;
	size_t stretches, stretches_cap;
	long iterations, loads;
	double *gap_s; /* every gap between consecutive tokens of a request */
	size_t gaps, gaps_cap;
	long preemptions, tokens_in, tokens_out, served, looked, hit;
	long double flops, bytes; /* of all devices */
	long double slowed_s;

	/* inside */
	size_t *running, *waiting;
	size_t runs, waits, submitted;
	size_t *late, *leaving; /* with plans ahead: came, or ended, in the iteration before */
	size_t lates, leavings;
	int64_t free_blocks; /* in no request and no unit */
	struct twin_unit *unit;
	size_t units, units_cap;
	size_t *where; /* [id_end]: place in unit + 1 */
	int idle;
	long leaves;
	int drafts;
	int64_t steps, clock; /* iterations that decoded, tokens that they gave */
	struct power power;
	double cap_w, slow;
	size_t next_cap;
	bool cap_changed, prompt_before;
	size_t *before, befores; /* who ran in the iteration before */
	double *draft_layers_s;
	double *layers_s; /* time of the matrix products by tokens, kept; 0: not yet known */
};

void twin_run(struct twin *t);

/* The scheduler, tests/twin_plan.c. */
void twin_submit(struct twin *t, size_t request);
bool twin_before(const struct twin *t, size_t a, size_t b); /* whose turn is earlier */
void twin_plan(struct twin *t);  /* sets every running request's chunk */
void twin_share(struct twin *t, struct twin_request *q); /* what is computed of its prompt */
void twin_release(struct twin *t, struct twin_request *q);
void twin_forget(struct twin *t); /* all units, of a replica at rest */
struct twin_known twin_known(const struct twin *t);
int twin_gain(const struct twin *t); /* tokens that the next decoding iteration gives */
void twin_fini(struct twin *t);

#endif
