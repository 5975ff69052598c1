/* Storage that lives exactly as long as what was read: blocks that are given
 * back all at once. */
#ifndef HEARTH_LOADER_KEEP_H
#define HEARTH_LOADER_KEEP_H

#include <stddef.h>

struct keep {
	void **block;
	size_t blocks, cap;
};

/* n zeroed elements of `size` bytes. */
void *keep_new(struct keep *k, size_t n, size_t size);

/* Takes over `owned`, which came from mem.h; returns it. */
void *keep_add(struct keep *k, void *owned);

void keep_fini(struct keep *k); /* frees all blocks */

#endif
