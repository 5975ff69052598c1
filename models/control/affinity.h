/* What a router remembers of the nodes' prefix caches: which node was last sent a
 * prompt that begins with a block.
 *
 * A block's id stands for its tokens and all before them (models/work/request.h),
 * so that the deepest block of a prompt that is remembered is the longest prefix
 * that some node shares with it. A block counts as forgotten when its node was
 * since sent more prompt tokens than its KV cache holds: a cache that gives up the
 * least recent blocks first has room for no more. What a node really holds is not
 * asked: a front end knows only what it has sent. */
#ifndef HEARTH_MODELS_CONTROL_AFFINITY_H
#define HEARTH_MODELS_CONTROL_AFFINITY_H

#include <stdint.h>

struct affinity;

#define AFFINITY_NONE UINT32_MAX

/* For nodes 0 to nodes - 1. Its memory follows what their caches can hold. */
struct affinity *affinity_new(uint32_t nodes);
void affinity_free(struct affinity *a); /* takes NULL */
void affinity_capacity(struct affinity *a, uint32_t node, double tokens); /* of its KV cache */

/* The node that shares the longest prefix with the n blocks; AFFINITY_NONE: no node
 * shares the first. O(n). */
uint32_t affinity_find(const struct affinity *a, const uint64_t *id, uint32_t n);

/* A prompt of that many tokens, with these blocks, was sent to the node. O(n), and
 * now and then, when the table is full, O(blocks that are remembered). */
void affinity_note(
    struct affinity *a, uint32_t node, double prompt_tokens, const uint64_t *id, uint32_t n);

#endif
