/* Rows of whole models as llama-bench -o jsonl writes them (github.com/ggml-org/llama.cpp), an
 * object a line, for tools that read those: hearth calibrate llama-bench is one.
 *
 * A row is of a whole model when it has the keys "n_prompt" or "n_gen" (tokens of a call; the
 * other one is 0), "model_n_params" and "model_size" (bytes); "n_depth" is the tokens that
 * were there before. */
#ifndef HEARTH_BENCH_SUITE_LLAMA_LINES_H
#define HEARTH_BENCH_SUITE_LLAMA_LINES_H

#include <stdbool.h>

#include "base/err.h"
#include "bench/suite/record.h"

bool llama_is_line(const struct bench_row *r);

/* "" when no row is of a whole model; the caller frees. */
char *llama_lines_text(const struct bench_file *f);

/* Complete or not at all. False with an entry in e; also when there is no such row. */
bool llama_lines_write(const char *path, const struct bench_file *f, struct err_list *e);

#endif
