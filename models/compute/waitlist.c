#include "models/compute/waitlist.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct instant instant_add(struct instant t, double s)
{
	const double end_ns = 0x1.fffffffffffffp62; /* the last double below 2^63 */
	double ns = t.frac_ns + s * 1e9, whole = floor(ns);
	if (!((double)t.ns + whole <= end_ns)) return (struct instant){ INT64_MAX, 0 };
	return (struct instant){ t.ns + (int64_t)whole, ns - whole };
}

int64_t instant_up_ns(struct instant t)
{
	return t.ns + (t.frac_ns > 0);
}

double instant_gap_s(struct instant from, struct instant to)
{
	return ((double)(to.ns - from.ns) + (to.frac_ns - from.frac_ns)) * 1e-9;
}

enum { WAITLIST_FIRST = 64 };

/* Numbers the places from `from` on as empty, behind the members of the heap. */
static void add_places(struct waitlist *q, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) q->heap.slot[i] = i;
	q->cap = to;
}

void waitlist_init(struct waitlist *q)
{
	*q = (struct waitlist){ .job = mem_new(WAITLIST_FIRST, sizeof *q->job) };
	slotheap_init(&q->heap, WAITLIST_FIRST);
	add_places(q, 0, WAITLIST_FIRST);
}

void waitlist_fini(struct waitlist *q)
{
	slotheap_fini(&q->heap);
	free(q->job);
}

void waitlist_push(struct waitlist *q, struct job j, int64_t key)
{
	if (q->heap.count == q->cap) {
		q->job = mem_resize(q->job, 2 * (size_t)q->cap, sizeof *q->job);
		slotheap_resize(&q->heap, 2 * q->cap);
		add_places(q, q->cap, 2 * q->cap);
	}
	uint32_t i = q->heap.slot[q->heap.count];
	q->job[i] = j;
	slotheap_push(&q->heap, i, key);
}

struct job waitlist_pop(struct waitlist *q)
{
	uint32_t i = slotheap_first(&q->heap);
	slotheap_remove(&q->heap, i);
	q->heap.slot[q->heap.count] = i;
	return q->job[i];
}
