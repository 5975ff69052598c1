/* What a run says about its service, from few requests that a hand can add up. */
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/site/account.h"
#include "models/site/service.h"
#include "models/site/steady.h"
#include "sim/sim.h"

#define MS INT64_C(1000000)
#define ASKED(sent, in, out) \
	{ .sent_ns = (sent) * MS, .prompt_tokens = in, .output_tokens = out }
#define CAME(first, last, node_) \
	{ .first_ns = (first) * MS, .done_ns = (last) * MS, .node = node_, \
	    .status = REQUEST_DONE }

/* By request: ttft, tpot, e2e, ntpot, in s
 *     0   1      0.5    3      0.6
 *     1   0.25   -      0.25   0.25     a single token
 *     2   2      1      8      8/7
 *     3   -                             refused
 *     4   0.625  -                      its last token did not come
 *     5   0.5    0.2    0.9    0.3 */
static const struct request asked[] = { ASKED(0, 11, 5), ASKED(500, 13, 1), ASKED(1000, 17, 7),
	ASKED(1500, 19, 9), ASKED(1500, 23, 3), ASKED(2000, 29, 3) };
static const struct outcome came[] = { CAME(1000, 3000, 0), CAME(750, 750, 1), CAME(3000, 9000, 0),
	{ .first_ns = -1, .done_ns = -1, .node = UINT32_MAX, .status = REQUEST_REJECTED },
	{ .first_ns = 2125 * MS, .done_ns = -1, .status = REQUEST_PENDING },
	CAME(2500, 2900, 1) };

static struct dataset *export_of(const struct service *s)
{
	struct dataset *d = ds_new();
	struct blocks none;
	struct service with = *s;
	blocks_init(&none);
	if (!with.itl) with.itl = &none;
	with.run_s = 17;
	service_export(&with, d);
	blocks_fini(&none);
	return d;
}

static void expect(const struct dataset *d, const char *key, double value, int64_t n)
{
	struct ds_metric m;
	cr_assert(ds_metric_find(d, key, &m), "%s is missing", key);
	cr_expect(epsilon_eq(dbl, m.value, value, 1e-12 * fmax(1, fabs(value))), "%s is %.17g", key,
	    m.value);
	cr_expect_eq(m.n, n, "%s of %ld", key, (long)m.n);
}

/* A metric is a number, or it is not there. */
static void expect_numbers(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "summary");
	struct ds_metric m;
	for (size_t i = 0; g && i < g->vars; i++) {
		cr_assert(ds_metric_find(d, g->var[i]->name, &m));
		cr_expect(isfinite(m.value), "%s is %g", m.key, m.value);
		cr_expect(isnan(m.lo) == isnan(m.hi), "%s has half an interval", m.key);
		cr_expect(isnan(m.lo) || (m.lo <= m.value && m.value <= m.hi), "%s", m.key);
	}
}

static bool has(const struct dataset *d, const char *beginning)
{
	const struct ds_group *g = ds_find(d, "summary");
	for (size_t i = 0; g && i < g->vars; i++)
		if (!strncmp(g->var[i]->name, beginning, strlen(beginning))) return true;
	return false;
}

Test(service, latencies_are_those_of_the_finished)
{
	struct dataset *d = export_of(&(struct service){ asked, came, .n = 6 });
	expect(d, "latency.ttft_s.mean", 3.75 / 4, 4);
	expect(d, "latency.ttft_s.p50", 0.5, 4); /* the second of four */
	expect(d, "latency.ttft_s.p90", 2, 4);
	expect(d, "latency.tpot_s.mean", 1.7 / 3, 3); /* not of the single token */
	expect(d, "latency.tpot_s.p50", 0.5, 3);
	expect(d, "latency.tpot_s.p95", 1, 3);
	expect(d, "latency.e2e_s.mean", 12.15 / 4, 4);
	expect(d, "latency.e2e_s.p99", 8, 4);
	expect(d, "latency.ntpot_s.mean", (0.6 + 0.25 + 8 / 7.0 + 0.3) / 4, 4);
	expect(d, "latency.ntpot_s.p50", 0.3, 4);
	cr_expect_not(has(d, "latency.itl_s"), "no gap was seen");
	expect_numbers(d);
	ds_free(d);
}

