/* An engine on this machine, anchored to what it was measured to do here.
 *
 * The kernels that a bench file has are hearth's own; another engine's reach a share of their
 * rates that belongs to its code and its build. From lines of llama-bench and
 * llama-batched-bench, robust least squares (fit.h) on what the simulator's iteration model
 * makes of the host's device gives
 *   decode-share   where a line decodes,
 *   prompt-share   where a line is of a prompt,
 *   layer-time     where lines decode with several models,
 *   sequence-time  where lines decode with several numbers of requests;
 * times only where there are more places measured than constants, and where the fit
 * identifies them: else layer-time stays the decoder's and sequence-time 0. One line gives
 * one ratio. All lines are of one format of weights: kernels of another have other shares. */
#ifndef HEARTH_BENCH_ANCHOR_H
#define HEARTH_BENCH_ANCHOR_H

#include "bench/anchor_run.h"
#include "bench/host.h"
#include "bench/singles.h"

#define ANCHOR_LIST(X)                                                                             \
	X(ANCHOR_DECODE, "decode-share", DIM_FRACTION, decode_share)                               \
	X(ANCHOR_PROMPT, "prompt-share", DIM_FRACTION, prompt_share)                               \
	X(ANCHOR_LAYER, "layer-time", DIM_TIME, layer_s)                                           \
	X(ANCHOR_SEQUENCE, "sequence-time", DIM_TIME, sequence_s)

enum anchor_id {
#define X(id, name, dim, member) id,
	ANCHOR_LIST(X)
#undef X
	    ANCHOR_CONSTANTS
};

struct anchor {
	char name[96]; /* of the engine: "anchor-b4748-q4" */
	struct anchor_run run;
	struct singles singles;   /* what was measured, and its nodes */
	struct engine_par engine; /* its name is the above: do not copy an anchor */
	/* Shares: the interval has the middle 90 % of what the samples give one by one; times:
	 * 1.645 standard errors. NAN: of one sample. rows 0: not fitted. */
	struct host_constant constant[ANCHOR_CONSTANTS];
	double *before_s, *after_s; /* predictions of each single: by the kernels alone, anchored */
};

struct anchor_source {
	const char *path;
	const char *cpu;                /* of the bench file */
	const struct object *catalogue; /* of models */
	const char *model;              /* NULL: by the number of parameters */
	int weights;                    /* of llama-batched-bench, enum weights; -1: not said */
};

extern const struct constant_kind anchor_kind[ANCHOR_CONSTANTS]; /* of struct engine_par */

/* False with entries in e. Give *a to anchor_fini in either case. */
bool anchor_of(
    struct anchor *a, const struct host *h, const struct anchor_source *s, struct err_list *e);
void anchor_fini(struct anchor *a);

/* Tokens a second of all requests of a single that takes so long. */
double anchor_rate(const struct single *r, double time_s);

#endif
