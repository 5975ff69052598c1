#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/work/trace.h"

static char shown[65536];

/* Parses a text as the file t.csv; what was reported is in `shown`. */
static bool parse_n(const char *text, size_t size, struct trace *t)
{
	char *copy = mem_text_n(text, size);
	struct err_list *e = err_new();
	bool good = trace_parse("a/t.csv", copy, size, t, e);
	FILE *f = fmemopen(shown, sizeof shown, "w");
	cr_expect_eq(good, err_count(e) == 0);
	err_print(e, f);
	fclose(f);
	err_free(e);
	free(copy);
	return good;
}

static bool parse(const char *text, struct trace *t)
{
	shown[0] = '\0';
	return parse_n(text, strlen(text), t);
}

#define OWN   "arrival_s,prompt_tokens,output_tokens\n"
#define AZURE "TIMESTAMP,ContextTokens,GeneratedTokens\n"

Test(trace, own_form)
{
	struct trace t;
	cr_assert(parse("# made by hand\n\n"
			"arrival_s,prompt_tokens,output_tokens,origin,priority\r\n"
			"0.7,1020,129,3,-128\r\n1.35,7,1,outside,\r\n"
			"1.350000007,\"10000000\",1,,127\n",
		      &t),
	    "%s", shown);
	cr_expect_str_eq(shown, "");
	cr_assert_eq(t.count, 3);
	cr_expect_eq(t.request[0].sent_ns, 700000000); /* own times are kept */
	cr_expect_eq(t.request[2].sent_ns, 1350000007);
	cr_expect_eq(t.request[0].origin, 3);
	cr_expect_eq(t.request[1].origin, ORIGIN_OUTSIDE);
	cr_expect_eq(t.request[2].prompt_tokens, 10000000);
	cr_expect_eq(t.request[0].priority, -128);
	cr_expect_eq(t.request[1].priority, 0);
	cr_expect_eq(t.request[2].priority, 127);
	cr_expect_eq(t.span_ns, 650000007);
	cr_expect_eq(t.prompt_tokens, 10001027);
	cr_expect_eq(t.output_tokens, 131);
	cr_expect_str_eq(t.name, "t.csv");
	cr_expect_eq(strlen(t.sha256), 64);
	trace_fini(&t);
}

Test(trace, azure_times_count_from_the_first)
{
	struct trace t;
	cr_assert(parse(AZURE "2023-11-16 23:59:59.9799600,4808,10\n"
			      "2023-11-17 00:00:00.0319601,3180,8\n"
			      "2023-11-17T01:00:02+01:00,5,7",
		      &t),
	    "%s", shown);
	cr_expect_eq(t.format, TRACE_AZURE);
	cr_expect_eq(t.request[0].sent_ns, 0);
	cr_expect_eq(t.request[1].sent_ns, 52000100); /* .0319601 + 1 - .97996 s */
	cr_expect_eq(t.request[2].sent_ns, 2020040000);
	trace_fini(&t);
	cr_assert(parse(AZURE "2024-02-28 12:00:00,1,1\n2024-03-01 12:00:00,1,1\n", &t));
	cr_expect_eq(t.span_ns, 2 * 86400 * 1000000000LL); /* a leap day between */
	trace_fini(&t);
}

Test(trace, mooncake_steps_are_spread)
{
	struct trace t;
	cr_assert(parse("{\"timestamp\": 3000, \"input_length\": 600, \"output_length\": 5, "
			"\"hash_ids\": [7, 9]}\n"
			"{\"timestamp\": 3000, \"input_length\": 20, \"output_length\": 3}\n"
			"{\"timestamp\": 3000, \"input_length\": 20, \"output_length\": 3}\n"
			"{\"timestamp\": 6000, \"input_length\": 1, \"output_length\": 2, "
			"\"hash_ids\": [7]}\n"
			"{\"timestamp\": 12000, \"input_length\": 1, \"output_length\": 2}\n",
		      &t),
	    "%s", shown);
	static const int64_t sent_s[] = { 0, 1, 2, 3, 9 }; /* three in the step of 3 s */
	cr_expect_eq(t.format, TRACE_MOONCAKE);
	for (size_t i = 0; i < t.count; i++)
		cr_expect_eq(t.request[i].sent_ns, sent_s[i] * 1000000000);
	cr_assert_eq(t.prefixes, 3);
	cr_expect_eq(t.request[0].prefix_count, 2);
	cr_expect_eq(t.prefix[t.request[0].prefix_first + 1], 9);
	cr_expect_eq(t.request[3].prefix_first, 2);
	cr_expect_eq(t.request[3].prefix_count, 1);
	cr_expect_eq(t.request[4].prefix_count, 0);
	trace_fini(&t);
}

