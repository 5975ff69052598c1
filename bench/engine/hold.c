/* HOLD: the earliest of n pending events runs and schedules one again (D. W. Jones 1986, "An
 * empirical comparison of priority-queue and event-set implementations", Communications of
 * the ACM 29(4)), after warming up by n + n / 2.
 *
 * hold_engine: a 32-byte record, a 16-byte entry and a handler, through sim_at and sim_run;
 * hold_queue: the bare pending set of 16-byte entries. Increments are exponential of mean
 * 0.25 s, or two humps of 0.5 % width, or ticks, all equal, in 60 phases. They come from a
 * table, unless drawn: a PCG64 number through -log(u).
 *
 * The result is checked by emptying the set: as many events as there were come out, in order
 * of time, and their times add up to the first ones and all increments since. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/engine/engine.h"
#include "sim/queue.h"
#include "sim/sim.h"

enum { HOLDS = 100000, TABLE = 65536, SIZES = 6, PEERS_MAX = 8 };

static const size_t sizes[SIZES] = { 100, 1000, 10000, 100000, 1000000, 10000000 };

/* ns per event at each size, measured by us; 0: not run, and the last of its list then. */
#define NTH(k, a, b, c, d, e, f) \
	((k) == 0 ? (a) : (k) == 1 ? (b) : (k) == 2 ? (c) : (k) == 3 ? (d) : (k) == 4 ? (e) : (f))
#define PEER(k, name, conditions, ...) \
	{ NTH(k, __VA_ARGS__) ? (name) : NULL, 1e9 / (NTH(k, __VA_ARGS__) + 1e-9), conditions },
#define EACH_SIZE(LIST) \
	{ { LIST(0) }, { LIST(1) }, { LIST(2) }, { LIST(3) }, { LIST(4) }, { LIST(5) } }

#define TABLED "increments from a table, gcc 12 -O3 -march=native, pinned, Zen 4 at about 3.7 GHz"
#define QUEUES(k) \
	PEER(k, "std::priority_queue, 16 B", TABLED, 43, 59, 78, 106, 190, 479) \
	PEER(k, "binary heap, 16 B", TABLED, 31, 36, 54, 90, 312, 1107) \
	PEER(k, "4-ary heap, prefetch, 16 B", TABLED, 37, 50, 65, 83, 143, 380) \
	PEER(k, "calendar queue (Brown 1988)", TABLED, 23, 21, 25, 40, 334, 357) \
	PEER(k, "ladder queue (Tang et al. 2005)", TABLED, 23, 24, 27, 42, 173, 255) \
	PEER(k, "std::priority_queue<Event *>, 64 B", TABLED, 57, 84, 133, 263, 896, 0) \
	PEER(k, "pairing heap", TABLED, 59, 90, 136, 267, 1067, 0)
static const struct bench_peer queues[SIZES][PEERS_MAX] = EACH_SIZE(QUEUES);

#define DRAWN "increments drawn, best of 3 to 5, other core partly busy, Zen 4 at about 3.7 GHz"
#define ENGINES(k) \
	PEER(k, "cimba 3.0.0-RC1, events", DRAWN, 84, 113, 153, 272, 605, 0) \
	PEER(k, "ns-3 3.37, PriorityQueue", DRAWN, 102, 122, 157, 230, 476, 0) \
	PEER(k, "ns-3 3.37, map (its default)", DRAWN, 156, 178, 243, 843, 2787, 0) \
	PEER(k, "SimGrid 3.32, kernel timers", DRAWN, 282, 353, 427, 994, 2503, 0) \
	PEER(k, "SimPy 3.0.11, processes", "busy machine; " DRAWN, 1019, 1284, 2166, 4135, 5975, 0) \
	PEER(k, "cimba 3.0.0-RC1, processes", DRAWN, 114, 155, 614, 0, 0, 0)
static const struct bench_peer engines[SIZES][PEERS_MAX] = EACH_SIZE(ENGINES);

