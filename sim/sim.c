#include "sim/sim.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sim/queue.h"

enum {
	POOL_FIRST = 64,    /* records at first; doubled when full */
	STALE_MIN = 64,     /* below it, cancelled entries are left to be popped */
	FLAG_CANCELLED = 1, /* in a record: its entry is dropped when popped */
};

#define NO_SLOT     UINT32_MAX
#define PENDING_MAX (UINT64_C(1) << QUEUE_SLOT_BITS)
#define EVENTS_MAX  (UINT64_C(1) << QUEUE_SEQ_BITS)

_Static_assert(sizeof(struct sim_event) == 32, "two records in a cache line");

struct type {
	const char *name;
	enum sim_phase phase;
	sim_handler *fn;
	void *ctx;
};

struct sim {
	struct queue queue;
	int64_t now_ns;
	uint64_t seq;           /* events scheduled so far */
	uint64_t count;         /* events run so far */
	uint64_t stale;         /* entries in the queue whose event was cancelled */
	struct sim_event *pool; /* a slot each; used ones and free ones in a list by next */
	uint32_t free_slot;     /* NO_SLOT: none */
	uint32_t used, room;    /* slots ever used, slots there are */
	struct type *type;
	size_t types, types_room;
	uint64_t pending_max, events_max;
	bool running, stop, hashing;
	uint64_t hash;
};

static void pool_resize(struct sim *s, uint32_t room)
{
	struct sim_event *pool = mem_lines(room, sizeof *pool);
	if (s->used) memcpy(pool, s->pool, s->used * sizeof *pool);
	free(s->pool);
	s->pool = pool;
	s->room = room;
	queue_records(&s->queue, pool, sizeof *pool);
}

struct sim *sim_new(void)
{
	struct sim *s = mem_new(1, sizeof *s);
	queue_init(&s->queue);
	s->free_slot = NO_SLOT;
	s->pending_max = PENDING_MAX;
	s->events_max = EVENTS_MAX;
	pool_resize(s, POOL_FIRST);
	return s;
}

void sim_free(struct sim *s)
{
	if (!s) return;
	queue_fini(&s->queue);
	free(s->pool);
	free(s->type);
	free(s);
}

unsigned sim_type(struct sim *s, const char *name, enum sim_phase phase, sim_handler *fn, void *ctx)
{
	assert(s->types <= UINT16_MAX);
	s->type = mem_grow(s->type, s->types, &s->types_room, sizeof *s->type);
	s->type[s->types] = (struct type){ name, phase, fn, ctx };
	return (unsigned)s->types++;
}

void sim_limit(struct sim *s, uint64_t pending, uint64_t events)
{
	s->pending_max = pending < PENDING_MAX ? pending : PENDING_MAX;
	s->events_max = events < EVENTS_MAX ? events : EVENTS_MAX;
}

/* A model that runs away: nothing that it would compute further is of use. */
static _Noreturn void limit_fail(const struct sim *s, unsigned type, const char *what, uint64_t max)
{
	fprintf(stderr,
	    "hearth: more than %" PRIu64 " events %s: t = %.9f s, %" PRIu64 " run, %" PRIu64
	    " pending; the last is \"%s\"\n",
	    max, what, (double)s->now_ns / (double)SIM_NS_PER_S, s->count, sim_pending(s),
	    s->type[type].name);
	abort();
}

/* Makes the handles of a record's event stale. Never 0, so that no handle is. */
static void next_generation(struct sim_event *ev)
{
	uint32_t gen = ev->gen + 1;
	ev->gen = gen ? gen : 1;
}

static void slot_free(struct sim *s, uint32_t slot)
{
	struct sim_event *ev = &s->pool[slot];
	next_generation(ev);
	ev->next = s->free_slot;
	s->free_slot = slot;
}

static bool is_live(void *ctx, struct queue_entry e)
{
	struct sim *s = ctx;
	uint32_t slot = queue_slot(e);
	if (!(s->pool[slot].flags & FLAG_CANCELLED)) return true;
	slot_free(s, slot);
	return false;
}

static void drop_cancelled(struct sim *s)
{
	queue_filter(&s->queue, is_live, s);
	s->stale = 0;
}

