#include "tests/unit.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/balance.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "analysis/summary.h"
#include "base/mem.h"
#include "tests/make_dataset.h"

typedef void printer(const struct dataset *d, FILE *out);

static char *text_of(printer *print, const struct dataset *d)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	print(d, f);
	fclose(f);
	return text;
}

Test(show, values_have_three_digits_and_a_unit_that_fits)
{
	static const struct { double v; const char *unit, *want; } row[] = {
		{ 0.02654, "s", "26.5 ms" },       { 0.0000213, "s", "21.3 \xc2\xb5s" },
		{ 59.96, "s", "60 s" },            { 4711, "s", "78.5 min" },
		{ 4.86e7, "J", "13.5 kWh" },       { 2.5e11, "J", "69.4 MWh" },
		{ 0.8792, "J/token", "0.879 J/token" }, { 15e3, "J/token", "15 kJ/token" },
		{ 334.24, "K", "61.1 \xc2\xb0""C" },  { 39.87, "degC", "39.9 \xc2\xb0""C" },
		{ 0.948, "1", "0.948" },           { 48.9506, "Hz", "48.951 Hz" },
		{ 705321, "1", "705,321" },        { 1234567, "token", "1,234,567 token" },
		{ 231.374, "EUR", "231.37 EUR" },  { -0.505, "EUR", "-0.51 EUR" },
		{ 0.0713, "g/token", "71.3 mg/token" }, { 187.9, "kg", "188 kg" },
		{ 3.1e-16, "1", "3.1e-16" },       { 0, "J", "0 J" },
		{ NAN, "s", "-" },                 { -41300, "W", "-41.3 kW" },
		{ 7.3275e12, "byte", "7.33 TB" },  { 17, NULL, "17" },
	};
	char buf[SHOW_SIZE];
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_str_eq(show_value(row[i].v, row[i].unit, buf), row[i].want);
}

Test(show, shares_are_in_per_cent_with_their_interval)
{
	char buf[SHOW_SIZE];
	struct ds_metric m = { "service.goodput_frac", 0.953, 0.946, 0.959, 77, "1", "" };
	cr_expect_str_eq(show_metric(&m, buf), "95.3 %");
	cr_expect_str_eq(show_interval(&m, buf), "94.6 % to 95.9 %");
	m = (struct ds_metric){ "grid.transformer_loading_pu.max", 1.237, NAN, NAN, 1, "1", "" };
	cr_expect_str_eq(show_metric(&m, buf), "124 %");
	cr_expect_str_eq(show_interval(&m, buf), "");
	m = (struct ds_metric){ "service.goodput_frac", 0.99967, NAN, NAN, 1, "1", "" };
	cr_expect_str_eq(show_metric(&m, buf), "99.96 %");
	m.value = 1;
	cr_expect_str_eq(show_metric(&m, buf), "100 %");
	m.value = 1.237;
	m.key = "grid.push_pull"; /* "_pu" inside a word is no unit */
	cr_expect_str_eq(show_metric(&m, buf), "1.24");
}

Test(balance, every_joule_counts_once)
{
	struct dataset *d = make_dataset("doorstep");
	struct balance b;
	cr_assert(balance_of(d, &b));
	/* kWh of the made ledger: 462.125 + 790.25 + 61.5, the imports of homes and cloud
	 * being what the grid delivered */
	cr_expect_float_eq(b.joule[BALANCE_SOURCE] / 3.6e6, 1313.875, 1e-9);
	cr_expect_float_eq(b.joule[BALANCE_SINK] / 3.6e6, 1313.875, 1e-9);
	cr_expect_str_eq(b.item[0].name, "import");
	cr_expect_float_eq(b.item[0].joule / 3.6e6, 462.125, 1e-9);
	ds_free(d);
	d = make_bare_dataset();
	cr_expect_not(balance_of(d, &b));
	ds_free(d);
}

Test(summary, says_what_an_analyst_asks_in_a_screenful)
{
	struct dataset *d = make_dataset("doorstep");
	char *text = text_of(summary_print, d);
	static const char *const wanted[] = {
		"doorstep: VALID, seed 0x0000000000000007, hearth 0.1.0\n",
		"Service: 4,211 requests, 4,205 answered, 6 unfinished, 0 rejected\n",
		"         2,000,000 prompt tokens, 705,321 output tokens, 8.16 token/s of output, "
		"31.3 token/s in all\n",
		"p50        p90        p99              n\n",
		"  within the limits 95.3 % of the requests sent: ttft 1 s 96.1 %, tpot 100 ms "
		"98.7 %\n",
		"  within the limits of chat 73 % of the requests sent: e2e 7 s 73 %\n",
		"  nodes busy 7.7 % of the time; while busy mean batch 1.3, MFU 5.3 %, MBU 47 %\n",
		"  steady part, 2.1 h to 21.6 h: 9.3 token/s of output, 0.83 J/token at the",
		"Inference        energy output token    any token      request   correct/kJ\n",
		"  device         172 Wh      0.879 J      0.229 J            -         4.97   "
		"accelerator boards\n",
		"correct as the models are in GPQA Diamond;",
		"from the bulk grid 462 kWh; solar 790 kWh; out of batteries 61.5 kWh;",
		"          70.4 %  highest apparent power over rating\n",
		"      231.37 EUR  import less export, all sites\n",
		"hearth explain",
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		cr_expect(strstr(text, wanted[i]) != NULL, "'%s' is not in\n%s", wanted[i], text);
	int lines = 0, longest = 0;
	for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		if (end - line > longest) longest = (int)(end - line);
		lines++;
	}
	cr_expect(lines <= 45, "%d lines", lines);
	cr_expect(longest <= 110, "%d bytes in a line\n%s", longest, text);
	free(text);
	ds_free(d);
}

