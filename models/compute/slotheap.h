/* A binary heap of small indices with keys that are known for each: smallest
 * key first, equal keys by index. Removes any member in O(log n). */
#ifndef HEARTH_MODELS_COMPUTE_SLOTHEAP_H
#define HEARTH_MODELS_COMPUTE_SLOTHEAP_H

#include <stdint.h>

struct slotheap {
	uint32_t *slot;  /* the heap, root first */
	uint32_t *place; /* by slot: where it stands in the heap */
	int64_t *key;    /* by slot */
	uint32_t count;
};

void slotheap_init(struct slotheap *h, uint32_t slots); /* indices 0 to slots - 1 */
void slotheap_fini(struct slotheap *h);
void slotheap_resize(struct slotheap *h, uint32_t slots); /* more of them; members stay */

void slotheap_push(struct slotheap *h, uint32_t slot, int64_t key); /* slot not in it */
void slotheap_remove(struct slotheap *h, uint32_t slot);            /* slot in it */

static inline uint32_t slotheap_first(const struct slotheap *h) /* count > 0 */
{
	return h->slot[0];
}

#endif
