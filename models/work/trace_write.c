#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "models/work/trace.h"

#define NS_PER_S  1000000000LL
#define NS_PER_MS 1000000LL

/* Where Azure's times begin when written: the form wants a date, and none is kept. */
#define AZURE_DAY_UTC_S 946684800LL /* 2000-01-01 */

static void write_remark(const char *remark, FILE *out)
{
	while (*remark) {
		int n = (int)strcspn(remark, "\n");
		fprintf(out, "# %.*s\n", n, remark);
		remark += n + (remark[n] == '\n');
	}
}

/* Seconds with as many digits as there are, at least one after the point. */
static void write_time(int64_t ns, FILE *out)
{
	char digits[24];
	int n = 9;
	snprintf(digits, sizeof digits, "%09lld", (long long)(ns % 1000000000));
	while (n > 1 && digits[n - 1] == '0') n--;
	fprintf(out, "%lld.%.*s", (long long)(ns / 1000000000), n, digits);
}

void trace_write(const struct request *r, size_t n, const char *remark, FILE *out)
{
	bool homes = false, priorities = false;
	for (size_t i = 0; i < n; i++) {
		homes |= r[i].origin != ORIGIN_OUTSIDE;
		priorities |= r[i].priority != 0;
	}
	if (remark) write_remark(remark, out);
	fprintf(out, "arrival_s,prompt_tokens,output_tokens%s%s\n", homes ? ",origin" : "",
	    priorities ? ",priority" : "");
	for (size_t i = 0; i < n; i++) {
		write_time(r[i].sent_ns, out);
		fprintf(out, ",%ld,%ld", (long)r[i].prompt_tokens, (long)r[i].output_tokens);
		if (homes && r[i].origin == ORIGIN_OUTSIDE)
			fputs(",outside", out);
		else if (homes)
			fprintf(out, ",%lu", (unsigned long)r[i].origin);
		if (priorities) fprintf(out, ",%d", r[i].priority);
		fputc('\n', out);
	}
}

static void write_azure(const struct request *r, size_t n, FILE *out)
{
	fputs("TIMESTAMP,ContextTokens,GeneratedTokens\n", out);
	for (size_t i = 0; i < n; i++) {
		char text[32];
		struct tm tm;
		time_t t = (time_t)(AZURE_DAY_UTC_S + r[i].sent_ns / NS_PER_S);
		gmtime_r(&t, &tm);
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
		fprintf(out, "%s.%09lld,%ld,%ld\n", text, (long long)(r[i].sent_ns % NS_PER_S),
		    (long)r[i].prompt_tokens, (long)r[i].output_tokens);
	}
}

static void write_mooncake(const struct trace *t, FILE *out)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct request *r = &t->request[i];
		fprintf(out, "{\"timestamp\": %lld, \"input_length\": %ld, \"output_length\": %ld",
		    (long long)((r->sent_ns + NS_PER_MS / 2) / NS_PER_MS), (long)r->prompt_tokens,
		    (long)r->output_tokens);
		for (uint32_t k = 0; k < r->prefix_count; k++)
			fprintf(out, "%s%llu", k ? ", " : ", \"hash_ids\": [",
			    (unsigned long long)t->prefix[r->prefix_first + k]);
		fputs(r->prefix_count ? "]}\n" : "}\n", out);
	}
}

void trace_write_as(const struct trace *t, enum trace_format format, const char *remark, FILE *out)
{
	switch (format) {
	case TRACE_HEARTH:
		trace_write(t->request, t->count, remark, out);
		return;
	case TRACE_AZURE:
		write_azure(t->request, t->count, out);
		return;
	case TRACE_MOONCAKE:
		write_mooncake(t, out);
		return;
	}
}

static bool has_home(const struct request *r)
{
	return r->origin != ORIGIN_OUTSIDE;
}

static bool has_priority(const struct request *r)
{
	return r->priority != 0;
}

static bool has_prefix(const struct request *r)
{
	return r->prefix_count > 0;
}

static bool has_split_millisecond(const struct request *r)
{
	return r->sent_ns % NS_PER_MS != 0;
}

void trace_losses(
    const struct trace *t, enum trace_format format, struct trace_loss loss[TRACE_LOSSES])
{
	static const struct {
		const char *what;
		bool (*has)(const struct request *r);
		bool held[TRACE_MOONCAKE + 1];
	} kinds[] = {
		{ "homes that ask", has_home, { [TRACE_HEARTH] = true } },
		{ "priorities", has_priority, { [TRACE_HEARTH] = true } },
		{ "prefix blocks", has_prefix, { [TRACE_MOONCAKE] = true } },
		{ "times below a millisecond, which are rounded", has_split_millisecond,
		    { [TRACE_HEARTH] = true, [TRACE_AZURE] = true } },
	};
	size_t n = 0;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		size_t requests = 0;
		for (size_t i = 0; i < t->count && !kinds[k].held[format]; i++)
			requests += kinds[k].has(&t->request[i]);
		if (requests) loss[n++] = (struct trace_loss){ kinds[k].what, requests };
	}
	loss[n] = (struct trace_loss){ NULL, 0 };
}