Test(service, tokens_and_rates_are_those_of_the_finished)
{
	struct dataset *d = export_of(&(struct service){ asked, came, .n = 6 });
	expect(d, "service.requests", 6, 6);
	expect(d, "service.done", 4, 6);
	expect(d, "service.rejected", 1, 6);
	expect(d, "service.pending", 1, 6);
	expect(d, "service.run_s", 17, 1);
	expect(d, "service.prompt_tokens", 70, 6); /* 11 + 13 + 17 + 29 */
	expect(d, "service.output_tokens", 16, 6); /* 5 + 1 + 7 + 3 */
	expect(d, "service.output_token_rate_per_s", 16 / 17.0, 6);
	expect(d, "service.token_rate_per_s", 86 / 17.0, 6);
	cr_expect_not(has(d, "service.goodput"), "there is no objective");
	cr_expect_not(has(d, "service.attainment"));
	ds_free(d);
}

/* Unnamed: the first token within 1 s: 0, 1 and 5. Of the class "chat" 0, 1 and 5 keep
 * ttft and e2e, 1 (a single token) and 5 keep tpot. Limits are inclusive. */
Test(service, every_objective_is_held_against_all_requests)
{
	static const struct service_limits slo[] = {
		{ NULL, 1, NAN, NAN },
		{ "chat", 1.5, 0.4, 3 },
		{ "hopeless", NAN, NAN, 0.1 },
	};
	struct dataset *d =
	    export_of(&(struct service){ asked, came, .n = 6, .slo = slo, .slos = 3 });
	expect(d, "service.goodput_frac", 3 / 6.0, 6);
	expect(d, "service.goodput_rate_per_s", 3 / 17.0, 6);
	expect(d, "service.goodput_token_rate_per_s", 9 / 17.0, 6); /* 5 + 1 + 3 tokens */
	expect(d, "service.attainment_frac.ttft", 3 / 6.0, 6);
	cr_expect_not(has(d, "service.attainment_frac.tpot"));
	expect(d, "service.goodput_frac.chat", 2 / 6.0, 6);
	expect(d, "service.goodput_rate_per_s.chat", 2 / 17.0, 6);
	expect(d, "service.goodput_token_rate_per_s.chat", 4 / 17.0, 6);
	expect(d, "service.attainment_frac.chat.ttft", 3 / 6.0, 6);
	expect(d, "service.attainment_frac.chat.tpot", 2 / 6.0, 6);
	expect(d, "service.attainment_frac.chat.e2e", 3 / 6.0, 6);
	expect(d, "service.goodput_frac.hopeless", 0, 6);
	expect(d, "service.goodput_token_rate_per_s.hopeless", 0, 6);
	const struct ds_group *g = ds_find(d, "summary");
	cr_expect_eq(ds_number(g, "service.attainment_frac.chat.tpot", "limit_s"), 0.4);
	expect_numbers(d);
	ds_free(d);
}

Test(service, nothing_asked_or_nothing_answered_is_no_latency)
{
	static const struct service_limits slo[] = { { NULL, 1, 1, 1 } };
	struct dataset *d = export_of(&(struct service){ .slo = slo, .slos = 1 });
	expect(d, "service.requests", 0, 0);
	expect(d, "service.output_token_rate_per_s", 0, 0);
	cr_expect_not(has(d, "latency."));
	cr_expect_not(has(d, "service.goodput"), "a share of nothing");
	expect_numbers(d);
	ds_free(d);
	d = export_of(&(struct service){ asked + 3, came + 3, .n = 2, .slo = slo, .slos = 1 });
	cr_expect_not(has(d, "latency."));
	expect(d, "service.done", 0, 2);
	expect(d, "service.goodput_frac", 0, 2);
	expect(d, "service.attainment_frac.e2e", 0, 2);
	expect_numbers(d);
	ds_free(d);
}

