/* Traces of requests: who asked for how much, and when.
 *
 * Three forms, told apart by what is in the file:
 *
 *   hearth    CSV: arrival_s, prompt_tokens, output_tokens and, if wanted, origin (number of
 *             the home that asks from 0, or "outside") and priority (-128 to 127, smaller
 *             first, 0 when empty); lines that begin with # are remarks
 *   Azure     CSV: TIMESTAMP, ContextTokens, GeneratedTokens (Patel et al. 2024, "Splitwise:
 *             efficient generative LLM inference using phase splitting", ISCA); time stamps
 *             with up to nine digits of a second
 *   Mooncake  JSON lines: timestamp in ms, input_length, output_length, hash_ids, one id for
 *             each block of 512 prompt tokens (Qin et al. 2025, "Mooncake: trading more
 *             storage for less computation", FAST)
 *
 * Azure and Mooncake times count from the first request. Mooncake's stamps come
 * in steps of about 3 s; the k requests of one stamp t are put at t, t + step/k,
 * t + 2 step/k, ..., where step is the smallest gap between two stamps: left as
 * they are, the bursts would be an artefact of the logging (trace_read_stamped leaves
 * them, for those who want to look at the logging). Requests that are
 * not in order of time are sorted, with a warning.
 *
 * A request has at least one token of prompt and one of output. Rows of the
 * recorded forms (Azure, Mooncake) without output, aborted before the first token,
 * count as 1 token, with a warning that says how many there were. */
#ifndef HEARTH_MODELS_WORK_TRACE_H
#define HEARTH_MODELS_WORK_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/err.h"
#include "models/work/request.h"

enum {
	TRACE_TOKENS_MAX = 10000000, /* of a prompt or an output: ten times the longest contexts */
	TRACE_BYTES_MAX = INT32_MAX, /* of a file: lines and prefix blocks can be numbered */
	TRACE_FAULTS_MAX = 1000,     /* reading stops after that many faulty rows */
	TRACE_BLOCK_TOKENS = 512,    /* of a Mooncake prefix block */
};

/* Latest arrival, s: a century; nanoseconds in 64 bits end at 9.2e9 s. */
#define TRACE_TIME_MAX_S 3200000000

enum trace_format { TRACE_HEARTH, TRACE_AZURE, TRACE_MOONCAKE };

struct trace {
	struct request *request; /* in order of sent_ns, then of the file */
	size_t count;            /* at least 1 */
	uint64_t *prefix;        /* ids of prefix blocks; equal leading ids: KV cache to reuse */
	size_t prefixes;
	enum trace_format format;
	char *name;                           /* of the file, without its folder */
	char sha256[DIGEST_SIZE];             /* of the file's bytes */
	int64_t span_ns;                      /* from the first request to the last */
	int64_t step_ns;                      /* Mooncake: of its stamps; else 0 */
	int64_t prompt_tokens, output_tokens; /* of all */
};

/* Reads a file. Every faulty row is put on the list with its line and a remedy;
 * false when there was one, *t then holds nothing to be freed. */
bool trace_read(const char *path, struct trace *t, struct err_list *e);

/* The same for the text of a file, size <= TRACE_BYTES_MAX; text[size] must be a NUL.
 * The text is changed and stays the caller's; path names it in messages and is kept
 * by e. */
bool trace_parse(const char *path, char *text, size_t size, struct trace *t, struct err_list *e);

/* The same with times as they were stamped. */
bool trace_read_stamped(const char *path, struct trace *t, struct err_list *e);

/* Spreads the requests of each stamp of the given step, as above. */
void trace_spread(struct request *r, size_t n, int64_t step_ns);

void trace_fini(struct trace *t);

/* Writes requests in hearth's own form, to the nanosecond; with a column origin
 * when any request comes from a home and one priority when any has another than 0.
 * remark (may be NULL) becomes leading lines that begin with "# ". */
void trace_write(const struct request *r, size_t n, const char *remark, FILE *out);

/* Writes a trace in any form; what is read of it are requests and prefix blocks. Forms
 * that know no remarks leave it out. */
void trace_write_as(const struct trace *t, enum trace_format format, const char *remark,
    FILE *out);

/* What of t the form cannot hold, one entry for each kind of loss. */
struct trace_loss {
	const char *what; /* "prefix blocks"; NULL: no further */
	size_t requests;  /* that have some */
};
enum { TRACE_LOSSES = 5 }; /* with the NULL */
void trace_losses(const struct trace *t, enum trace_format format,
    struct trace_loss loss[TRACE_LOSSES]);

#endif
