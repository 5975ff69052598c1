#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/joules/joules.h"
#include "bench/joules/power_log.h"
#include "tests/fake_tree.h"

/* Energy of a log between two times; NAN with the reason in why. */
static double between(const char *text, double from_s, double to_s, char why[160])
{
	struct power_log log;
	char copy[512];
	double j = NAN;
	snprintf(copy, sizeof copy, "%s", text);
	*why = '\0';
	if (!power_log_parse(&log, copy, strlen(copy), 0, why, 160)) return NAN;
	power_log_energy(&log, from_s, to_s, &j, why, 160);
	power_log_fini(&log);
	return j;
}

Test(joules_log, power_and_energy_are_linear_between_rows)
{
	char why[160];
	static const char power[] = "# from the meter\ntime_s,note,power_w\n10,a,40\n12,b,80\n14,,20\n";
	/* from 11 s (60 W) over 12 s (80 W) to 13 s (50 W) */
	cr_assert(epsilon_eq(dbl, between(power, 11, 13, why), 70 * 1 + 65 * 1, 1e-9));
	cr_assert(epsilon_eq(dbl, between(power, 10, 14, why), 120 + 100, 1e-9));
	static const char energy[] = "energy_j,time_s\n1000,10\n1100,12\n1500,14\n";
	cr_assert(epsilon_eq(dbl, between(energy, 11, 13, why), 50 + 200, 1e-9));
}

Test(joules_log, what_a_log_does_not_cover_is_no_data)
{
	static const struct {
		const char *text;
		double from_s, to_s;
		const char *why;
	} row[] = {
		{ "time_s,power_w\n1,7\n2,7\n3,7\n9,7\n10,7\n", 2, 10, "gap of 6.0 s" },
		{ "time_s,power_w\n1,7\n2,7\n3,7\n", 0.5, 2, "begins 0.5 s after" },
		{ "time_s,power_w\n1,7\n2,7\n3,7\n", 2, 7, "ends 4.0 s before" },
		{ "time_s,power_w\n1,7\n", 1, 1, "fewer than two" },
		{ "time_s,energy_j\n1,70\n2,90\n3,5\n", 1, 3, "began anew" },
		{ "time_s,power_w\n1,7\n1,8\n", 1, 1, "line 3: its time is not after" },
		{ "time_s,power_w\n1,7\n2,-8\n", 1, 2, "line 3: power is negative" },
		{ "time_s,power_w\n1,7\n2,n/a\n", 1, 2, "line 3: time and reading" },
		{ "time_s,power_w\n1,7\n2\n", 1, 2, "line 3: time and reading" },
		{ "time,power_w\n1,7\n2,7\n", 1, 2, "line 1: its header has no time_s" },
		{ "", 1, 2, "line 1: there is no header" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char why[160];
		cr_expect(isnan(between(row[i].text, row[i].from_s, row[i].to_s, why)), "%zu", i);
		cr_expect(strstr(why, row[i].why) != NULL, "%zu: %s", i, why);
	}
	char why[160];
	/* The same gap, but not in the window. */
	cr_expect(epsilon_eq(dbl, between(row[0].text, 1, 3, why), 14, 1e-9), "%s", why);
}

Test(joules_log, a_line_that_is_being_written_is_not_yet_there)
{
	char why[160];
	cr_assert(isnan(between("time_s,power_w\n1,7\n2,7\n3,7", 1, 3, why)));
	cr_assert(strstr(why, "ends 1.0 s before") != NULL, "%s", why);
}

/* A log around now, of which the clock is an hour ahead. */
static void write_log(double now_s)
{
	char text[1024] = "time_s,power_w\n";
	for (int i = -5; i < 15; i++)
		sprintf(text + strlen(text), "%.3f,37.5\n", now_s + i + 3600);
	fake_put("/meter.csv", text);
}

Test(joules_log, the_offset_brings_two_clocks_together)
{
	struct timespec now;
	char source[128];
	struct energy r;
	struct err_list *e = err_new();
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(source, sizeof source, "file:%s/meter.csv", fake_tree());
	write_log((double)now.tv_sec);
	struct joules_setup s = { .source = source, .tdp_w = NAN, .idle_w = NAN, .log_offset_s = -3600 };
	struct joules *j = joules_open(&s, e);
	cr_assert(j != NULL);
	cr_assert(epsilon_eq(dbl, joules_window_s(j), 10, 1e-3), "ten rows");
	joules_begin(j);
	usleep(20000);
	joules_end(j, 1, &r);
	cr_assert(epsilon_eq(dbl, r.power_w, 37.5, 1e-3), "%s", r.why);
	cr_assert_str_eq(r.source, "file");
	cr_assert_str_eq(energy_method_word(r.method), "integrated");
	joules_close(j);
	s.log_offset_s = 0;
	j = joules_open(&s, e);
	joules_begin(j);
	joules_end(j, 1, &r);
	cr_assert(isnan(r.measured_j));
	cr_assert(strstr(r.why, "do the clocks agree?") != NULL, "%s", r.why);
	joules_close(j);
	err_free(e);
	fake_tree_drop();
}