enum law { EXPONENTIAL, CAMEL, TICK };

struct row {
	const char *kernel;
	bool engine;
	enum law law;
	bool drawn;
	const struct bench_peer (*peer)[PEERS_MAX]; /* [SIZES]; NULL: none */
};

static const struct row rows[] = {
	{ "hold_engine", true, EXPONENTIAL, true, engines },
	{ "hold_queue", false, EXPONENTIAL, false, queues },
	{ "hold_engine_table", true, EXPONENTIAL, false, NULL },
	{ "hold_engine_ticks", true, TICK, false, NULL },
	{ "hold_queue_humps", false, CAMEL, false, NULL },
	{ "hold_queue_ticks", false, TICK, false, NULL },
};

struct hold {
	const struct row *row;
	size_t pending;
	struct sim *sim; /* or */
	struct queue queue;
	unsigned type;
	uint64_t seq, left; /* events pushed into the queue; to run until the engine stops */
	bool is_filled, drains; /* while it drains nothing is scheduled again */
	struct pcg64 rng;
	uint64_t drawn;     /* increments */
	int64_t table[TABLE];

	/* To be checked: sum of times as first pushed, and the state of increments then. */
	uint64_t first_sum, first_drawn;
	struct pcg64 first_rng;
	uint64_t last_ns, out, out_sum, out_of_order; /* of emptying */
};

static int64_t exponential(struct pcg64 *g)
{
	return (int64_t)(-log(pcg64_open(g)) * 0.25e9);
}

static int64_t draw(enum law law, struct pcg64 *g)
{
	double u;
	switch (law) {
	case EXPONENTIAL:
		return exponential(g);
	case CAMEL:
		u = pcg64_unit(g);
		if (u < 0.02) return (int64_t)(pcg64_unit(g) * 0.5e9);
		return (int64_t)((u < 0.51 ? 0.125e9 : 0.375e9) + pcg64_unit(g) * 2.5e6);
	case TICK:
		break;
	}
	return SIM_NS_PER_S;
}

static inline int64_t increment(struct hold *h)
{
	uint64_t k = h->drawn++;
	return h->row->drawn ? exponential(&h->rng) : h->table[k & (TABLE - 1)];
}

static void handler(struct sim *s, const struct sim_event *ev, void *ctx);
static void run_holds(struct hold *h, uint64_t holds);

/* When the i-th of the first events comes. */
static uint64_t first_time(struct hold *h, size_t i)
{
	bool ticks = h->row->law == TICK;
	return (uint64_t)(ticks ? (int64_t)(i % 60) * (SIM_NS_PER_S / 60) : increment(h));
}

static void push(struct hold *h, uint64_t time, uint32_t slot)
{
	uint64_t ord = queue_ord(SIM_PHASE_DEVICE, h->seq++, slot);
	queue_push(&h->queue, (struct queue_entry){ time, ord });
}

/* Into an empty set, from where the clock stands. */
static void fill(struct hold *h)
{
	uint64_t now = h->sim ? (uint64_t)sim_now(h->sim) : h->last_ns;
	h->first_sum = 0;
	for (size_t i = 0; i < h->pending; i++) {
		uint64_t time = now + first_time(h, i);
		h->first_sum += time;
		if (h->sim) sim_at(h->sim, (int64_t)time, h->type, (uint32_t)i, i, 0);
		else push(h, time, (uint32_t)i);
	}
	h->first_drawn = h->drawn;
	h->first_rng = h->rng;
	h->is_filled = true;
	run_holds(h, h->pending + h->pending / 2);
}

static struct hold *hold_new(const struct row *row, size_t pending)
{
	struct hold *h = mem_new(1, sizeof *h);
	h->row = row;
	h->pending = pending;
	h->rng = rng_stream(1, 0, row->law, RNG_TEST);
	for (int i = 0; i < TABLE; i++) h->table[i] = draw(row->law, &h->rng);
	if (row->engine) {
		h->sim = sim_new();
		h->type = sim_type(h->sim, "hold", SIM_PHASE_DEVICE, handler, h);
	} else {
		queue_init(&h->queue);
	}
	return h;
}

