/* The inside of a layer table, for layer_table.c (which asks it) and
 * layer_table_read.c (which fills it). */
#ifndef HEARTH_MODELS_COMPUTE_LAYER_TABLE_READ_H
#define HEARTH_MODELS_COMPUTE_LAYER_TABLE_READ_H

#include "models/compute/layer_grid.h"
#include "models/compute/layer_table.h"

/* name in the file, times it runs in a layer, times it runs in an iteration */
#define LAYER_DENSE_LIST(X) \
	X("qkv_proj", 1, 0) \
	X("rotary_emb", 1, 0) \
	X("o_proj", 1, 0) \
	X("gate_up_proj", 1, 0) \
	X("act_fn", 1, 0) \
	X("down_proj", 1, 0) \
	X("layernorm", 2, 0) \
	X("embedding", 0, 1) \
	X("final_layernorm", 0, 1)
#define LAYER_ROWS_LIST(X) \
	X("lm_head") \
	X("sampler")

enum {
#define X(name, layer, once) +1
	LAYER_DENSE = 0 LAYER_DENSE_LIST(X),
#undef X
#define X(name) +1
	LAYER_ROWS = 0 LAYER_ROWS_LIST(X),
#undef X
};

struct curve {
	struct axis axis;
	double *s;
	size_t cap;
};

enum { BY_CHUNK, BY_BEFORE, BY_REQUESTS, BY_CONTEXT };

struct layer_table {
	struct curve dense[LAYER_DENSE], rows[LAYER_ROWS];
	struct grid decode, prefill;
	struct grid mixed; /* above the two parts */
	double call_s;     /* the smallest prefill */
};

double curve_at(const struct curve *v, double at);

#endif
