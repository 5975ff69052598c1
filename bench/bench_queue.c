/* HOLD: nanoseconds for the earliest event to run and schedule its successor,
 * with a constant number pending (Jones 1986, Communications of the ACM 29(4)). */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/measure.h"
#include "sim/queue.h"
#include "sim/sim.h"

enum { SAMPLES = 5, HOLDS = 2000000, TABLE = 65536, SIZES = 6 };

static const size_t sizes[SIZES] = { 100, 1000, 10000, 100000, 1000000, 10000000 };

static const char work[] =
    "HOLD: the earliest of n pending events runs and schedules one again. %d a sample, best of\n"
    "%d samples in ns per event (median behind the stroke), after warming up by n + n / 2;\n"
    "processor time of one thread. Increments: exponential of mean 0.25 s; two humps of 0.5 %%\n"
    "width; ticks, all equal, in 60 phases. They come from a table unless drawn: a PCG64 number\n"
    "through -log(u).\n"
    "  engine: 32-byte record, 16-byte entry, handler, through sim_at and sim_run\n"
    "  queue:  the bare pending set, 16-byte entries\n\n";

/* Measured by us on an AMD Zen 4 at about 3.7 GHz, one core of a shared machine. 0: not run. */
struct peer {
	const char *name;
	double ns[SIZES];
};

static const struct peer prototypes[] = {
	{ "std::priority_queue, 16 B", { 43, 59, 78, 106, 190, 479 } },
	{ "std::priority_queue<Event *>, 64 B", { 57, 84, 133, 263, 896, 0 } },
	{ "binary heap, 16 B", { 31, 36, 54, 90, 312, 1107 } },
	{ "4-ary heap, prefetch, 16 B", { 37, 50, 65, 83, 143, 380 } },
	{ "calendar queue (Brown 1988)", { 23, 21, 25, 40, 334, 357 } },
	{ "ladder queue (Tang et al. 2005)", { 23, 24, 27, 42, 173, 255 } },
	{ "pairing heap", { 59, 90, 136, 267, 1067, 0 } },
};

static const struct peer engines[] = {
	{ "cimba 3.0.0-RC1, events", { 84, 113, 153, 272, 605, 0 } },
	{ "cimba 3.0.0-RC1, processes", { 114, 155, 614, 0, 0, 0 } },
	{ "ns-3 3.37, PriorityQueue", { 102, 122, 157, 230, 476, 0 } },
	{ "ns-3 3.37, map (its default)", { 156, 178, 243, 843, 2787, 0 } },
	{ "SimGrid 3.32, kernel timers", { 282, 353, 427, 994, 2503, 0 } },
	{ "SimPy 3.0.11, processes (busy)", { 1019, 1284, 2166, 4135, 5975, 0 } },
};

enum law { EXPONENTIAL, CAMEL, TICK };

struct load {
	enum law law;
	bool drawn;
	struct pcg64 rng;
	size_t next;
	int64_t table[TABLE];
	uint64_t left; /* events until the engine stops */
	unsigned type;
};

static int64_t draw(enum law law, struct pcg64 *g)
{
	double u;
	switch (law) {
	case EXPONENTIAL:
		return (int64_t)(-log(pcg64_open(g)) * 0.25e9);
	case CAMEL:
		u = pcg64_unit(g);
		if (u < 0.02) return (int64_t)(pcg64_unit(g) * 0.5e9);
		return (int64_t)((u < 0.51 ? 0.125e9 : 0.375e9) + pcg64_unit(g) * 2.5e6);
	case TICK:
		break;
	}
	return SIM_NS_PER_S;
}

static struct load *load_new(enum law law, bool drawn)
{
	struct load *l = mem_new(1, sizeof *l);
	l->law = law;
	l->drawn = drawn;
	l->rng = rng_stream(1, 0, law, RNG_TEST);
	for (int i = 0; i < TABLE; i++) l->table[i] = draw(law, &l->rng);
	return l;
}

static inline int64_t increment(struct load *l)
{
	if (l->drawn) return (int64_t)(-log(pcg64_open(&l->rng)) * 0.25e9);
	return l->table[l->next++ & (TABLE - 1)];
}

/* When the i-th of the first n events comes. */
static int64_t first_time(struct load *l, size_t i)
{
	return l->law == TICK ? (int64_t)(i % 60) * (SIM_NS_PER_S / 60) : increment(l);
}

