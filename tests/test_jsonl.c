#include "tests/unit.h"

#include <string.h>

#include "base/jsonl.h"

Test(jsonl, one_object_a_line)
{
	static const char text[] = "\357\273\277{\"a\": 7}\r\n\n  \n{\"a\": 9}";
	struct jsonl j;
	jsonl_init(&j, text, sizeof text - 1);
	cr_assert_eq(jsonl_next(&j), JSONL_OBJECT);
	cr_expect_eq(json_integer_value(json_object_get(j.object, "a")), 7);
	cr_expect_eq(j.line, 1);
	cr_assert_eq(jsonl_next(&j), JSONL_OBJECT);
	cr_expect_eq(json_integer_value(json_object_get(j.object, "a")), 9);
	cr_expect_eq(j.line, 4);
	cr_expect_eq(jsonl_next(&j), JSONL_END);
	cr_expect_eq(jsonl_next(&j), JSONL_END);
	jsonl_fini(&j);
}

Test(jsonl, a_fault_has_line_and_column_and_costs_one_line)
{
	static const struct {
		const char *text, *why;
		int col;
	} rows[] = {
		{ "{\"a\": 1,}\n", "string or '}' expected", 9 },
		{ "[1, 2]\n", "no JSON object", 1 },
		{ "{\"a\": 1, \"a\": 2}\n", "duplicate", 12 },
		{ "{\"a\": 1} x\n", "end of file expected", 10 },
		{ "{\"a\": \n", "unexpected", 6 },
		{ "7\n", "no JSON object", 1 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[128];
		struct jsonl j;
		snprintf(text, sizeof text, "{}\n%s{\"b\": 3}\n", rows[i].text);
		jsonl_init(&j, text, strlen(text));
		cr_expect_eq(jsonl_next(&j), JSONL_OBJECT);
		cr_expect_eq(jsonl_next(&j), JSONL_FAULT);
		cr_expect_eq(j.line, 2);
		cr_expect_eq(j.col, rows[i].col, "%s: column %d", rows[i].text, j.col);
		cr_expect(strstr(j.why, rows[i].why) != NULL, "%s", j.why);
		cr_expect_eq(jsonl_next(&j), JSONL_OBJECT);
		jsonl_fini(&j);
	}
}

Test(jsonl, a_nul_byte_is_a_fault)
{
	static const char text[] = "{\"a\": 1}\n{\"b\"\0: 2}\n";
	struct jsonl j;
	jsonl_init(&j, text, sizeof text - 1);
	cr_expect_eq(jsonl_next(&j), JSONL_OBJECT);
	cr_expect_eq(jsonl_next(&j), JSONL_FAULT);
	jsonl_fini(&j);
}
