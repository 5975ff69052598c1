/* One copy of a model being served: continuous batching, paid per request.
 *
 * Scheduler (the rules of vLLM's v1 engine; Yu et al. 2022, "Orca"; Agrawal et
 * al. 2024, "Sarathi-Serve"; Kwon et al. 2023). At the boundary before each
 * iteration: every decoding request gets one token; what remains of the token
 * budget goes to the request whose prompt is partly computed, then to waiting
 * requests in their turn, while a place and KV blocks for their chunk are free.
 * When blocks run out, requests with the last turns lose their caches, until the
 * blocks suffice for the rest; they wait in their turn again and compute prompt
 * and generated tokens once more; nothing is admitted at such a boundary. Turns are
 * by submission, or by priority and then by submission; nobody who runs is
 * preempted to let somebody in. (vLLM walks the running requests one by one; where
 * one is itself the victim, those behind it rest for an iteration. Here they run.)
 *
 * With prompts first (vLLM's v0 engine), an iteration computes whole prompts alone,
 * as many as the budget and blocks hold beside those that the decoding requests
 * need next, and only where none can be admitted an iteration decodes. A request
 * must then fit the budget whole, generated tokens included, for it may have to be
 * computed again. (vLLM holds a hundredth of the blocks back instead.)
 *
 * With a prefix cache (prefix.h), a request is admitted with the leading whole units
 * of its prompt that are there, and computes the rest, one token at least. Units
 * are there from the end of the iteration that completes them; one that two
 * requests have computed at the same time is kept once. A request that was
 * preempted may find its own. Generated tokens have no ids and are not kept. A
 * model that is unloaded loses them.
 *
 * With guessed tokens (pace.h), a decoding request computes its last token and its
 * drafts in every iteration, holds blocks for them, and gains as many tokens as
 * the mean acceptance gives; those of one iteration come together. What the last
 * iteration gives beyond what was wanted is dropped.
 *
 * A request may bring the KV cache of its prompt, computed on another replica
 * (Patel et al. 2024, "Splitwise"; Zhong et al. 2024, "DistServe"), and so its
 * first token. It waits in the same queue, takes its blocks when it is admitted
 * and decodes in the iteration that begins there. When it is preempted it
 * computes prompt and generated tokens here.
 *
 * A replica that has unloaded its model (rest.h) loads it when a request comes, and
 * begins with all that have come until then.
 *
 * Where the engine admits whole prompts only (vLLM since early 2026: its pull request
 * 37307), a request begins when there are blocks for all its tokens known, though it
 * takes them chunk by chunk; else when there are some for its first chunk.
 *
 * Where it plans ahead (vLLM's asynchronous scheduling, which keeps two iterations in
 * flight), the batch of an iteration is settled when the one before begins: a
 * request that comes during an iteration joins the one after the next, and one that
 * ends with it keeps its place and its blocks for one plan more. An iteration for
 * which there was nobody is planned when the one before has ended. (vLLM drops the
 * token that a victim of preemption has under way; here it is kept.)
 *
 * Else a request is admitted at the first boundary that is later than its submission.
 * A replica that is idle begins an iteration at once with the request it is
 * given; others submitted at the same nanosecond wait for the next boundary.
 *
 * Time advances by spans: many iterations when all requests decode (run.h; up to 64
 * where a power cap is felt, governor.h), one when a prompt is computed. The caller
 * asks when the span ends and calls replica_advance at that time; a submission may
 * move the end forward. Boundaries are kept exactly, as whole nanoseconds plus a
 * fraction; what is told outside is rounded up to whole nanoseconds. Nothing is
 * allocated after replica_new except that the waiting queue doubles when it is full.
 *
 * Knows no events. `now_ns` must never decrease and never pass the end of the
 * span without an advance. */
#ifndef HEARTH_MODELS_COMPUTE_REPLICA_H
#define HEARTH_MODELS_COMPUTE_REPLICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/compute/iteration.h"

