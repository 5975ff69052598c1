#include "loader/keep.h"

#include <stdlib.h>

#include "base/mem.h"

void *keep_new(struct keep *k, size_t n, size_t size)
{
	return keep_add(k, mem_new(n, size));
}

void *keep_add(struct keep *k, void *owned)
{
	k->block = mem_grow(k->block, k->blocks, &k->cap, sizeof *k->block);
	k->block[k->blocks++] = owned;
	return owned;
}

void keep_fini(struct keep *k)
{
	for (size_t i = 0; i < k->blocks; i++) free(k->block[i]);
	free(k->block);
	*k = (struct keep){ 0 };
}