Test(trace, disorder_is_sorted_stably_with_one_warning)
{
	struct trace t;
	cr_assert(parse(OWN "5,1,1\n3,2,1\n5,3,1\n3,4,1\n", &t), "%s", shown);
	static const int32_t prompts[] = { 2, 4, 1, 3 };
	for (size_t i = 0; i < 4; i++) cr_expect_eq(t.request[i].prompt_tokens, prompts[i]);
	cr_expect_str_eq(shown, "a/t.csv:3: warning: earlier than the row before; "
				"the requests were sorted by time\n");
	trace_fini(&t);
}

Test(trace, rows_without_output_count_as_one_token_in_recorded_forms)
{
	struct trace t;
	cr_assert(parse(AZURE "2023-11-16 10:00:00,5,3\n2023-11-16 10:00:01,5,0\n"
			      "2023-11-16 10:00:02,5,0\n",
		      &t),
	    "%s", shown);
	cr_expect_eq(t.request[1].output_tokens, 1);
	cr_expect_str_eq(shown, "a/t.csv:3: warning: no output tokens, as in 2 rows from here on; "
				"read as 1 token each\n");
	trace_fini(&t);
	cr_expect_not(parse(OWN "0,5,0\n", &t)); /* our own form can say 1 */
}

/* Each text has its faults on the lines that follow it, all of them. */
Test(trace, faults_are_named_with_line_column_and_remedy)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "", "a/t.csv: error: no requests; a trace has at least one row after its "
		      "header\n" },
		{ OWN, "a/t.csv: error: no requests; a trace has at least one row after its "
		       "header\n" },
		{ OWN "0,-7,0\n1,5,3\nx,1.5,\n",
		    "a/t.csv:2:3: error: prompt_tokens is -7; write a number from 1 to 10000000\n"
		    "a/t.csv:2:6: error: output_tokens is 0; write a number from 1 to 10000000\n"
		    "a/t.csv:4:1: error: arrival_s 'x' is no time; write seconds since the start, "
		    "from 0 to 3200000000\n"
		    "a/t.csv:4:3: error: prompt_tokens '1.5' is no whole number; write tokens as "
		    "digits, such as 129\n"
		    "a/t.csv:4:7: error: output_tokens '' is no whole number; write tokens as "
		    "digits, "
		    "such as 129\n" },
		{ OWN "-0.1,1,1\n",
		    "a/t.csv:2:1: error: arrival_s '-0.1' is no time; write seconds "
		    "since the start, from 0 to 3200000000\n" },
		{ OWN "0,1000000000000,3\n", "a/t.csv:2:3: error: prompt_tokens is 1000000000000; "
					     "write a number from 1 to 10000000\n" },
		{ OWN "0,99999999999999999999,3\n",
		    "a/t.csv:2:3: error: prompt_tokens '99999999999999999999' is no whole number; "
		    "write tokens as digits, such as 129\n" },
		{ OWN "0,5\n0,5,7,9\n",
		    "a/t.csv:2: error: a column is missing: the row has 2 and the header 3; was it "
		    "cut "
		    "off?\n"
		    "a/t.csv:3:7: error: a column too many: the row has 4 and the header 3\n" },
		{ OWN "0,\"5,7\n1,2,3\n",
		    "a/t.csv:2:3: error: this quote is never closed; add a \" after the text\n" },
		{ "arrival_s,promt_tokens,output_tokens\n0,1,1\n",
		    "a/t.csv:1:11: error: column 'promt_tokens': did you mean prompt_tokens?\n" },
		{ "TIMESTAMP,ContextTokens\nx,1\n",
		    "a/t.csv:1: error: the header has no column GeneratedTokens; add it\n" },
		{ "a,b\n1,2\n",
		    "a/t.csv:1: error: no trace of requests; its first line must name the "
		    "columns arrival_s,prompt_tokens,output_tokens\n" },
		{ AZURE "2023-02-29 10:00:00,1,1\n2023-11-16 25:00:00,1,1\n2023-11-16 1",
		    "a/t.csv:2:1: error: TIMESTAMP '2023-02-29 10:00:00' is no time; write "
		    "YYYY-MM-DD "
		    "hh:mm:ss.fff\n"
		    "a/t.csv:3:1: error: TIMESTAMP '2023-11-16 25:00:00' is no time; write "
		    "YYYY-MM-DD "
		    "hh:mm:ss.fff\n"
		    "a/t.csv:4: error: a column is missing: the row has 1 and the header 3; was it "
		    "cut "
		    "off?\n" },
		{ AZURE "2023-11-16 10:00:00,1,1\n2195-11-16 10:00:00,1,1\n",
		    "a/t.csv: error: the last request comes a century after the first; check the "
		    "times\n" },
		{ "arrival_s,prompt_tokens,output_tokens,origin\n0,1,1,-3\n",
		    "a/t.csv:2:7: error: origin '-3' is no home; write its number from 0, or "
		    "outside\n" },
		{ "arrival_s,prompt_tokens,output_tokens,priority\n0,1,1,128\n0,1,1,high\n",
		    "a/t.csv:2:7: error: priority '128' is none; write a whole number from -128 "
		    "(first) to 127\n"
		    "a/t.csv:3:7: error: priority 'high' is none; write a whole number from -128 "
		    "(first) to 127\n" },
		{ "{\"timestamp\": 1, \"input_length\": 2.5}\n[]\n{\"timestamp\": -1, "
		  "\"input_length\": 5, \"output_length\": 1, \"hash_ids\": [1, 2]}\n{\n",
		    "a/t.csv:1: error: \"input_length\" is no whole number; write tokens as "
		    "digits, "
		    "such as 129\n"
		    "a/t.csv:1: error: \"output_length\" is missing; add it\n"
		    "a/t.csv:2:1: error: the line is no JSON object; write {\"key\": value, ...}; "
		    "write "
		    "one JSON object a line\n"
		    "a/t.csv:3: error: \"timestamp\" is no time; write milliseconds, 0 or more\n"
		    "a/t.csv:3: error: \"hash_ids\" has 2 ids where 5 tokens have 1 blocks of 512\n"
		    "a/t.csv:4:1: error: string or '}' expected near end of file; write one JSON "
		    "object "
		    "a line\n" },
		{ "{\"timestamp\": 1, \"input_length\": 1537, \"output_length\": 3, "
		  "\"hash_ids\": [7, 3, 9, 3]}\n",
		    "a/t.csv:1: error: \"hash_ids\" has 3 twice; give each block an id that stands "
		    "for it and all before it\n" },
		{ "[{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 3}]\n",
		    "a/t.csv:1:1: error: the line is no JSON object; write {\"key\": value, ...}; "
		    "write one JSON object a line\n" },
		{ "\037\213\010", "a/t.csv: error: no trace of requests: it is compressed (gzip); "
				  "unpack it first\n" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trace t;
		cr_expect_not(parse(rows[i].text, &t), "%s", rows[i].text);
		cr_expect_str_eq(shown, rows[i].shown, "%s\n%s", rows[i].text, shown);
		cr_expect(t.request == NULL && t.name == NULL);
	}
}

