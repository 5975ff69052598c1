#include "sim/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A block of chunks, which begin at multiples of their size. */
struct queue_slab {
	struct queue_slab *next;
};

enum {
	SLAB_FIRST = 64,     /* chunks in the first slab: 32 KiB */
	SLAB_LAST = 1 << 16, /* chunks in the largest: 32 MiB */
	HEAP_LEAD = 3,       /* entries before the root, so that children fill a line */
	HEAP_TAIL = 16,      /* the last node's missing children and grandchildren */
};

_Static_assert(sizeof(struct queue_entry) == 16, "four entries in a cache line");
_Static_assert(sizeof(struct queue_chunk) == 512, "a chunk is eight cache lines");
_Static_assert(6 * QUEUE_LEVELS >= 63, "the digits cover a time");

static struct queue_entry *heap_new(size_t room)
{
	size_t n = HEAP_LEAD + room + HEAP_TAIL;
	struct queue_entry *block = mem_lines(n, sizeof *block);
	memset(block, 0xff, n * sizeof *block);
	return block + HEAP_LEAD;
}

static void heap_free(struct queue_entry *heap)
{
	free(heap - HEAP_LEAD);
}

/* Sets the bound to a power of two from `bound` on; never gives room back. */
static void near_reserve(struct queue *q, size_t bound)
{
	q->near_bound = QUEUE_NEAR;
	while (q->near_bound < bound) q->near_bound *= 2;
	if (q->near_bound <= q->near_room) return;
	struct queue_entry *old = q->near;
	q->near_room = q->near_bound;
	q->near = heap_new(q->near_room);
	memcpy(q->near, old, q->near_count * sizeof *old);
	heap_free(old);
}

void queue_init(struct queue *q)
{
	memset(q, 0, sizeof *q);
	q->near_bound = q->near_room = QUEUE_NEAR;
	q->near = heap_new(QUEUE_NEAR);
	q->slab_chunks = SLAB_FIRST;
}

void queue_fini(struct queue *q)
{
	heap_free(q->near);
	for (struct queue_slab *s = q->slabs, *next; s; s = next) {
		next = s->next;
		free(s);
	}
	memset(q, 0, sizeof *q);
}

void queue_records(struct queue *q, const void *records, size_t record_size)
{
	q->records = records;
	q->record_size = record_size;
}

static void slab_add(struct queue *q)
{
	size_t n = q->slab_chunks; /* one of them for the link and to get to a multiple */
	char *block = mem_lines(n, sizeof(struct queue_chunk));
	struct queue_slab *slab = (void *)block;
	slab->next = q->slabs;
	q->slabs = slab;
	size_t lead = sizeof(struct queue_chunk) - (uintptr_t)block % sizeof(struct queue_chunk);
	struct queue_chunk *chunk = (void *)(block + lead);
	for (size_t i = n - 1; i-- > 0;) { /* the lowest will be used next */
		chunk[i].next = q->spare;
		q->spare = &chunk[i];
	}
	if (n < SLAB_LAST) q->slab_chunks = 2 * n;
}

/* The first chunk of a bucket that has a place for a next entry. */
static struct queue_chunk *chunk_of(struct queue_entry *place)
{
	uintptr_t last = (uintptr_t)(place - 1);
	return (void *)(last - last % sizeof(struct queue_chunk));
}

static void mark(struct queue *q, unsigned level, unsigned digit)
{
	q->digits[level] |= UINT64_C(1) << digit;
	q->levels |= 1u << level;
}

struct queue_entry *queue_chunk_add(struct queue *q, unsigned level, unsigned digit)
{
	struct queue_entry *place = q->bucket[level][digit];
	if (!q->spare) slab_add(q);
	struct queue_chunk *c = q->spare;
	q->spare = c->next;
	c->next = NULL;
	if (place) {
		c->next = chunk_of(place);
		c->next->count = QUEUE_CHUNK;
	}
	mark(q, level, digit);
	return c->entry;
}

static void chunk_free(struct queue *q, struct queue_chunk *c)
{
	c->next = q->spare;
	q->spare = c;
}

/* Takes a bucket's chunks out; their counts are set. */
static struct queue_chunk *bucket_take(struct queue *q, unsigned level, unsigned digit)
{
	struct queue_entry *place = q->bucket[level][digit];
	struct queue_chunk *list = chunk_of(place);
	list->count = (size_t)(place - list->entry);
	q->bucket[level][digit] = NULL;
	q->digits[level] &= ~(UINT64_C(1) << digit);
	if (!q->digits[level]) q->levels &= ~(1u << level);
	return list;
}

/* Puts chunks in as an empty bucket's. */
static void bucket_put(struct queue *q, unsigned level, unsigned digit, struct queue_chunk *list)
{
	assert(!q->bucket[level][digit]);
	if (!list) return;
	q->bucket[level][digit] = list->entry + list->count;
	mark(q, level, digit);
}

static size_t list_count(const struct queue_chunk *list)
{
	size_t n = 0;
	for (; list; list = list->next) n += list->count;
	return n;
}

/* At most QUEUE_OPEN entries; looks at few chunks. */
static bool list_is_small(const struct queue_chunk *list)
{
	size_t n = 0;
	for (; list && n <= QUEUE_OPEN; list = list->next) n += list->count;
	return n <= QUEUE_OPEN;
}

static void heapify(struct queue *q)
{
	for (size_t i = (q->near_count + 2) / 4; i-- > 0;)
		queue_sift_down(q->near, q->near_count, i, q->near[i]);
}