static void hold_handler(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct load *l = ctx;
	sim_at(s, sim_now(s) + increment(l), l->type, ev->entity, ev->a, ev->b);
	if (--l->left == 0) sim_stop(s);
}

static void engine_run(struct sim *s, struct load *l, uint64_t holds)
{
	l->left = holds;
	sim_run(s, INT64_MAX);
}

static struct measure engine_hold(size_t n, enum law law, bool drawn)
{
	struct load *l = load_new(law, drawn);
	struct sim *s = sim_new();
	double ns[SAMPLES];
	l->type = sim_type(s, "hold", SIM_PHASE_DEVICE, hold_handler, l);
	for (size_t i = 0; i < n; i++) sim_at(s, first_time(l, i), l->type, (uint32_t)i, i, 0);
	engine_run(s, l, n + n / 2);
	for (int k = 0; k < SAMPLES; k++) {
		double begin = measure_cpu_s();
		engine_run(s, l, HOLDS);
		ns[k] = (measure_cpu_s() - begin) * 1e9 / HOLDS;
	}
	sim_free(s);
	free(l);
	return measure_of(ns, SAMPLES);
}

static void queue_run(struct queue *q, struct load *l, uint64_t *seq, size_t holds)
{
	struct queue_entry e = { 0, 0 };
	for (size_t i = 0; i < holds; i++) {
		queue_pop(q, &e);
		e.time += (uint64_t)increment(l);
		e.ord = queue_ord(SIM_PHASE_DEVICE, (*seq)++, queue_slot(e));
		queue_push(q, e);
	}
}

static struct measure queue_hold(size_t n, enum law law)
{
	struct load *l = load_new(law, false);
	struct queue q;
	double ns[SAMPLES];
	uint64_t seq = 0;
	queue_init(&q);
	for (size_t i = 0; i < n; i++, seq++)
		queue_push(&q, (struct queue_entry){ (uint64_t)first_time(l, i),
				   queue_ord(SIM_PHASE_DEVICE, seq, (uint32_t)i) });
	queue_run(&q, l, &seq, n + n / 2);
	for (int k = 0; k < SAMPLES; k++) {
		double begin = measure_cpu_s();
		queue_run(&q, l, &seq, HOLDS);
		ns[k] = (measure_cpu_s() - begin) * 1e9 / HOLDS;
	}
	queue_fini(&q);
	free(l);
	return measure_of(ns, SAMPLES);
}

static const struct row {
	const char *name;
	bool engine;
	enum law law;
	bool drawn;
} rows[] = {
	{ "engine, exponential", true, EXPONENTIAL, false },
	{ "engine, exponential, drawn", true, EXPONENTIAL, true },
	{ "engine, ticks", true, TICK, false },
	{ "queue, exponential", false, EXPONENTIAL, false },
	{ "queue, two humps", false, CAMEL, false },
	{ "queue, ticks", false, TICK, false },
};

static void print_sizes(void)
{
	printf("%-35s", "ns per event, pending:");
	for (int i = 0; i < SIZES; i++) printf(" %9.0e", (double)sizes[i]);
	putchar('\n');
}

static void print_peers(const char *about, const struct peer *peer, size_t n)
{
	printf("\n%s\n", about);
	for (size_t k = 0; k < n; k++) {
		printf("%-35s", peer[k].name);
		for (int i = 0; i < SIZES; i++) {
			if (peer[k].ns[i] > 0)
				printf(" %9.0f", peer[k].ns[i]);
			else
				printf(" %9s", "-");
		}
		putchar('\n');
	}
}

static void run_row(const struct row *row, int count)
{
	printf("%-35s", row->name);
	for (int i = 0; i < count; i++) {
		struct measure m = row->engine ? engine_hold(sizes[i], row->law, row->drawn)
					       : queue_hold(sizes[i], row->law);
		printf(" %4.0f/%-4.0f", m.best, m.median);
		fflush(stdout);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : SIZES; /* how many of the sizes */
	if (count < 1 || count > SIZES) count = SIZES;
	printf(work, HOLDS, SAMPLES);
	print_sizes();
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) run_row(&rows[k], count);
	print_peers("Bare queues, exponential increments from a table (gcc 12 -O3 -march=native, "
		    "pinned, Zen 4):",
	    prototypes, sizeof prototypes / sizeof *prototypes);
	print_peers(
	    "Engines through their API, increments drawn (best of 3 to 5, other core partly "
	    "busy, Zen 4):",
	    engines, sizeof engines / sizeof *engines);
	return 0;
}