Test(trace, a_nul_byte_is_a_fault)
{
	static const char text[] = OWN "0,5\0,3\n";
	struct trace t;
	cr_expect_not(parse_n(text, sizeof text - 1, &t));
	cr_expect_str_eq(
	    shown, "a/t.csv:2:3: error: a NUL byte; the file is damaged, fetch it again\n");
}

Test(trace, unknown_columns_are_passed_over_with_a_warning)
{
	struct trace t;
	cr_assert(parse("arrival_s,model,prompt_tokens,output_tokens\n0,x,5,7\n", &t));
	cr_expect_eq(t.request[0].prompt_tokens, 5);
	cr_expect_str_eq(shown, "a/t.csv:1:11: warning: column 'model' is not used\n");
	trace_fini(&t);
}

Test(trace, reading_stops_after_a_thousand_faulty_rows)
{
	char *text = mem_new(sizeof OWN + 1003 * 6, 1), *to = text + sprintf(text, OWN);
	for (int i = 0; i < 1003; i++) to += sprintf(to, "0,x,5\n");
	struct err_list *e = err_new();
	struct trace t;
	cr_expect_not(trace_parse("t.csv", text, (size_t)(to - text), &t, e));
	cr_expect_eq(err_count(e), TRACE_FAULTS_MAX + 1);
	err_free(e);
	free(text);
}

