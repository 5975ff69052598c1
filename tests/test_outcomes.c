#include "tests/unit.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sweep/outcomes.h"

/* A folder of a study with two axes of two levels, planned twice. */
static const char plan_text[] = "# hearth study plan 1\n"
				"# design grid seed 7\n"
				"# study small\n"
				"# metrics grid.peak_pu\n"
				"# inputs 00\n"
				"# axis share //node/@share\n"
				"# axis battery //battery/@capacity\n"
				"id\treplication\tseed\tshare\tbattery\n"
				"0000000000000001\t1\t7\t0.1\t5 kWh\n"
				"0000000000000002\t1\t7\t0.1\t10 kWh\n"
				"0000000000000003\t1\t7\t0.3\t5 kWh\n"
				"0000000000000004\t1\t7\t0.3\t10 kWh\n"
				"0000000000000005\t2\t8\t0.1\t5 kWh\n"
				"0000000000000006\t2\t8\t0.1\t10 kWh\n"
				"0000000000000007\t2\t8\t0.3\t5 kWh\n"
				"0000000000000008\t2\t8\t0.3\t10 kWh\n";
static const char table_text[] = "id,replication,seed,share,battery,status,grid.peak_pu,ok\n"
				 "0000000000000001,1,7,0.1,5 kWh,done,0.25,yes\n"
				 "0000000000000002,1,7,0.1,10 kWh,done,0.5,yes\n"
				 "0000000000000003,1,7,0.3,5 kWh,failed,,\n"
				 "0000000000000004,1,7,0.3,10 kWh,done,1,yes\n"
				 "0000000000000005,2,8,0.1,5 kWh,done,2,yes\n"
				 "0000000000000006,2,8,0.1,10 kWh,done,,yes\n"
				 "0000000000000007,2,8,0.3,5 kWh,missing,,\n"
				 "0000000000000008,2,8,0.3,10 kWh,done,8.5,yes\n";

static void put(const char *folder, const char *name, const char *text)
{
	struct err_list *e = err_new();
	char *path = folder_file(folder, name);
	cr_assert(file_write(path, text, strlen(text), e));
	free(path);
	err_free(e);
}

static char *bed_new(const char *plan, const char *table)
{
	char *folder = mem_text("outcomes.XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	char *points = folder_file(folder, "points");
	mkdir(points, 0777);
	free(points);
	if (plan) put(folder, FOLDER_PLAN, plan);
	if (table) put(folder, FOLDER_TABLE, table);
	return folder;
}

static void bed_free(char *folder)
{
	static const char *const names[] = { FOLDER_PLAN, FOLDER_TABLE, "points/ab", "points" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = folder_file(folder, names[i]);
		if (unlink(path)) rmdir(path);
		free(path);
	}
	cr_expect_eq(rmdir(folder), 0);
	free(folder);
}

Test(outcomes, figures_come_by_setting_and_replication)
{
	struct err_list *e = err_new();
	char *folder = bed_new(plan_text, table_text);
	struct outcomes *o = outcomes_read(folder, e);
	cr_assert_not_null(o);
	cr_expect_str_eq(o->design, "grid");
	cr_expect_eq(o->settings, 4);
	cr_expect_eq(o->replications, 2);
	cr_expect_eq(o->metrics, 2);
	cr_expect_eq(outcomes_count(o, POINT_DONE), 6);
	cr_expect_eq(outcomes_count(o, POINT_FAILED), 1);
	cr_expect_eq(outcomes_count(o, POINT_MISSING), 1);
	static const double want[] = { 0.25, 2, 0.5, NAN, NAN, NAN, 1, 8.5 };
	double y[8];
	outcomes_figures(o, outcomes_metric(o, "grid.peak_pu", e), y);
	for (size_t i = 0; i < 8; i++)
		cr_expect(
		    isnan(want[i]) ? isnan(y[i]) : y[i] == want[i], "figure %zu: %g", i, y[i]);
	outcomes_figures(o, outcomes_metric(o, "ok", e), y); /* words are no figures */
	cr_expect(isnan(y[0]));
	const char **value = outcomes_values(o);
	cr_expect_str_eq(value[2 * 2], "0.3");
	cr_expect_str_eq(value[3 * 2 + 1], "10 kWh");
	cr_expect_eq(err_count(e), 0);
	cr_expect_eq(outcomes_metric(o, "grid.peak_p", e), SIZE_MAX);
	cr_expect_eq(err_count(e), 1);
	free(value);
	outcomes_free(o);
	bed_free(folder);
	err_free(e);
}

static char *with(const char *text, const char *was, const char *now)
{
	const char *at = strstr(text, was);
	cr_assert_not_null(at, "%s", was);
	return mem_print("%.*s%s%s", (int)(at - text), text, now, at + strlen(was));
}

static bool is_refused(const char *plan, const char *table)
{
	struct err_list *e = err_new();
	char *folder = bed_new(plan, table);
	struct outcomes *o = outcomes_read(folder, e);
	bool refused = !o && err_count(e) == 1;
	outcomes_free(o);
	bed_free(folder);
	err_free(e);
	return refused;
}

Test(outcomes, a_table_of_another_plan_is_refused)
{
	static const struct {
		const char *was, *now;
	} tables[] = { { "0000000000000004,1", "000000000000000f,1" }, { "status", "state" },
		{ "share,battery", "battery,share" }, { ",failed,,", ",lost,," },
		{ ",failed,,", ",failed," },
		{ "0000000000000008,2,8,0.3,10 kWh,done,8.5,yes\n", "" }, { "ok\n", "ok\n\"" } };
	static const struct {
		const char *was, *now;
	} plans[] = { { "plan 1", "plan 2" }, { "8\t0.3\t10 kWh", "8\t0.3\t11 kWh" },
		{ "\n0000000000000008\t2\t8\t0.3\t10 kWh", "" } };
	cr_expect_not(is_refused(plan_text, table_text));
	cr_expect(is_refused(NULL, table_text), "no plan");
	cr_expect(is_refused(plan_text, NULL), "no table");
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char *table = with(table_text, tables[i].was, tables[i].now);
		cr_expect(is_refused(plan_text, table), "table %zu", i);
		free(table);
	}
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		char *plan = with(plan_text, plans[i].was, plans[i].now);
		cr_expect(is_refused(plan, table_text), "plan %zu", i);
		free(plan);
	}
}

/* A results file that comes into a folder of points sets that folder's time. */
Test(outcomes, a_table_older_than_its_points_is_refused)
{
	static const long seconds[] = { -1, 1 };
	for (size_t i = 0; i < 2; i++) {
		struct err_list *e = err_new();
		char *folder = bed_new(plan_text, table_text);
		char *table = folder_file(folder, FOLDER_TABLE),
		     *ab = folder_file(folder, "points/ab");
		struct stat s;
		cr_assert_eq(mkdir(ab, 0777), 0);
		cr_assert_eq(stat(ab, &s), 0);
		struct timespec times[] = { s.st_mtim, s.st_mtim };
		times[1].tv_sec += seconds[i];
		cr_assert_eq(utimensat(AT_FDCWD, table, times, 0), 0);
		struct outcomes *o = outcomes_read(folder, e);
		cr_expect_eq(!o, seconds[i] < 0, "%ld s", seconds[i]);
		outcomes_free(o);
		free(ab);
		free(table);
		bed_free(folder);
		err_free(e);
	}
}