static void hold_free(void *ctx)
{
	struct hold *h = ctx;
	if (h->sim) sim_free(h->sim);
	else queue_fini(&h->queue);
	free(h);
}

static void came_out(struct hold *h, uint64_t time_ns)
{
	h->out++;
	h->out_sum += time_ns;
	h->out_of_order += time_ns < h->last_ns;
	h->last_ns = time_ns;
}

static void handler(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct hold *h = ctx;
	if (h->drains) {
		came_out(h, (uint64_t)sim_now(s));
		return;
	}
	sim_at(s, sim_now(s) + increment(h), h->type, ev->entity, ev->a, ev->b);
	if (--h->left == 0) sim_stop(s);
}

static void queue_holds(struct hold *h, uint64_t holds)
{
	struct queue_entry e = { 0, 0 };
	for (uint64_t i = 0; i < holds; i++) {
		queue_pop(&h->queue, &e);
		push(h, e.time + (uint64_t)increment(h), queue_slot(e));
	}
}

static void run_holds(struct hold *h, uint64_t holds)
{
	if (!h->sim) {
		queue_holds(h, holds);
		return;
	}
	h->left = holds;
	sim_run(h->sim, INT64_MAX);
}

static void hold_run(void *ctx)
{
	struct hold *h = ctx;
	if (!h->is_filled) fill(h);
	run_holds(h, HOLDS);
}

static void empty(struct hold *h)
{
	struct queue_entry e = { 0, 0 };
	h->is_filled = false;
	h->last_ns = h->out = h->out_sum = h->out_of_order = 0;
	if (h->sim) {
		h->drains = true;
		sim_run(h->sim, INT64_MAX);
		h->drains = false;
	} else {
		while (queue_pop(&h->queue, &e)) came_out(h, e.time);
	}
}

/* Sum of all increments since the set was filled, once more from its start. */
static uint64_t increments(const struct hold *h)
{
	struct pcg64 rng = h->first_rng;
	uint64_t sum = 0;
	for (uint64_t k = h->first_drawn; k < h->drawn; k++)
		sum += (uint64_t)(h->row->drawn ? exponential(&rng) : h->table[k & (TABLE - 1)]);
	return sum;
}

/* Share of events that are wrong. Afterwards nothing is pending. */
static double hold_error(void *ctx)
{
	struct hold *h = ctx;
	uint64_t sum = h->first_sum + increments(h);
	empty(h);
	double lost = engine_off((double)h->out, (double)h->pending);
	return lost + (double)h->out_of_order / (double)h->pending + (h->out_sum != sum);
}

static void add(struct suite *s, const struct row *row, int size)
{
	struct hold *h = hold_new(row, sizes[size]);
	struct bench_case c = { .kernel = row->kernel,
		.key = { { "pending", (double)sizes[size] } }, .keys = 1, .threads = 1, .pages = "",
		.items = HOLDS, .item = "event", .ctx = h, .run = hold_run, .error = hold_error,
		.free = hold_free, .peer = row->peer ? row->peer[size] : NULL };
	snprintf(c.shape, sizeof c.shape, "%zu pending", sizes[size]);
	suite_add(s, &c);
}

/* The two that others measured as well are measured at all sizes. */
static bool is_wanted(const struct suite *s, const struct row *row, int size)
{
	if (suite_long(s)) return true;
	if (suite_quick(s)) return row->peer && (sizes[size] == 1000 || sizes[size] == 100000);
	return sizes[size] <= 1000000 && (row->peer || sizes[size] == 10000);
}

void hold_add(struct suite *s)
{
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		for (int size = 0; size < SIZES; size++)
			if (is_wanted(s, &rows[k], size)) add(s, &rows[k], size);
}
