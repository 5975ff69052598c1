#include "tests/unit.h"

#include <float.h>
#include <string.h>

#include "base/text.h"

Test(text, a_number_is_decimal_and_nothing_else)
{
	static const struct {
		const char *text;
		double v;
	} good[] = { { "7", 7 }, { "-0.35", -0.35 }, { "+.5", 0.5 }, { "3.", 3 },
		{ "1.7e-3", 0.0017 }, { "1.7976931348623157e308", DBL_MAX } };
	static const char *const bad[] = { "", " 7", "7 ", "7e", "0x7", "nan", "inf", "1e309",
		"7,5", "--7", ".", "e3", "7.5.1", "1p3" };
	double v = 17;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		cr_expect(text_to_number(good[i].text, &v), "%s", good[i].text);
		cr_expect_eq(v, good[i].v);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(text_to_number(bad[i], &v), "'%s'", bad[i]);
}

Test(text, an_integer_fits_or_is_refused)
{
	static const struct {
		const char *text;
		int64_t v;
	} good[] = { { "0", 0 }, { "-37", -37 }, { "+007", 7 },
		{ "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN } };
	static const char *const bad[] = { "", "-", "7.0", "1e3", "9223372036854775808",
		"-9223372036854775809", "7 ", " 7", "0x7", "99999999999999999999" };
	int64_t v = 17;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		cr_expect(text_to_integer(good[i].text, &v), "%s", good[i].text);
		cr_expect_eq(v, good[i].v);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(text_to_integer(bad[i], &v), "'%s'", bad[i]);
}

Test(text, the_end_of_a_number_leaves_its_unit)
{
	cr_expect_str_eq(text_number_end("13.5kWh"), "kWh");
	cr_expect_str_eq(text_number_end("7e"), "e");
	cr_expect_str_eq(text_number_end("7e+W"), "e+W");
	cr_expect_str_eq(text_number_end("-W"), "-W");
}

Test(text, case_is_folded_for_ascii_only)
{
	cr_expect(text_same("kWh", "KwH"));
	cr_expect_not(text_same("kWh", "kW"));
	cr_expect_not(text_same("\303\204", "\303\244")); /* A and a with two dots, UTF-8 */
	cr_expect(text_same_n("kWp", "KWh", 2));
	cr_expect(text_same_n("k", "K", 9));
	cr_expect(text_holds("NVIDIA H100 80GB", "h100"));
	cr_expect(text_holds("abab", "bAB"));
	cr_expect_not(text_holds("NVIDIA H100", "H100 "));
	cr_expect(text_holds("", ""));
}

Test(text, digits_are_the_ones_asked_for)
{
	char buf[32];
	cr_expect_str_eq(text_from_number(1234.5678, 6, buf, sizeof buf), "1234.57");
	cr_expect_str_eq(text_from_number(0.1, 17, buf, sizeof buf), "0.10000000000000001");
}
