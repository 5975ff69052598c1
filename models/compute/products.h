/* What the matrix products of a model take on a node's device, by its rates alone.
 *
 * A device whose cache keeps weights from one token to the next has two times for each: with
 * all weights from the memory, and less with all of them found in the cache. When a share h
 * of them is found (streamed.h) it takes h times that less, which is exact where bytes bind
 * both times or arithmetic does; where arithmetic binds one of them it is a little too long. */
#ifndef HEARTH_MODELS_COMPUTE_PRODUCTS_H
#define HEARTH_MODELS_COMPUTE_PRODUCTS_H

#include "models/compute/node.h"

struct products {
	double *layers_s, *layers_saved_s; /* all layers with their rest, by tokens from 0 */
	double *head_s, *head_saved_s;     /* by rows from 0; saved: in the cache, of it */
	double *weight_bytes;              /* by tokens: weights read, head included */
	double *padding_flops;             /* by tokens: of rows that kernels for experts add */
	double token_flops, head_flops;    /* of a token, of a row */
	int64_t tokens, rows;              /* the most */
};

/* tokens, rows >= 1. */
void products_init(struct products *q, const struct node_par *p, int64_t tokens, int64_t rows);
void products_fini(struct products *q);

/* From now on as though nothing could be found in the cache. */
void products_forget_cache(struct products *q);

#endif
