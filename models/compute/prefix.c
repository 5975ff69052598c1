#include "models/compute/prefix.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void prefix_init(struct prefix *p, uint32_t units)
{
	uint64_t places = 4;
	while (places < 2 * (uint64_t)units) places *= 2; /* at most half full */
	*p = (struct prefix){
		.unit = mem_new((size_t)units + 1, sizeof *p->unit),
		.place = mem_new(places, sizeof *p->place),
		.mask = places - 1,
	};
	for (uint32_t u = units; u > 0; u--) {
		p->unit[u].next = p->free;
		p->free = u;
	}
}

void prefix_fini(struct prefix *p)
{
	free(p->unit);
	free(p->place);
}

/* Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators": the
 * finalizer of splitmix64. */
static uint64_t home_place(const struct prefix *p, uint64_t id)
{
	id = (id ^ (id >> 30)) * 0xbf58476d1ce4e5b9U;
	id = (id ^ (id >> 27)) * 0x94d049bb133111ebU;
	return (id ^ (id >> 31)) & p->mask;
}

/* Where id stands, or the empty place where it would. */
static uint64_t find_place(const struct prefix *p, uint64_t id)
{
	uint64_t at = home_place(p, id);
	while (p->place[at] && p->unit[p->place[at]].id != id) at = (at + 1) & p->mask;
	return at;
}

/* Empties a place; what probing had put behind it moves up (Knuth 1998, "The Art
 * of Computer Programming" 3, 6.4, algorithm R). */
static void clear_place(struct prefix *p, uint64_t hole)
{
	for (uint64_t at = (hole + 1) & p->mask; p->place[at]; at = (at + 1) & p->mask) {
		uint64_t home = home_place(p, p->unit[p->place[at]].id);
		if (((at - home) & p->mask) < ((at - hole) & p->mask)) continue;
		p->place[hole] = p->place[at];
		hole = at;
	}
	p->place[hole] = 0;
}

static void idle_join(struct prefix *p, uint32_t u)
{
	uint32_t last = p->unit[0].prev;
	p->unit[u].prev = last;
	p->unit[u].next = 0;
	p->unit[last].next = u;
	p->unit[0].prev = u;
	p->idle++;
}

static void idle_leave(struct prefix *p, uint32_t u)
{
	p->unit[p->unit[u].prev].next = p->unit[u].next;
	p->unit[p->unit[u].next].prev = p->unit[u].prev;
	p->idle--;
}

struct prefix_match prefix_match(const struct prefix *p, const uint64_t *id, int64_t n)
{
	struct prefix_match m = { 0, 0 };
	for (; m.units < n; m.units++) {
		uint32_t u = p->place[find_place(p, id[m.units])];
		if (!u) break;
		m.idle += p->unit[u].holders == 0;
	}
	return m;
}

void prefix_hold(struct prefix *p, const uint64_t *id, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		uint32_t u = p->place[find_place(p, id[i])];
		if (p->unit[u].holders++ == 0) idle_leave(p, u);
	}
}

bool prefix_put(struct prefix *p, uint64_t id)
{
	uint64_t at = find_place(p, id);
	uint32_t u = p->place[at];
	if (u) {
		if (p->unit[u].holders++ > 0) return true;
		idle_leave(p, u);
		return false;
	}
	assert(p->free);
	u = p->free;
	p->free = p->unit[u].next;
	p->unit[u] = (struct prefix_unit){ .id = id, .holders = 1 };
	p->place[at] = u;
	return false;
}

int64_t prefix_release(struct prefix *p, const uint64_t *id, int64_t n)
{
	int64_t idle = p->idle;
	for (int64_t i = n - 1; i >= 0; i--) {
		uint32_t u = p->place[find_place(p, id[i])];
		if (--p->unit[u].holders == 0) idle_join(p, u);
	}
	return p->idle - idle;
}

void prefix_shrink(struct prefix *p, int64_t most)
{
	while (p->idle > most) {
		uint32_t u = p->unit[0].next;
		idle_leave(p, u);
		clear_place(p, find_place(p, p->unit[u].id));
		p->unit[u].next = p->free;
		p->free = u;
	}
}
