#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "models/energy/sessions.h"

static const double kwh = 3.6e6, hour_s = 3600;

static char path[64];

/* Reads the text from a file of its own; NULL with what is told in *told. */
static struct sessions *read_text(const char *text, bool skip, char **told)
{
	strcpy(path, "/tmp/hearth-sessions-XXXXXX");
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	struct err_list *e = err_new();
	struct sessions *t = sessions_read(path, skip, e);
	size_t size;
	FILE *out = open_memstream(told, &size);
	err_print(e, out);
	fclose(out);
	err_free(e);
	unlink(path);
	return t;
}

/* 2019-01-07 is a Monday, the 12th a Saturday. */
Test(sessions, rows_with_dates_are_read)
{
	char *told;
	struct sessions *t = read_text("plug_in,user,plug_out,energy_kwh\n"
				       "2019-01-07T17:12,a,2019-01-08T07:42,11.3\n"
				       "2019-01-12 09:30:00,b,2019-01-12 10:15:36,2.9\n",
	    false, &told);
	cr_assert(t != NULL, "%s", told);
	cr_expect_eq(t->n[SESSIONS_WEEKDAY], 1);
	cr_expect_eq(t->n[SESSIONS_WEEKEND], 1);
	const struct session *s = t->of[SESSIONS_WEEKDAY];
	cr_expect_float_eq(s->arrival_s, 17.2 * hour_s, 1e-9);
	cr_expect_float_eq(s->stay_s, 14.5 * hour_s, 1e-9);
	cr_expect_float_eq(s->energy_j, 11.3 * kwh, 1e-6);
	s = t->of[SESSIONS_WEEKEND];
	cr_expect_float_eq(s->stay_s, 0.76 * hour_s, 1e-9);
	sessions_free(t);
	free(told);
}

/* The charger's own clock counts: 2019-03-31 had 23 hours in Norway. */
Test(sessions, a_measured_duration_counts)
{
	char *told;
	struct sessions *t = read_text("plugin_local,plugout_local,energy_kwh,duration_h\n"
				       "2019-01-07T17:12,2019-01-07T17:12,0.1,0.013\n"
				       "2019-03-30T22:00,2019-03-31T07:00,7.7,8.0\n",
	    true, &told);
	cr_assert(t != NULL, "%s", told);
	cr_expect_eq(t->n[SESSIONS_WEEKDAY], 1);
	cr_expect_eq(t->skipped, 1);
	cr_expect_float_eq(t->of[SESSIONS_WEEKDAY]->stay_s, 46.8, 1e-9);
	sessions_free(t);
	free(told);
}

Test(sessions, days_without_a_date_are_read)
{
	char *told;
	struct sessions *t = read_text("day,plug_in,spread_h,stay_h,energy_kwh\n"
				       "weekend,13:30,0.75,4.2,9.1\n",
	    false, &told);
	cr_assert(t != NULL, "%s", told);
	struct pcg64 g = rng_stream(5, 0, 11, RNG_TEST);
	struct session s;
	cr_expect_not(sessions_draw(t, SESSIONS_WEEKDAY, &g, &s));
	double least = INFINITY, most = 0;
	for (int i = 0; i < 999; i++) {
		cr_assert(sessions_draw(t, SESSIONS_WEEKEND, &g, &s));
		least = fmin(least, s.arrival_s);
		most = fmax(most, s.arrival_s);
	}
	cr_expect(least >= 12.75 * hour_s && least < 12.77 * hour_s);
	cr_expect(most > 14.23 * hour_s && most <= 14.25 * hour_s);
	cr_expect_float_eq(s.energy_j, 9.1 * kwh, 1e-6);
	sessions_free(t);
	free(told);
}

/* Each row has one fault; its line and column, and words of the message. */
Test(sessions, faults_are_named_by_line)
{
	static const struct {
		const char *row, *at, *what;
	} rows[] = {
		{ "2019-01-07T17:12,,3", ":2:18:", "it was unplugged" },
		{ "2019-01-07T17:12,2019-01-07T17:02,3", ":2:18:", "before it was plugged in" },
		{ "2019-01-07T17:12,2019-01-07T17:12,3", ":2:18:", "for no time" },
		{ "2019-01-07T17:12,2019-01-07T19:12,-3", ":2:35:", "0 or more" },
		{ "2019-01-07T17:12,2019-01-07T19:12,three", ":2:35:", "0 or more" },
		{ "2019-02-30T17:12,2019-03-07T19:12,3", ":2:1:", "not a local time" },
		{ "2019-01-07T17:12Z,2019-01-07T19:12,3", ":2:1:", "not a local time" },
		{ "2019-01-07T17:12,2019-01-07T19:12", ":2:1:", "as many fields" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *told, *text = mem_print("plug_in,plug_out,energy_kwh\n%s\n", rows[i].row);
		cr_expect_null(read_text(text, false, &told));
		cr_expect(strstr(told, rows[i].at) != NULL, "%s: %s", rows[i].row, told);
		cr_expect(strstr(told, rows[i].what) != NULL, "%s: %s", rows[i].row, told);
		free(told);
		free(text);
	}
}

/* Left out where that is asked; but a table must hold something. */
Test(sessions, faults_are_left_out_when_asked)
{
	char *told;
	struct sessions *t = read_text("plug_in,plug_out,energy_kwh\n2019-01-07T17:12,,3\n"
				       "2019-01-07T17:12,2019-01-07T18:12,3\n",
	    true, &told);
	cr_assert(t != NULL);
	cr_expect_eq(t->skipped, 1);
	cr_expect_eq(t->n[SESSIONS_WEEKDAY], 1);
	sessions_free(t);
	free(told);
	cr_expect_null(read_text("plug_in,plug_out,energy_kwh\n2019-01-07T17:12,,3\n", true, &told));
	cr_expect(strstr(told, "at least one") != NULL);
	free(told);
	cr_expect_null(read_text("begin,plug_out,energy_kwh\n", true, &told));
	cr_expect(strstr(told, "the header must name") != NULL);
	free(told);
}
