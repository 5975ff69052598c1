#include "bench/host.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/host_parts.h"
#include "models/compute/node.h"

static const struct err_pos nowhere;

const struct constant_kind host_kind[HOST_CONSTANTS] = {
#define X(id, name, dim, member) [id] = { name, dim, offsetof(struct device_par, member) },
	HOST_LIST(X)
#undef X
};

/* ---- what processors and accelerators share ---- */

static bool is_its_own(const struct source *s, const struct bench_row *r)
{
	return r->threads == s->host->threads && !strcmp(r->device, s->options->device);
}

bool host_counts(const struct source *s, const struct bench_row *r)
{
	return is_its_own(s, r) && bench_row_right(r) && (s->options->force || !r->noisy);
}

struct host_constant host_estimate(struct spread *p, double scale)
{
	struct host_constant c = { scale * spread_quantile(p, 0.5), scale * spread_quantile(p, 0.05),
		scale * spread_quantile(p, 0.95), p->rows, p->samples, false };
	spread_free(p);
	return c;
}

struct host_constant host_fitted(const struct fit *f, size_t i, size_t rows)
{
	double off = 1.645 * f->error[i];
	return (struct host_constant){ f->value[i], fmax(0.1 * f->value[i], f->value[i] - off),
		f->value[i] + off, rows, rows, true };
}

struct host_constant host_best(double value)
{
	return (struct host_constant){ value, NAN, NAN, 1, 1, false };
}

void host_put(struct host *h, enum host_id id, struct host_constant c)
{
	h->constant[id] = c;
	*constant_at(&host_kind[id], &h->device) = c.value;
}

/* ---- the device ---- */

static const char *shown(const struct bench_file *f, const char *device)
{
	return *device ? device : f->context.cpu_model;
}

/* Whether the i-th row is the first of its device. */
static bool is_new(const struct bench_file *f, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(f->row[j].device, f->row[i].device)) return false;
	return true;
}

static void refuse(const struct bench_file *f, const char *wanted, struct err_list *e)
{
	char *list = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&list, &size);
	if (!out) abort(); /* memory, as in mem.h */
	for (size_t i = 0; i < f->rows; i++)
		if (is_new(f, i))
			fprintf(out, "%s'%s'", i ? ", " : "", shown(f, f->row[i].device));
	fclose(out);
	if (wanted)
		err_at(e, nowhere, "--device: '%s' is not the name of one device; this file has %s", wanted,
		    list);
	else
		err_at(e, nowhere, "this file has rows of several devices; choose one with --device: %s",
		    list);
	free(list);
}

const char *host_choose(const struct bench_file *f, const char *wanted, struct err_list *e)
{
	const char *found = NULL;
	size_t fitting = 0;
	for (size_t i = 0; i < f->rows; i++) {
		const char *device = f->row[i].device, *name = shown(f, device);
		if (!is_new(f, i)) continue;
		if (wanted && text_same(name, wanted)) return device;
		if (wanted && !text_holds(name, wanted)) continue;
		found = device;
		fitting++;
	}
	if (fitting == 1) return found;
	refuse(f, wanted, e);
	return NULL;
}

/* ---- power ---- */

/* Its meter runs with an accelerator's own cases, and with all threads of a processor. */
static bool has_power(const struct source *s, const struct bench_row *r)
{
	const struct bench_energy *g = &r->energy;
	return !strcmp(r->device, s->options->device) && g->window_s > 0 && !isnan(g->measured_j);
}

static void find_power(const struct source *s, struct power_par *p)
{
	double busy = NAN, idle = NAN;
	for (size_t i = 0; i < s->file->rows; i++) {
		const struct bench_energy *g = &s->file->row[i].energy;
		if (!has_power(s, &s->file->row[i])) continue;
		busy = fmax(busy, g->measured_j / g->window_s);
		idle = fmin(idle, g->idle_j / g->window_s);
	}
	if (isnan(p->tdp_w)) p->tdp_w = busy;
	if (isnan(p->idle_w)) p->idle_w = idle;
}

bool host_check_power(const struct host *h, struct err_list *e)
{
	const struct power_par *p = &h->device.power;
	size_t before = err_count(e);
	if (isnan(p->tdp_w))
		err_at(e, nowhere,
		    "no meter ran with these benchmarks; say what the device may draw: --tdp=POWER");
	if (isnan(p->idle_w))
		err_at(e, nowhere,
		    "no meter ran with these benchmarks; say what it draws at rest: --idle=POWER");
	if (p->idle_w > p->tdp_w)
		err_at(e, nowhere, "--idle: %g W are more than the %g W of --tdp; correct one of them",
		    p->idle_w, p->tdp_w);
	return err_count(e) == before;
}

/* ---- all ---- */

static struct power_par power_of(const struct host_options *o)
{
	return (struct power_par){ .tdp_w = o->tdp_w,
		.idle_w = o->idle_w,
		.unloaded_w = NAN,
		.base_w = NAN,
		.bw_w = NAN,
		.fl_w = NAN,
		.fl_exp = NAN,
		.max_w = NAN,
		.form = POWER_UTIL,
		.prompt_w = NAN,
		.token_w = NAN,
		.cap_floor_w = NAN,
		.cap_exp = 0.24, /* as in the attribute table */
		.voltage_floor = 0.62,
		.voltage_slope = 1.66 };
}

static void start(struct host *h, const struct bench_file *f, const struct host_options *o)
{
	*h = (struct host){ .accelerator = *o->device, .threads = *o->device ? 1 : o->threads };
	h->device = (struct device_par){ .name = o->name,
		.source = "hearth calibrate bench",
		.verify = VERIFY_DERIVED,
		.memory_bytes = o->memory_bytes,
		.int8_flops_s = NAN,
		.link_bytes_s = NAN,
		.power = power_of(o) };
	for (int i = 0; i < HOST_CONSTANTS; i++)
		host_put(h, (enum host_id)i, (struct host_constant){ NAN, NAN, NAN, 0, 0, false });
	if (!h->threads) h->threads = bench_file_threads(f);
}

bool host_of(struct host *h, const struct bench_file *f, const struct host_options *o,
    struct err_list *e)
{
	struct source s = { h, f, o };
	start(h, f, o);
	for (size_t i = 0; i < f->rows; i++)
		h->noisy += !o->force && f->row[i].noisy && is_its_own(&s, &f->row[i]);
	if (f->context.noisy && !o->force) {
		err_at(e, nowhere,
		    "the machine was noisy: %s; measure again on a quiet one, or take it as it is "
		    "with --force", f->context.noise);
		return false;
	}
	if (!(h->accelerator ? host_accelerator(&s, e) : host_processor(&s, e))) return false;
	find_power(&s, &h->device.power);
	return true;
}
