/* What traces are like, and synthetic ones that are like them. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/work/trace_figures.h"
#include "models/work/trace_fit.h"
#include "models/work/workload.h"

#define S 1000000000LL

static void parse(const char *text, struct trace *t)
{
	char *copy = mem_text(text);
	struct err_list *e = err_new();
	bool good = trace_parse("t.csv", copy, strlen(text), t, e);
	err_print(e, stderr);
	cr_assert(good);
	err_free(e);
	free(copy);
}

/* Gaps 1, 1, 2, 4 s: mean 2, variance (1 + 1 + 0 + 4)/4; counts in whole seconds of the
 * eight 1 1 1 0 1 0 0 0, the last request being the end. Type 7 quantiles of 10 20 30 40
 * 80 at 1 % are 10 + 0.04 x 10, at 90 % 40 + 0.6 x 40. */
Test(figures, a_trace_counted_by_hand)
{
	struct trace t;
	struct trace_figures f;
	parse("arrival_s,prompt_tokens,output_tokens\n"
	      "7,40,5\n8,10,5\n9,80,5\n11,20,5\n15,30,5\n",
	    &t);
	trace_figures(&t, &f);
	cr_expect_eq(f.requests, 5);
	cr_expect_eq(f.times.stamps, 5);
	cr_expect_eq(f.span_s, 8);
	cr_expect_eq(f.times.rate_hz, 0.625);
	cr_expect_float_eq(f.times.cv, sqrt(1.5) / 2, 1e-12);
	cr_expect_eq(f.times.windows[0], 8);
	cr_expect_float_eq(f.times.idc[0], 0.5, 1e-12); /* (4/8 - 1/4)/(1/2) */
	cr_expect(isnan(f.times.idc[1]), "less than two windows of 10 s");
	cr_expect_float_eq(f.prompt.quantile[0], 10.4, 1e-12);
	cr_expect_eq(f.prompt.quantile[2], 30);
	cr_expect_float_eq(f.prompt.quantile[4], 64, 1e-12);
	cr_expect_eq(f.prompt.quantile[6], 80);
	cr_expect_eq(f.prompt.mean, 36);
	cr_expect_eq(f.blocks, 0);
	trace_fini(&t);
}

Test(figures, one_request_says_little)
{
	struct trace t;
	struct trace_figures f;
	struct trace_fit fit;
	parse("arrival_s,prompt_tokens,output_tokens\n7,40,5\n", &t);
	trace_figures(&t, &f);
	cr_expect(isnan(f.times.rate_hz) && isnan(f.times.cv) && isnan(f.times.idc[0]));
	cr_expect_eq(f.prompt.quantile[0], 40);
	cr_expect_not(trace_fit(&t, &fit));
	trace_fini(&t);
}

/* Blocks 1 2 3, 1 2 9, 8 2 (whose 2 stands on an 8), 1 2 9: 0 + 2 + 0 + 3 hits. */
Test(figures, only_leading_blocks_are_hits)
{
	static const char *const ids[] = { "1, 2, 3", "1, 2, 9", "8, 2", "1, 2, 9" };
	char text[1024], *to = text;
	struct trace t;
	struct trace_figures f;
	for (int i = 0; i < 4; i++)
		to += sprintf(to,
		    "{\"timestamp\": %d, \"input_length\": 1500, "
		    "\"output_length\": 7, \"hash_ids\": [%s]}\n",
		    i, ids[i]);
	parse(text, &t);
	trace_figures(&t, &f);
	cr_expect_eq(f.blocks, 11);
	cr_expect_eq(f.hits, 5);
	trace_fini(&t);
}

static bool read_published(const char *name, struct trace *t)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/traces/%s", shared ? shared : "", name);
	struct err_list *e = err_new();
	bool there = trace_read_stamped(path, t, e);
	err_free(e);
	free(path);
	return there;
}

/* Taken with another program (Python's numpy: std/mean of the gaps, var/mean of the
 * counts, quantile). `idc` is of whole windows; `idc_begun` counts the last window, too,
 * however little of it there is, as tables of these traces have it. */
