#include "tests/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "sim/sim.h"

/* What ran, as letters: each type appends its own. */
struct log {
	char text[64];
	size_t n;
};

struct letter {
	struct log *log;
	char c;
};

static void write_letter(struct sim *s, const struct sim_event *ev, void *ctx)
{
	(void)s, (void)ev;
	struct letter *l = ctx;
	l->log->text[l->log->n++] = l->c;
}

Test(sim, equal_times_run_by_phase_then_insertion)
{
	struct log log = { .n = 0 };
	struct letter e = { &log, 'e' }, m = { &log, 'm' }, g = { &log, 'g' }, w = { &log, 'w' };
	struct sim *s = sim_new();
	unsigned end = sim_type(s, "end", SIM_PHASE_END, write_letter, &e);
	unsigned metrics = sim_type(s, "metrics", SIM_PHASE_METRICS, write_letter, &m);
	unsigned grid = sim_type(s, "grid", SIM_PHASE_GRID, write_letter, &g);
	unsigned weather = sim_type(s, "weather", SIM_PHASE_WEATHER, write_letter, &w);
	sim_at(s, 7, end, 0, 0, 0);
	sim_at(s, 7, metrics, 0, 0, 0);
	sim_at(s, 7, grid, 0, 0, 0);
	sim_at(s, 8, grid, 0, 0, 0);
	sim_at(s, 7, weather, 0, 0, 0);
	sim_at(s, 7, grid, 1, 0, 0);
	sim_at(s, 3, end, 0, 0, 0);
	cr_expect_eq(sim_pending(s), 7);
	sim_run(s, INT64_MAX);
	cr_expect_str_eq(log.text, "ewggmeg");
	cr_expect_eq(sim_now(s), 8);
	cr_expect_eq(sim_count(s), 7);
	cr_expect_eq(sim_pending(s), 0);
	sim_free(s);
}

static void keep_copy(struct sim *s, const struct sim_event *ev, void *ctx)
{
	(void)s;
	*(struct sim_event *)ctx = *ev;
}

Test(sim, the_handler_gets_type_entity_and_payload)
{
	struct sim_event got;
	struct sim *s = sim_new();
	sim_type(s, "other", SIM_PHASE_GRID, write_letter, NULL);
	unsigned type = sim_type(s, "copy", SIM_PHASE_DEVICE, keep_copy, &got);
	sim_at(s, 11, type, 4000000001u, 0x123456789abcdef0, UINT64_MAX - 1);
	sim_run(s, 11);
	cr_expect_eq(got.type, type);
	cr_expect_eq(got.entity, 4000000001u);
	cr_expect_eq(got.a, 0x123456789abcdef0);
	cr_expect_eq(got.b, UINT64_MAX - 1);
	sim_free(s);
}

Test(sim, run_goes_up_to_and_with_the_given_time)
{
	struct log log = { .n = 0 };
	struct letter a = { &log, 'a' };
	struct sim *s = sim_new();
	unsigned type = sim_type(s, "a", SIM_PHASE_DEVICE, write_letter, &a);
	for (int t = 10; t <= 30; t += 10) sim_at(s, t, type, 0, 0, 0);
	sim_run(s, 9);
	cr_expect_eq(log.n, 0);
	cr_expect_eq(sim_now(s), 9);
	sim_run(s, 20);
	cr_expect_eq(log.n, 2);
	cr_expect_eq(sim_now(s), 20);
	sim_at(s, 20, type, 0, 0, 0); /* at the clock, though 20 was run before */
	sim_run(s, 25);
	cr_expect_eq(log.n, 3);
	cr_expect_eq(sim_now(s), 25);
	sim_run(s, INT64_MAX);
	cr_expect_eq(log.n, 4);
	cr_expect_eq(sim_now(s), 30);
	sim_free(s);
}

