#include "bench/suite/timing.h"

#include <math.h>
#include <time.h>

#include "bench/measure.h"

enum { PASSES_MAX = 8 };

static const double agree = 0.05;        /* of two passes in a row */
static const double pass_share = 0.25;   /* of a sample that a pass takes at least */
static const double spin_s = 0.5e-3, spin_max_s = 20e-3;

void timing_init(struct timer *t)
{
	*t = (struct timer){ 0 };
	pin_init(&t->pin);
}

/* Workers of OpenMP turn in circles for a while after their work, and cost the next case a
 * processor: wait until this process uses none. */
static void let_workers_sleep(void)
{
	const struct timespec nap = { 0, (long)(1e9 * spin_s) };
	double begin_s = measure_wall_s();
	do {
		double wall_s = measure_wall_s(), cpu_s = measure_process_cpu_s();
		nanosleep(&nap, NULL);
		if (measure_process_cpu_s() - cpu_s < 0.1 * (measure_wall_s() - wall_s)) return;
	} while (measure_wall_s() - begin_s < spin_max_s);
}

static void prepare(struct timer *t, const struct timed *i)
{
	int threads = i->c.threads;
	if (t->threads > threads) let_workers_sleep();
	if (threads == 1 && t->threads != 1) pin_hold(&t->pin);
	if (threads != 1 && t->threads == 1) pin_release(&t->pin);
	t->threads = threads;
}

void timing_release(struct timer *t)
{
	pin_release(&t->pin);
	t->threads = 0;
}

/* Totals of so many calls. */
static struct bench_sample call(const struct bench_case *c, long calls)
{
	struct bench_sample s = { .calls = calls };
	long switches = measure_switches();
	double device_s = 0, cpu_s = measure_process_cpu_s(), begin_s = measure_wall_s();
	for (long k = 0; k < calls; k++) {
		c->run(c->ctx);
		if (c->device_s) device_s += c->device_s(c->ctx);
	}
	s.wall_s = measure_wall_s() - begin_s;
	s.cpu_s = measure_process_cpu_s() - cpu_s;
	s.switches = measure_switches() - switches;
	if (c->device_s) s.wall_s = device_s;
	return s;
}

static long calls_for(double wanted_s, double call_s)
{
	return call_s > 0 ? (long)fmin(1e9, fmax(1, ceil(wanted_s / call_s))) : 1;
}

/* Time of a call when as many follow each other as take pass_s: by doubling. */
static double first_pass(const struct bench_case *c, double pass_s, long *calls)
{
	for (*calls = 1;; *calls *= 2) {
		double wall_s = call(c, *calls).wall_s;
		if (wall_s >= pass_s || *calls > 1L << 40) return wall_s / (double)*calls;
	}
}

void timing_warm(struct timer *t, struct timed *i, double sample_s)
{
	long calls;
	prepare(t, i);
	double last_s = first_pass(&i->c, pass_share * sample_s, &calls);
	for (int pass = 1; pass < PASSES_MAX; pass++) {
		double now_s = call(&i->c, calls).wall_s / (double)calls;
		bool steady = fabs(now_s - last_s) <= agree * last_s;
		last_s = now_s;
		if (steady) break;
		if (last_s * (double)calls < pass_share * sample_s)
			calls = calls_for(pass_share * sample_s, last_s); /* the first one was slow */
	}
	i->calls = calls_for(sample_s, last_s);
	i->touch = last_s < pass_share * sample_s;
}

struct bench_sample timing_sample(struct timer *t, struct timed *i)
{
	prepare(t, i);
	if (i->touch) i->c.run(i->c.ctx);
	struct bench_sample s = call(&i->c, i->calls);
	i->spent_s += s.wall_s;
	s.wall_s = fmax(s.wall_s, 1e-9) / (double)s.calls; /* the clock's step */
	s.cpu_s /= (double)s.calls;
	return s;
}

void timing_energy(struct timer *t, struct timed *i, const struct suite_meter *m, double window_s,
    int processors, struct bench_energy *e)
{
	double calls = 0;
	prepare(t, i);
	m->begin(m->ctx);
	double cpu_s = measure_process_cpu_s(), begin_s = measure_wall_s(), wall_s;
	do {
		call(&i->c, i->calls);
		calls += (double)i->calls;
		wall_s = measure_wall_s() - begin_s;
	} while (wall_s < window_s);
	cpu_s = measure_process_cpu_s() - cpu_s;
	m->end(m->ctx, fmin(1, cpu_s / (wall_s * processors)), e);
	e->calls = calls;
}
