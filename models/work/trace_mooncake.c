#include <math.h>
#include <stdlib.h>

#include "base/jsonl.h"
#include "base/mem.h"
#include "models/work/trace_rows.h"

#define STAMP_MS_MAX 4e12 /* the year 2096 as milliseconds since 1970 */

/* The whole number of that key; reports what is wrong and gives 1. */
static int64_t read_tokens(struct trace_rows *b, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	if (json_is_integer(v)) return json_integer_value(v);
	trace_fault(b, 0,
	    v ? "\"%s\" is no whole number; write tokens as digits, such as 129"
	      : "\"%s\" is missing; add it",
	    key);
	return 1;
}

static int64_t read_time(struct trace_rows *b, const json_t *o)
{
	const json_t *v = json_object_get(o, "timestamp");
	double ms = json_is_number(v) ? json_number_value(v) : -1;
	if (ms >= 0 && ms <= STAMP_MS_MAX) return llround(ms * 1e6);
	trace_fault(b, 0,
	    v ? "\"timestamp\" is no time; write milliseconds, 0 or more"
	      : "\"timestamp\" is missing; add it");
	return 0;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* An id stands for its block and all before it, so that no prompt has it twice. */
static void check_distinct(struct trace_rows *b, const json_t *ids)
{
	size_t n = json_array_size(ids);
	int64_t *id = mem_new(n, sizeof *id);
	for (size_t i = 0; i < n; i++) id[i] = json_integer_value(json_array_get(ids, i));
	qsort(id, n, sizeof *id, ascending);
	for (size_t i = 1; i < n; i++) {
		if (id[i] != id[i - 1]) continue;
		trace_fault(b, 0,
		    "\"hash_ids\" has %lld twice; give each block an id that stands for it and "
		    "all before it",
		    (long long)id[i]);
		break;
	}
	free(id);
}

/* The ids of the prompt's blocks, or NULL when there are none that can be used. */
static const json_t *read_blocks(struct trace_rows *b, const json_t *o, int64_t prompt)
{
	const json_t *ids = json_object_get(o, "hash_ids");
	if (!ids) return NULL;
	int64_t n = (int64_t)json_array_size(ids),
		room = (prompt + TRACE_BLOCK_TOKENS - 1) / TRACE_BLOCK_TOKENS;
	if (!json_is_array(ids))
		trace_fault(b, 0, "\"hash_ids\" is no list; write [id, ...]");
	else if (n > room)
		trace_fault(b, 0,
		    "\"hash_ids\" has %lld ids where %lld tokens have %lld blocks of %d",
		    (long long)n, (long long)prompt, (long long)room, TRACE_BLOCK_TOKENS);
	for (int64_t i = 0; i < n; i++) {
		const json_t *id = json_array_get(ids, (size_t)i);
		if (json_is_integer(id) && json_integer_value(id) >= 0) continue;
		trace_fault(b, 0, "\"hash_ids\" has an entry that is no whole number from 0");
		return NULL;
	}
	check_distinct(b, ids);
	return ids;
}

static void read_row(struct trace_rows *b, const json_t *o)
{
	struct trace_row row = { .origin = ORIGIN_OUTSIDE,
		.prompt_name = "\"input_length\"",
		.output_name = "\"output_length\"" };
	row.time_ns = read_time(b, o);
	row.prompt = read_tokens(b, o, "input_length");
	row.output = read_tokens(b, o, "output_length");
	bool counted = json_is_integer(json_object_get(o, "input_length")) &&
	    row.prompt >= 1 && row.prompt <= TRACE_TOKENS_MAX;
	const json_t *ids = counted ? read_blocks(b, o, row.prompt) : NULL;
	if (!trace_add(b, &row)) return;
	for (size_t i = 0; i < json_array_size(ids); i++)
		trace_add_prefix(b, (uint64_t)json_integer_value(json_array_get(ids, i)));
}

void trace_read_mooncake(struct trace_rows *b, const char *text, size_t size)
{
	struct jsonl j;
	enum jsonl_result r;
	b->t->format = TRACE_MOONCAKE;
	jsonl_init(&j, text, size);
	while ((r = jsonl_next(&j)) != JSONL_END && trace_goes_on(b)) {
		b->line = j.line;
		if (r == JSONL_FAULT)
			trace_fault(b, j.col, "%s; write one JSON object a line", j.why);
		else
			read_row(b, j.object);
	}
	jsonl_fini(&j);
}
