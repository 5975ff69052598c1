#include "models/compute/slotheap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

void slotheap_init(struct slotheap *h, uint32_t slots)
{
	h->slot = mem_new(slots, sizeof *h->slot);
	h->place = mem_new(slots, sizeof *h->place);
	h->key = mem_new(slots, sizeof *h->key);
	h->count = 0;
}

void slotheap_resize(struct slotheap *h, uint32_t slots)
{
	h->slot = mem_resize(h->slot, slots, sizeof *h->slot);
	h->place = mem_resize(h->place, slots, sizeof *h->place);
	h->key = mem_resize(h->key, slots, sizeof *h->key);
}

void slotheap_fini(struct slotheap *h)
{
	free(h->slot);
	free(h->place);
	free(h->key);
}

static bool before(const struct slotheap *h, uint32_t a, uint32_t b)
{
	return h->key[a] != h->key[b] ? h->key[a] < h->key[b] : a < b;
}

static void put(struct slotheap *h, uint32_t at, uint32_t slot)
{
	h->slot[at] = slot;
	h->place[slot] = at;
}

static void sift_up(struct slotheap *h, uint32_t at, uint32_t slot)
{
	for (; at > 0; at = (at - 1) / 2) {
		uint32_t parent = h->slot[(at - 1) / 2];
		if (!before(h, slot, parent)) break;
		put(h, at, parent);
	}
	put(h, at, slot);
}

static void sift_down(struct slotheap *h, uint32_t at, uint32_t slot)
{
	for (uint32_t child; (child = 2 * at + 1) < h->count; at = child) {
		if (child + 1 < h->count && before(h, h->slot[child + 1], h->slot[child])) child++;
		if (!before(h, h->slot[child], slot)) break;
		put(h, at, h->slot[child]);
	}
	put(h, at, slot);
}

void slotheap_push(struct slotheap *h, uint32_t slot, int64_t key)
{
	h->key[slot] = key;
	sift_up(h, h->count++, slot);
}

void slotheap_remove(struct slotheap *h, uint32_t slot)
{
	uint32_t at = h->place[slot], last = h->slot[--h->count];
	if (last == slot) return;
	if (at > 0 && before(h, last, h->slot[(at - 1) / 2]))
		sift_up(h, at, last);
	else
		sift_down(h, at, last);
}