Test(trace, what_is_written_reads_the_same)
{
	static const struct request r[] = { { 0, 7, 1, 3, 0, 0, 0 },
		{ 1500000000, 12, 130, ORIGIN_OUTSIDE, 0, 0, -3 },
		{ 86400000000007, 3, 9, 0, 0, 0, 0 } };
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	trace_write(r, 3, "made for a test\nby hand", f);
	fclose(f);
	cr_expect_str_eq(text, "# made for a test\n# by hand\n"
			       "arrival_s,prompt_tokens,output_tokens,origin,priority\n"
			       "0.0,7,1,3,0\n1.5,12,130,outside,-3\n"
			       "86400.000000007,3,9,0,0\n");
	struct trace t;
	cr_assert(parse(text, &t), "%s", shown);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(t.request[i].sent_ns, r[i].sent_ns);
		cr_expect_eq(t.request[i].prompt_tokens, r[i].prompt_tokens);
		cr_expect_eq(t.request[i].output_tokens, r[i].output_tokens);
		cr_expect_eq(t.request[i].origin, r[i].origin);
		cr_expect_eq(t.request[i].priority, r[i].priority);
	}
	trace_fini(&t);
	free(text);
}

Test(trace, a_file_that_is_not_there_is_a_fault)
{
	struct err_list *e = err_new();
	struct trace t;
	cr_expect_not(trace_read("/nowhere/t.csv", &t, e));
	cr_expect_not(trace_read("/tmp", &t, e));
	cr_expect_eq(err_count(e), 2);
	err_free(e);
}

/* Counts and totals of the published files, taken with another program (Python's
 * csv and json modules). */
Test(trace, published_traces)
{
	static const struct {
		const char *name;
		size_t count;
		int64_t in, out, span_ns;
		size_t prefixes;
	} files[] = {
		{ "azure2023_conv.csv", 19366, 22361870, 4088665, 3501721937000, 0 },
		{ "azure2023_code.csv", 8819, 18059974, 245896, 3435948056000, 0 },
		{ "mooncake_conversation_0-45min.jsonl", 8940, 109285356, 3102839, -1, 217677 },
	};
	const char *shared = getenv("HEARTH_SHARED");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *path = mem_print("%s/data/traces/%s", shared ? shared : "", files[i].name);
		FILE *f = fopen(path, "r");
		if (!f) cr_skip_test("the published traces are not here ($HEARTH_SHARED)");
		fclose(f);
		struct err_list *e = err_new();
		struct trace t;
		cr_expect(trace_read(path, &t, e), "%s", path);
		cr_expect_eq(t.count, files[i].count);
		cr_expect_eq(t.prompt_tokens, files[i].in);
		cr_expect_eq(t.output_tokens, files[i].out);
		cr_expect_eq(t.prefixes, files[i].prefixes);
		if (files[i].span_ns >= 0) cr_expect_eq(t.span_ns, files[i].span_ns);
		for (size_t k = 1; k < t.count; k++)
			cr_assert(t.request[k].sent_ns >= t.request[k - 1].sent_ns);
		trace_fini(&t);
		err_free(e);
		free(path);
	}
}
