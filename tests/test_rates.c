/* Tables of rates: how busy it is, from a file. */
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "models/work/rates.h"

static char shown[8192];

/* Reads a text as a file; what was reported is in `shown`, with the file as "t.csv". */
static struct rates *read_text(const char *text, const char *column)
{
	char folder[] = "/tmp/hearth-rates-XXXXXX";
	cr_assert(mkdtemp(folder) != NULL && chdir(folder) == 0);
	FILE *f = fopen("t.csv", "w");
	fputs(text, f);
	fclose(f);
	struct err_list *e = err_new();
	struct rates *r = rates_read("t.csv", column, e);
	cr_expect_eq(r == NULL, err_count(e) > 0);
	memset(shown, 0, sizeof shown);
	f = fmemopen(shown, sizeof shown, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	unlink("t.csv");
	cr_expect(chdir("/") == 0 && rmdir(folder) == 0);
	return r;
}

static char *hours(int n)
{
	char *text = mem_text("# mine\nhour,rate\n");
	for (int h = 0; h < n; h++) {
		char *more = mem_print("%s%d,%d\n", text, h, h == 7 ? 50 : h);
		free(text);
		text = more;
	}
	return text;
}

Test(rates, hours_of_the_day_repeat)
{
	char *text = hours(24);
	struct rates *r = read_text(text, NULL);
	cr_assert(r != NULL, "%s", shown);
	cr_expect_eq(rates_largest(r), 50);
	cr_expect_eq(rates_factor(r, 7.01 * 3600), 1);
	cr_expect_eq(rates_factor(r, 23.99 * 3600), 23 / 50.0);
	cr_expect_eq(rates_factor(r, (24 * 3 + 12) * 3600.0), 12 / 50.0);
	cr_expect_eq(rates_factor(r, -1), 23 / 50.0);
	rates_free(r);
	free(text);
}

Test(rates, windows_of_any_length_hold_until_the_next)
{
	struct rates *r =
	    read_text("window_start_s,a,b\n0,1,8\n600,2,4\n1000,3,2\n1300,4,1\n", "b");
	static const struct {
		double at_s, factor;
	} row[] = { { 0, 1 }, { 599, 1 }, { 600, 0.5 }, { 1299, 0.25 }, { 1300, 0.125 },
		{ 1599, 0.125 }, { 1600, 1 }, { 1600 * 9 + 700, 0.5 } };
	cr_assert(r != NULL, "%s", shown);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		cr_expect_eq(rates_factor(r, row[i].at_s), row[i].factor, "%g s", row[i].at_s);
	rates_free(r);
}

Test(rates, faults_name_the_line_and_the_remedy)
{
	char *short_day = hours(23), *long_day = hours(25);
	const struct {
		const char *text, *column, *shown;
	} row[] = {
		{ "time,rate\n0,1\n", NULL,
		    "t.csv:1:1: error: no table of rates; its first line "
		    "must name the columns hour,NAME or window_start_s,NAME\n" },
		{ "", NULL, "t.csv: error: 0 windows of time; a table has two rows at least\n" },
		{ "window_start_s\n0\n", NULL,
		    "t.csv:1: error: the header has no column of rates; add one\n" },
		{ "window_start_s,a,b\n0,1,1\n", NULL,
		    "t.csv:1:18: error: several columns of rates; write rates-column= with one of "
		    "a, b\n" },
		{ "window_start_s,a,b\n0,1,1\n", "c",
		    "t.csv:1: error: no column of rates 'c'; write rates-column= with one of a, "
		    "b\n" },
		{ "window_start_s,a\n0,1\n-3,1\n9,x\n10,-1\n11,1,1\n7,1\n7,1\n", NULL,
		    "t.csv:3:1: error: '-3' is no time; write seconds, 0 or more\n"
		    "t.csv:4:3: error: 'x' is no rate; write a number from 0 to 1e+09\n"
		    "t.csv:5:4: error: '-1' is no rate; write a number from 0 to 1e+09\n"
		    "t.csv:6: error: the row has 3 columns and the header 2\n"
		    "t.csv:8:1: error: the window does not begin after the one before\n" },
		{ "window_start_s,a\n5,1\n", NULL,
		    "t.csv:2:1: error: the first window begins at 5 s; begin at 0\n" },
		{ "window_start_s,a\n0,1\n", NULL,
		    "t.csv: error: 1 windows of time; a table has two rows at least\n" },
		{ "window_start_s,a\n0,0\n5,0\n", NULL,
		    "t.csv: error: all rates are 0; one must be above\n" },
		{ "hour,a\n1,2\n", NULL, "t.csv:2:1: error: hour 1 where hour 0 must stand\n" },
		{ short_day, NULL, "t.csv: error: 23 hours; a day has 24 rows, hours 0 to 23\n" },
		{ long_day, NULL,
		    "t.csv:27:1: error: more than 24 hours; for longer tables write "
		    "window_start_s in the header\n" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		cr_expect(read_text(row[i].text, row[i].column) == NULL);
		cr_expect_str_eq(shown, row[i].shown, "%s\n%s", row[i].text, shown);
	}
	free(short_day);
	free(long_day);
}

/* Two weeks by ten minutes (Xiang et al. 2025, "ServeGen"); the peak and the mean taken
 * with another program (awk). */
Test(rates, the_published_two_weeks)
{
	const char *shared = getenv("HEARTH_SHARED");
	char *path = mem_print("%s/data/traces/servegen_rate_10min.csv", shared ? shared : "");
	struct err_list *e = err_new();
	struct rates *r = rates_read(path, "m_small_req_per_s", e);
	if (!r) cr_skip_test("the released rates are not here ($HEARTH_SHARED)");
	double sum = 0;
	for (int i = 0; i < 14 * 144; i++) sum += rates_factor(r, 600.0 * i + 300);
	cr_expect_float_eq(rates_largest(r), 3879.5, 1e-9);
	cr_expect_float_eq(sum / (14 * 144) * rates_largest(r), 1174.4049, 1e-3);
	rates_free(r);
	free(path);
	err_free(e);
}
