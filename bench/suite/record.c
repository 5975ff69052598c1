#include "bench/suite/record.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/measure.h"
#include "bench/suite/fields.h"

static char **text_at(struct bench_context *c, const struct field *f)
{
	return (char **)(void *)((char *)c + f->offset);
}

void bench_file_init(struct bench_file *f)
{
	*f = (struct bench_file){ .context = { .mhz_per_cpu = NAN,
				      .memory_bytes = NAN,
				      .page_bytes = NAN,
				      .load_avg = { NAN, NAN, NAN },
				      .duration_s = NAN,
				      .others_frac = NAN,
				      .steal_frac = NAN,
				      .drift_frac = NAN,
				      .clock_before_hz = NAN,
				      .clock_after_hz = NAN } };
	for (const struct field *t = context_fields; t->name; t++)
		if (t->kind == FIELD_TEXT) *text_at(&f->context, t) = mem_text("");
}

void bench_file_fini(struct bench_file *f)
{
	for (const struct field *t = context_fields; t->name; t++)
		if (t->kind == FIELD_TEXT) free(*text_at(&f->context, t));
	for (size_t i = 0; i < f->rows; i++) {
		free(f->row[i].sample);
		free(f->row[i].peer);
	}
	free(f->row);
	*f = (struct bench_file){ 0 };
}

struct bench_row *bench_file_add(struct bench_file *f)
{
	f->row = mem_grow(f->row, f->rows, &f->cap, sizeof *f->row);
	struct bench_row *r = &f->row[f->rows++];
	*r = (struct bench_row){ .flops = NAN,
		.bytes = NAN,
		.items = NAN,
		.error = NAN,
		.error_max = NAN,
		.energy = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, "", "", "" } };
	return r;
}

void bench_row_sample(struct bench_row *r, struct bench_sample s)
{
	r->sample = mem_grow(r->sample, r->samples, &r->cap, sizeof *r->sample);
	r->sample[r->samples++] = s;
}

struct bench_row_peer *bench_row_peer_add(struct bench_row *r)
{
	r->peer = mem_grow(r->peer, r->peers, &r->peers_cap, sizeof *r->peer);
	r->peer[r->peers] = (struct bench_row_peer){ .items_s = NAN };
	return &r->peer[r->peers++];
}

static void join_row(struct bench_row *r, const struct bench_row *more)
{
	assert(!strcmp(r->kernel, more->kernel) && !strcmp(r->shape, more->shape));
	assert(!strcmp(r->pages, more->pages) && r->threads == more->threads);
	for (size_t i = 0; i < more->samples; i++) bench_row_sample(r, more->sample[i]);
	r->error = fmax(r->error, more->error);
	if (more->noisy && !r->noisy) memcpy(r->why, more->why, sizeof r->why);
	r->noisy |= more->noisy;
}

/* The one that is further from 0. */
static void keep_worse(double *x, double other)
{
	if (isnan(*x) || fabs(other) > fabs(*x)) *x = other;
}

void bench_file_join(struct bench_file *f, const struct bench_file *more)
{
	struct bench_context *c = &f->context;
	const struct bench_context *m = &more->context;
	assert(f->rows == more->rows);
	for (size_t i = 0; i < f->rows; i++) join_row(&f->row[i], &more->row[i]);
	if (m->noisy && !c->noisy) {
		free(c->noise);
		c->noise = mem_text(m->noise);
	}
	c->noisy |= m->noisy;
	c->duration_s += m->duration_s;
	c->clock_after_hz = m->clock_after_hz;
	keep_worse(&c->others_frac, m->others_frac);
	keep_worse(&c->steal_frac, m->steal_frac);
	keep_worse(&c->drift_frac, m->drift_frac);
}

int bench_file_threads(const struct bench_file *f)
{
	int most = 0;
	for (size_t i = 0; i < f->rows; i++)
		if (!*f->row[i].device && f->row[i].threads > most) most = f->row[i].threads;
	return most;
}

double bench_row_key(const struct bench_row *r, const char *name)
{
	for (size_t i = 0; i < r->keys; i++)
		if (!strcmp(r->key[i].name, name)) return r->key[i].value;
	return NAN;
}

static struct measure measure_samples(const struct bench_row *r, bool cpu)
{
	double *x = mem_new(r->samples, sizeof *x);
	for (size_t i = 0; i < r->samples; i++)
		x[i] = cpu ? r->sample[i].cpu_s : r->sample[i].wall_s;
	struct measure none = { NAN, NAN, NAN, NAN, NAN, 0 };
	struct measure m = r->samples ? measure_of(x, (int)r->samples) : none;
	free(x);
	return m;
}

struct measure bench_row_wall(const struct bench_row *r)
{
	return measure_samples(r, false);
}

struct measure bench_row_cpu(const struct bench_row *r)
{
	return measure_samples(r, true);
}

double bench_row_wall_s(const struct bench_row *r)
{
	return bench_row_wall(r).median;
}

double bench_row_cpu_s(const struct bench_row *r)
{
	return bench_row_cpu(r).median;
}

static bool has_own_thread(const struct bench_row *r)
{
	return r->threads == 1 && !*r->device;
}

double bench_sample_s(const struct bench_row *r, size_t i)
{
	return has_own_thread(r) ? r->sample[i].cpu_s : r->sample[i].wall_s;
}

double bench_row_s(const struct bench_row *r)
{
	return has_own_thread(r) ? bench_row_cpu_s(r) : bench_row_wall_s(r);
}

bool bench_row_right(const struct bench_row *r)
{
	return r->error <= r->error_max; /* not when either is NAN */
}

size_t bench_row_outliers(const struct bench_row *r)
{
	struct measure m = bench_row_wall(r);
	size_t far = 0;
	for (size_t i = 0; i < r->samples; i++)
		far += fabs(r->sample[i].wall_s - m.median) > 5 * m.mad;
	return far;
}
