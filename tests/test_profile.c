#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/energy/profile.h"

static char path[64];

/* The text in a file of its own, which the caller removes. */
static const char *file_of(const char *text)
{
	strcpy(path, "/tmp/hearth-profile-XXXXXX");
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return path;
}

/* A day of four steps: means 5 and 3, so shapes 0.2 0.6 2.2 1.0 and 0 2 1 1. */
static const char two_homes[] = "# watts\ntime_s,left,right\n0,1,0\n21600,3,6\n43200,11,3\n"
				"64800,5,3\n";

static struct profile *read_text(const char *text, size_t *faults)
{
	struct err_list *e = err_new();
	struct profile *p = profile_read(file_of(text), e);
	*faults = err_count(e);
	err_free(e);
	unlink(path);
	return p;
}

/* 2024-06-17 is a Monday; the file repeats every day. */
static const double monday_s = 19891 * 86400.0;

Test(profile, shapes_have_mean_one_and_repeat)
{
	size_t faults;
	struct profile *p = read_text(two_homes, &faults);
	double mean[2];
	cr_assert(p != NULL);
	cr_expect_eq(faults, 0);
	for (int day = 0; day < 9; day++) {
		profile_step(p, monday_s + 86400 * day, 86400, mean);
		cr_expect_float_eq(mean[0], 1, 1e-12);
		profile_step(p, monday_s + 86400 * day + 43200, 3600, mean);
		cr_expect_float_eq(mean[0], 2.2, 1e-9);
		cr_expect_float_eq(mean[1], 1.0, 1e-9);
	}
	/* half an hour before and after the change at 6:00; across midnight */
	profile_step(p, monday_s + 19800, 3600, mean);
	cr_expect_float_eq(mean[0], 0.4, 1e-9);
	profile_step(p, monday_s + 82800, 7200, mean);
	cr_expect_float_eq(mean[0], 0.6, 1e-9);
	cr_expect_float_eq(mean[1], 0.5, 1e-9);
	profile_free(p);
}

Test(profile, step_length_does_not_matter)
{
	size_t faults;
	struct profile *p = read_text(two_homes, &faults);
	double hour[2], mean[2], sum = 0;
	profile_step(p, monday_s + 20000, 3600, hour);
	for (int m = 0; m < 60; m++) {
		profile_step(p, monday_s + 20000 + 60 * m, 60, mean);
		sum += mean[0] / 60;
	}
	cr_expect_float_eq(sum, hour[0], 1e-9);
	profile_free(p);
}

Test(profile, faults_are_told)
{
	static const char *const bad[] = {
		"hour,a\n0,1\n43200,2\n",             /* no time_s */
		"time_s\n0\n43200\n",                 /* no home */
		"time_s,a\n0,1\n43200,2\n86400,1\n",  /* a day and a half */
		"time_s,a\n0,1\n21600,2\n50000,1\n",  /* unequal steps */
		"time_s,a\n3600,1\n",                 /* does not begin at 0 */
		"time_s,a\n0,1\n0,1\n",               /* stands still */
		"time_s,a\n0,1\n43200,-2\n",          /* negative */
		"time_s,a\n0,1\n43200,x\n",           /* no number */
		"time_s,a\n0,1\n43200,1,7\n",         /* a field too many */
		"time_s,a,b\n0,1,0\n43200,2,0\n",     /* a home without use */
		"time_s,a\n0,1\n7000,1\n",            /* does not divide the day */
		"",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		size_t faults;
		struct profile *p = read_text(bad[i], &faults);
		cr_expect(p == NULL, "case %zu", i);
		cr_expect_eq(faults, 1, "case %zu: %zu faults", i, faults);
		profile_free(p);
	}
}
