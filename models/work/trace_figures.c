#include "models/work/trace_figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

#define NS_PER_S 1000000000LL

const int trace_window_s[TRACE_WINDOWS] = { 1, 10, 60 };
const int trace_share_pct[TRACE_SHARES] = { 1, 25, 50, 75, 90, 99, 100 };

static double cv_of(const struct request *r, size_t n)
{
	double sum = 0, squares = 0, gaps = (double)n - 1;
	if (n < 3) return NAN;
	double mean = (double)(r[n - 1].sent_ns - r[0].sent_ns) / gaps;
	if (mean == 0) return NAN;
	for (size_t i = 1; i < n; i++) {
		double off = (double)(r[i].sent_ns - r[i - 1].sent_ns) - mean;
		squares += off * off;
		sum += off;
	}
	return sqrt((squares - sum * sum / gaps) / gaps) / mean;
}

double trace_idc(const struct request *r, size_t n, int64_t end_ns, int64_t window_ns)
{
	int64_t windows = end_ns / window_ns, at = 0;
	double sum = 0, squares = 0, count = 0;
	for (size_t i = 0; i < n && r[i].sent_ns < windows * window_ns; i++) {
		int64_t window = r[i].sent_ns / window_ns;
		if (window != at) {
			squares += count * count;
			count = 0;
			at = window;
		}
		count++;
		sum++;
	}
	squares += count * count;
	if (windows < 2 || sum == 0) return NAN;
	double mean = sum / (double)windows;
	return (squares / (double)windows - mean * mean) / mean;
}

/* The windows begin with the first request, as the span does. */
static void disperse(const struct request *r, size_t n, struct trace_times *f)
{
	int64_t first_ns = r[0].sent_ns, span_ns = r[n - 1].sent_ns - first_ns;
	struct request *moved = mem_new(n, sizeof *moved);
	for (size_t i = 0; i < n; i++) {
		moved[i] = r[i];
		moved[i].sent_ns -= first_ns;
	}
	for (int k = 0; k < TRACE_WINDOWS; k++) {
		f->windows[k] = (size_t)(span_ns / (trace_window_s[k] * NS_PER_S));
		f->idc[k] = trace_idc(moved, n, span_ns, trace_window_s[k] * NS_PER_S);
	}
	free(moved);
}

void trace_times(const struct request *r, size_t n, struct trace_times *f)
{
	int64_t span_ns = r[n - 1].sent_ns - r[0].sent_ns;
	*f = (struct trace_times){ .stamps = 1, .cv = cv_of(r, n) };
	for (size_t i = 1; i < n; i++) f->stamps += r[i].sent_ns != r[i - 1].sent_ns;
	f->rate_hz = span_ns ? (double)n / ((double)span_ns / (double)NS_PER_S) : NAN;
	disperse(r, n, f);
}

static int compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

int32_t *trace_sorted_prompts(const struct trace *t)
{
	int32_t *v = mem_new(t->count, sizeof *v);
	for (size_t i = 0; i < t->count; i++) v[i] = t->request[i].prompt_tokens;
	qsort(v, t->count, sizeof *v, compare);
	return v;
}

int32_t *trace_sorted_outputs(const struct trace *t)
{
	int32_t *v = mem_new(t->count, sizeof *v);
	for (size_t i = 0; i < t->count; i++) v[i] = t->request[i].output_tokens;
	qsort(v, t->count, sizeof *v, compare);
	return v;
}

double trace_quantile(const int32_t *sorted, size_t n, double p)
{
	double at = p * (double)(n - 1);
	size_t low = (size_t)at;
	if (low + 1 >= n) return sorted[n - 1];
	return sorted[low] + (at - (double)low) * (double)(sorted[low + 1] - sorted[low]);
}

static struct trace_lengths lengths_of(int32_t *sorted, size_t n, int64_t sum)
{
	struct trace_lengths l = { .mean = (double)sum / (double)n };
	for (int k = 0; k < TRACE_SHARES; k++)
		l.quantile[k] = trace_quantile(sorted, n, trace_share_pct[k] / 100.0);
	free(sorted);
	return l;
}

/* The prefix blocks met so far: a hash table with open addressing, never more than
 * half full. */
struct seen {
	uint64_t *id; /* plus 1; 0: free */
	size_t mask;
};

/* Adds an id; false when it was there. */
static bool see(struct seen *s, uint64_t id)
{
	size_t at = (size_t)rng_mix(id) & s->mask;
	for (; s->id[at]; at = (at + 1) & s->mask)
		if (s->id[at] == id + 1) return false;
	s->id[at] = id + 1;
	return true;
}

/* Only a prompt's leading blocks can be reused: behind the first that is new, a known
 * one stands on other ground. */
static size_t hits_of(const struct trace *t)
{
	struct seen s = { .mask = 1 };
	size_t hits = 0;
	while (s.mask < 2 * t->prefixes) s.mask = 2 * s.mask + 1;
	s.id = mem_new(s.mask + 1, sizeof *s.id);
	for (size_t i = 0; i < t->count; i++) {
		const struct request *r = &t->request[i];
		bool leading = true;
		for (uint32_t k = 0; k < r->prefix_count; k++) {
			leading &= !see(&s, t->prefix[r->prefix_first + k]);
			hits += leading;
		}
	}
	free(s.id);
	return hits;
}

void trace_figures(const struct trace *t, struct trace_figures *f)
{
	*f = (struct trace_figures){
		.requests = t->count,
		.span_s = (double)t->span_ns / (double)NS_PER_S,
		.prompt = lengths_of(trace_sorted_prompts(t), t->count, t->prompt_tokens),
		.output = lengths_of(trace_sorted_outputs(t), t->count, t->output_tokens),
		.blocks = t->prefixes,
		.hits = hits_of(t),
	};
	trace_times(t->request, t->count, &f->times);
}