Test(sim, a_handle_names_its_event_until_it_ran_or_was_cancelled)
{
	struct log log = { .n = 0 };
	struct letter a = { &log, 'a' };
	struct sim *s = sim_new();
	unsigned type = sim_type(s, "a", SIM_PHASE_DEVICE, write_letter, &a);
	sim_handle first = sim_at(s, 5, type, 0, 0, 0), second = sim_at(s, 6, type, 0, 0, 0);
	cr_expect_neq(first, 0);
	cr_expect_not(sim_cancel(s, 0));
	cr_expect_not(sim_cancel(s, first + 17)); /* a slot that was never used */
	cr_expect(sim_cancel(s, first));
	cr_expect_not(sim_cancel(s, first), "cancelled twice");
	cr_expect_eq(sim_pending(s), 1);
	sim_run(s, 100);
	cr_expect_eq(log.n, 1);
	cr_expect_eq(sim_count(s), 1, "a cancelled event is not counted");
	cr_expect_not(sim_cancel(s, second), "it ran");
	sim_handle third = sim_at(s, 105, type, 0, 0, 0); /* reuses a slot */
	cr_expect_not(sim_cancel(s, first));
	cr_expect_not(sim_cancel(s, second));
	cr_expect(sim_cancel(s, third));
	sim_free(s);
}

struct self {
	sim_handle own;
	bool cancelled;
};

static void cancel_self(struct sim *s, const struct sim_event *ev, void *ctx)
{
	(void)ev;
	struct self *self = ctx;
	self->cancelled = sim_cancel(s, self->own);
}

Test(sim, an_event_that_runs_is_no_longer_pending)
{
	struct self self = { .cancelled = true };
	struct sim *s = sim_new();
	self.own = sim_at(s, 1, sim_type(s, "self", SIM_PHASE_DEVICE, cancel_self, &self), 0, 0, 0);
	sim_run(s, INT64_MAX);
	cr_expect_not(self.cancelled);
	sim_free(s);
}

struct chain {
	unsigned type;
	uint64_t left, stop_at;
	int64_t delay_ns;
};

static void next_link(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct chain *c = ctx;
	if (c->left-- == c->stop_at) sim_stop(s);
	if (c->left) sim_at(s, sim_now(s) + c->delay_ns, c->type, ev->entity + 1, 0, 0);
}

Test(sim, stop_returns_after_the_event_and_a_later_run_goes_on)
{
	struct chain c = { .left = 10, .stop_at = 8, .delay_ns = 5 };
	struct sim *s = sim_new();
	c.type = sim_type(s, "link", SIM_PHASE_DEVICE, next_link, &c);
	sim_at(s, 5, c.type, 0, 0, 0);
	sim_run(s, 1000);
	cr_expect_eq(sim_now(s), 15, "left 10, 9, 8: the third event");
	cr_expect_eq(sim_pending(s), 1);
	sim_run(s, 1000);
	cr_expect_eq(sim_count(s), 10);
	cr_expect_eq(sim_now(s), 1000);
	sim_free(s);
}

Test(sim, zero_delays_run_at_once_and_in_order)
{
	struct chain c = { .left = 5000, .stop_at = 5001, .delay_ns = 0 };
	struct sim *s = sim_new();
	c.type = sim_type(s, "link", SIM_PHASE_DEVICE, next_link, &c);
	sim_at(s, 3, c.type, 0, 0, 0);
	sim_run(s, 3);
	cr_expect_eq(sim_count(s), 5000);
	sim_free(s);
}

/* Every event is one of a thousand timers; each run resets two others and itself:
 * the pool and the queue must not grow with the number of resets. */
struct timers {
	unsigned type;
	sim_handle handle[1000];
	struct pcg64 rng;
	uint64_t resets, most;
};

static void reset_timer(struct sim *s, struct timers *t, uint32_t i)
{
	if (sim_cancel(s, t->handle[i])) t->resets++;
	int64_t at_ns = sim_now(s) + (int64_t)(pcg64_next(&t->rng) % 1000000);
	t->handle[i] = sim_at(s, at_ns, t->type, i, 0, 0);
}

static void timer_rings(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct timers *t = ctx;
	cr_assert_not(sim_cancel(s, t->handle[ev->entity]), "the ringing one has run");
	reset_timer(s, t, ev->entity);
	for (int k = 0; k < 2; k++) reset_timer(s, t, (uint32_t)(pcg64_next(&t->rng) % 1000));
	if (sim_pending(s) > t->most) t->most = sim_pending(s);
	if (sim_count(s) == 300000) sim_stop(s);
}

Test(sim, cancelled_events_are_swept)
{
	static struct timers t;
	struct sim *s = sim_new();
	t.rng = rng_stream(5, 0, 0, RNG_TEST);
	t.type = sim_type(s, "timer", SIM_PHASE_DEVICE, timer_rings, &t);
	for (uint32_t i = 0; i < 1000; i++) reset_timer(s, &t, i);
	sim_limit(s, 2100, UINT64_MAX); /* 1000 live, as many stale and some */
	sim_run(s, INT64_MAX);
	cr_expect_eq(sim_count(s), 300000);
	cr_expect_eq(sim_pending(s), 1000);
	cr_expect_eq(t.most, 1000);
	cr_expect_gt(t.resets, 590000);
	sim_free(s);
}

