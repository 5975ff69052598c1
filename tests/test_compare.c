/* What a change is called, which pairs give its interval, and which gates it fails. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/compare_pick.h"
#include "analysis/compare_view.h"
#include "analysis/gate.h"
#include "base/mem.h"

static struct dataset *run_with(const char *key, const char *better, double value, double lo, double hi)
{
	struct dataset *d = ds_new();
	ds_metric(d, &(struct ds_metric){ key, value, lo, hi, 7, "s", "a sentence" });
	if (better) ds_attr_text(ds_group(d, "summary"), key, "better", better);
	return d;
}

/* Intervals of two runs: 3 -+ 0.4 and 4 -+ 0.3 differ by 1 -+ sqrt(0.16 + 0.09) = 0.5. */
Test(compare, words)
{
	static const struct {
		double a, b, half_a, half_b;
		const char *better;
		enum compare_verdict verdict;
		enum compare_method method;
	} rows[] = {
		{ 3, 4, NAN, NAN, "lower", COMPARE_WORSE, COMPARE_NONE },
		{ 4, 3, NAN, NAN, "lower", COMPARE_BETTER, COMPARE_NONE },
		{ 3, 4, NAN, NAN, "higher", COMPARE_BETTER, COMPARE_NONE },
		{ 3, 4, NAN, NAN, NULL, COMPARE_HIGHER, COMPARE_NONE },
		{ 4, 3, NAN, NAN, NULL, COMPARE_LOWER, COMPARE_NONE },
		{ 3, 3, NAN, NAN, "lower", COMPARE_SAME, COMPARE_NONE },
		{ 3, 3 + 1e-13, NAN, NAN, "lower", COMPARE_SAME, COMPARE_NONE },
		{ 3, 3 + 1e-10, NAN, NAN, "lower", COMPARE_WORSE, COMPARE_NONE },
		{ 3, 4, 0.4, 0.3, "lower", COMPARE_WORSE, COMPARE_INTERVALS },
		{ 3, 4, 0.8, 0.7, "lower", COMPARE_NOT_SHOWN, COMPARE_INTERVALS },
		{ 3, 4, 0.8, NAN, "lower", COMPARE_WORSE, COMPARE_NONE },
		{ NAN, 4, NAN, NAN, "lower", COMPARE_ONLY_AFTER, COMPARE_NONE },
		{ 3, NAN, NAN, NAN, "lower", COMPARE_ONLY_BEFORE, COMPARE_NONE },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct compare c = { 0 };
		double a = rows[i].a, b = rows[i].b, u = rows[i].half_a, w = rows[i].half_b;
		struct dataset *x = isnan(a) ? ds_new() : run_with("k", rows[i].better, a, a - u, a + u);
		struct dataset *y = isnan(b) ? ds_new() : run_with("k", rows[i].better, b, b - w, b + w);
		const struct dataset *before = x, *after = y;
		compare_add_runs(&c, "k", &before, &after, 1);
		cr_assert_eq(c.rows, 1);
		cr_expect_eq(c.row->verdict, rows[i].verdict, "%zu: %s", i,
		    compare_verdict_word(c.row->verdict));
		cr_expect_eq(c.row->method, rows[i].method, "%zu", i);
		cr_expect_eq(isnan(c.row->change.lo), rows[i].method == COMPARE_NONE);
		if (u < 0.5 && w < 0.5) {
			cr_expect(epsilon_eq(dbl, c.row->change.lo, 0.5, 1e-12));
			cr_expect(epsilon_eq(dbl, c.row->change.hi, 1.5, 1e-12));
		}
		compare_fini(&c);
		ds_free(x);
		ds_free(y);
	}
}

/* Differences 1, 2 and 3: mean 2, standard deviation 1, t of two degrees of freedom 4.302653:
 * 2 -+ 4.302653 / sqrt(3) = 2 -+ 2.484138, which holds 0. With 1.5, 2 and 2.5 half of it. */
Test(compare, seeds)
{
	static const double a[] = { 10, 20, 30, 5 }, wide[] = { 11, 22, 33, NAN },
			    narrow[] = { 11.5, 22, 32.5, NAN };
	struct compare_meta m = { "k", "s", "about", "higher" };
	struct compare c = { 0 };
	compare_add_values(&c, &m, a, wide, 4);
	compare_add_values(&c, &m, a, narrow, 4);
	compare_add_values(&c, &m, a, wide, 1);
	cr_assert_eq(c.rows, 3);
	cr_expect(c.row[0].verdict == COMPARE_NOT_SHOWN && c.row[0].change.n == 3);
	cr_expect(c.row[0].before == 20 && c.row[0].after == 22, "means over the pairs");
	cr_expect(epsilon_eq(dbl, c.row[0].change.hi, 4.484138, 1e-6));
	cr_expect(c.row[1].verdict == COMPARE_BETTER && c.row[1].method == COMPARE_SEEDS);
	cr_expect(epsilon_eq(dbl, c.row[1].change.lo, 0.757931, 1e-6));
	cr_expect(epsilon_eq(dbl, compare_relative(&c.row[1], 1), 0.05, 1e-12), "1 of 20");
	cr_expect(isnan(c.row[2].change.lo) && c.row[2].method == COMPARE_NONE, "one seed: none");
	compare_fini(&c);
}

