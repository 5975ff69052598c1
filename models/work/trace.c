#include "models/work/trace.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "models/work/trace_rows.h"

static struct err_pos here(const struct trace_rows *b, int line, int col)
{
	return (struct err_pos){ b->path, line, col };
}

void trace_fault(struct trace_rows *b, int col, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	err_at(b->e, here(b, b->line, col), "%s", text);
	if (b->faulty_line != b->line) b->faults++;
	b->faulty_line = b->line;
}

bool trace_goes_on(struct trace_rows *b)
{
	if (b->faults < TRACE_FAULTS_MAX) return true;
	err_at(b->e, here(b, b->line, 0),
	    "reading stopped after %d faulty rows; repair these first", b->faults);
	return false;
}

static bool check_tokens(struct trace_rows *b, int col, const char *name, int64_t n)
{
	if (n >= 1 && n <= TRACE_TOKENS_MAX) return true;
	trace_fault(b, col, "%s is %lld; write a number from 1 to %d", name, (long long)n,
	    TRACE_TOKENS_MAX);
	return false;
}

struct request *trace_add(struct trace_rows *b, const struct trace_row *row)
{
	struct trace *t = b->t;
	int64_t output = row->output;
	if (output == 0 && t->format != TRACE_HEARTH) {
		if (!b->empty++) b->empty_line = b->line;
		output = 1;
	}
	bool good = check_tokens(b, row->prompt_col, row->prompt_name, row->prompt);
	good &= check_tokens(b, row->output_col, row->output_name, output);
	if (!good || b->faulty_line == b->line) return NULL;
	if (t->count && row->time_ns < t->request[t->count - 1].sent_ns && !b->unsorted_line)
		b->unsorted_line = b->line;
	t->request = mem_grow(t->request, t->count, &b->cap, sizeof *t->request);
	struct request *r = &t->request[t->count++];
	*r = (struct request){ row->time_ns, (int32_t)row->prompt, (int32_t)output, row->origin,
		(uint32_t)t->prefixes, 0, row->priority };
	return r;
}

void trace_add_prefix(struct trace_rows *b, uint64_t id)
{
	struct trace *t = b->t;
	t->prefix = mem_grow(t->prefix, t->prefixes, &b->prefix_cap, sizeof *t->prefix);
	t->prefix[t->prefixes++] = id;
	t->request[t->count - 1].prefix_count++;
}

struct rank {
	int64_t sent_ns;
	size_t place; /* in the file */
};

