/* The pending set against a model: a sort where pushes never precede what was
 * popped, a linear search where they do. */
#include "tests/unit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "sim/queue.h"

enum law { EQUAL, ZERO, SMALL, UNIFORM, EXTREMES, LOG_UNIFORM, CAMEL, LAWS };

static const char *const law_name[] = { "all equal", "all zero", "0 to 3 ns", "uniform",
	"1 us or 2^45 ns", "zeros and log-uniform", "two humps" };

/* How long after the last popped entry the next one lies, ns. */
static uint64_t increment(enum law law, struct pcg64 *g)
{
	uint64_t r = pcg64_next(g);
	switch (law) {
	case EQUAL:
		return 977;
	case ZERO:
		return 0;
	case SMALL:
		return r & 3;
	case UNIFORM:
		return r % 500000000;
	case EXTREMES:
		return r & 1 ? 1000 : UINT64_C(1) << 45;
	case LOG_UNIFORM:
		return r & 7 ? (r >> 8) >> (8 + (r >> 3 & 31) + (r >> 58) / 4) : 0;
	case CAMEL:
		return (r & 1 ? 250000000 : 750000000) + (r >> 8) % 2500000;
	case LAWS:
		break;
	}
	abort();
}

static int compare(const void *pa, const void *pb)
{
	const struct queue_entry *a = pa, *b = pb;
	return queue_before(*a, *b) ? -1 : queue_before(*b, *a);
}

/* Everything that went in and came out of a queue, in order. */
struct history {
	struct queue_entry *in, *out;
	size_t ins, outs;
};

static struct history history_new(size_t n)
{
	return (struct history){ .in = mem_new(n, sizeof(struct queue_entry)),
		.out = mem_new(n, sizeof(struct queue_entry)) };
}

static void history_free(struct history *h)
{
	free(h->in);
	free(h->out);
}

static void push(struct queue *q, struct history *h, uint64_t time, struct pcg64 *g)
{
	struct queue_entry e = { time, queue_ord(pcg64_next(g) & 3, h->ins, h->ins & 0xffff) };
	h->in[h->ins++] = e;
	queue_push(q, e);
}

static bool pop(struct queue *q, struct history *h)
{
	struct queue_entry e = { 0 }, peeked = { 0 };
	bool some = queue_peek(q, &peeked);
	cr_assert_eq(queue_pop(q, &e), some);
	if (!some) return false;
	cr_assert(peeked.time == e.time && peeked.ord == e.ord);
	h->out[h->outs++] = e;
	return true;
}

static void must_be_sorted(struct history *h, const char *what)
{
	cr_assert_eq(h->outs, h->ins, "%s", what);
	qsort(h->in, h->ins, sizeof *h->in, compare);
	for (size_t i = 0; i < h->ins; i++)
		cr_assert(
		    compare(&h->in[i], &h->out[i]) == 0, "%s: place %zu of %zu", what, i, h->ins);
}

/* Fills to n, holds at n (pop one, push one) `holds` times, drains. Within an
 * instant the phases come in any order, so a push that ties with the last popped
 * entry moves on by 1 ns unless the law itself is about ties. */
static void hold(enum law law, size_t n, size_t holds)
{
	struct queue q;
	struct pcg64 g = rng_stream(law, n, 0, RNG_TEST);
	struct history h = history_new(n + holds);
	queue_init(&q);
	for (size_t i = 0; i < n; i++) push(&q, &h, increment(law, &g), &g);
	for (size_t i = 0; i < holds; i++) {
		cr_assert(pop(&q, &h));
		cr_assert_eq(queue_count(&q), n - 1);
		struct queue_entry last = h.out[h.outs - 1];
		uint64_t time = last.time + increment(law, &g);
		struct queue_entry e = { time, queue_ord(time == last.time ? 15 : 2, h.ins, 7) };
		h.in[h.ins++] = e;
		queue_push(&q, e);
	}
	while (pop(&q, &h)) continue;
	cr_expect_eq(queue_count(&q), 0);
	must_be_sorted(&h, law_name[law]);
	queue_fini(&q);
	history_free(&h);
}