/* ---- requests ---- */

enum { REQUESTS = 640 };

struct made {
	double first;      /* of the first request */
	double step;       /* added to every other one */
	int lost;          /* request without an answer; -1: none */
	int tokens;        /* prompt tokens of each */
	double summary;    /* added to what the summary says */
};

/* Latencies 1, 2, ... 640 in an order of sending that mixes them, so that their p50 is 320. */
static struct dataset *requests(struct made m)
{
	struct dataset *d = run_with("latency.e2e_s.p50", "lower", 320 + m.step + m.summary, 300, 340);
	struct ds_group *g = ds_group(d, "requests");
	struct ds_dim *dim = ds_dim(g, "request", REQUESTS);
	int64_t *id = ds_column(g, "request", DS_I64, dim, NULL, "1", "");
	int32_t *prompt = ds_column(g, "prompt_tokens", DS_I32, dim, NULL, "token", "");
	int32_t *output = ds_column(g, "output_tokens", DS_I32, dim, NULL, "token", "");
	float *e2e = ds_column(g, "e2e", DS_F32, dim, NULL, "s", "");
	for (int i = 0; i < REQUESTS; i++) {
		id[i] = i;
		prompt[i] = m.tokens;
		output[i] = 9;
		e2e[i] = i == m.lost ? NAN : (float)(1 + i * 371 % REQUESTS + m.step);
	}
	return d;
}

/* All requests take 5 more: certain. From the runs' own intervals it would be -23 to 33. */
Test(compare, requests_are_paired_when_they_are_the_same)
{
	static const struct { struct made b; enum compare_method method; } rows[] = {
		{ { .step = 5, .lost = -1, .tokens = 7 }, COMPARE_REQUESTS },
		{ { .step = 5, .lost = 3, .tokens = 7 }, COMPARE_INTERVALS },  /* one not answered */
		{ { .step = 5, .lost = -1, .tokens = 11 }, COMPARE_INTERVALS }, /* others */
		{ { .step = 5, .lost = -1, .tokens = 7, .summary = 3 }, COMPARE_INTERVALS },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct compare c = { 0 };
		struct dataset *x = requests((struct made){ .lost = -1, .tokens = 7 });
		struct dataset *y = requests(rows[i].b);
		const struct dataset *before = x, *after = y;
		compare_add_runs(&c, "latency.e2e_s.p50", &before, &after, 1);
		cr_assert_eq(c.rows, 1);
		cr_expect_eq(c.row->method, rows[i].method, "%zu: %s", i, compare_method_word(c.row->method));
		if (c.row->method == COMPARE_REQUESTS) {
			cr_expect(c.row->change.lo == 5 && c.row->change.hi == 5);
			cr_expect_eq(c.row->change.n, REQUESTS);
			cr_expect_eq(c.row->verdict, COMPARE_WORSE);
		}
		compare_fini(&c);
		ds_free(x);
		ds_free(y);
	}
}

/* ---- gates ---- */

