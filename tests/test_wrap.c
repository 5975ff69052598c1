#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/wrap.h"

static char shown[2048];

static const char *wrap(const char *text, int at, int indent)
{
	FILE *f = fmemopen(shown, sizeof shown, "w");
	fprintf(f, "%.*s", at, "12345678901234567890");
	wrap_text(text, at, indent, f);
	fclose(f);
	return shown;
}

Test(wrap, text_is_filled_to_79_columns)
{
	/* 13 words of 5 letters and their blanks are 13 * 6 - 1 = 77 columns; a
	 * word of two letters does not fit behind them, for 77 + 1 + 2 = 80. */
	const char *words = "aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa aaaaa";
	char text[128], filled[128];
	snprintf(text, sizeof text, "%s bb", words);
	snprintf(filled, sizeof filled, "%s\nbb\n", words);
	cr_expect_str_eq(wrap(text, 0, 0), filled);
	snprintf(text, sizeof text, "%s b", words);
	snprintf(filled, sizeof filled, "%s b\n", words);
	cr_expect_str_eq(wrap(text, 0, 0), filled);
}

Test(wrap, every_line_is_indented)
{
	cr_expect_str_eq(wrap("one", 0, 3), "   one\n");
	cr_expect_str_eq(wrap("one", 2, 5), "12   one\n");
	cr_expect_str_eq(wrap("one", 7, 5), "1234567one\n");
	cr_expect_str_eq(wrap("one\n\ntwo", 0, 2), "  one\n\n  two\n");
}

Test(wrap, blanks_are_one_blank)
{
	cr_expect_str_eq(wrap("one   two\nthree ", 0, 0), "one two three\n");
	cr_expect_str_eq(wrap("", 0, 0), "\n");
}
