/* Any bytes as a trace file: no crash, no leak, and what is accepted is sound
 * and reads the same after being written.
 *
 *     ./configure CC=clang --enable-fuzz && make tests/fuzz/fuzz_trace
 *     tests/fuzz/fuzz_trace -max_len=4096 -max_total_time=60 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/work/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds) abort();
}

static bool parse(const char *text, size_t size, struct trace *t)
{
	char *copy = mem_text_n(text, size);
	struct err_list *e = err_new();
	bool good = trace_parse("fuzz.csv", copy, size, t, e);
	must(good == (err_count(e) == 0));
	err_free(e);
	free(copy);
	return good;
}

static void check(const struct trace *t)
{
	must(t->count > 0);
	for (size_t i = 0; i < t->count; i++) {
		const struct request *r = &t->request[i];
		must(r->sent_ns >= (i ? t->request[i - 1].sent_ns : 0));
		must(r->prompt_tokens >= 1 && r->prompt_tokens <= TRACE_TOKENS_MAX);
		must(r->output_tokens >= 1 && r->output_tokens <= TRACE_TOKENS_MAX);
		must((size_t)r->prefix_first + r->prefix_count <= t->prefixes);
	}
}

static void check_again(const struct trace *t)
{
	char *text;
	size_t size;
	struct trace again;
	FILE *f = open_memstream(&text, &size);
	trace_write(t->request, t->count, "again", f);
	fclose(f);
	must(parse(text, size, &again));
	must(again.count == t->count);
	must(again.prompt_tokens == t->prompt_tokens && again.output_tokens == t->output_tokens);
	trace_fini(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace t;
	if (!parse((const char *)data, size, &t)) return 0;
	check(&t);
	check_again(&t);
	trace_fini(&t);
	return 0;
}