static void open_into_heap(struct queue *q, struct queue_chunk *list)
{
	near_reserve(q, 2 * list_count(list));
	for (struct queue_chunk *c = list, *next; c; c = next) {
		for (size_t i = 0; i < c->count; i++) {
			q->near[q->near_count++] = c->entry[i];
			if (q->records)
				__builtin_prefetch(
				    q->records + queue_slot(c->entry[i]) * q->record_size);
		}
		next = c->next;
		chunk_free(q, c);
	}
	q->far_count -= q->near_count;
	heapify(q);
}

static void prefetch_chunk(const struct queue_chunk *c)
{
	for (size_t line = 0; line < sizeof *c / 64; line++)
		__builtin_prefetch((const char *)c + 64 * line);
}

static void open_into_buckets(struct queue *q, struct queue_chunk *list)
{
	for (struct queue_chunk *c = list, *next; c; c = next) {
		next = c->next;
		if (next) prefetch_chunk(next);
		for (size_t i = 0; i < c->count; i++) queue_far_push(q, c->entry[i]);
		q->far_count -= c->count; /* they were counted before */
		chunk_free(q, c);
	}
}

/* Called with the heap empty: opens earliest buckets until it is not. The wheel
 * goes to the start of the opened bucket, never to its end: the end of slot 63
 * would carry into a higher digit, whose older entries would be overtaken. */
bool queue_refill(struct queue *q)
{
	assert(!q->near_count);
	while (!q->near_count && q->far_count) {
		unsigned level = (unsigned)__builtin_ctz(q->levels);
		unsigned digit = (unsigned)__builtin_ctzll(q->digits[level]), shift = 6 * level;
		struct queue_chunk *list = bucket_take(q, level, digit);
		uint64_t above = shift + 6 < 64 ? q->wheel >> (shift + 6) << (shift + 6) : 0;
		q->wheel = above | (uint64_t)digit << shift;
		q->horizon = q->wheel;
		if (level == 0 || list_is_small(list)) { /* level 0: equal times, however many */
			q->horizon += UINT64_C(1) << shift;
			open_into_heap(q, list);
		} else {
			open_into_buckets(q, list);
		}
	}
	return q->near_count > 0;
}

static struct queue_chunk *list_join(struct queue_chunk *a, struct queue_chunk *b)
{
	struct queue_chunk *last = a;
	while (last->next) last = last->next;
	last->next = b;
	return a;
}

/* Turns the wheel back to an earlier time. Entries that agreed with the old
 * wheel in digit D, the highest in which the two differ, lie below level D and
 * agree in that digit still: they become the bucket of it. The others' highest
 * differing digit, D or above, is the same as before. */
static void rewind_wheel(struct queue *q, uint64_t time)
{
	unsigned level = (63u - (unsigned)__builtin_clzll(q->wheel ^ time)) / 6;
	unsigned digit = (unsigned)(q->wheel >> 6 * level) & 63;
	struct queue_chunk *all = NULL;
	while (q->levels & ((1u << level) - 1)) {
		unsigned l = (unsigned)__builtin_ctz(q->levels);
		unsigned d = (unsigned)__builtin_ctzll(q->digits[l]);
		all = list_join(bucket_take(q, l, d), all);
	}
	q->wheel = time;
	if (all) bucket_put(q, level, digit, all);
}

/* The heap is at its bound. Turning the wheel back undoes the opening of
 * buckets, so it must be worth it: the heap may instead grow to an eighth of
 * what lies in buckets. */
void queue_spill(struct queue *q)
{
	size_t n = q->near_count;
	struct queue_entry *heap = q->near;
	if (heap[0].time < q->wheel && n < q->far_count / 8) {
		near_reserve(q, 2 * n);
		return;
	}
	if (heap[0].time < q->wheel) rewind_wheel(q, heap[0].time);
	q->horizon = q->wheel;
	for (size_t i = 0; i < n; i++) {
		queue_far_push(q, heap[i]);
		heap[i] = (struct queue_entry){ UINT64_MAX, UINT64_MAX };
	}
	q->near_count = 0;
}

static void near_filter(struct queue *q, bool (*keep)(void *ctx, struct queue_entry e), void *ctx)
{
	size_t kept = 0;
	for (size_t i = 0; i < q->near_count; i++)
		if (keep(ctx, q->near[i])) q->near[kept++] = q->near[i];
	for (size_t i = kept; i < q->near_count; i++)
		q->near[i] = (struct queue_entry){ UINT64_MAX, UINT64_MAX };
	q->near_count = kept;
	heapify(q);
}

static size_t chunk_filter(
    struct queue_chunk *c, bool (*keep)(void *ctx, struct queue_entry e), void *ctx)
{
	size_t kept = 0, before = c->count;
	for (size_t i = 0; i < before; i++)
		if (keep(ctx, c->entry[i])) c->entry[kept++] = c->entry[i];
	c->count = kept;
	return before - kept;
}

static struct queue_chunk *list_filter(struct queue *q, struct queue_chunk *list,
    bool (*keep)(void *ctx, struct queue_entry e), void *ctx)
{
	struct queue_chunk **link = &list;
	while (*link) {
		struct queue_chunk *c = *link;
		q->far_count -= chunk_filter(c, keep, ctx);
		if (c->count) {
			link = &c->next;
		} else {
			*link = c->next;
			chunk_free(q, c);
		}
	}
	return list;
}

void queue_filter(struct queue *q, bool (*keep)(void *ctx, struct queue_entry e), void *ctx)
{
	near_filter(q, keep, ctx);
	for (unsigned level = 0; level < QUEUE_LEVELS; level++)
		for (uint64_t left = q->digits[level]; left; left &= left - 1) {
			unsigned digit = (unsigned)__builtin_ctzll(left);
			struct queue_chunk *list = bucket_take(q, level, digit);
			bucket_put(q, level, digit, list_filter(q, list, keep, ctx));
		}
}
