/* Customers per second through an M/M/1 queue of utilisation 0.9, as events. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/measure.h"
#include "bench/station.h"
#include "sim/sim.h"

enum { SAMPLES = 7, CUSTOMERS = 4000000 };

static const char work[] =
    "M/M/1, utilisation 0.9, %d customers a sample, %d samples, processor time of one thread.\n"
    "A customer is two events (arrival, end of service), each with a 32-byte record, a 16-byte\n"
    "queue entry and a handler; two PCG64 numbers through -log(u); the stay is added up.\n\n";

/* Published engines, measured by us on an AMD Zen 4 at about 3.7 GHz (one core of
 * a shared machine, gcc 12 -O3 -march=native, best of 5 or of 3 with the other core
 * partly busy): millions of customers per second. */
static const struct peer {
	const char *engine;
	double m_per_s;
	const char *how;
} peers[] = {
	{ "Lindley's recursion, no engine", 78, "as above, on that machine" },
	{ "cimba 3.0.0-RC1 (C, assembler)", 7.5, "stackful coroutines" },
	{ "ns-3 3.37 (C++)", 4.2, "events" },
	{ "SimGrid 3.32 (C++)", 0.55, "actors" },
	{ "salabim 26.0.2 (Python)", 0.21, "busy machine" },
	{ "SimPy 3.0.11 (Python)", 0.195, "processes" },
};

static void add_stay(void *ctx, const struct visit *v)
{
	*(int64_t *)ctx += v->end_ns - v->arrival_ns;
}

/* Returns ns per customer; the mean stay says that the right thing was run. */
static double sample(uint64_t seed, double *stay_s)
{
	static const struct station_par par = { .arrivals_hz = 0.9, .service_s = 1, .servers = 1 };
	int64_t total_ns = 0;
	struct sim *s = sim_new();
	struct network *n = network_new(s, &par, 1, seed, add_stay, &total_ns);
	network_run(n, CUSTOMERS / 10);
	total_ns = 0;
	double begin = measure_cpu_s();
	network_run(n, CUSTOMERS);
	double cpu_s = measure_cpu_s() - begin;
	*stay_s = (double)total_ns * 1e-9 / CUSTOMERS;
	network_free(n);
	sim_free(s);
	return cpu_s * 1e9 / CUSTOMERS;
}

/* The same customers without an engine: stay' = max(stay - gap, 0) + service
 * (Lindley 1952). What the random numbers cost, and how fast this machine is now. */
static double sample_lindley(uint64_t seed, double *stay_s)
{
	struct pcg64 arrivals = rng_stream(seed, 0, 0, RNG_ARRIVAL);
	struct pcg64 services = rng_stream(seed, 0, 0, RNG_LENGTH);
	double stay = 0, total = 0, begin = measure_cpu_s();
	for (int i = 0; i < CUSTOMERS; i++) {
		double wait = stay + log(pcg64_open(&arrivals)) / 0.9;
		stay = (wait > 0 ? wait : 0) - log(pcg64_open(&services));
		total += stay;
	}
	*stay_s = total / CUSTOMERS;
	return (measure_cpu_s() - begin) * 1e9 / CUSTOMERS;
}

static void run_row(const char *name, double (*one)(uint64_t seed, double *stay_s))
{
	double ns[SAMPLES], stay_s, stays_s = 0;
	for (int i = 0; i < SAMPLES; i++) {
		ns[i] = one((uint64_t)i, &stay_s);
		stays_s += stay_s / SAMPLES;
	}
	struct measure m = measure_of(ns, SAMPLES);
	printf("%-34s %9.1f %9.1f %9.1f   mean stay %.2f s (10 expected)\n", name, 1e3 / m.best,
	    m.best, m.median, stays_s);
}

int main(void)
{
	printf(work, CUSTOMERS, SAMPLES);
	printf("%-34s %9s %9s %9s\n", "", "M/s", "ns best", "ns median");
	run_row("hearth", sample);
	run_row("Lindley's recursion, no engine", sample_lindley);
	printf("\nOthers, measured elsewhere (Zen 4, ~3.7 GHz):\n");
	for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
		printf("%-34s %9.3g %9.0f             %s\n", peers[i].engine, peers[i].m_per_s,
		    1e3 / peers[i].m_per_s, peers[i].how);
	return 0;
}
