#include "bench/suite/suite.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/suite/machine.h"
#include "bench/suite/noise.h"
#include "bench/suite/pin.h"
#include "bench/suite/run.h"
#include "bench/suite/timing.h"
#include "bench/suite/turns.h"

/* Most wall time that a case's samples and windows of energy take when there is time. */
static const double case_s = 0.3, case_quick_s = 0.06;

struct suite {
	const struct suite_plan *plan;
	struct bench_file *file;
	const char *group;     /* whose cases are being added */
	struct timed *item;
	size_t items, cap;
	struct timer timer;
	struct timed first;    /* of the run: measured again at its end */
	bool has_first;
	double end_s;          /* of measure_wall_s */
};

#define X(g) &bench_##g,
const struct bench_group *const bench_groups[] = { BENCH_GROUP_LIST(X) NULL };
#undef X

bool suite_quick(const struct suite *s)
{
	return s->plan->quick;
}

bool suite_long(const struct suite *s)
{
	return s->plan->long_too;
}

int suite_threads(const struct suite *s)
{
	return s->plan->threads;
}

const char *suite_device(const struct suite *s)
{
	return s->plan->device;
}

const char *suite_digits(const struct suite *s)
{
	return s->plan->digits;
}

void suite_note(struct suite *s, const char *fmt, ...)
{
	va_list ap;
	if (!s->plan->notes) return;
	fprintf(s->plan->notes, "%s%s: ", s->plan->progress ? "\r\033[K" : "", s->group);
	va_start(ap, fmt);
	vfprintf(s->plan->notes, fmt, ap);
	va_end(ap);
	fputc('\n', s->plan->notes);
}

void suite_add(struct suite *s, const struct bench_case *c)
{
	assert(c->run && c->error && c->threads > 0 && c->keys <= BENCH_KEYS_MAX);
	assert(!c->device == !c->device_s);
	s->item = mem_grow(s->item, s->items, &s->cap, sizeof *s->item);
	s->item[s->items++] = (struct timed){ .c = *c };
}

static void show_progress(const struct suite *s, const char *doing, size_t done, size_t all)
{
	if (!s->plan->progress) return;
	fprintf(s->plan->notes, "\r\033[K%s: %s %zu/%zu", s->group, doing, done, all);
	fflush(s->plan->notes);
}

/* ---- rows ---- */

static void copy_word(char *to, size_t size, const char *from)
{
	if (!from) return;
	assert(strlen(from) < size);
	snprintf(to, size, "%s", from);
}

static void copy_peers(struct bench_row *r, const struct bench_peer *p)
{
	for (; p && p->name; p++) {
		struct bench_row_peer *to = bench_row_peer_add(r);
		copy_word(to->name, sizeof to->name, p->name);
		copy_word(to->conditions, sizeof to->conditions, p->conditions);
		to->items_s = p->items_s;
	}
}

static void add_row(struct suite *s, struct timed *t)
{
	struct bench_row *r = bench_file_add(s->file);
	const struct bench_case *c = &t->c;
	copy_word(r->group, sizeof r->group, s->group);
	copy_word(r->kernel, sizeof r->kernel, c->kernel);
	copy_word(r->shape, sizeof r->shape, c->shape);
	copy_word(r->pages, sizeof r->pages, c->pages);
	copy_word(r->item, sizeof r->item, c->item);
	snprintf(r->device, sizeof r->device, "%s", c->device ? c->device : ""); /* may be cut */
	for (size_t i = 0; i < c->keys; i++) {
		copy_word(r->key[i].name, sizeof r->key[i].name, c->key[i].name);
		r->key[i].value = c->key[i].value;
	}
	r->keys = c->keys;
	r->threads = c->threads;
	r->flops = c->flops;
	r->bytes = c->bytes;
	r->items = c->items;
	r->error_max = c->error_max;
	copy_peers(r, c->peer);
	t->row = s->file->rows - 1;
}

/* ---- a group ---- */

static bool is_done(const struct suite *s, const struct timed *t, double wanted_s)
{
	size_t n = s->file->row[t->row].samples;
	if (n < SUITE_SAMPLES_MIN) return false;
	return t->spent_s >= wanted_s;
}

/* One sample of each case that is not done; false: none was left. */
static bool take_round(struct suite *s, size_t *order, unsigned round, double wanted_s)
{
	bool any = false;
	turns_shuffle(order, s->items, round);
	for (size_t i = 0; i < s->items; i++) {
		struct timed *t = &s->item[order[i]];
		if (is_done(s, t, wanted_s)) continue;
		show_progress(s, "round", round + 1, SUITE_SAMPLES_MIN);
		bench_row_sample(&s->file->row[t->row], timing_sample(&s->timer, t));
		any = true;
	}
	return any;
}

static const struct suite_meter *meter_of(const struct suite *s, const struct timed *t)
{
	return t->c.device ? s->plan->device_meter : s->plan->meter;
}