static void ignore(struct sim *s, const struct sim_event *ev, void *ctx)
{
	(void)s, (void)ev, (void)ctx;
}

static struct sim *limited(uint64_t pending, uint64_t events)
{
	struct sim *s = sim_new();
	sim_type(s, "storm", SIM_PHASE_DEVICE, ignore, NULL);
	sim_limit(s, pending, events);
	for (uint32_t i = 0; i < 100; i++) sim_at(s, i, 0, i, 0, 0);
	return s;
}

Test(sim, the_limits_themselves_are_allowed)
{
	struct sim *s = limited(100, 100);
	sim_run(s, INT64_MAX);
	cr_expect_eq(sim_count(s), 100);
	sim_free(s);
}

Test(sim, one_pending_event_too_many_is_fatal, .signal = SIGABRT)
{
	limited(99, UINT64_MAX);
}

Test(sim, one_event_too_many_in_a_run_is_fatal, .signal = SIGABRT)
{
	limited(UINT64_MAX, 99);
}

Test(sim, the_past_is_closed, .signal = SIGABRT)
{
	struct sim *s = sim_new();
	unsigned type = sim_type(s, "late", SIM_PHASE_DEVICE, ignore, NULL);
	sim_run(s, 10);
	sim_at(s, 9, type, 0, 0, 0);
}

enum { SAME, OTHER_TIME, OTHER_ENTITY, OTHER_TYPE, OTHER_ORDER };

static uint64_t history(int change)
{
	struct sim *s = sim_new();
	unsigned a = sim_type(s, "a", SIM_PHASE_DEVICE, ignore, NULL);
	unsigned b = sim_type(s, "b", SIM_PHASE_DEVICE, ignore, NULL);
	sim_fingerprint_on(s);
	sim_at(s, 0, a, 0, 0, 0);
	sim_at(s, change == OTHER_TIME ? 6 : 5, change == OTHER_TYPE ? b : a, 1, 0, 0);
	if (change == OTHER_ORDER) sim_at(s, 7, b, 3, 0, 0);
	sim_at(s, 7, b, change == OTHER_ENTITY ? 4 : 2, 0, 0);
	if (change != OTHER_ORDER) sim_at(s, 7, b, 3, 0, 0);
	sim_cancel(s, sim_at(s, 6, b, 9, 0, 0));
	sim_run(s, INT64_MAX);
	uint64_t hash = sim_fingerprint(s);
	sim_free(s);
	return hash;
}

Test(sim, the_fingerprint_tells_histories_apart)
{
	uint64_t same = history(SAME);
	cr_expect_eq(history(SAME), same);
	for (int change = OTHER_TIME; change <= OTHER_ORDER; change++)
		cr_expect_neq(history(change), same, "change %d", change);
}

/* A population that schedules from its own streams. Expected: rng_mix as in
 * sim.c over the same history, kept in a sorted list by a Python twin of this
 * test; the same on every compiler and optimisation level. */
struct crowd {
	unsigned type;
	struct pcg64 rng[50];
};

static void crowd_acts(struct sim *s, const struct sim_event *ev, void *ctx)
{
	struct crowd *c = ctx;
	uint64_t r = pcg64_next(&c->rng[ev->entity]);
	sim_at(s, sim_now(s) + (int64_t)(r % 1000), c->type, ev->entity, 0, 0);
}

Test(sim, the_fingerprint_of_a_history_is_pinned)
{
	struct crowd c;
	struct sim *s = sim_new();
	c.type = sim_type(s, "act", SIM_PHASE_DEVICE, crowd_acts, &c);
	for (uint32_t i = 0; i < 50; i++) {
		c.rng[i] = rng_stream(1, 0, i, RNG_LOAD);
		sim_at(s, i, c.type, i, 0, 0);
	}
	sim_fingerprint_on(s);
	sim_run(s, 100000);
	cr_expect_eq(sim_count(s), 9969);
	cr_expect_eq(sim_fingerprint(s), 0xe62fbac77bb30319);
	sim_free(s);
}