Test(gate, reads_a_threshold)
{
	static const struct { const char *text, *key, *unit; double threshold; bool above, relative; } rows[] = {
		{ "energy.node_j > +2 %", "energy.node_j", "%", 0.02, true, true },
		{ "energy.node_j>2%", "energy.node_j", "%", 0.02, true, true },
		{ " a.b_s < -0.5 ms ", " a.b_s" + 1, "ms", -0.5, false, false },
		{ "n > 3", "n", "", 3, true, false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct gate g;
		const char *text = rows[i].text + (*rows[i].text == ' ');
		cr_assert_null(gate_read(&g, text), "%s", text);
		cr_expect_str_eq(g.key, rows[i].key);
		cr_expect_str_eq(g.unit, rows[i].unit);
		cr_expect(epsilon_eq(dbl, g.threshold, rows[i].threshold, 1e-15), "%s", text);
		cr_expect(g.above == rows[i].above && g.relative == rows[i].relative);
	}
	static const char *const bad[] = { "", "energy", "> 2 %", "energy >", "energy > x", "energy > %" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct gate g;
		cr_expect_not_null(gate_read(&g, bad[i]), "%s", bad[i]);
	}
}

Test(gate, fails_where_the_whole_interval_is_beyond)
{
	static const struct {
		const char *gate;
		double before, value, lo, hi; /* in s */
		enum gate_verdict verdict;
	} rows[] = {
		{ "k > +2 %", 50, 3, 1.5, 4.5, GATE_FAILED },   /* +3 to +9 % */
		{ "k > +4 %", 50, 3, 1.5, 4.5, GATE_HELD },
		{ "k > +5 %", 50, 3, NAN, NAN, GATE_FAILED },   /* +6 % without an interval */
		{ "k > +7 %", 50, 3, NAN, NAN, GATE_HELD },
		{ "k < -2 %", 50, -3, -4.5, -1.5, GATE_FAILED },
		{ "k < -4 %", 50, -3, -4.5, -1.5, GATE_HELD },
		{ "k > +2 %", -50, 3, 1.5, 4.5, GATE_FAILED },  /* of the size of what was before */
		{ "k > +2 %", 0, 3, 1.5, 4.5, GATE_FAILED },    /* from nothing: without bounds */
		{ "k > +2 %", 0, 0, 0, 0, GATE_HELD },
		{ "k > 1400 ms", 50, 3, 1.5, 4.5, GATE_FAILED },
		{ "k > 1600 ms", 50, 3, 1.5, 4.5, GATE_HELD },
		{ "k > 1 min", 50, 70, 65, 75, GATE_FAILED },
		{ "k > 1", 50, 3, 1.5, 4.5, GATE_UNKNOWN },     /* of what? */
		{ "k > 1 J", 50, 3, 1.5, 4.5, GATE_UNKNOWN },
		{ "k > +2 %", NAN, NAN, NAN, NAN, GATE_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char key[] = "k", unit[] = "s", why[256];
		struct compare_row r = { .key = key, .unit = unit, .before = rows[i].before,
			.change = { rows[i].value, rows[i].lo, rows[i].hi, 3 } };
		struct gate g;
		cr_assert_null(gate_read(&g, rows[i].gate));
		cr_expect_eq(gate_judge(&g, &r, why, sizeof why), rows[i].verdict, "%zu: %s", i,
		    rows[i].gate);
		cr_expect_eq(gate_judge(&g, NULL, why, sizeof why), GATE_UNKNOWN);
	}
}

/* ---- picks and views ---- */

Test(compare, picks_by_name_and_its_parts)
{
	static const char *const have[] = { "latency.ttft_s.p50", "latency.ttft_s.p99", "latency.tpot_s.p50",
		"energy.node_j_per_token", "energy.node_j_per_token_all" };
	static const struct { const char *name; size_t keys; } rows[] = {
		{ "latency", 3 }, { "latency.ttft_s", 2 }, { "latency.ttft_s.p99", 1 },
		{ "energy.node_j_per_token", 1 }, { "latency.ttft", 0 }, { "p50", 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct compare_pick p = { 0 };
		cr_expect_eq(compare_pick_name(&p, rows[i].name, have, 5), rows[i].keys > 0);
		compare_pick_name(&p, rows[i].name, have, 5);
		cr_expect_eq(p.keys, rows[i].keys, "%s: each once", rows[i].name);
		compare_pick_fini(&p);
	}
	struct compare_pick p = { 0 };
	compare_pick_usual(&p, have, 5);
	cr_assert_eq(p.keys, 4);
	cr_expect_str_eq(p.key[2], "latency.tpot_s.p50");
	compare_pick_all(&p, have, 5);
	cr_expect_eq(p.keys, 5);
	compare_pick_fini(&p);
}

/* What a scenario says stays text; what is INVALID is said before the table. */
Test(compare, a_page_says_it_in_words)
{
	struct compare_view v = { .name = mem_text("<b> against 'a'"), .before = mem_text("a & co"),
		.after = mem_text("b"), .invalid = true };
	struct compare_meta m = { "service.goodput_frac", "1", "share", "higher" };
	static const double a[] = { 0.5, 0.5 }, b[] = { 0.625, 0.625 };
	compare_view_line(&v, mem_text("differs: //homes/@count: 3 -> 7"));
	compare_add_values(&v.c, &m, a, b, 2);
	char *text = NULL;
	size_t size = 0;
	FILE *html = open_memstream(&text, &size);
	compare_view_page(&v, 1, html);
	fclose(html);
	static const char *const has[] = { "&lt;b&gt; against &#39;a&#39;", "a &amp; co", "INVALID",
		"3 -&gt; 7", "50 %", "62.5 %", "+12.5 pp", "+25&nbsp;%", "better", "(c) paired by seed" };
	for (size_t i = 0; i < sizeof has / sizeof *has; i++)
		cr_expect(strstr(text, has[i]) != NULL, "%s in %s", has[i], text);
	cr_expect(strstr(text, "<b>") == NULL && strstr(text, "src=") == NULL);
	free(text);
	compare_view_fini(&v);
}