/* Three gaps of 20 ms and one of 100 ms in each of 12 blocks, but five of 100 ms in
 * one of them: 36 x 20 + 16 x 100 = 2320 ms of 52. */
Test(service, token_gaps_have_the_interval_of_their_blocks)
{
	struct blocks b;
	blocks_init(&b);
	struct ratio r = { .k = 0 };
	for (int i = 0; i < 12; i++) {
		int slow = i == 7 ? 5 : 1;
		struct block *k = blocks_at(&b, i * 125 * MS);
		hist_add_n(&k->hist, 0.02, 3);
		hist_add_n(&k->hist, 0.1, slow);
		k->sum = 0.06 + 0.1 * slow;
		ratio_add(&r, k->sum, 3 + slow);
	}
	struct dataset *d = export_of(&(struct service){ asked, came, .n = 6, .itl = &b });
	struct ds_metric m;
	expect(d, "latency.itl_s.mean", 2.32 / 52, 52);
	expect(d, "latency.itl_s.p99", 0.1, 52);
	ds_metric_find(d, "latency.itl_s.mean", &m);
	cr_expect(epsilon_eq(dbl, m.hi - m.value, ratio_half(&r, 0.95), 1e-12));
	ds_metric_find(d, "latency.itl_s.p99", &m);
	cr_expect(isnan(m.lo), "twelve blocks do not know that tail");
	expect_numbers(d);
	blocks_fini(&b);
	ds_free(d);
}

/* ---- the steady part ---- */

Test(steady, the_margin_is_a_batchful_but_has_a_limit)
{
	struct steady s;
	steady_init(&s, 470, 31, 47);
	cr_expect_eq(s.margin, 31);
	steady_init(&s, 470, UINT64_C(1) << 33, 47);
	cr_expect_eq(s.margin, 47);
	steady_init(&s, 9, 310, 0); /* of so few there is no steady part */
	cr_expect_eq(s.margin, 0);
	for (int i = 0; i < 9; i++) cr_expect_not(steady_first(&s, 5));
	for (int i = 0; i < 9; i++) steady_ended(&s);
	cr_expect_not(steady_known(&s));
}

/* Margin 3 of 40: from the third first token to when 36 have ended. */
static struct steady run_of(int firsts, uint32_t ended)
{
	struct steady s;
	steady_init(&s, 40, 3, 4);
	for (int i = 1; i <= firsts; i++)
		if (steady_first(&s, 7))
			s.begin = (struct steady_mark){ 1000 * MS + i * MS, 50, 0, 0, 100, 7 * i };
	for (uint32_t i = 1; i <= ended; i++)
		if (steady_ended(&s))
			s.end = (struct steady_mark){ 2000 * MS + i * MS, 383, 0, 0, 655, 273 };
	if (steady_cut(&s)) s.end = (struct steady_mark){ 3000 * MS, 716, 0, 0, 1210, 280 };
	return s;
}

Test(steady, its_numbers_are_those_between_two_marks)
{
	struct steady s = run_of(40, 40);
	struct dataset *d = ds_new();
	cr_assert(steady_known(&s));
	steady_export(&s, d);
	expect(d, "steady.begin_s", 1.003, 1);
	expect(d, "steady.end_s", 2.036, 1);
	expect(d, "steady.output_tokens", 555, 555);
	expect(d, "steady.output_token_rate_per_s", 555 / 1.033, 555);
	expect(d, "steady.token_rate_per_s", (555 + 273 - 21) / 1.033, 807);
	expect(d, "steady.device_j", 333, 1);
	expect(d, "steady.device_j_per_token", 0.6, 555);
	ds_free(d);
}