Test(queue, holds_in_the_order_of_a_sort)
{
	static const size_t sizes[] = { 1, 2, 5, 63, 255, 257, 1023, 1025, 4099, 30011 };
	for (int law = 0; law < LAWS; law++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			hold((enum law)law, sizes[i], 3 * sizes[i] + 10000);
}

Test(queue, a_million_pending_come_out_sorted)
{
	hold(UNIFORM, 1000003, 300007);
}

/* Bursts of pushes and pops, so that the count wanders between 0 and thousands
 * and the heap is spilled and refilled in every state. */
static void burst(enum law law, uint64_t seed)
{
	enum { ROUNDS = 300, MOST = 2000 };
	struct queue q;
	struct pcg64 g = rng_stream(seed, law, 1, RNG_TEST);
	struct history h = history_new((size_t)ROUNDS * MOST);
	uint64_t now = 0;
	queue_init(&q);
	for (int round = 0; round < ROUNDS; round++) {
		size_t in = pcg64_next(&g) % (round % 7 ? 40 : MOST),
		       out = pcg64_next(&g) % (2 * in + 1);
		for (size_t i = 0; i < in; i++) {
			uint64_t after = increment(law, &g);
			/* phase 0 to 3 would precede a popped entry of equal time */
			push(&q, &h, now + after + 1, &g);
		}
		for (size_t i = 0; i < out && pop(&q, &h); i++) now = h.out[h.outs - 1].time;
	}
	while (pop(&q, &h)) continue;
	must_be_sorted(&h, law_name[law]);
	queue_fini(&q);
	history_free(&h);
}

Test(queue, bursts_come_out_sorted)
{
	for (int law = 0; law < LAWS; law++)
		for (uint64_t seed = 0; seed < 3; seed++) burst((enum law)law, seed);
}

/* The model for any order of calls: an array and a linear search. */
struct bag {
	struct queue_entry *entry;
	size_t count;
};

static struct queue_entry bag_pop(struct bag *b)
{
	size_t first = 0;
	for (size_t i = 1; i < b->count; i++)
		if (queue_before(b->entry[i], b->entry[first])) first = i;
	struct queue_entry e = b->entry[first];
	b->entry[first] = b->entry[--b->count];
	return e;
}

static bool keeps(void *ctx, struct queue_entry e)
{
	return (e.ord >> QUEUE_SLOT_BITS) % *(const uint64_t *)ctx != 0;
}

static void bag_filter(struct bag *b, uint64_t modulus)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->count; i++)
		if (keeps(&modulus, b->entry[i])) b->entry[kept++] = b->entry[i];
	b->count = kept;
}

/* One call drawn at random; times have any number of bits, before or after what
 * was popped. Sometimes thousands are pushed, sometimes some are filtered out. */
static void any_call(struct queue *q, struct bag *b, uint64_t *seq, struct pcg64 *g)
{
	uint64_t r = pcg64_next(g);
	unsigned kind = r & 127;
	if (kind < 60 || kind == 127) {
		size_t n = kind == 127 ? (r >> 8) % 1500 : 1;
		for (size_t i = 0; i < n; i++) {
			uint64_t time = (pcg64_next(g) >> 1) >> (pcg64_next(g) % 63);
			struct queue_entry e = { time, queue_ord(time & 7, (*seq)++, 5) };
			b->entry[b->count++] = e;
			queue_push(q, e);
		}
	} else if (kind == 126) {
		uint64_t modulus = 2 + (r >> 8) % 5;
		queue_filter(q, keeps, &modulus);
		bag_filter(b, modulus);
	} else if (b->count) {
		struct queue_entry want = bag_pop(b), got;
		cr_assert(queue_pop(q, &got));
		cr_assert(compare(&got, &want) == 0);
	} else {
		struct queue_entry none;
		cr_assert_not(queue_peek(q, &none));
	}
	cr_assert_eq(queue_count(q), b->count);
}

Test(queue, any_calls_agree_with_a_linear_search)
{
	struct bag b = { .entry = mem_new(1 << 20, sizeof(struct queue_entry)) };
	for (uint64_t seed = 0; seed < 4; seed++) {
		struct pcg64 g = rng_stream(seed, 0, 2, RNG_TEST);
		struct queue q;
		uint64_t seq = 0;
		queue_init(&q);
		b.count = 0;
		for (int i = 0; i < 6000; i++) any_call(&q, &b, &seq, &g);
		queue_fini(&q);
	}
	free(b.entry);
}

/* The last slot of a digit, where a wheel set to the bucket's end would carry
 * into the next digit: 63 and 64 part the lowest, 4095 and 4096 the second. */
