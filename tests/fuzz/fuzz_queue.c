/* Any calls of the pending set, told by bytes, against a linear search.
 *
 *     ./configure CC=clang --enable-fuzz && make tests/fuzz/fuzz_queue
 *     tests/fuzz/fuzz_queue -max_len=1024 -max_total_time=60 */
#include <stdlib.h>
#include <string.h>

#include "sim/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 4000 };

struct bag {
	struct queue_entry entry[MOST];
	size_t count;
	uint64_t seq, now; /* now: time of the last popped entry */
};

struct bytes {
	const uint8_t *at, *end;
};

static void must(bool holds)
{
	if (!holds) abort();
}

static uint64_t take(struct bytes *b, size_t n)
{
	uint64_t x = 0;
	for (; n && b->at < b->end; n--) x = x << 8 | *b->at++;
	return x;
}

static bool same(struct queue_entry a, struct queue_entry b)
{
	return a.time == b.time && a.ord == b.ord;
}

/* A time of a chosen number of bits, absolute or after the last popped. */
static uint64_t take_time(struct bytes *b, const struct bag *bag)
{
	uint8_t how = (uint8_t)take(b, 1);
	uint64_t x = take(b, how & 7) << (how >> 4 & 7);
	uint64_t time = how & 8 ? x : bag->now + x;
	return time & INT64_MAX;
}

static void push(struct queue *q, struct bag *bag, uint64_t time, unsigned phase)
{
	if (bag->count == MOST) return;
	struct queue_entry e = { time & INT64_MAX, queue_ord(phase & 15, bag->seq++, 0xabcdef) };
	bag->entry[bag->count++] = e;
	queue_push(q, e);
}

static void pop(struct queue *q, struct bag *bag)
{
	struct queue_entry peeked, got;
	must(queue_peek(q, &peeked) == (bag->count > 0));
	must(queue_pop(q, &got) == (bag->count > 0));
	if (!bag->count) return;
	size_t first = 0;
	for (size_t i = 1; i < bag->count; i++)
		if (queue_before(bag->entry[i], bag->entry[first])) first = i;
	must(same(got, bag->entry[first]) && same(got, peeked));
	bag->now = got.time;
	bag->entry[first] = bag->entry[--bag->count];
}

static bool keeps(void *ctx, struct queue_entry e)
{
	return (e.ord >> QUEUE_SLOT_BITS) % *(const uint64_t *)ctx != 0;
}

static void filter(struct queue *q, struct bag *bag, uint64_t modulus)
{
	size_t kept = 0;
	for (size_t i = 0; i < bag->count; i++)
		if (keeps(&modulus, bag->entry[i])) bag->entry[kept++] = bag->entry[i];
	bag->count = kept;
	queue_filter(q, keeps, &modulus);
}

/* Many at once, so that the heap is spilled: equal steps from one time on. */
static void push_many(struct queue *q, struct bag *bag, struct bytes *b)
{
	uint64_t n = take(b, 2) & 0x7ff, time = take_time(b, bag), step = take(b, 2);
	for (uint64_t i = 0; i < n; i++) push(q, bag, time + i * step, (unsigned)i);
}

static void call(struct queue *q, struct bag *bag, struct bytes *b)
{
	uint8_t kind = (uint8_t)take(b, 1);
	switch (kind & 7) {
	case 0:
		push_many(q, bag, b);
		break;
	case 1:
		filter(q, bag, 1 + (kind >> 3));
		break;
	case 2:
	case 3:
		for (int i = 0; i <= kind >> 5; i++) pop(q, bag);
		break;
	default:
		push(q, bag, take_time(b, bag), kind >> 4);
	}
	must(queue_count(q) == bag->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bag bag;
	struct bytes b = { data, data + size };
	struct queue q;
	bag = (struct bag){ .count = 0 };
	queue_init(&q);
	while (b.at < b.end) call(&q, &bag, &b);
	for (int i = 0; i < 300 && bag.count; i++) pop(&q, &bag); /* all would take n^2 */
	filter(&q, &bag, 1);
	must(queue_count(&q) == 0);
	queue_fini(&q);
	return 0;
}