Test(steady, it_ends_with_the_run_at_the_latest)
{
	struct steady s = run_of(40, 35);
	struct dataset *d = ds_new();
	cr_assert(steady_known(&s));
	steady_export(&s, d);
	expect(d, "steady.end_s", 3, 1);
	expect(d, "steady.output_tokens", 1110, 1110);
	ds_free(d);
}

/* Two first tokens only; all refused. */
Test(steady, a_run_without_a_batchful_has_none)
{
	static const struct { int firsts; uint32_t ended; } row[] = { { 2, 2 }, { 0, 40 } };
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct steady s = run_of(row[i].firsts, row[i].ended);
		struct dataset *d = ds_new();
		cr_expect_not(steady_known(&s), "row %zu", i);
		steady_export(&s, d);
		cr_expect_not(has(d, "steady."));
		ds_free(d);
	}
}

/* ---- energy and answers per energy ---- */

/* 1300, 2600, 3900 and 5200 J for 13 requests of 260 tokens out and 910 in, in 65 s. */
static struct dataset *account_of(const struct account_served *s)
{
	static const struct account a = { .device_j = 1300,
		.node_j = 2600,
		.site_j = 3900,
		.grid_j = 5200,
		.cooling_j = 770,
		.carbon_kg = 0.091,
		.marginal_kg = 0.13 };
	struct dataset *d = ds_new();
	account_export(&a, s, (struct account_knows){ true, true }, d);
	return d;
}

Test(account, energy_is_told_per_token_request_and_answer)
{
	struct dataset *d = account_of(&(struct account_served){ 13, 910, 260, 65,
	    { 0.73, "GPQA Diamond" } });
	expect(d, "energy.device_j", 1300, 1);
	expect(d, "energy.device_j_per_token", 5, 260);
	expect(d, "energy.grid_j_per_token", 20, 260);
	expect(d, "energy.node_j_per_token_all", 2600 / 1170.0, 1170);
	expect(d, "energy.site_j_per_request", 300, 13);
	expect(d, "energy.grid_tokens_per_j", 0.05, 260);
	expect(d, "energy.cooling_j", 770, 1);
	expect(d, "score.expected_frac", 0.73, 13);
	expect(d, "score.device_correct_per_kj", 0.73 / 100 * 1000, 13); /* 100 J a request */
	expect(d, "score.grid_correct_per_kj", 0.73 / 400 * 1000, 13);
	expect(d, "score.device_per_w", 0.73 / 20, 13); /* 20 W on average */
	expect(d, "score.grid_per_w", 0.73 / 80, 13);
	expect(d, "carbon.inference_g_per_token", 0.35, 260);
	expect(d, "carbon.inference_marginal_kg", 0.13, 1);
	cr_expect_str_eq(ds_text(ds_find(d, "summary"), "score.site_per_w", "benchmark"),
	    "GPQA Diamond");
	expect_numbers(d);
	ds_free(d);
}

Test(account, what_was_not_served_or_scored_has_no_number)
{
	const struct account_served unscored = { 13, 910, 260, 65, { 0.73, NULL } };
	struct dataset *d = account_of(&unscored);
	cr_expect_not(has(d, "score."));
	cr_expect(has(d, "energy.node_j_per_request"));
	ds_free(d);
	d = account_of(&(struct account_served){ .run_s = 65 });
	expect(d, "energy.grid_j", 5200, 1);
	cr_expect_not(has(d, "energy.device_j_per"));
	cr_expect_not(has(d, "energy.device_tokens"));
	cr_expect_not(has(d, "carbon.inference_g_per_token"));
	expect_numbers(d);
	ds_free(d);
	d = ds_new();
	account_export(&(struct account){ 0 }, &(struct account_served){ 13, 910, 260, 65,
	    { 0.73, "MMLU" } }, (struct account_knows){ false, false }, d);
	cr_expect_not(has(d, "energy.device_tokens"), "tokens for nothing");
	cr_expect_not(has(d, "score.device_correct"));
	expect_numbers(d);
	ds_free(d);
}