/* No slot is free: takes one that was never used. */
static uint32_t slot_fresh(struct sim *s)
{
	if (s->used == s->room) pool_resize(s, 2 * s->room);
	s->pool[s->used].gen = 1;
	return s->used++;
}

static void check_limits(struct sim *s, unsigned type)
{
	if (s->seq >= s->events_max) limit_fail(s, type, "scheduled", s->events_max);
	if (queue_count(&s->queue) < s->pending_max) return;
	if (s->stale) drop_cancelled(s);
	if (queue_count(&s->queue) >= s->pending_max)
		limit_fail(s, type, "pending", s->pending_max);
}

sim_handle sim_at(
    struct sim *s, int64_t t_ns, unsigned type, uint32_t entity, uint64_t a, uint64_t b)
{
	assert(t_ns >= s->now_ns);
	assert(type < s->types);
	if (__builtin_expect(
		s->seq >= s->events_max || queue_count(&s->queue) >= s->pending_max, 0))
		check_limits(s, type);
	uint32_t slot = s->free_slot;
	if (slot == NO_SLOT)
		slot = slot_fresh(s);
	else
		s->free_slot = s->pool[slot].next;
	struct sim_event *ev = &s->pool[slot];
	uint32_t gen = ev->gen;
	*ev = (struct sim_event){ (uint16_t)type, 0, gen, entity, NO_SLOT, a, b };
	queue_push(&s->queue,
	    (struct queue_entry){ (uint64_t)t_ns, queue_ord(s->type[type].phase, s->seq++, slot) });
	return (uint64_t)gen << 32 | slot;
}

bool sim_cancel(struct sim *s, sim_handle h)
{
	uint32_t slot = (uint32_t)h, gen = (uint32_t)(h >> 32);
	if (!gen || slot >= s->used || s->pool[slot].gen != gen) return false;
	struct sim_event *ev = &s->pool[slot];
	next_generation(ev);
	ev->flags = FLAG_CANCELLED;
	s->stale++;
	if (s->stale > STALE_MIN && s->stale > sim_pending(s)) drop_cancelled(s);
	return true;
}

int64_t sim_now(const struct sim *s)
{
	return s->now_ns;
}

uint64_t sim_pending(const struct sim *s)
{
	return queue_count(&s->queue) - s->stale;
}

uint64_t sim_count(const struct sim *s)
{
	return s->count;
}

/* Runs the event of an entry that was popped, unless it was cancelled. The slot
 * is free before the handler runs, so that the handler's own event can reuse it
 * while it is in the cache. */
static inline void run_one(struct sim *s, struct queue_entry e)
{
	uint32_t slot = queue_slot(e);
	struct sim_event ev = s->pool[slot];
	slot_free(s, slot);
	if (ev.flags & FLAG_CANCELLED) {
		s->stale--;
		return;
	}
	s->now_ns = (int64_t)e.time;
	s->count++;
	if (s->hashing) {
		s->hash = rng_mix(s->hash ^ e.time);
		s->hash = rng_mix(s->hash ^ ((uint64_t)ev.type << 32 | ev.entity));
	}
	const struct type *type = &s->type[ev.type];
	type->fn(s, &ev, type->ctx);
}

void sim_run(struct sim *s, int64_t until_ns)
{
	assert(!s->running && until_ns >= s->now_ns);
	s->running = true;
	s->stop = false;
	struct queue_entry e;
	while (!s->stop && queue_peek(&s->queue, &e) && (int64_t)e.time <= until_ns) {
		queue_pop(&s->queue, &e);
		run_one(s, e);
	}
	if (!s->stop && until_ns != INT64_MAX) s->now_ns = until_ns;
	s->running = false;
}

void sim_stop(struct sim *s)
{
	s->stop = true;
}

/* Fractional digits of the golden ratio: an event at time 0 changes the hash. */
void sim_fingerprint_on(struct sim *s)
{
	s->hashing = true;
	s->hash = 0x9e3779b97f4a7c15ULL;
}

uint64_t sim_fingerprint(const struct sim *s)
{
	return s->hash;
}