Test(queue, carries_between_digits_keep_order)
{
	static const uint64_t step[] = { 1, 2, 62, 63, 64, 65, 4094, 4095, 4096, 4097, 262143,
		262144 };
	enum { N = 700, STEPS = sizeof step / sizeof *step };
	struct queue q;
	struct history h = history_new(N * STEPS);
	struct pcg64 g = rng_stream(1, 0, 3, RNG_TEST);
	queue_init(&q);
	for (uint64_t i = 0; i < N; i++)
		for (size_t k = 0; k < STEPS; k++) push(&q, &h, i * step[k], &g);
	while (pop(&q, &h)) continue;
	must_be_sorted(&h, "digits");
	queue_fini(&q);
	history_free(&h);
}

static void bag_push(struct queue *q, struct bag *b, uint64_t time)
{
	struct queue_entry e = { time, queue_ord(2, b->count, 5) };
	b->entry[b->count++] = e;
	queue_push(q, e);
}

static void pop_both(struct queue *q, struct bag *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct queue_entry want = bag_pop(b), got;
		cr_assert(queue_pop(q, &got));
		cr_assert(compare(&got, &want) == 0, "pop %zu of %zu: %lu, not %lu", i, n, got.time,
		    want.time);
	}
}

/* Late events are opened, some run, and then many come before those that are
 * left, as when a caller goes on from outside: the wheel is turned back over
 * buckets of several levels, and more than once. */
Test(queue, early_pushes_turn_the_wheel_back)
{
	enum { LATE = 2000, EARLY = 4000 };
	static const uint64_t apart[] = { 0, 1, 7, 1009, 10000019 };
	struct bag b = { .entry = mem_new(LATE + EARLY, sizeof(struct queue_entry)) };
	for (size_t k = 0; k < sizeof apart / sizeof *apart; k++) {
		struct queue q;
		b.count = 0;
		queue_init(&q);
		for (uint64_t i = 0; i < LATE; i++)
			bag_push(&q, &b, (UINT64_C(1) << 55) + i / 5 * apart[k]);
		pop_both(&q, &b, 700);
		for (uint64_t i = EARLY; i > EARLY / 2; i--) bag_push(&q, &b, i * 1000003);
		pop_both(&q, &b, 100);
		for (uint64_t i = EARLY / 2; i > 0; i--) bag_push(&q, &b, i * 1000003);
		pop_both(&q, &b, b.count);
		queue_fini(&q);
	}
	free(b.entry);
}

/* A few late events lie in the heap and thousands of earlier ones come: these
 * must not stay in a heap for ever. */
Test(queue, the_heap_stays_small)
{
	enum { LATE = 50, EARLY = 5000 };
	struct queue q;
	struct history h = history_new(LATE + EARLY);
	struct pcg64 g = rng_stream(2, 0, 4, RNG_TEST);
	queue_init(&q);
	for (uint64_t i = 0; i < LATE; i++) push(&q, &h, (UINT64_C(1) << 60) + i * 7, &g);
	cr_expect_eq(q.near_count, LATE);
	for (uint64_t i = 0; i < EARLY; i++) push(&q, &h, (EARLY - i) * 1000003, &g);
	cr_expect_lt(q.near_count, QUEUE_NEAR, "%zu in the heap", q.near_count);
	while (pop(&q, &h)) continue;
	must_be_sorted(&h, "early");
	queue_fini(&q);
	history_free(&h);
}

Test(queue, the_latest_time_is_taken)
{
	struct queue q;
	struct queue_entry e;
	queue_init(&q);
	for (uint64_t i = 0; i < 3000; i++)
		queue_push(&q, (struct queue_entry){ INT64_MAX - i % 5, queue_ord(15, i, 3) });
	uint64_t last = 0, n = 0;
	for (; queue_pop(&q, &e); n++) {
		cr_assert_leq(last, e.time);
		last = e.time;
	}
	cr_expect_eq(n, 3000);
	cr_expect_eq(last, INT64_MAX);
	queue_fini(&q);
}

Test(queue, equal_times_go_by_phase_then_insertion)
{
	struct queue_entry a = { 5, queue_ord(1, 9, 0xffffff) }, b = { 5, queue_ord(2, 3, 0) },
			   c = { 5, queue_ord(2, 4, 0) }, d = { 6, queue_ord(0, 0, 0) };
	cr_expect(queue_before(a, b) && queue_before(b, c) && queue_before(c, d));
	cr_expect_not(queue_before(a, a));
	cr_expect_eq(queue_slot(a), 0xffffff);
	cr_expect_eq(queue_ord(15, (UINT64_C(1) << 36) - 1, 0xffffff), UINT64_MAX);
}
