/* How an engine ran that left lines of llama-bench or llama-batched-bench (-o jsonl,
 * --output-format jsonl; github.com/ggml-org/llama.cpp): what must be the same in all lines
 * of an anchor, and what must fit the machine that it is an anchor on. */
#ifndef HEARTH_BENCH_ANCHOR_RUN_H
#define HEARTH_BENCH_ANCHOR_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

struct anchor_run {
	char commit[48]; /* "build_commit"; "" where no line tells it, */
	char date[48];   /* "test_time" of the first line; "" likewise */
	int build;       /* "build_number"; 0 likewise */
	int64_t chunk;   /* "n_ubatch": tokens computed together; 512 likewise */
	int kv;          /* "type_k", enum kv_values; fp16 likewise */
	char sha256[DIGEST_SIZE];
};

/* False with entries in e: a line disagrees with one before it, ran on another processor, on
 * a GPU or with other threads, or is none. cpu: the processor's name, as the kernel has it. */
bool anchor_run_read(
    struct anchor_run *r, const char *path, const char *cpu, int threads, struct err_list *e);

#endif
