/* The pending set: which event comes next.
 *
 * Two parts behind five calls. Events before the horizon lie in a small 4-ary
 * implicit heap ("near"); later ones lie unsorted in radix buckets ("far") by
 * the highest base-64 digit in which their time differs from the wheel, the time
 * up to which buckets were opened (Ahuja, Mehlhorn, Orlin and Tarjan 1990,
 * "Faster algorithms for the shortest path problem", section 2; here for
 * integers of 63 bits). When the heap runs dry the earliest bucket is opened:
 * into the heap when it is small, else into the buckets one level down. So an
 * entry is moved in sequence a few times instead of sinking through a heap that
 * no cache holds. When the heap outgrows its bound, because many events came
 * before a horizon that had been set far out, it is spilled into buckets.
 *
 * The order is exact, whatever is pushed when: entries compare as one unsigned
 * number of 128 bits, and push accepts times before the last that was popped. */
#ifndef HEARTH_SIM_QUEUE_H
#define HEARTH_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* time: nanoseconds, below 2^63. ord: phase:4 | seq:36 | slot:24, so that equal
 * times go by phase, then in order of insertion. No two entries may be equal. */
struct queue_entry {
	uint64_t time, ord;
};

enum { QUEUE_SLOT_BITS = 24, QUEUE_SEQ_BITS = 36, QUEUE_PHASE_BITS = 4 };

static inline uint64_t queue_ord(unsigned phase, uint64_t seq, uint32_t slot)
{
	return (uint64_t)phase << (QUEUE_SEQ_BITS + QUEUE_SLOT_BITS) | seq << QUEUE_SLOT_BITS |
	       slot;
}

static inline uint32_t queue_slot(struct queue_entry e)
{
	return (uint32_t)e.ord & ((1u << QUEUE_SLOT_BITS) - 1);
}

static inline bool queue_before(struct queue_entry a, struct queue_entry b)
{
	return ((unsigned __int128)a.time << 64 | a.ord) <
	       ((unsigned __int128)b.time << 64 | b.ord);
}

enum {
	QUEUE_LEVELS = 11, /* digits of 6 bits in a time of 63 */
	QUEUE_DIGITS = 64,
	QUEUE_CHUNK = 31,  /* entries in 512 bytes, less the link and the count */
	QUEUE_OPEN = 128,  /* a bucket of at most so many goes to the heap when it is opened */
	QUEUE_FEW = 64,    /* with so few in all, everything goes to the heap */
	QUEUE_NEAR = 1024, /* lowest bound of the heap */
};

/* Begins at a multiple of its size, so that a pointer behind the last entry of a
 * full chunk is one too. The count is set when no more will be added. */
struct queue_chunk {
	struct queue_chunk *next;
	size_t count;
	struct queue_entry entry[QUEUE_CHUNK];
};

struct queue {
	/* The heap: children of i at 4i+1 to 4i+4, one cache line. Places from
	 * near_count on are later than any time, so that every node has four
	 * children to compare. It is spilled when it has grown to near_bound, for
	 * which there is always room. */
	struct queue_entry *near;
	size_t near_count, near_bound, near_room;
	uint64_t horizon; /* every far entry is at or after it, every near one before */

	/* The buckets: entry e lies at the level of the highest digit in which
	 * e.time and wheel differ, in the slot of that digit of e.time: with wheel
	 * 0, time 64 lies in bucket[1][1]. wheel <= horizon. A bucket is known by the
	 * place for its next entry, in the first of its chunks; NULL when empty. */
	uint64_t wheel;
	size_t far_count;
	unsigned levels;               /* bit L: level L holds something */
	uint64_t digits[QUEUE_LEVELS]; /* bit d: bucket[L][d] holds something */
	struct queue_entry *bucket[QUEUE_LEVELS][QUEUE_DIGITS];
	struct queue_chunk *spare; /* chunks that hold nothing */
	struct queue_slab *slabs;  /* where chunks come from */
	size_t slab_chunks;        /* how many the next slab will have */

	const char *records; /* see queue_records */
	size_t record_size;
};

/* An empty queue in storage that the caller has. */
void queue_init(struct queue *q);
void queue_fini(struct queue *q);

