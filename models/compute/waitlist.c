#include "models/compute/waitlist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

void waitlist_init(struct waitlist *q)
{
	*q = (struct waitlist){ .job = mem_new(WAITLIST_FIRST, sizeof *q->job),
		.cap = WAITLIST_FIRST };
}

void waitlist_fini(struct waitlist *q)
{
	free(q->job);
}

/* Doubles the ring; what lay before the head goes behind the old end. */
static void make_place(struct waitlist *q)
{
	if (q->count < q->cap) return;
	q->job = mem_resize(q->job, 2 * q->cap, sizeof *q->job);
	memcpy(q->job + q->cap, q->job, q->head * sizeof *q->job);
	q->cap *= 2;
}

void waitlist_push(struct waitlist *q, struct job j)
{
	make_place(q);
	q->job[(q->head + q->count++) & (q->cap - 1)] = j;
}

void waitlist_push_front(struct waitlist *q, struct job j)
{
	make_place(q);
	q->head = (q->head - 1) & (q->cap - 1);
	q->job[q->head] = j;
	q->count++;
}

struct job waitlist_pop(struct waitlist *q)
{
	struct job j = q->job[q->head];
	q->head = (q->head + 1) & (q->cap - 1);
	q->count--;
	return j;
}
