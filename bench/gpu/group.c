#include "bench/gpu/group.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/gpu/opencl.h"
#include "bench/measure.h"

/* A device, open for as long as somebody holds it. */
struct held {
	struct gpu *gpu;
	size_t holders;
};

struct timed_case {
	struct held *held;
	struct gpu_case c;
	char kernel[48];
	double last_s;
};

static void let_go(struct held *h)
{
	if (--h->holders) return;
	gpu_close(h->gpu);
	free(h);
}

/* A call that failed has the time that it took to fail; its row is wrong, see error_of. */
static void run_once(void *ctx)
{
	struct timed_case *t = ctx;
	double begin_s = measure_wall_s(), device_s = t->c.run(t->c.ctx, 1);
	t->last_s = isnan(device_s) ? measure_wall_s() - begin_s : device_s;
}

static double last_s(void *ctx)
{
	const struct timed_case *t = ctx;
	return t->last_s;
}

static double error_of(void *ctx)
{
	const struct timed_case *t = ctx;
	return *t->held->gpu->fault ? DBL_MAX : fmin(t->c.error(t->c.ctx), DBL_MAX);
}

static void free_case(void *ctx)
{
	struct timed_case *t = ctx;
	t->c.free(t->c.ctx);
	let_go(t->held);
	free(t);
}

/* Where cases go to. */
struct taker {
	struct suite *suite;
	struct held *held;
	const char *prefix;
};

static void take(void *to, const struct gpu_case *c)
{
	const struct taker *k = to;
	struct timed_case *t = mem_new(1, sizeof *t);
	t->c = *c;
	t->held = k->held;
	t->held->holders++;
	snprintf(t->kernel, sizeof t->kernel, "%s_%s", k->prefix, c->kernel);
	struct bench_case b = {
		.kernel = t->kernel,
		.keys = c->keys,
		.threads = 1,
		.pages = "",
		.flops = c->flops,
		.bytes = c->bytes,
		.items = c->items,
		.item = c->item,
		.ctx = t,
		.run = run_once,
		.error = error_of,
		.error_max = c->error_max,
		.free = free_case,
		.device = k->held->gpu->name,
		.device_s = last_s,
	};
	snprintf(b.shape, sizeof b.shape, "%s", c->shape);
	for (size_t i = 0; i < c->keys; i++)
		b.key[i] = (struct bench_key){ c->key[i].name, c->key[i].value };
	suite_add(k->suite, &b);
}

void gpu_add_cases(struct suite *s, struct gpu *g, const char *prefix, gpu_more *more)
{
	struct held *h = mem_new(1, sizeof *h);
	*h = (struct held){ g, 1 };
	struct taker k = { s, h, prefix };
	bool few = suite_quick(s) || g->processor; /* which is measured better without a driver */
	bool good = gpu_cases(g, few, take, &k);
	if (good && more) good = more(g, few, take, &k);
	if (!good) suite_note(s, "%s: %s", g->name, g->fault);
	*g->fault = '\0'; /* told; the cases that there are can still be right */
	let_go(h);
}

/* ---- OpenCL ---- */

static void add_opencl(struct suite *s)
{
	char *said;
	struct gpu *g = opencl_open(suite_device(s), opencl_kernels, &said);
	if (g && suite_quick(s) && g->processor && !suite_device(s)) {
		suite_note(s,
		    "%s: --quick leaves out processors, whose driver compiles for seconds, but for "
		    "the one that --device names",
		    g->name);
		gpu_close(g);
	} else {
		suite_note(s, "%s", said);
		if (g) gpu_add_cases(s, g, "opencl", NULL);
	}
	free(said);
}

const struct bench_group bench_opencl = {
	.name = "opencl",
	.about = "memory, products and attention on a device of OpenCL, timed by its own clock",
	.add = add_opencl,
};