/* Where the records stand that the entries' slots number: they are fetched into
 * the cache some events before their entries are popped. NULL: none. */
void queue_records(struct queue *q, const void *records, size_t record_size);

static inline void queue_push(struct queue *q, struct queue_entry e);

/* The earliest entry into *e; false when there is none. */
static inline bool queue_pop(struct queue *q, struct queue_entry *e);
static inline bool queue_peek(struct queue *q, struct queue_entry *e);

static inline size_t queue_count(const struct queue *q)
{
	return q->near_count + q->far_count;
}

/* Drops every entry for which keep returns false. O(n). */
void queue_filter(struct queue *q, bool (*keep)(void *ctx, struct queue_entry e), void *ctx);

/* The rest of this header is the hot path; nothing below is for callers. */

bool queue_refill(struct queue *q);
void queue_spill(struct queue *q);
struct queue_entry *queue_chunk_add(struct queue *q, unsigned level, unsigned digit);

static inline void queue_far_push(struct queue *q, struct queue_entry e)
{
	unsigned level = (63u - (unsigned)__builtin_clzll((e.time ^ q->wheel) | 1)) / 6;
	unsigned digit = (unsigned)(e.time >> 6 * level) & 63;
	struct queue_entry *place = q->bucket[level][digit];
	if (__builtin_expect((uintptr_t)place % sizeof(struct queue_chunk) == 0, 0))
		place = queue_chunk_add(q, level, digit); /* there is none, or it is full */
	*place = e;
	q->bucket[level][digit] = place + 1;
	q->far_count++;
}

static inline void queue_sift_up(struct queue_entry *heap, size_t i, struct queue_entry e)
{
	while (i) {
		size_t parent = (i - 1) / 4;
		if (!queue_before(e, heap[parent])) break;
		heap[i] = heap[parent];
		i = parent;
	}
	heap[i] = e;
}

/* Which of the four children from heap[c] on is first. */
static inline size_t queue_first_child(const struct queue_entry *heap, size_t c)
{
	size_t a = queue_before(heap[c + 1], heap[c]) ? c + 1 : c;
	size_t b = queue_before(heap[c + 3], heap[c + 2]) ? c + 3 : c + 2;
	return queue_before(heap[b], heap[a]) ? b : a;
}

/* Lets e sink from the free place i. A heap beyond the first cache asks for the
 * grandchildren, four lines, while the children are compared. */
static inline void queue_sift_down(
    struct queue_entry *heap, size_t count, size_t i, struct queue_entry e)
{
	for (size_t c; (c = 4 * i + 1) < count;) {
		if (count > QUEUE_NEAR && 16 * i + 5 < count)
			for (size_t g = 0; g < 4; g++)
				__builtin_prefetch(heap + 16 * i + 5 + 4 * g);
		size_t first = queue_first_child(heap, c);
		if (!queue_before(heap[first], e)) break;
		heap[i] = heap[first];
		i = first;
	}
	heap[i] = e;
}

static inline void queue_near_push(struct queue *q, struct queue_entry e)
{
	queue_sift_up(q->near, q->near_count++, e);
	if (__builtin_expect(q->near_count == q->near_bound, 0)) queue_spill(q);
}

static inline void queue_push(struct queue *q, struct queue_entry e)
{
	if (e.time < q->horizon) {
		queue_near_push(q, e);
	} else if (!q->far_count && q->near_count < QUEUE_FEW) {
		q->horizon = e.time + 1;
		queue_near_push(q, e);
	} else {
		queue_far_push(q, e);
	}
}

static inline bool queue_peek(struct queue *q, struct queue_entry *e)
{
	if (__builtin_expect(!q->near_count, 0) && !queue_refill(q)) return false;
	*e = q->near[0];
	return true;
}

static inline bool queue_pop(struct queue *q, struct queue_entry *e)
{
	if (!queue_peek(q, e)) return false;
	struct queue_entry *heap = q->near, last = heap[--q->near_count];
	heap[q->near_count] = (struct queue_entry){ UINT64_MAX, UINT64_MAX };
	if (q->near_count) queue_sift_down(heap, q->near_count, 0, last);
	return true;
}

#endif
