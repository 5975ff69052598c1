#include "models/compute/progress.h"

#include <math.h>

#include "models/compute/node.h"

struct factors {
	double compute, memory, idle;
};

static void grow_rates(struct device_par *d, const struct factors *f)
{
	d->fp16_flops_s *= f->compute;
	d->fp32_flops_s *= f->compute;
	d->fp8_flops_s *= f->compute;
	d->int8_flops_s *= f->compute;
	d->attention_flops_s *= f->compute;
	for (int i = 0; i < KERNELS; i++) {
		d->kernel[i].flops_s *= f->compute;
		d->kernel[i].vector_flops_s *= f->compute;
	}
	d->bandwidth_bytes_s *= f->memory;
	d->cache_bytes_s *= f->memory;
	d->synapse_s /= f->memory;
}

/* The constants are written out: those by the rules of power_init are shares of a thermal
 * design power that falls with them. */
static void shrink_power(struct power_par *p, const struct factors *f)
{
	struct power_par util = *p;
	util.form = POWER_UTIL;
	struct power w = power_init(&util);
	double still_w = fmin(w.base_w, p->idle_w);
	p->base_w = still_w + (w.base_w - still_w) / f->compute;
	p->bw_w = w.bw_w / f->memory;
	p->fl_w = w.fl_w / f->compute;
	double all = (p->base_w + p->bw_w + p->fl_w) / (w.base_w + w.bw_w + w.fl_w);
	p->max_w = fmax(all * w.max_w, p->base_w);
	p->cap_floor_w = all * w.cap_floor_w;
	p->tdp_w *= all;
	p->prompt_w /= f->compute;
	p->token_w /= f->memory;
}

/* What working adds to it stays. */
static void shrink_idle(struct power_par *p, double idle)
{
	struct power_par util = *p;
	util.form = POWER_UTIL;
	double base_w = power_init(&util).base_w, still_w = fmin(base_w, p->idle_w);
	p->base_w = base_w - still_w * (1 - 1 / idle);
	p->idle_w /= idle;
	p->unloaded_w /= idle;
}

void device_progress(struct device_par *d, const struct progress_par *p)
{
	double years = (double)(p->year - d->year);
	struct factors f = { pow(1 + p->compute_frac, years), pow(1 + p->memory_frac, years),
		pow(1 + p->idle_frac, years) };
	if (years <= 0) return;
	if (p->gain == GAIN_RATE)
		grow_rates(d, &f);
	else
		shrink_power(&d->power, &f);
	if (p->idle_frac != 0) shrink_idle(&d->power, f.idle);
	d->year = p->year;
}

/* The next node of a scenario behind `node` in its homes and data centres; NULL: the first. */
static const struct object *next_node(const struct object *scenario, const struct object *node)
{
	const struct object *site = node ? node->parent->next : scenario->child;
	if (node && object_next(node)) return object_next(node);
	for (; site; site = site->next) {
		const struct object *first = object_child(site, &node_class);
		if (first) return first;
	}
	return NULL;
}

void progress_apply(const struct object *scenario)
{
	const struct object *o = object_child(scenario, &progress_class);
	if (!o) return;
	for (const struct object *n = next_node(scenario, NULL); n; n = next_node(scenario, n)) {
		const struct object *device = ((const struct node_par *)n->par)->device;
		if (device) device_progress(device->par, o->par);
	}
}

static const struct attr attrs[] = {
	ATTR_INT(struct progress_par, year, "year", REQUIRED, 1990, 2100,
	    "year that all devices are of"),
	ATTR_ENUM(struct progress_par, gain, "gain", "rate", GAIN_WORDS,
	    "rate: they do more at the same power; power: the same at less"),
	ATTR_QTY(struct progress_par, compute_frac, "compute-growth", DIM_FRACTION, "19.9 %", -0.5,
	    2, "growth of arithmetic a watt, a year; the fit's interval is 16.4 to 23.4 %"),
	ATTR_QTY(struct progress_par, memory_frac, "memory-growth", DIM_FRACTION, "17.9 %", -0.5, 2,
	    "growth of memory bandwidth a watt, a year; 14.3 to 21.6 %"),
	ATTR_QTY(struct progress_par, idle_frac, "idle-growth", DIM_FRACTION, "0 %", -0.5, 2,
	    "fall of idle power a year, as the growth of its inverse"),
	ATTR_END,
};

static void check_node(const struct object *o, const struct object *node, struct err_list *e)
{
	const struct progress_par *p = o->par;
	const struct node_par *n = node->par;
	if (!n->device) return; /* a chip, which stays as it is, or reported */
	const struct device_par *d = n->device->par;
	if (d->year == 0)
		err_at(e, object_attr_pos(node, "device"),
		    "progress: device %s has no year=, from which on it would get better; give it "
		    "one or take another device",
		    d->name);
	if (d->year > p->year)
		err_at(e, object_attr_pos(o, "year"),
		    "progress: device %s is of %lld; write a year= no earlier, or take an older "
		    "device",
		    d->name, (long long)d->year);
	if (p->gain == GAIN_POWER && d->power.form == POWER_TABLE)
		err_at(e, object_attr_pos(o, "gain"),
		    "progress: device %s has power-model=\"table\", whose powers are measured; "
		    "write gain=\"rate\" or another power-model",
		    d->name);
}

static void check(const struct object *o, struct err_list *e)
{
	const struct object *n = next_node(o->parent, NULL);
	for (; n; n = next_node(o->parent, n)) check_node(o, n, e);
}

const struct class progress_class = {
	.element = "progress",
	.parents = "scenario",
	.max = 1,
	.about = "Makes the devices of all nodes ones of a later year: arithmetic and memory get "
		 "more efficient, each at its own pace.",
	.par_size = sizeof(struct progress_par),
	.attrs = attrs,
	.check = check,
};