static const struct published {
	const char *name;
	size_t requests;
	double span_s, rate_hz, cv, idc[3], idc_begun[3];
	double prompt[TRACE_SHARES], prompt_mean, output[TRACE_SHARES], output_mean, hits_pct;
} published[] = {
	{ "azure2023_conv.csv", 19366, 3501.722, 5.5304, 1.09417, { 1.38514, 3.856996, 16.128259 },
	    { 1.3856, 4.0030, 20.5528 }, { 29, 396, 1020, 1189, 2734.5, 4142, 14050 }, 1154.7,
	    { 16, 85, 129, 395, 424, 601, 1000 }, 211.1, NAN },
	{ "azure2023_code.csv", 8819, 3435.948, 2.5667, 13.15129,
	    { 13.18643, 71.641469, 163.964689 }, { 13.1820, 71.3003, 160.5435 },
	    { 17, 578, 1469, 2744.5, 5187.6, 7436, 7437 }, 2047.8,
	    { 6, 9, 13, 24, 55, 251.46, 1899 }, 27.9, NAN },
	{ "mooncake_conversation_0-45min.jsonl", 8940, 2699.999, 3.3111, 2.98868,
	    { 7.709058, 2.078823, 2.966949 }, { 7.7084, 2.0779, 2.9374 },
	    { 894, 2369.25, 7112, 15551.5, 27541.2, 87236.66, 124847 }, 12224.3,
	    { 3, 158, 355, 475, 605, 1183.44, 2000 }, 347.1, 35.4 },
};
enum { PUBLISHED = sizeof published / sizeof *published };

Test(figures, published_traces)
{
	for (int i = 0; i < PUBLISHED; i++) {
		const struct published *p = &published[i];
		struct trace t;
		struct trace_figures f;
		if (!read_published(p->name, &t))
			cr_skip_test("the published traces are not here ($HEARTH_SHARED)");
		trace_figures(&t, &f);
		cr_expect_eq(f.requests, p->requests);
		cr_expect_float_eq(f.span_s, p->span_s, 1e-3, "%s", p->name);
		cr_expect_float_eq(f.times.rate_hz, p->rate_hz, 1e-4, "%s", p->name);
		cr_expect_float_eq(f.times.cv, p->cv, 1e-5, "%s", p->name);
		for (int k = 0; k < TRACE_WINDOWS; k++) {
			int64_t window_ns = trace_window_s[k] * S;
			int64_t end_ns = (t.span_ns / window_ns + 1) * window_ns;
			cr_expect_float_eq(f.times.idc[k], p->idc[k], 1e-5, "%s", p->name);
			cr_expect_float_eq(trace_idc(t.request, t.count, end_ns, window_ns),
			    p->idc_begun[k], 1e-4, "%s", p->name);
		}
		for (int k = 0; k < TRACE_SHARES; k++) {
			cr_expect_float_eq(f.prompt.quantile[k], p->prompt[k], 1e-2);
			cr_expect_float_eq(f.output.quantile[k], p->output[k], 1e-2);
		}
		cr_expect_float_eq(f.prompt.mean, p->prompt_mean, 0.1);
		cr_expect_float_eq(f.output.mean, p->output_mean, 0.1);
		if (!isnan(p->hits_pct))
			cr_expect_float_eq(
			    100.0 * (double)f.hits / (double)f.blocks, p->hits_pct, 0.05);
		trace_fini(&t);
	}
}

/* Requests of a process of known figures, to be found again. */
static struct trace drawn(const struct arrivals_par *p, size_t n)
{
	struct trace t = { .request = mem_new(n, sizeof *t.request), .count = n };
	struct arrivals *a = arrivals_new(p, rng_stream(7, 0, rng_entity("fit"), RNG_TEST));
	double t_s = 0;
	for (size_t i = 0; i < n; i++) {
		t_s += arrivals_gap_s(a);
		t.request[i] = (struct request){ .sent_ns = llround(t_s * 1e9),
			.prompt_tokens = 100 + (int)(i % 7),
			.output_tokens = 3 };
	}
	t.span_ns = t.request[n - 1].sent_ns - t.request[0].sent_ns;
	arrivals_free(a);
	return t;
}

/* Bursts of 30 s in 40 000 s: their mean figures are known to a few per cent, index and
 * time scale to some 10 % and 20 %; a fit's grid is finer. */
Test(fit, finds_the_process_again)
{
	static const struct arrivals_par row[] = {
		{ ARRIVALS_POISSON, 5, 1, NAN, NAN, NAN },
		{ ARRIVALS_GAMMA, 5, 0.4, NAN, NAN, NAN },
		{ ARRIVALS_MMPP, 5, 1.3, 20, 7, NAN },
		{ ARRIVALS_MMPP, 5, 4, 60, 30, NAN },
	};
	for (int i = 0; i < 4; i++) {
		struct trace t = drawn(&row[i], 200003);
		struct trace_fit fit;
		cr_assert(trace_fit(&t, &fit));
		cr_expect_eq(fit.arrivals.kind, row[i].kind, "row %d", i);
		cr_expect_float_eq(fit.arrivals.rate_hz / row[i].rate_hz, 1, 0.07, "row %d", i);
		cr_expect_float_eq(fit.arrivals.cv / row[i].cv, 1, 0.07, "row %d", i);
		cr_expect_eq(dist_mean(&fit.output), 3);
		cr_expect_float_eq(dist_mean(&fit.prompt), 103, 0.5);
		if (row[i].kind == ARRIVALS_MMPP) {
			cr_expect_float_eq(log(fit.arrivals.idc / row[i].idc), 0, 0.3, "row %d: %g",
			    i, fit.arrivals.idc);
			cr_expect_float_eq(log(fit.arrivals.timescale_s / row[i].timescale_s), 0,
			    0.4, "row %d: %g", i, fit.arrivals.timescale_s);
		}
		trace_fini(&t);
	}
}

