/* KV caches on their way from the nodes that compute prompts to those that decode
 * (Patel et al. 2024, "Splitwise"; Zhong et al. 2024, "DistServe").
 *
 * A cache moves when its prompt is computed and the first token is out: its bytes
 * are those of the prompt's tokens, of all devices of the node together and each
 * key and value once, however many devices keep a copy. A node's network interface
 * carries one cache at a time at its whole rate, in the order in which prompts
 * were done: a transfer begins when the interfaces at both ends are free, and
 * takes them for bytes / rate; the cache is there a latency later. A cache that
 * waits for a busy receiver thus holds up those behind it.
 *
 * Nothing of a transfer is hidden behind the prompt's own iterations. Engines that
 * send each layer as soon as it is computed hide up to all layers but the last,
 * so that service.handover_s says at most what they would gain.
 *
 * Memory: the blocks on the prefill node are free from the first token on, those on
 * the decode node are taken when the request starts there. In between a cache is
 * in no node's blocks, where a real one stays in the sender's until it has left,
 * and a sender without room computes no further prompt. A check says how much of
 * a prefill node's cache its prompts and what is on its way from it would take: up
 * to all of it this makes no difference, beyond it the run is suspect. */
#ifndef HEARTH_MODELS_SITE_HANDOVER_H
#define HEARTH_MODELS_SITE_HANDOVER_H

#include <stdint.h>

#include "base/dataset.h"
#include "models/site/checks.h"
#include "sim/sim.h"

struct handover;

/* One end of transfers. */
struct handover_node {
	double bytes_s, latency_s; /* of the interface; the same at both ends of a transfer */
	double token_bytes;        /* cache of a token */
	double capacity_tokens;    /* of all blocks */
};

/* Called when the cache is there; sent_ns: the time of handover_begin. */
typedef void handover_fn(void *ctx, uint32_t request, int64_t sent_ns);

struct handover *handover_new(struct sim *sim, handover_fn *arrived, void *ctx);
void handover_free(struct handover *h); /* takes NULL */

/* Before the run: nodes 0 to count - 1, copied. */
void handover_open(struct handover *h, const struct handover_node *nodes, uint32_t count);

/* A request whose cache goes from one node to another. */
struct handover_move {
	uint32_t request, from, to;
	int32_t tokens;      /* prompt */
	int64_t used_tokens; /* of the sender's blocks, now that this one's are free */
};

/* The prompt is computed, now. */
void handover_begin(struct handover *h, const struct handover_move *m);

/* Adds the check of the senders' memory, if any cache was sent. */
void handover_check(const struct handover *h, struct checks *c);

/* Fills the metrics, if any cache has arrived. */
void handover_export(const struct handover *h, struct dataset *d);

#endif