/* Time to leave for the windows of energy. */
static double energy_s(const struct suite *s, double sample_s, double group_s)
{
	double sum_s = 0;
	for (size_t i = 0; i < s->items; i++) {
		const struct suite_meter *m = meter_of(s, &s->item[i]);
		if (m) sum_s += fmax(m->window_s, sample_s);
	}
	return fmax(fmin(sum_s, group_s / 2), 0);
}

static void take_energy(struct suite *s, double sample_s)
{
	for (size_t i = 0; i < s->items; i++) {
		struct timed *t = &s->item[i];
		const struct suite_meter *m = meter_of(s, t);
		if (!m) continue;
		show_progress(s, "energy", i + 1, s->items);
		timing_energy(&s->timer, t, m, fmax(m->window_s, sample_s), s->file->context.num_cpus,
		    &s->file->row[t->row].energy);
	}
}

static void time_items(struct suite *s, double group_end_s)
{
	double most_s = s->plan->quick ? case_quick_s : case_s;
	double begin_s = measure_wall_s();
	double share_s = turns_case_s(group_end_s - begin_s, s->items, most_s);
	double sample_s = turns_sample_s(share_s);
	size_t *order = mem_new(s->items, sizeof *order);
	for (size_t i = 0; i < s->items; i++) {
		show_progress(s, "warming", i + 1, s->items);
		timing_warm(&s->timer, &s->item[i], sample_s);
	}
	group_end_s -= energy_s(s, sample_s, group_end_s - measure_wall_s());
	share_s = turns_case_s(group_end_s - measure_wall_s(), s->items, most_s);
	for (unsigned round = 0;; round++) {
		bool late = round >= SUITE_SAMPLES_MIN && measure_wall_s() >= group_end_s;
		if (late || !take_round(s, order, round, share_s)) break;
	}
	take_energy(s, sample_s);
	timing_release(&s->timer);
	free(order);
}

static void finish_item(struct suite *s, struct timed *t)
{
	struct bench_row *r = &s->file->row[t->row];
	r->error = t->c.error(t->c.ctx);
	noise_judge_row(r);
	if (!s->has_first) {
		s->has_first = true;
		s->first = *t;
	} else if (t->c.free) {
		t->c.free(t->c.ctx);
	}
}

static void run_group(struct suite *s, const struct bench_group *g, double time_s)
{
	double begin_s = measure_wall_s();
	s->group = g->name;
	s->items = 0;
	show_progress(s, "preparing", 0, 0);
	g->add(s);
	for (size_t i = 0; i < s->items; i++) add_row(s, &s->item[i]);
	if (s->items) time_items(s, begin_s + time_s);
	for (size_t i = 0; i < s->items; i++) finish_item(s, &s->item[i]);
	if (s->plan->progress) fputs("\r\033[K", s->plan->notes);
}

static void run_groups(struct suite *s)
{
	const struct suite_plan *p = s->plan;
	double *weight = mem_new(p->groups, sizeof *weight);
	for (size_t i = 0; i < p->groups; i++)
		weight[i] = p->group[i]->weight > 0 ? p->group[i]->weight : 1;
	for (size_t i = 0; i < p->groups; i++)
		run_group(s, p->group[i],
		    turns_share_s(s->end_s - measure_wall_s(), weight + i, p->groups - i));
	free(weight);
}

/* ---- the run ---- */

/* The first case alone, as often as it was measured at least. */
static double drift_of(struct suite *s)
{
	const struct bench_row *r = &s->file->row[s->first.row];
	double again_s[SUITE_SAMPLES_MIN];
	for (int i = 0; i < SUITE_SAMPLES_MIN; i++)
		again_s[i] = timing_sample(&s->timer, &s->first).wall_s;
	return measure_of(again_s, SUITE_SAMPLES_MIN).median / bench_row_wall_s(r) - 1;
}

void suite_run(const struct suite_plan *plan, struct bench_file *f)
{
	struct bench_context *c = &f->context;
	struct suite s = { .plan = plan, .file = f };
	struct machine_load before, after;
	double begin_s = measure_wall_s();
	machine_read(c, "");
	timing_init(&s.timer);
	free(c->pinning);
	c->pinning = pin_words(&s.timer.pin);
	c->quick = plan->quick;
	s.end_s = begin_s + plan->budget_s;
	c->clock_before_hz = machine_clock_hz();
	bool told = machine_load_read(&before, "");
	run_groups(&s);
	if (s.has_first) c->drift_frac = drift_of(&s);
	if (told && machine_load_read(&after, "")) noise_load(c, &before, &after);
	c->clock_after_hz = machine_clock_hz();
	c->duration_s = measure_wall_s() - begin_s;
	noise_judge(f);
	if (s.has_first && s.first.c.free) s.first.c.free(s.first.c.ctx);
	free(s.item);
}