/* What is made of a fit has the figures of the trace: rate, burstiness, dispersion of
 * the counts, lengths. Half a million requests; the tolerances are those of the least
 * squares, not of chance. */
Test(fit, of_published_traces_reproduces_their_figures)
{
	for (int i = 0; i < 2; i++) {
		const struct published *p = &published[i];
		struct trace t, made;
		struct trace_fit fit;
		struct trace_times f;
		if (!read_published(p->name, &t))
			cr_skip_test("the published traces are not here ($HEARTH_SHARED)");
		cr_assert(trace_fit(&t, &fit));
		made = drawn(&fit.arrivals, 500009);
		trace_times(made.request, made.count, &f);
		cr_expect_float_eq(f.rate_hz / p->rate_hz, 1, 0.05, "%s", p->name);
		cr_expect_float_eq(f.cv / p->cv, 1, 0.05, "%s: %g", p->name, f.cv);
		for (int k = 0; k < TRACE_WINDOWS; k++)
			cr_expect_float_eq(
			    log(f.idc[k] / p->idc[k]), 0, 0.2, "%s: %g", p->name, f.idc[k]);
		cr_expect_float_eq(dist_mean(&fit.prompt) / p->prompt_mean, 1, 0.03, "%s", p->name);
		cr_expect_float_eq(dist_mean(&fit.output) / p->output_mean, 1, 0.03, "%s", p->name);
		trace_fini(&made);
		trace_fini(&t);
	}
}

Test(convert, what_a_form_holds_comes_back)
{
	static const struct request r[] = { { 0, 7, 1, ORIGIN_OUTSIDE, 0, 2, 0 },
		{ 1500000007, 1030, 130, 3, 2, 0, 0 },
		{ 1700000000, 3, 9, ORIGIN_OUTSIDE, 2, 1, 4 } };
	uint64_t prefix[] = { 5, 6, 5 };
	struct request copy[3];
	memcpy(copy, r, sizeof r);
	copy[0].prompt_tokens = 700;
	struct trace t = { .request = copy, .count = 3, .prefix = prefix, .prefixes = 3 };
	static const struct {
		enum trace_format format;
		const char *lost[4];
		size_t requests[4];
	} row[] = {
		{ TRACE_HEARTH, { "prefix blocks", NULL }, { 2 } },
		{ TRACE_AZURE, { "homes that ask", "priorities", "prefix blocks", NULL },
		    { 1, 1, 2 } },
		{ TRACE_MOONCAKE, { "homes that ask", "priorities", "times below", NULL },
		    { 1, 1, 1 } },
	};
	for (int k = 0; k < 3; k++) {
		struct trace_loss loss[TRACE_LOSSES];
		trace_losses(&t, row[k].format, loss);
		int n = 0;
		for (; loss[n].what && row[k].lost[n]; n++) {
			cr_expect_eq(
			    strncmp(loss[n].what, row[k].lost[n], strlen(row[k].lost[n])), 0);
			cr_expect_eq(loss[n].requests, row[k].requests[n]);
		}
		cr_expect(loss[n].what == NULL && row[k].lost[n] == NULL, "form %d", k);
		char *text;
		size_t size;
		FILE *f = open_memstream(&text, &size);
		trace_write_as(&t, row[k].format, NULL, f);
		fclose(f);
		struct trace back;
		parse(text, &back);
		cr_expect_eq(back.format, row[k].format);
		for (int i = 0; i < 3; i++) {
			int64_t off_ns = back.request[i].sent_ns - copy[i].sent_ns;
			cr_expect(llabs(off_ns) <= (row[k].format == TRACE_MOONCAKE ? 500000 : 0));
			cr_expect_eq(back.request[i].prompt_tokens, copy[i].prompt_tokens);
			cr_expect_eq(back.request[i].output_tokens, copy[i].output_tokens);
		}
		cr_expect_eq(back.prefixes, row[k].format == TRACE_MOONCAKE ? 3 : 0);
		trace_fini(&back);
		free(text);
	}
}
