/* Prefix cache: KV blocks of whole prompt units, shared by the requests that have
 * them and kept behind the last of them (Kwon et al. 2023, "PagedAttention", 4.4;
 * Zheng et al. 2024, "SGLang", 3).
 *
 * A unit is a run of prompt tokens, all of the same length, with an id that
 * stands for its tokens and all before them: equal ids are equal prefixes, and the
 * ids of a request differ. A unit is held while a running request counts on it and
 * idle afterwards; idle units are given up, the least recently held first and of
 * one request the deepest first, when their blocks are needed. So a unit never
 * outlives the one before it. */
#ifndef HEARTH_MODELS_COMPUTE_PREFIX_H
#define HEARTH_MODELS_COMPUTE_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

struct prefix_unit {
	uint64_t id;
	uint32_t holders;
	uint32_t prev, next; /* among idle ones, from the least recent; `next` chains free ones */
};

struct prefix {
	struct prefix_unit *unit; /* unit[0] is the end of the idle ring and no unit */
	uint32_t free;
	uint32_t *place;          /* hash table with linear probing: units; 0: nothing */
	uint64_t mask;
	int64_t idle;             /* units */
};

void prefix_init(struct prefix *p, uint32_t units); /* room for so many */
void prefix_fini(struct prefix *p);

/* How many of the n ids from the first on are there, and how many of those idle. */
struct prefix_match {
	int64_t units, idle;
};
struct prefix_match prefix_match(const struct prefix *p, const uint64_t *id, int64_t n);

/* One more holder for each of n units that are there. */
void prefix_hold(struct prefix *p, const uint64_t *id, int64_t n);

/* A request that holds a unit's blocks of its own has computed it: the unit is
 * there from now on, held by that request too. True when others hold it already:
 * the request's own blocks are then free again. There must be room. */
bool prefix_put(struct prefix *p, uint64_t id);

/* One holder less for each of n units. Returns how many became idle. */
int64_t prefix_release(struct prefix *p, const uint64_t *id, int64_t n);

/* Gives up idle units until at most `most` (>= 0) are left. */
void prefix_shrink(struct prefix *p, int64_t most);

#endif
