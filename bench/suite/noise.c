#include "bench/suite/noise.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

static const double share_min = 0.97, switches_hz_max = 50, mad_max = 0.05, change_max = 0.05;
static const double others_max = 0.1 /* processors */, steal_max = 0.02, noisy_rows_max = 0.25;

/* ---- rows ---- */

struct totals {
	double wall_s, cpu_s, switches;
};

static struct totals totals_of(const struct bench_row *r)
{
	struct totals t = { 0 };
	for (size_t i = 0; i < r->samples; i++) {
		const struct bench_sample *s = &r->sample[i];
		t.wall_s += s->wall_s * (double)s->calls;
		t.cpu_s += s->cpu_s * (double)s->calls;
		t.switches += (double)s->switches;
	}
	return t;
}

static struct measure half_of(const struct bench_row *r, size_t first, size_t count)
{
	double *x = mem_new(count, sizeof *x);
	for (size_t i = 0; i < count; i++) x[i] = r->sample[first + i].wall_s;
	struct measure m = measure_of(x, (int)count);
	free(x);
	return m;
}

/* Second half's median over the first's, less 1, where it is more than chance; the middle
 * sample is in neither half. */
static double change_of(const struct bench_row *r)
{
	size_t half = r->samples / 2;
	if (half < 2) return 0;
	struct measure begin = half_of(r, 0, half), end = half_of(r, r->samples - half, half);
	double change = end.median - begin.median;
	return fabs(change) > 3 * fmax(begin.mad, end.mad) ? change / begin.median : 0;
}

__attribute__((format(printf, 3, 4)))
static void add_reason(char *why, size_t size, const char *fmt, ...)
{
	size_t n = 0;
	va_list ap;
	while (why[n]) n++;
	if (n) n += (size_t)snprintf(why + n, size - n, "; ");
	if (n >= size) return;
	va_start(ap, fmt);
	vsnprintf(why + n, size - n, fmt, ap);
	va_end(ap);
}

static void judge_processors(struct bench_row *r)
{
	struct totals t = totals_of(r);
	double share = t.cpu_s / (t.wall_s * r->threads);
	double switches_hz = t.switches / (t.wall_s * r->threads);
	if (share < share_min)
		add_reason(r->why, sizeof r->why, "had a processor for %.1f %% of its time",
		    100 * share);
	if (switches_hz >= switches_hz_max)
		add_reason(r->why, sizeof r->why, "was interrupted %.0f times a second", switches_hz);
}

void noise_judge_row(struct bench_row *r)
{
	struct measure m = bench_row_wall(r);
	double change = change_of(r);
	r->why[0] = '\0';
	if (!*r->device) judge_processors(r);
	if (m.mad > mad_max * m.median)
		add_reason(r->why, sizeof r->why, "MAD is %.0f %%", 100 * m.mad / m.median);
	if (fabs(change) > change_max)
		add_reason(r->why, sizeof r->why, "became %.0f %% %s meanwhile",
		    100 * fabs(change), change > 0 ? "slower" : "faster");
	r->noisy = r->why[0];
}

/* ---- the run ---- */

void noise_load(struct bench_context *c, const struct machine_load *before,
    const struct machine_load *after)
{
	double total_s = after->total_s - before->total_s;
	double own_s = after->own_s - before->own_s, busy_s = after->busy_s - before->busy_s;
	if (!(total_s > 0)) {
		c->others_frac = c->steal_frac = NAN;
		return;
	}
	c->others_frac = fmin(1, fmax(0, busy_s - own_s) / total_s); /* ticks are coarse */
	c->steal_frac = fmin(1, (after->steal_s - before->steal_s) / total_s);
}

static void judge_changes(const struct bench_context *c, char *why, size_t size)
{
	double clock = c->clock_after_hz / c->clock_before_hz - 1;
	if (fabs(c->drift_frac) > change_max)
		add_reason(why, size, "the first case took %.0f %% %s time at the end",
		    100 * fabs(c->drift_frac), c->drift_frac > 0 ? "more" : "less");
	if (fabs(clock) > change_max)
		add_reason(why, size, "the clock became %.0f %% %s", 100 * fabs(clock),
		    clock > 0 ? "faster" : "slower");
}

static char *quiet_words(const struct bench_context *c)
{
	if (isnan(c->others_frac))
		return mem_text("quiet, as far as the rows show: the kernel does not tell what "
		                "else ran");
	return mem_print("quiet: others used %.2f of %d processors, drift %+.1f %%",
	    c->others_frac * c->num_cpus, c->num_cpus, 100 * c->drift_frac);
}

void noise_judge(struct bench_file *f)
{
	struct bench_context *c = &f->context;
	char why[400] = "";
	size_t noisy = 0;
	for (size_t i = 0; i < f->rows; i++) noisy += f->row[i].noisy;
	if (c->others_frac * c->num_cpus >= others_max)
		add_reason(why, sizeof why, "others used %.2f of %d processors",
		    c->others_frac * c->num_cpus, c->num_cpus);
	if (c->steal_frac >= steal_max)
		add_reason(why, sizeof why, "the hypervisor took %.0f %%", 100 * c->steal_frac);
	judge_changes(c, why, sizeof why);
	if (noisy && (double)noisy >= noisy_rows_max * (double)f->rows)
		add_reason(why, sizeof why, "%zu of %zu rows are noisy", noisy, f->rows);
	c->noisy = why[0];
	free(c->noise);
	c->noise = c->noisy ? mem_text(why) : quiet_words(c);
}
