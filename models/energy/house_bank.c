#include "models/energy/house_bank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/clones.h"
#include "base/mem.h"

enum { DAY_S = 86400 };

/* Two changes a run, and the ends of runs that began on the day before. */
static size_t changes_max(const struct house *h)
{
	return 3 * (size_t)house_runs_max(h);
}

/* Insertion: the list is short and its first part is in order already. */
static void insert(struct house_change *list, uint32_t *count, struct house_change c)
{
	uint32_t i = (*count)++;
	for (; i > 0 && list[i - 1].at_s > c.at_s; i--) list[i] = list[i - 1];
	list[i] = c;
}

static int32_t next_due(const struct house_bank *b, size_t i)
{
	const struct house_now *h = &b->now[i];
	if (h->done == h->count) return INT32_MAX;
	return (int32_t)b->change[h->first + h->done].at_s;
}

static struct house_change change(int32_t at_s, bool ends, int32_t watt)
{
	assert(at_s >= 0 && at_s < 2 * DAY_S && watt >= 0 && watt < 1 << 13);
	return (struct house_change){ (uint32_t)at_s & 0x3ffff, ends, (uint32_t)watt & 0x1fff };
}

/* Keeps the changes of the old day's night and adds those of the new day. */
static void turn_home(struct house_bank *b, size_t i, long day)
{
	struct house_now *h = &b->now[i];
	struct house_change *list = b->change + h->first;
	uint32_t kept = 0;
	for (uint32_t k = h->done; k < h->count; k++)
		list[kept++] = change((int32_t)list[k].at_s - DAY_S, list[k].ends, list[k].watt);
	h->done = 0;
	h->count = kept;
	unsigned runs = house_day(&b->house[i], day, b->run);
	for (unsigned r = 0; r < runs; r++) {
		const struct house_run *run = &b->run[r];
		insert(list, &h->count, change(run->begin_s, false, run->watt));
		insert(list, &h->count, change(run->end_s, true, run->watt));
	}
	assert(h->first + h->count <= b->now[i + 1].first);
	b->next_s[i] = next_due(b, i);
}

static void turn_day(struct house_bank *b, long day)
{
	b->day = day;
	for (size_t i = 0; i < b->n; i++) turn_home(b, i, day);
}

static void take_change(struct house_bank *b, size_t i)
{
	struct house_now *h = &b->now[i];
	struct house_change c = b->change[h->first + h->done++];
	h->on_watt += c.ends ? -(int32_t)c.watt : (int32_t)c.watt;
	b->steady_w[i] = h->standby_w + h->power_factor * h->on_watt;
	b->next_s[i] = next_due(b, i);
}

/* Energy of the home from from_s to to_s, over every change on the way. */
static double cross_changes_j(struct house_bank *b, size_t i, double from_s, double to_s)
{
	double energy_j = 0;
	while (b->next_s[i] < to_s) {
		double at_s = b->next_s[i] > from_s ? b->next_s[i] : from_s;
		energy_j += (at_s - from_s) * b->steady_w[i];
		from_s = at_s;
		take_change(b, i);
	}
	return energy_j + (to_s - from_s) * b->steady_w[i];
}

/* Homes without a change before until_s add what they draw steadily. */
CLONES static void add_steady(size_t n, const int32_t *restrict next_s, int32_t until_s,
    const double *restrict steady_w, double weight, double *restrict load_w)
{
	for (size_t i = 0; i < n; i++)
		load_w[i] += next_s[i] < until_s ? 0 : weight * steady_w[i];
}

/* The others, into due[], which has room for one more. */
static size_t list_due(size_t n, const int32_t *next_s, int32_t until_s, uint32_t *due)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		due[count] = (uint32_t)i;
		count += next_s[i] < until_s;
	}
	return count;
}

/* Adds weight times the mean power between two times of the bank's day. The changes of a
 * home were last seen long ago: they are called for before their turn comes. */
static void add_piece(struct house_bank *b, double from_s, double to_s, double weight,
    double *load_w)
{
	enum { AHEAD = 8 };
	int32_t until_s = (int32_t)ceil(to_s);
	add_steady(b->n, b->next_s, until_s, b->steady_w, weight, load_w);
	size_t n = list_due(b->n, b->next_s, until_s, b->due);
	for (size_t k = 0; k < n; k++) {
		const struct house_now *ahead = &b->now[b->due[k + AHEAD < n ? k + AHEAD : n - 1]];
		size_t i = b->due[k];
		__builtin_prefetch(&b->change[ahead->first + ahead->done]);
		load_w[i] += weight * (cross_changes_j(b, i, from_s, to_s) / (to_s - from_s));
	}
}

