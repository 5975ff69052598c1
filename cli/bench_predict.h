/* hearth bench --predict MODEL: predicted and measured, side by side. */
#ifndef HEARTH_CLI_BENCH_PREDICT_H
#define HEARTH_CLI_BENCH_PREDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/table.h"

struct bench_predict {
	const char *model;                /* a row of the catalogue */
	const char *const *weights;       /* f32, q8, q4; none: all three */
	size_t formats;
	const char *from;                 /* a bench file; NULL: the kernels are measured first */
	const char *output;               /* where that file is to be kept; NULL: nowhere */
	int threads;                      /* 0: the most in the file */
	int rounds;                       /* of kernels (without `from`) and decoder, in turns */
	bool quick, force;
	bool measure;                     /* the decoder, too */
	enum table_form form;
};

/* NULL, or why the word is no format that can be predicted. */
const char *bench_predict_refuse(const char *weights);

/* A status for the shell. */
int bench_predict(const struct bench_predict *p, struct err_list *e);

#endif
