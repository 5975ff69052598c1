#include "models/control/affinity.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

/* The node that was last sent a block, and what it had been sent in all by then. */
struct block {
	uint64_t id;
	uint32_t node; /* AFFINITY_NONE: an empty place of the table */
	double sent_tokens;
};

struct sent {
	double tokens, capacity_tokens;
};

struct affinity {
	struct block *block; /* hash table with linear probing, at most half full */
	uint64_t mask;
	uint64_t blocks;     /* in it, forgotten ones too */
	struct sent *sent;   /* [nodes] */
};

enum { PLACES_MIN = 1024 };

static void make_table(struct affinity *a, uint64_t places)
{
	a->block = mem_new(places, sizeof *a->block);
	for (uint64_t i = 0; i < places; i++) a->block[i].node = AFFINITY_NONE;
	a->mask = places - 1;
	a->blocks = 0;
}

struct affinity *affinity_new(uint32_t nodes)
{
	struct affinity *a = mem_new(1, sizeof *a);
	make_table(a, PLACES_MIN);
	a->sent = mem_new(nodes, sizeof *a->sent);
	return a;
}

void affinity_free(struct affinity *a)
{
	if (!a) return;
	free(a->block);
	free(a->sent);
	free(a);
}

void affinity_capacity(struct affinity *a, uint32_t node, double tokens)
{
	a->sent[node].capacity_tokens = tokens;
}

/* The multiplier of Knuth 1998, "The Art of Computer Programming" 3, 6.4: 2^64 over
 * the golden ratio, odd; its high bits depend on all of the id's. */
static uint64_t place_of(const struct affinity *a, uint64_t id)
{
	uint64_t i = (id * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & a->mask;
	while (a->block[i].node != AFFINITY_NONE && a->block[i].id != id) i = (i + 1) & a->mask;
	return i;
}

static bool is_remembered(const struct affinity *a, const struct block *b)
{
	if (b->node == AFFINITY_NONE) return false;
	const struct sent *s = &a->sent[b->node];
	return s->tokens - b->sent_tokens <= s->capacity_tokens;
}

uint32_t affinity_find(const struct affinity *a, const uint64_t *id, uint32_t n)
{
	for (uint32_t k = n; k-- > 0;) {
		const struct block *b = &a->block[place_of(a, id[k])];
		if (is_remembered(a, b)) return b->node;
	}
	return AFFINITY_NONE;
}

static void put(struct affinity *a, struct block b)
{
	struct block *at = &a->block[place_of(a, b.id)];
	a->blocks += at->node == AFFINITY_NONE;
	*at = b;
}

/* A new table without the forgotten blocks, a quarter full at most. */
static void clear_out(struct affinity *a)
{
	struct block *old = a->block;
	uint64_t count = a->mask + 1, live = 0, places = PLACES_MIN;
	for (uint64_t i = 0; i < count; i++) live += is_remembered(a, &old[i]);
	while (places < 4 * live) places *= 2;
	make_table(a, places);
	for (uint64_t i = 0; i < count; i++)
		if (is_remembered(a, &old[i])) put(a, old[i]);
	free(old);
}

void affinity_note(
    struct affinity *a, uint32_t node, double prompt_tokens, const uint64_t *id, uint32_t n)
{
	struct sent *s = &a->sent[node];
	s->tokens += prompt_tokens;
	for (uint32_t k = 0; k < n; k++) {
		put(a, (struct block){ id[k], node, s->tokens });
		if (2 * a->blocks > a->mask) clear_out(a);
	}
}
