#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

/* Reads all of a text and writes what was seen: "LINE[a|b] LINE!COL ". The copy
 * has no spare byte, so that an address sanitiser sees the smallest overrun. */
static char seen[4096];

static const char *read_all_n(const char *text, size_t n)
{
	char *copy = malloc(n + 1);
	struct csv c;
	enum csv_result r;
	memcpy(copy, text, n);
	copy[n] = '\0';
	csv_init(&c, copy, n);
	seen[0] = '\0';
	char *to = seen;
	while ((r = csv_next(&c)) != CSV_END) {
		if (r == CSV_FAULT) {
			to += sprintf(to, "%d!%d ", c.line, c.col);
			continue;
		}
		to += sprintf(to, "%d[", c.line);
		for (int i = 0; i < c.fields; i++)
			to += sprintf(to, "%s%s", i ? "|" : "", c.field[i].text);
		to += sprintf(to, "] ");
	}
	free(copy);
	return seen;
}

static const char *read_all(const char *text)
{
	return read_all_n(text, strlen(text));
}

Test(csv, rows_are_split_and_numbered)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "a,b\n1,2\n", "1[a|b] 2[1|2] " },
		{ "a,b\r\n1,2\r\n", "1[a|b] 2[1|2] " },
		{ "a,b\n1,2", "1[a|b] 2[1|2] " },
		{ "a,b\r\n1,2\r", "1[a|b] 2[1|2] " },
		{ "\357\273\277a,b\n", "1[a|b] " },
		{ "a\n\n \t\r\n# note, with comma\n7\n", "1[a] 5[7] " },
		{ " a\t, b c \n", "1[a|b c] " },
		{ ",\n", "1[|] " },
		{ "a,,b,\n", "1[a||b|] " },
		{ "\"a,b\",\"say \"\"hi\"\"\"\n", "1[a,b|say \"hi\"] " },
		{ "\"two\nlines\",x\ny\n", "1[two\nlines|x] 3[y] " },
		{ " \"a\" ,b\n", "1[a|b] " },
		{ "\"\"", "1[] " },
		{ "\"\"\"\"", "1[\"] " },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(read_all(rows[i][0]), rows[i][1]);
}

Test(csv, a_fault_costs_one_line)
{
	static const char *const rows[][2] = {
		{ "a,\"b\nc,d\n", "1!3 2[c|d] " },
		{ "a,\"b\" x,y\nc\n", "1!7 2[c] " },
		{ "\"one\n two\" x\nc\n", "1!12 2[two\" x] 3[c] " },
		{ "\"", "1!1 " },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(read_all(rows[i][0]), rows[i][1]);
}

Test(csv, more_fields_than_there_is_room_for)
{
	char text[CSV_FIELDS_MAX + 3];
	memset(text, ',', sizeof text);
	text[CSV_FIELDS_MAX] = '\n'; /* 1024 commas: 1025 fields */
	text[CSV_FIELDS_MAX + 1] = '7';
	cr_expect_str_eq(read_all_n(text, CSV_FIELDS_MAX + 2), "1!1025 2[7] ");
	text[CSV_FIELDS_MAX - 1] = '\n'; /* 1024 fields */
	text[CSV_FIELDS_MAX] = '8';
	text[CSV_FIELDS_MAX + 1] = '\n';
	read_all_n(text, CSV_FIELDS_MAX + 2);
	cr_expect(strstr(seen, "2[8] ") != NULL && !strchr(seen, '!'));
}

Test(csv, a_nul_shows_in_the_size)
{
	char text[] = "ab\0c,d";
	struct csv c;
	csv_init(&c, text, sizeof text - 1);
	cr_assert_eq(csv_next(&c), CSV_ROW);
	cr_expect_eq(c.fields, 2);
	cr_expect_eq(c.field[0].size, 4);
	cr_expect_eq(c.field[1].col, 6);
}

Test(csv, columns_are_found_by_name)
{
	char text[] = "arrival_s,prompt_tokens\n";
	struct csv c;
	csv_init(&c, text, sizeof text - 1);
	cr_assert_eq(csv_next(&c), CSV_ROW);
	cr_expect_eq(csv_find(&c, "prompt_tokens"), 1);
	cr_expect_eq(csv_find(&c, "prompt"), -1);
}
