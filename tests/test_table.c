#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"

static char shown[4096];

static const char *print(const struct table *t, enum table_form form)
{
	FILE *f = fmemopen(shown, sizeof shown, "w");
	table_print(t, form, f);
	fclose(f);
	return shown;
}

static const struct table_column columns[] = {
	{ "bus", "bus", TABLE_LEFT },
	{ "v_v", "kV", TABLE_RIGHT },
	{ "taps", "taps", TABLE_RIGHT },
	{ NULL, "mark", TABLE_LEFT },
	{ "live", NULL, TABLE_LEFT },
	{ "about", "about", TABLE_WRAPPED },
	{ NULL },
};

static void add(struct table *t, const char *bus, double v, uint64_t taps, bool live, const char *about)
{
	table_text(t, bus);
	table_number(t, v, "%.2f", v / 1e3);
	table_count(t, taps);
	table_text(t, live ? "" : "dark");
	table_flag(t, live);
	table_text(t, about);
}

static struct table *two_rows(void)
{
	struct table *t = table_new(columns);
	add(t, "671", 2401.7, 3, true, "the \"middle\", of it");
	add(t, "west|end", NAN, 12345, false, NULL);
	return t;
}

Test(table, text_is_aligned_and_ends_lines_without_blanks)
{
	struct table *t = two_rows();
	cr_expect_str_eq(print(t, TABLE_TEXT),
	    "bus         kV   taps  mark  about\n"
	    "671       2.40      3        the \"middle\", of it\n"
	    "west|end     -  12345  dark\n");
	table_free(t);
}

Test(table, csv_quotes_as_rfc_4180_and_keeps_every_digit)
{
	struct table *t = two_rows();
	cr_expect_str_eq(print(t, TABLE_CSV),
	    "bus,v_v,taps,live,about\n"
	    "671,2401.7,3,true,\"the \"\"middle\"\", of it\"\n"
	    "west|end,,12345,false,\n");
	table_free(t);
}

Test(table, json_has_an_object_a_row_and_null_for_the_unknown)
{
	struct table *t = two_rows();
	cr_expect_str_eq(print(t, TABLE_JSON),
	    "[\n"
	    "  {\"bus\": \"671\", \"v_v\": 2401.7, \"taps\": 3, \"live\": true, "
	    "\"about\": \"the \\\"middle\\\", of it\"},\n"
	    "  {\"bus\": \"west|end\", \"v_v\": null, \"taps\": 12345, \"live\": false, "
	    "\"about\": null}\n"
	    "]\n");
	table_free(t);
}

Test(table, markdown_escapes_what_would_be_markup)
{
	struct table *t = two_rows();
	cr_expect_str_eq(print(t, TABLE_MARKDOWN),
	    "| bus | kV | taps | mark | about |\n"
	    "|---|---:|---:|---|---|\n"
	    "| 671 | 2.40 | 3 |  | the \"middle\", of it |\n"
	    "| west\\|end | - | 12345 | dark |  |\n");
	table_free(t);
}

Test(table, numbers_for_programs_read_back_as_they_were)
{
	/* 0.1 + 0.2 needs 17 digits; the smallest double is 4.94e-324, of which one is enough;
	 * JSON has no infinity. */
	static const struct table_column one[] = { { "x", "x", TABLE_RIGHT }, { NULL } };
	struct table *t = table_new(one);
	table_number(t, 0.1 + 0.2, "%.1f", 0.3);
	table_number(t, 5e-324, "%.1f", 0.0);
	table_number(t, -INFINITY, "%s", "endless");
	table_number(t, 700, "%.0f", 700.0);
	table_number(t, 3.35e12, "%.0f", 3.35e12);
	table_number(t, -2e15, "%.0f", -2e15);
	cr_expect_str_eq(print(t, TABLE_CSV), "x\n0.30000000000000004\n5e-324\n-inf\n700\n3350000000000\n-2e+15\n");
	cr_expect_str_eq(print(t, TABLE_JSON),
	    "[\n  {\"x\": 0.30000000000000004},\n  {\"x\": 5e-324},\n  {\"x\": null},\n"
	    "  {\"x\": 700},\n  {\"x\": 3350000000000},\n  {\"x\": -2e+15}\n]\n");
	table_free(t);
}

Test(table, bytes_that_are_no_utf_8_do_not_reach_json)
{
	static const struct table_column one[] = { { "x", "x", TABLE_LEFT }, { NULL } };
	struct table *t = table_new(one);
	table_text(t, "Stra\xdf" "e");
	cr_expect_str_eq(print(t, TABLE_JSON), "[\n  {\"x\": \"Stra\xef\xbf\xbd" "e\"}\n]\n");
	table_free(t);
}

Test(table, a_character_of_several_bytes_is_one_column_wide)
{
	static const struct table_column two[] = {
		{ "a", "a", TABLE_LEFT }, { "b", "b", TABLE_LEFT }, { NULL }
	};
	struct table *t = table_new(two);
	table_text(t, "Stra\xc3\x9f" "e");
	table_text(t, "x");
	table_text(t, "Gasse");
	table_text(t, "y");
	cr_expect_str_eq(print(t, TABLE_TEXT), "a       b\nStra\xc3\x9f" "e  x\nGasse   y\n");
	table_free(t);
}

Test(table, sections_and_lines_below_stand_around_their_rows)
{
	static const struct table_column c[] = {
		{ "group", "group", TABLE_SECTION },
		{ "name", "name", TABLE_LEFT },
		{ "note", "note", TABLE_BELOW },
		{ NULL },
	};
	static const char *const cells[] = { "north", "a", "first", "north", "b", "", "south", "c", "next\nlast" };
	struct table *t = table_new(c);
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) table_text(t, cells[i]);
	table_headless(t);
	cr_expect_str_eq(print(t, TABLE_TEXT), "north\na\n    first\nb\nsouth\nc\n    next\n    last\n");
	cr_expect_str_eq(print(t, TABLE_CSV),
	    "group,name,note\nnorth,a,first\nnorth,b,\nsouth,c,\"next\nlast\"\n");
	table_free(t);
}

Test(table, long_words_of_the_last_column_go_on_below_it)
{
	/* 13 words of 5 letters and a blank are 78 columns; behind "key  " 12 of them end at
	 * 5 + 12 * 6 - 1 = 76. */
	static const struct table_column c[] = {
		{ "key", "key", TABLE_LEFT }, { "about", "about", TABLE_WRAPPED }, { NULL }
	};
	struct table *t = table_new(c);
	table_text(t, "key");
	table_text(t, "aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa bbbbb");
	table_headless(t);
	cr_expect_str_eq(print(t, TABLE_TEXT),
	    "key  aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa\n"
	    "     bbbbb\n");
	table_free(t);
}

Test(table, one_without_rows_is_whole)
{
	struct table *t = table_new(columns);
	cr_expect_str_eq(print(t, TABLE_TEXT), "bus  kV  taps  mark  about\n");
	cr_expect_str_eq(print(t, TABLE_CSV), "bus,v_v,taps,live,about\n");
	cr_expect_str_eq(print(t, TABLE_JSON), "[]\n");
	table_free(t);
}