static int pick_count(const struct dataset *d, const char *prefix, enum pick which)
{
	struct ds_metric m;
	int n = 0;
	for (size_t i = 0; (i = pick_next(d, prefix, which, i, &m));) n++;
	return n;
}

Test(pick, named_metrics_come_first_and_the_others_are_not_lost)
{
	struct dataset *d = ds_new();
	cr_expect_eq(pick_count(d, "grid.", PICK_FIRST), 0);
	ds_metric(d, &(struct ds_metric){ "grid.ramp_w_per_s.1min", 401, NAN, NAN, 1, "W/s", "" });
	cr_expect_eq(pick_count(d, "grid.", PICK_FIRST), 1, "nothing named: all are first");
	ds_metric(d, &(struct ds_metric){ "grid.margin_pu", 0.05, NAN, NAN, 1, "1", "" });
	ds_metric(d, &(struct ds_metric){ "cost.total", 7, NAN, NAN, 1, "EUR", "" });
	cr_expect_eq(pick_count(d, "grid.", PICK_FIRST), 1);
	cr_expect_eq(pick_count(d, "grid.", PICK_OTHER), 1);
	cr_expect_eq(pick_count(d, "cost.", PICK_FIRST), 1);
	struct ds_metric m;
	pick_next(d, "grid.", PICK_OTHER, 0, &m);
	cr_expect_str_eq(m.key, "grid.ramp_w_per_s.1min");
	ds_free(d);
}

Test(summary, sections_without_numbers_are_left_out)
{
	struct dataset *d = make_bare_dataset();
	char *text = text_of(summary_print, d);
	cr_expect(strstr(text, "bare: INVALID") == text);
	cr_expect(strstr(text, "Energy") == NULL, "%s", text);
	cr_expect(strstr(text, "Stress") == NULL, "%s", text);
	cr_expect(strstr(text, "Cost") == NULL, "%s", text);
	free(text);
	ds_free(d);
	d = ds_new();
	text = text_of(summary_print, d);
	cr_expect(strstr(text, "(no title): not checked") == text, "%s", text);
	free(text);
	ds_free(d);
}

Test(summary, a_failed_check_is_said_at_once)
{
	struct dataset *d = make_dataset("doorstep");
	int8_t *pass = (int8_t *)ds_data(ds_find(d, "checks"), "pass", DS_I8);
	pass[1] = 0;
	char *text = text_of(summary_print, d);
	cr_expect(
	    strstr(text,
		"Check failed: power_flow_failures is 0, allowed is 0: should be nothing") != NULL,
	    "%s", text);
	free(text);
	ds_free(d);
}

Test(summary, json_has_every_metric_to_the_last_bit)
{
	struct dataset *d = make_dataset("\"quoted\"\n\xff");
	char *text = text_of(summary_json, d);
	json_error_t why;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	cr_assert_not_null(root, "%s\n%s", why.text, text);
	cr_expect_str_eq(
	    json_string_value(json_object_get(root, "title")), "\"quoted\"\n\xef\xbf\xbd");
	cr_expect_str_eq(json_string_value(json_object_get(root, "validity")), "VALID");
	const struct ds_group *g = ds_find(d, "summary");
	for (size_t i = 0; i < g->vars; i++) {
		const json_t *v = json_object_get(root, g->var[i]->name);
		cr_expect_eq(
		    json_number_value(v), *(double *)g->var[i]->data, "%s", g->var[i]->name);
	}
	const json_t *homes = json_object_get(json_object_get(root, "ledger"), "homes");
	cr_expect_eq(json_number_value(json_object_get(homes, "pv_j")), 790.25 * 3.6e6);
	cr_expect_not_null(json_object_get(homes, "residual"));
	json_decref(root);
	free(text);
	ds_free(d);
}

Test(summary, json_numbers_are_short_and_nan_is_null)
{
	struct dataset *d = ds_new();
	ds_metric(d, &(struct ds_metric){ "a", 0.1, NAN, NAN, 1, "s", "" });
	ds_metric(d, &(struct ds_metric){ "b", 1 / 3.0, NAN, NAN, 1, "s", "" });
	ds_metric(d, &(struct ds_metric){ "c", NAN, NAN, NAN, 1, "s", "" });
	ds_metric(d, &(struct ds_metric){ "d", -INFINITY, NAN, NAN, 1, "s", "" });
	ds_metric(d, &(struct ds_metric){ "e", 0x1p-1074, NAN, NAN, 1, "s", "" });
	ds_metric(d, &(struct ds_metric){ "f", 705321, NAN, NAN, 1, "s", "" });
	char *text = text_of(summary_json, d);
	cr_expect_str_eq(text, "{\n  \"a\": 0.1,\n  \"b\": 0.3333333333333333,\n  \"c\": null,\n"
			       "  \"d\": null,\n  \"e\": 5e-324,\n  \"f\": 705321.0\n}\n");
	free(text);
	ds_free(d);
}
