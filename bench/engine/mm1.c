/* Customers through an M/M/1 queue of utilisation 0.9.
 *
 * A customer is two events (arrival, end of service), each with a 32-byte record, a 16-byte
 * queue entry and a handler; two PCG64 numbers through -log(u); the stay is added up. Beside
 * it the same customers without an engine, by Lindley's recursion (D. V. Lindley 1952, "The
 * theory of queues with a single server", Proc. Cambridge Phil. Soc. 48(2)): what the random
 * numbers cost. It draws the same ones, so the stays must be equal but for rounding to ns. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/engine/engine.h"
#include "bench/engine/station.h"

enum { CUSTOMERS = 100000 }; /* a call */

static const uint64_t seed = 7;
static const double expected_s = 10; /* mean stay: 1 / (1 - 0.9) services */

#define PEER_CORE "Zen 4 at about 3.7 GHz, one core of a shared machine, gcc 12 -O3 -march=native"
static const struct bench_peer peers[] = {
	{ "Lindley's recursion, no engine", 78e6, PEER_CORE ", best of 5" },
	{ "cimba 3.0.0-RC1 (C, assembler)", 7.5e6, "stackful coroutines; " PEER_CORE },
	{ "ns-3 3.37 (C++)", 4.2e6, "events; " PEER_CORE },
	{ "SimGrid 3.32 (C++)", 0.55e6, "actors; " PEER_CORE },
	{ "salabim 26.0.2 (Python)", 0.21e6, "busy machine; " PEER_CORE },
	{ "SimPy 3.0.11 (Python)", 0.195e6, "processes; " PEER_CORE },
	{ NULL, 0, NULL },
};

struct lindley {
	struct pcg64 arrivals, services;
	double stay_s, total_s;
	uint64_t customers;
};

static void lindley_init(struct lindley *l)
{
	*l = (struct lindley){ .arrivals = rng_stream(seed, 0, 0, RNG_ARRIVAL),
		.services = rng_stream(seed, 0, 0, RNG_LENGTH) };
}

/* stay' = max(stay - gap, 0) + service. */
static void lindley_pass(struct lindley *l, uint64_t customers)
{
	double stay = l->stay_s, total = 0;
	for (uint64_t i = 0; i < customers; i++) {
		double wait = stay + log(pcg64_open(&l->arrivals)) / 0.9;
		stay = (wait > 0 ? wait : 0) - log(pcg64_open(&l->services));
		total += stay;
	}
	l->stay_s = stay;
	l->total_s += total;
	l->customers += customers;
}

static void lindley_run(void *ctx)
{
	lindley_pass(ctx, CUSTOMERS);
}

static double lindley_error(void *ctx)
{
	const struct lindley *l = ctx;
	return engine_off(l->total_s / (double)l->customers, expected_s);
}

struct line {
	struct sim *sim;
	struct stations *one;
	int64_t total_ns;
	uint64_t customers;
};

static void add_stay(void *ctx, const struct visit *v)
{
	struct line *l = ctx;
	l->total_ns += v->end_ns - v->arrival_ns;
}

static void line_run(void *ctx)
{
	struct line *l = ctx;
	stations_run(l->one, CUSTOMERS);
	l->customers += CUSTOMERS;
}

static double line_error(void *ctx)
{
	const struct line *l = ctx;
	struct lindley twin;
	lindley_init(&twin);
	lindley_pass(&twin, l->customers);
	return engine_off((double)l->total_ns * 1e-9, twin.total_s);
}

static void line_free(void *ctx)
{
	struct line *l = ctx;
	stations_free(l->one);
	sim_free(l->sim);
	free(l);
}

void mm1_add(struct suite *s)
{
	static const struct station_par par = { .arrivals_hz = 0.9, .service_s = 1, .servers = 1 };
	struct line *line = mem_new(1, sizeof *line);
	line->sim = sim_new();
	line->one = stations_new(line->sim, &par, 1, seed, add_stay, line);
	struct bench_case c = { .kernel = "mm1", .shape = "utilisation 0.9",
		.key = { { "utilisation", 0.9 } }, .keys = 1, .threads = 1, .pages = "",
		.items = CUSTOMERS, .item = "customer", .ctx = line, .run = line_run,
		.error = line_error, .error_max = 1e-6, .free = line_free, .peer = peers };
	suite_add(s, &c);
	struct lindley *plain = mem_new(1, sizeof *plain);
	lindley_init(plain);
	c.kernel = "mm1_lindley";
	c.ctx = plain;
	c.run = lindley_run;
	/* The mean of N stays has a deviation of 189 s / sqrt(N) (D. J. Daley 1968, "The serial
	 * correlation coefficients of waiting times in a stationary single server queue"), at
	 * 1e6 of them 0.019 of the 10 s. */
	c.error = lindley_error;
	c.error_max = 0.1;
	c.free = free;
	c.peer = NULL;
	suite_add(s, &c);
}
