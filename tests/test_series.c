#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "models/grid/series.h"

static char shown[4096];

/* Reads a column `x` of that text, in units of 10; faults and remarks are in `shown`. */
static struct series *read_text(const char *text, enum series_gaps gaps)
{
	char path[64];
	const struct series_form form = { "x", 10, -INFINITY, gaps };
	snprintf(path, sizeof path, "test_series_%ld.csv", (long)getpid());
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
	struct err_list *e = err_new();
	struct series *s = series_read(path, &form, e);
	memset(shown, 0, sizeof shown);
	f = fmemopen(shown, sizeof shown - 1, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	remove(path);
	return s;
}

Test(series, its_step_is_that_of_the_first_rows)
{
	/* Five minutes from 2024-02-28T23:50Z = 1709164200 over a leap day's begin. */
	struct series *s = read_text("utc,x\n2024-02-28T23:50Z,3\n2024-02-28T23:55Z,-7\n"
				     "2024-02-29T00:00:00Z,11\n", SERIES_GAPS_REFUSE);
	cr_assert_not_null(s, "%s", shown);
	cr_expect(eq(dbl, series_mean(s, 1709164200, 0, 300), 30));
	/* 23:52 to 00:01: 3 min of the first, 5 of the second, 1 of the third. */
	cr_expect(epsilon_eq(dbl, series_mean(s, 1709164200 + 120, 0, 540),
	    10 * (3 * 3 - 5 * 7 + 11) / 9.0, 1e-12));
	cr_expect(series_covers(s, 1709164200, 900));
	cr_expect(not(series_covers(s, 1709164200, 901)));
	series_free(s);
}

Test(series, the_hour_that_a_clock_shows_twice_is_two)
{
	/* Central Europe, 2024-10-27: 01:00Z is the second 02:00 (1729987200 is 00:00Z). */
	struct series *s = read_text("time,x\n2024-10-27T02:00+02:00,1\n2024-10-27T02:00+01:00,2\n"
				     "2024-10-27 03:00:00+01:00,3\n", SERIES_GAPS_REFUSE);
	cr_assert_not_null(s, "%s", shown);
	for (int h = 0; h < 3; h++)
		cr_expect(eq(dbl, series_mean(s, 1729987200 + 3600.0 * h, 0, 3600), 10 * (h + 1)));
	series_free(s);
	/* And the hour that is missing in spring is no gap: 2024-03-31T01:00Z = 1711846800. */
	s = read_text("time,x\n2024-03-31T01:00+01:00,4\n2024-03-31T03:00+02:00,5\n",
	    SERIES_GAPS_REFUSE);
	cr_assert_not_null(s, "%s", shown);
	cr_expect(eq(dbl, series_mean(s, 1711846800, 0, 3600), 50));
	series_free(s);
}

Test(series, gaps_are_filled_in_a_line_when_asked)
{
	const char *text = "utc,x\n2024-06-20 13:00,4\n2024-06-20 13:30,\n2024-06-20 14:00,nan\n"
			   "2024-06-20 15:00,12\n";
	struct series *s = read_text(text, SERIES_GAPS_FILL);
	cr_assert_not_null(s, "%s", shown);
	static const double filled[] = { 4, 6, 8, 10, 12 };
	for (int i = 0; i < 5; i++)
		cr_expect(epsilon_eq(dbl, series_mean(s, 1718888400 + 1800.0 * i, 0, 1800),
		    10 * filled[i], 1e-12));
	cr_expect_not_null(strstr(shown, "warning: missing figures that lie on the line between "
				       "their neighbours: 3"), "%s", shown);
	series_free(s);
	cr_expect_null(read_text(text, SERIES_GAPS_REFUSE));
	cr_expect_not_null(strstr(shown, "3:18: error: no figure; write one"), "%s", shown);
	cr_expect_not_null(strstr(shown, "4:18: error: no figure; write one"), "%s", shown);
	cr_expect_not_null(strstr(shown, "5:1: error: 60 min after the row before, not 30"), "%s",
	    shown);
}

Test(series, rows_out_of_step_are_named)
{
	static const struct {
		enum series_gaps gaps;
		const char *text, *says;
	} cases[] = {
		{ 0, "utc,x\n2024-06-20 13:00,4\n2024-06-20 13:00,4\n",
		    "3:1: error: the same time as the row before" },
		{ 0, "utc,x\n2024-06-20 13:00,4\n2024-06-20 14:00,4\n2024-06-20 12:00,4\n",
		    "4:1: error: earlier than the row before; sort" },
		{ 1, "utc,x\n2024-06-20 13:00,4\n2024-06-20 14:00,4\n2024-06-20 14:00,4\n",
		    "4:1: error: the same time as the row before" },
		{ 1, "utc,x\n2024-06-20 13:00,4\n2024-06-20 14:00,4\n2024-06-20 15:20,4\n",
		    "4:1: error: 80 min after the row before, not 60" },
		{ 1, "utc,x\n2024-06-20 13:00,4\n2024-06-20 14:00,4\n2024-06-21 15:00,4\n",
		    "4:1: error: 1500 min after the row before, not 60" },
		{ 1, "utc,x\n2024-06-20 13:00,\n2024-06-20 14:00,4\n",
		    "2:18: error: no figure, and none before it" },
		{ 1, "utc,x\n2024-06-20 13:00,4\n2024-06-20 14:00,\n",
		    "error: the last figures are missing" },
		{ 0, "utc,x\n2024-06-20 13:00,4\n", "error: a series has at least two rows" },
		{ 0, "time,x\n2024-06-20 13:00,4\n",
		    "2:1: error: not a time with its zone; write 2024-06-20T15:00+02:00" },
		{ 0, "utc,x\n2023-02-29 13:00,4\n", "2:1: error: not a time in UTC" },
		{ 0, "utc,x\n2024-06-20 24:00,4\n", "2:1: error: not a time in UTC" },
		{ 0, "time,x\n2024-06-20T13:00+15:00,4\n", "2:1: error: not a time with its zone" },
		{ 0, "utc,x\n2024-06-20 13:00,1e400\n", "2:18: error: not a number" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_expect_null(read_text(cases[i].text, cases[i].gaps));
		cr_expect_not_null(strstr(shown, cases[i].says), "case %zu: %s", i, shown);
	}
}
