/* A node put together from rows of the catalogue, without a scenario. */
#ifndef HEARTH_BENCH_BED_H
#define HEARTH_BENCH_BED_H

#include <stdbool.h>

#include "base/err.h"
#include "models/compute/iteration.h"
#include "models/compute/node.h"

/* An H100 and a Llama 2 of 70e9 parameters, figures as the catalogue had them when they were
 * written here: for what must stay the same work when the catalogue learns better. */
extern const struct device_par bed_h100;
extern const struct llm_par bed_llama_70b;

struct bed {
	struct device_par device;
	struct llm_par model;
	struct engine_par engine;
	struct object objects[3];
	struct node_par node; /* refers to the above: do not copy a bed */
};

/* The row of that class and name in the catalogues (linked by next); NULL with an
 * entry in e when there is none. */
const struct object *bed_row(
    const struct object *catalogue, const struct class *cls, const char *name, struct err_list *e);

/* One device of that name with that model and engine, fp16 weights. False with
 * entries in e when the catalogue lacks one. */
bool bed_init(struct bed *b, const struct object *catalogue, const char *device, const char *model,
    const char *engine, struct err_list *e);

/* The same of parameters that stand in no catalogue. */
void bed_put(struct bed *b, const struct device_par *device, const struct llm_par *model,
    const struct engine_par *engine);

/* What a data sheet alone gives: kernels at the peak rates, a sharp roofline, no
 * fixed time, software that takes no time. The bar for fitted constants. */
void bed_plain(struct bed *b);

#endif
