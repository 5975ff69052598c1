#include "models/energy/hot_water.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/energy/noise.h"

static const struct {
	double l_min, minutes, a_day;
} kinds[HOT_WATER_KINDS] = {
#define X(name, l_min, minutes, a_day) { l_min, minutes, a_day },
	HOT_WATER_LIST(X)
#undef X
};

static const struct {
	int from_min, to_min;
	double percent;
} hours[HOT_WATER_HOURS] = {
#define X(from, to, percent) { (from) * 60, (to) * 60, percent },
	HOT_WATER_HOURS_LIST(X)
#undef X
};

static double draws_a_day(void)
{
	double n = 0;
	for (int k = 0; k < HOT_WATER_KINDS; k++) n += kinds[k].a_day;
	return n;
}

static double mean_minutes(void)
{
	double sum = 0;
	for (int k = 0; k < HOT_WATER_KINDS; k++) sum += kinds[k].a_day * kinds[k].minutes;
	return sum / draws_a_day();
}

/* n draws in a stretch take its length over (waiting + drawing). Waiting is a whole number of
 * minutes with mean q when the rate is log(1 + 1/q). */
struct hot_water_rates hot_water_rates_make(double litres)
{
	assert(litres >= 0 && litres <= 1000);
	struct hot_water_rates r = { { 0 } };
	double draws = draws_a_day() * litres / HOT_WATER_TABLE_LITRES;
	for (int h = 0; h < HOT_WATER_HOURS; h++) {
		double n = draws * hours[h].percent / 100;
		double minutes = hours[h].to_min - hours[h].from_min;
		if (n > 0) r.per_min[h] = (float)log1p(1 / (minutes / n - mean_minutes()));
	}
	return r;
}

void hot_water_bank_init(struct hot_water_bank *b, size_t n, long day)
{
	*b = (struct hot_water_bank){
		.n = n,
		.key = mem_new(n, sizeof *b->key),
		.rates = mem_new(n, sizeof *b->rates),
		.flow_m3_s = mem_new(n, sizeof *b->flow_m3_s),
		.next_min = mem_new(n, sizeof *b->next_min),
		.count = mem_new(n, sizeof *b->count),
		.day = day - 1,
	};
}

void hot_water_bank_fini(struct hot_water_bank *b)
{
	free(b->key);
	free(b->rates);
	free(b->flow_m3_s);
	free(b->next_min);
	free(b->count);
}

/* Two numbers a draw: a day has 2^20. */
static double noise_of(const struct hot_water_bank *b, size_t i, unsigned which)
{
	uint64_t at = (uint64_t)b->day << 20 | (uint64_t)b->count[i] << 1 | which;
	return noise_unit(b->key[i], at);
}

/* The minute in which the draw after `now` begins. */
static int16_t wait_from(const struct hot_water_bank *b, size_t i, int now)
{
	double left = -log1p(-noise_of(b, i, 0));
	for (int h = 0; h < HOT_WATER_HOURS; h++) {
		if (now >= hours[h].to_min) continue;
		double rate = (double)b->rates[i].per_min[h];
		double passes = rate * (hours[h].to_min - now);
		if (left < passes) return (int16_t)(now + (int)(left / rate));
		left -= passes;
		now = hours[h].to_min;
	}
	return HOT_WATER_DAY_MIN;
}

static int pick_kind(double u)
{
	double at = u * draws_a_day();
	int k = 0;
	while (k < HOT_WATER_KINDS - 1 && at >= kinds[k].a_day) at -= kinds[k++].a_day;
	return k;
}

/* What is due: a draw ends, or one begins. */
static void change(struct hot_water_bank *b, size_t i)
{
	int16_t now = b->next_min[i];
	if (b->flow_m3_s[i] > 0) {
		b->flow_m3_s[i] = 0;
		b->next_min[i] = wait_from(b, i, now);
		return;
	}
	int k = pick_kind(noise_of(b, i, 1));
	b->count[i]++;
	b->flow_m3_s[i] = (float)(kinds[k].l_min / 60e3);
	b->next_min[i] = (int16_t)(now + (int)kinds[k].minutes);
}

/* What runs goes on into the new day; all else waits from its midnight. */
static void turn_day(struct hot_water_bank *b, long day)
{
	b->day = day;
	for (size_t i = 0; i < b->n; i++) {
		b->count[i] = 0;
		if (b->flow_m3_s[i] > 0)
			b->next_min[i] = (int16_t)(b->next_min[i] - HOT_WATER_DAY_MIN);
		else
			b->next_min[i] = wait_from(b, i, 0);
	}
}

static void take_due(struct hot_water_bank *b, size_t begin, size_t end, int minute)
{
	for (size_t i = begin; i < end; i++)
		while (b->next_min[i] <= minute) change(b, i);
}

/* Most minutes of most homes have nothing due: looked at in groups, whose loop is vectors. */
void hot_water_bank_tick(struct hot_water_bank *b, long day, int minute)
{
	enum { GROUP = 32 };
	assert(day >= b->day && day <= b->day + 1 && minute >= 0 && minute < HOT_WATER_DAY_MIN);
	if (day != b->day) turn_day(b, day);
	size_t i = 0;
	int16_t now = (int16_t)minute;
	for (; i + GROUP <= b->n; i += GROUP) {
		const int16_t *next = b->next_min + i;
		int16_t due = 0;
		for (int k = 0; k < GROUP; k++) due |= (int16_t)(next[k] <= now);
		if (due) take_due(b, i, i + GROUP, minute);
	}
	take_due(b, i, b->n, minute);
}
