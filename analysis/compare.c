#include "analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/request_pairs.h"
#include "base/mem.h"

static const double digits = 1e-12; /* of two sums of the same numbers */

static bool has_interval(const struct shift *s)
{
	return !isnan(s->lo) && !isnan(s->hi);
}

static enum compare_verdict verdict_of(const struct compare_row *r, const char *better)
{
	double change = r->change.value;
	if (isnan(r->before)) return COMPARE_ONLY_AFTER;
	if (isnan(r->after)) return COMPARE_ONLY_BEFORE;
	if (change == 0) return COMPARE_SAME;
	if (has_interval(&r->change) && r->change.lo <= 0 && r->change.hi >= 0)
		return COMPARE_NOT_SHOWN;
	if (!better) return change > 0 ? COMPARE_HIGHER : COMPARE_LOWER;
	return (change > 0) == !strcmp(better, "higher") ? COMPARE_BETTER : COMPARE_WORSE;
}

/* What is left of a difference of equal sums is none. */
static void drop_rounding(struct compare_row *r)
{
	double noise = digits * fmax(fabs(r->before), fabs(r->after));
	double *v[] = { &r->change.value, &r->change.lo, &r->change.hi };
	for (int i = 0; i < 3; i++)
		if (fabs(*v[i]) <= noise) *v[i] = 0;
}

static char *text_or_empty(const char *text)
{
	return mem_text(text ? text : "");
}

static void add(struct compare *c, const struct compare_meta *m, struct compare_row r)
{
	if (isnan(r.before) && isnan(r.after)) return;
	if (!has_interval(&r.change)) r.method = COMPARE_NONE;
	drop_rounding(&r);
	r.verdict = verdict_of(&r, m->better);
	r.key = mem_text(m->key);
	r.unit = text_or_empty(m->unit);
	r.about = text_or_empty(m->about);
	c->row = mem_grow(c->row, c->rows, &c->cap, sizeof *c->row);
	c->row[c->rows++] = r;
}

static double mean_of(const double *v, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) sum += v[i];
	return n ? sum / (double)n : NAN;
}

/* The numbers of `v` alone, for a metric that one side never has. */
static double mean_of_numbers(const double *v, size_t n)
{
	double sum = 0;
	size_t numbers = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i])) sum += v[i], numbers++;
	return numbers ? sum / (double)numbers : NAN;
}

void compare_add_values(struct compare *c, const struct compare_meta *m, const double *before,
    const double *after, size_t pairs)
{
	double *a = mem_new(pairs, sizeof *a), *b = mem_new(pairs, sizeof *b);
	double *d = mem_new(pairs, sizeof *d);
	size_t n = 0;
	for (size_t i = 0; i < pairs; i++) {
		if (isnan(before[i]) || isnan(after[i])) continue;
		a[n] = before[i];
		b[n] = after[i];
		d[n] = after[i] - before[i];
		n++;
	}
	struct compare_row r = { .change = shift_mean(d, n), .method = COMPARE_SEEDS };
	r.before = n ? mean_of(a, n) : mean_of_numbers(before, pairs);
	r.after = n ? mean_of(b, n) : mean_of_numbers(after, pairs);
	if (n || isnan(r.before) || isnan(r.after)) add(c, m, r);
	free(a);
	free(b);
	free(d);
}

static struct ds_metric metric_of_run(const struct dataset *d, const char *key)
{
	struct ds_metric m;
	if (ds_metric_find(d, key, &m)) return m;
	return (struct ds_metric){ .value = NAN, .lo = NAN, .hi = NAN };
}

static struct ranged ranged_of(const struct ds_metric *m)
{
	return (struct ranged){ m->value, m->lo, m->hi };
}

/* Two runs: what was in each of them is all there is to tell how sure the change is. */
static void add_single(struct compare *c, const struct compare_meta *meta,
    const struct dataset *before, const struct dataset *after)
{
	struct ds_metric a = metric_of_run(before, meta->key), b = metric_of_run(after, meta->key);
	struct compare_row r = { .before = a.value, .after = b.value };
	r.change = (struct shift){ b.value - a.value, NAN, NAN, 1 };
	if (request_pairs_shift(before, after, meta->key, &r.change)) {
		r.method = COMPARE_REQUESTS;
	} else if (!isnan(a.lo) && !isnan(a.hi) && !isnan(b.lo) && !isnan(b.hi)) {
		r.change = shift_of_intervals(ranged_of(&a), ranged_of(&b));
		r.method = COMPARE_INTERVALS;
	}
	add(c, meta, r);
}

/* What the first run that has the metric says of it. */
static struct compare_meta meta_of(const char *key, const struct dataset *const *run, size_t runs,
    struct compare_meta known)
{
	struct ds_metric m;
	for (size_t i = 0; i < runs && !known.unit; i++) {
		if (!ds_metric_find(run[i], key, &m)) continue;
		known.unit = m.unit;
		known.about = m.about;
		known.better = ds_text(ds_find(run[i], "summary"), key, "better");
	}
	return known;
}

void compare_add_runs(struct compare *c, const char *key, const struct dataset *const *before,
    const struct dataset *const *after, size_t pairs)
{
	struct compare_meta m = meta_of(key, before, pairs, (struct compare_meta){ .key = key });
	m = meta_of(key, after, pairs, m);
	if (pairs == 1) {
		add_single(c, &m, before[0], after[0]);
		return;
	}
	double *a = mem_new(pairs, sizeof *a), *b = mem_new(pairs, sizeof *b);
	for (size_t i = 0; i < pairs; i++) {
		a[i] = metric_of_run(before[i], key).value;
		b[i] = metric_of_run(after[i], key).value;
	}
	compare_add_values(c, &m, a, b, pairs);
	free(a);
	free(b);
}

void compare_fini(struct compare *c)
{
	for (size_t i = 0; i < c->rows; i++) {
		free(c->row[i].key);
		free(c->row[i].unit);
		free(c->row[i].about);
	}
	free(c->row);
	*c = (struct compare){ 0 };
}

double compare_relative(const struct compare_row *r, double x)
{
	return x / fabs(r->before); /* over 0: without bounds */
}

const char *compare_verdict_word(enum compare_verdict v)
{
	switch (v) {
#define X(id, word) \
	case id: return word;
		COMPARE_VERDICT_LIST(X)
#undef X
	}
	return "";
}

const char *compare_method_word(enum compare_method m)
{
	switch (m) {
#define X(id, word, about) \
	case id: return word;
		COMPARE_METHOD_LIST(X)
#undef X
	}
	return "";
}

const char *compare_method_about(enum compare_method m)
{
	switch (m) {
#define X(id, word, about) \
	case id: return about;
		COMPARE_METHOD_LIST(X)
#undef X
	}
	return "";
}