struct replica;

/* Gaps between consecutive tokens of a request: `each` requests had the gap
 * first_s + j step_s for each j in [0, iterations). */
struct gap_run {
	double first_s, step_s;
	int64_t iterations, each;
};
typedef void gap_fn(void *ctx, const struct gap_run *g);

struct replica *replica_new(const struct iteration_model *m); /* m must outlive it */
void replica_free(struct replica *r);                         /* takes NULL */
void replica_on_gaps(struct replica *r, gap_fn *fn, void *ctx); /* NULL: not wanted */

/* False when the request needs more KV cache than there is, or is computed whole and
 * longer than the token budget: it must not be submitted. The last token needs
 * none. */
bool replica_fits(const struct replica *r, int64_t prompt_tokens, int64_t output_tokens);

/* A request as it is handed over. */
struct ask {
	uint32_t id;             /* the caller's */
	int32_t prompt_tokens;   /* > 0 */
	int32_t output_tokens;   /* > 0; > 1 with a computed prompt */
	int32_t computed_tokens; /* prompt tokens whose KV cache comes with it: 0 or all */
	int8_t priority;         /* smaller goes first, where the engine minds */
	const uint64_t *prefix;  /* ids of its prompt's units (prefix.h), the caller's: they must
	                            stay until it is done */
	uint32_t prefix_count;
	int64_t first_ns;        /* with a computed prompt: when its first token was made, <= now.
	                            The gap from there to the second one is told, the first
	                            token itself is not */
};

/* Hands over a request that fits. True when replica_end_ns changed. */
bool replica_submit(struct replica *r, int64_t now_ns, const struct ask *a);

/* Another power cap for each device; INFINITY: none. Above the device's cap-floor
 * and idle power. It holds from the first iteration on that begins later than now,
 * or with a request that finds the replica idle. True when replica_end_ns changed. */
bool replica_set_cap(struct replica *r, int64_t now_ns, double cap_w);

int64_t replica_end_ns(const struct replica *r); /* INT64_MAX when idle */

struct replica_done {
	uint32_t id;
	uint32_t preemptions;
	double energy_j; /* of the devices; shared equally by the tokens of each iteration */
};

/* Ends the span or the load, to be called at replica_end_ns, and begins the next one. What
 * happened at the boundary can be read until the next call. */
void replica_advance(struct replica *r);
const uint32_t *replica_first(const struct replica *r, size_t *count); /* got their first token */
const struct replica_done *replica_finished(const struct replica *r, size_t *count);

/* What the replica has used and done until now_ns, exact inside a span and O(1):
 * time and energy to the nanosecond, the rest up to the last boundary passed. */
struct replica_total {
	double busy_s;
	double slowed_s; /* of it, slowed by the power cap */
	double unloaded_s, loading_s; /* idle without the model; loading it (rest.h) */
	int64_t loads;
	double device_j; /* accelerators, idle times included */
	double node_j;   /* plus host, behind the power supply */
	double flops, bytes; /* of all accelerators, for MFU and MBU */
	int64_t tokens_in, tokens_out; /* prefilled (repeated ones too), generated */
	int64_t iterations, spans, preemptions;
	int64_t served; /* requests that got tokens, in each iteration, added up */
	int64_t prefix_looked, prefix_hit; /* prompt tokens, once a request: sought in the
	                                      prefix cache, found there */
};
struct replica_total replica_total(const struct replica *r, int64_t now_ns);

/* For routing. */
int64_t replica_outstanding(const struct replica *r, int64_t now_ns); /* tokens still to compute */
int64_t replica_kv_used(const struct replica *r, int64_t now_ns);     /* tokens, in whole blocks */
int64_t replica_kv_capacity(const struct replica *r);                 /* tokens */
int64_t replica_longest(const struct replica *r); /* request that fits: prompt + output - 1 */
uint32_t replica_running(const struct replica *r);
size_t replica_waiting(const struct replica *r);

#endif