/* Cycles' worth of running from cycle 0 to x, x in cycles. */
static double cold_run(double x)
{
	double whole = floor(x), part = x - whole;
	return whole * HOUSE_COLD_FRAC + (part < HOUSE_COLD_FRAC ? part : HOUSE_COLD_FRAC);
}

CLONES static void set_cold(size_t n, double from, double to, const double *restrict cold_w,
    const double *restrict phase, double *restrict load_w)
{
	double per_cycle = 1 / (to - from);
	for (size_t i = 0; i < n; i++)
		load_w[i] =
		    cold_w[i] * ((cold_run(to + phase[i]) - cold_run(from + phase[i])) * per_cycle);
}

/* The mean power of the fridge-freezers over [local_s, local_s + dt_s). Whole cycles
 * since 1970 are taken off, for their digits. */
static void start_cold(const struct house_bank *b, double local_s, double dt_s, double *load_w)
{
	double from = local_s / HOUSE_COLD_PERIOD_S, to = (local_s + dt_s) / HOUSE_COLD_PERIOD_S;
	double whole = floor(from);
	set_cold(b->n, from - whole, to - whole, b->cold_w, b->cold_phase, load_w);
}

void house_bank_step(struct house_bank *b, double local_s, double dt_s, double *load_w)
{
	assert(dt_s > 0 && dt_s <= DAY_S);
	start_cold(b, local_s, dt_s, load_w);
	double end_s = local_s + dt_s;
	for (double now_s = local_s; now_s < end_s;) {
		long day = (long)floor(now_s / DAY_S);
		assert(day == b->day || day == b->day + 1);
		if (day != b->day) turn_day(b, day);
		double midnight_s = (double)day * DAY_S;
		double until_s = fmin(end_s, midnight_s + DAY_S);
		double weight = (until_s - now_s) / dt_s;
		add_piece(b, now_s - midnight_s, until_s - midnight_s, weight, load_w);
		now_s = until_s;
	}
}

static void allocate(struct house_bank *b)
{
	b->cold_w = mem_new(2 * b->n, sizeof *b->cold_w);
	b->cold_phase = b->cold_w + b->n;
	b->steady_w = mem_new(b->n, sizeof *b->steady_w);
	b->next_s = mem_new(b->n, sizeof *b->next_s);
	b->due = mem_new(b->n + 1, sizeof *b->due);
	b->now = mem_new(b->n + 1, sizeof *b->now);
	unsigned most = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct house *h = &b->house[i];
		unsigned runs = house_runs_max(h);
		if (runs > most) most = runs;
		b->now[i].standby_w = b->steady_w[i] = h->standby_w;
		b->now[i].power_factor = h->power_factor;
		b->now[i + 1].first = b->now[i].first + changes_max(h);
		b->cold_w[i] = h->cold_w;
		b->cold_phase[i] = h->cold_phase;
	}
	b->change = mem_new(b->now[b->n].first, sizeof *b->change);
	b->run = mem_new(most, sizeof *b->run);
}

/* What began on the day before may still run, and the day so far has happened. */
void house_bank_init(struct house_bank *b, struct house *house, size_t n, double local_s)
{
	*b = (struct house_bank){ .n = n, .house = house };
	allocate(b);
	long day = (long)floor(local_s / DAY_S);
	turn_day(b, day - 1);
	for (size_t i = 0; i < n; i++) cross_changes_j(b, i, 0, DAY_S);
	turn_day(b, day);
	double so_far_s = local_s - (double)day * DAY_S;
	if (so_far_s > 0)
		for (size_t i = 0; i < n; i++) cross_changes_j(b, i, 0, so_far_s);
}

void house_bank_fini(struct house_bank *b)
{
	free(b->house);
	free(b->cold_w); /* the block of two */
	free(b->steady_w);
	free(b->next_s);
	free(b->due);
	free(b->now);
	free(b->change);
	free(b->run);
}