static int compare(const void *pa, const void *pb)
{
	const struct rank *a = pa, *b = pb;
	if (a->sent_ns != b->sent_ns) return a->sent_ns < b->sent_ns ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

static void sort(struct trace *t)
{
	struct rank *rank = mem_new(t->count, sizeof *rank);
	struct request *sorted = mem_new(t->count, sizeof *sorted);
	for (size_t i = 0; i < t->count; i++) rank[i] = (struct rank){ t->request[i].sent_ns, i };
	qsort(rank, t->count, sizeof *rank, compare);
	for (size_t i = 0; i < t->count; i++) sorted[i] = t->request[rank[i].place];
	free(t->request);
	free(rank);
	t->request = sorted;
}

/* The smallest gap between two stamps; 0 when there is one only, of which nothing
 * tells the width. */
static int64_t step_of(const struct request *r, size_t n)
{
	int64_t step = INT64_MAX;
	for (size_t i = 1; i < n; i++) {
		int64_t gap = r[i].sent_ns - r[i - 1].sent_ns;
		if (gap > 0 && gap < step) step = gap;
	}
	return step == INT64_MAX ? 0 : step;
}

void trace_spread(struct request *r, size_t n, int64_t step)
{
	for (size_t i = 0, k; i < n; i += k) {
		int64_t stamp = r[i].sent_ns;
		for (k = 1; i + k < n && r[i + k].sent_ns == stamp; k++) continue;
		for (size_t j = 0; j < k; j++)
			r[i + j].sent_ns = stamp + (int64_t)j * (step / (int64_t)k);
	}
}

static void warn(const struct trace_rows *b)
{
	if (b->unsorted_line)
		err_warn(b->e, here(b, b->unsorted_line, 0),
		    "earlier than the row before; the requests were sorted by time");
	if (b->empty)
		err_warn(b->e, here(b, b->empty_line, 0),
		    "no output tokens, as in %zu rows from here on; read as 1 token each",
		    b->empty);
}

/* Sorted, spread, counted from the first, with totals. */
static void finish(struct trace_rows *b)
{
	struct trace *t = b->t;
	if (b->unsorted_line) sort(t);
	int64_t first = t->request[0].sent_ns;
	if ((t->request[t->count - 1].sent_ns - first) / 1000000000 >= TRACE_TIME_MAX_S)
		err_at(b->e, here(b, 0, 0),
		    "the last request comes a century after the first; check the "
		    "times");
	for (size_t i = 0; i < t->count; i++) {
		struct request *r = &t->request[i];
		if (t->format != TRACE_HEARTH) r->sent_ns -= first;
		t->prompt_tokens += r->prompt_tokens;
		t->output_tokens += r->output_tokens;
	}
	if (t->format == TRACE_MOONCAKE) t->step_ns = step_of(t->request, t->count);
	if (t->step_ns && !b->stamped) trace_spread(t->request, t->count, t->step_ns);
	t->span_ns = t->request[t->count - 1].sent_ns - t->request[0].sent_ns;
	warn(b);
}

/* What a file that is no text is called by its first bytes. */
static const char *packed_as(const char *text, size_t size)
{
	static const struct {
		const char *magic, *what;
	} kinds[] = {
		{ "\037\213", "compressed (gzip); unpack it first" },
		{ "\050\265\057\375", "compressed (zstd); unpack it first" },
		{ "\3757zXZ", "compressed (xz); unpack it first" },
		{ "PAR1", "a Parquet file; write it as CSV first" },
		{ "\377\376", "UTF-16 text; save it as UTF-8" },
		{ "\376\377", "UTF-16 text; save it as UTF-8" },
		{ "version https://git-lfs", "a Git LFS pointer; fetch the file itself" },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t n = strlen(kinds[i].magic);
		if (size >= n && !memcmp(text, kinds[i].magic, n)) return kinds[i].what;
	}
	return NULL;
}

/* The first byte that matters: past a byte order mark, spaces and remarks. */
static char first_byte(const char *p, const char *end)
{
	if (end - p >= 3 && !memcmp(p, "\357\273\277", 3)) p += 3;
	while (p < end) {
		if (!*p || !strchr(" \t\r\n#", *p)) return *p;
		if (*p != '#') {
			p++;
			continue;
		}
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		p = feed ? feed + 1 : end;
	}
	return '\0';
}

static bool parse(const char *path, char *text, size_t size, bool stamped, struct trace *t,
    struct err_list *e)
{
	struct trace_rows b = { .t = t, .path = path, .stamped = stamped, .e = e };
	size_t before = err_count(e);
	const char *slash = strrchr(path, '/'), *packed = packed_as(text, size);
	char first = first_byte(text, text + size);
	*t = (struct trace){ .name = mem_text(slash ? slash + 1 : path) };
	digest_bytes(text, size, t->sha256);
	assert(size <= TRACE_BYTES_MAX);
	if (packed)
		err_at(e, here(&b, 0, 0), "no trace of requests: it is %s", packed);
	else if (first == '{' || first == '[')
		trace_read_mooncake(&b, text, size);
	else
		trace_read_csv(&b, text, size);
	if (!t->count && err_count(e) == before)
		err_at(e, here(&b, 0, 0),
		    "no requests; a trace has at least one row after its header");
	if (err_count(e) == before) finish(&b);
	if (err_count(e) > before) trace_fini(t);
	return err_count(e) == before;
}

bool trace_parse(const char *path, char *text, size_t size, struct trace *t, struct err_list *e)
{
	return parse(path, text, size, false, t, e);
}

static bool read_file(const char *path, bool stamped, struct trace *t, struct err_list *e)
{
	size_t size;
	char *text = file_read(path, TRACE_BYTES_MAX, &size, e);
	if (!text) {
		*t = (struct trace){ 0 };
		return false;
	}
	bool good = parse(path, text, size, stamped, t, e);
	free(text);
	return good;
}

bool trace_read(const char *path, struct trace *t, struct err_list *e)
{
	return read_file(path, false, t, e);
}

bool trace_read_stamped(const char *path, struct trace *t, struct err_list *e)
{
	return read_file(path, true, t, e);
}

void trace_fini(struct trace *t)
{
	free(t->request);
	free(t->prefix);
	free(t->name);
	*t = (struct trace){ 0 };
}
