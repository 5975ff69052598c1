/* From a study file to its point list: values, ids, order, text. The program that runs it
 * is looked at by tests/sweep.sh. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "sweep/folder.h"
#include "sweep/points.h"
#include "sweep/study.h"
#include "tests/unit.h"

/* What the files of a study have for a digest does not matter here. */
#define INPUTS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char scratch[] = "/tmp/hearth-study.XXXXXX";

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	cr_assert(f && fputs(text, f) >= 0 && !fclose(f));
}

static void enter(void)
{
	cr_assert(mkdtemp(scratch) && !chdir(scratch));
	put("s.xml", "<scenario name=\"never read\"/>\n");
}

static void leave(void)
{
	cr_assert_eq(chdir("/"), 0);
	char *command = mem_print("rm -rf %s", scratch);
	cr_assert_eq(system(command), 0);
	free(command);
}

TestSuite(study, .init = enter, .fini = leave);

/* A study of that inside; attributes besides name and scenario in `more`. */
static struct points *points_of(const char *more, const char *inside)
{
	struct err_list *e = err_new();
	char *text = mem_print("<study name=\"seven\" scenario=\"s.xml\" %s>%s</study>\n", more, inside);
	put("study.xml", text);
	struct study *s = study_load("study.xml", e);
	struct points *p = s ? points_make(s, INPUTS, e) : NULL;
	err_print(e, stderr);
	cr_assert_not_null(p);
	study_free(s);
	free(text);
	err_free(e);
	return p;
}

#define AXIS_A "<axis name=\"a\" path=\"//homes/@count\" values=\"3; 5 ;7\"/>"
#define AXIS_B "<axis name=\"b\" path=\"//battery/@capacity\" from=\"5 kWh\" to=\"13 kWh\" count=\"3\"/>"

static void expect_values(const struct points *p, size_t k, const char *const *want, size_t n)
{
	cr_assert_eq(p->count, n);
	for (size_t i = 0; i < n; i++) cr_expect_str_eq(p->point[i].value[k], want[i], "row %zu", i);
}

Test(study, the_last_axis_of_a_grid_goes_round_fastest)
{
	static const char *const a[] = { "3", "3", "3", "5", "5", "5", "7", "7", "7" };
	static const char *const b[] = { "5 kWh", "9 kWh", "13 kWh", "5 kWh", "9 kWh", "13 kWh",
		"5 kWh", "9 kWh", "13 kWh" };
	struct points *p = points_of("", AXIS_A AXIS_B);
	expect_values(p, 0, a, 9);
	expect_values(p, 1, b, 9);
	points_free(p);
}

/* c goes along with a, whatever stands between them; the grid is of a and b. */
Test(study, an_axis_along_another_takes_its_steps)
{
	static const char *const a[] = { "3", "3", "3", "5", "5", "5", "7", "7", "7" };
	static const char *const c[] = { "x", "x", "x", "y", "y", "y", "x", "x", "x" };
	struct points *p = points_of("",
	    AXIS_A AXIS_B "<axis name=\"c\" along=\"a\" path=\"//d/@e\" values=\"x; y; x\"/>");
	expect_values(p, 0, a, 9);
	expect_values(p, 2, c, 9);
	points_free(p);
	p = points_of("",
	    "<axis name=\"c\" along=\"a\" path=\"//d/@e\" values=\"x; y; x\"/>" AXIS_A AXIS_B);
	expect_values(p, 0, c, 9);
	expect_values(p, 1, a, 9);
	points_free(p);
}

Test(study, replications_repeat_the_points_with_a_seed_of_their_own)
{
	struct points *p = points_of("seed=\"41\" replications=\"3\"", AXIS_A);
	cr_assert_eq(p->count, 9);
	for (size_t i = 0; i < 9; i++) {
		cr_expect_eq(p->point[i].replication, i / 3 + 1);
		cr_expect_eq(p->point[i].seed, 41 + i / 3, "all points of a replication share it");
		cr_expect_str_eq(p->point[i].value[0], p->point[i % 3].value[0]);
	}
	points_free(p);
}

/* By sha256sum: printf 'hearth study point 1\nINPUTS\nseed 41\n//homes/@count=3\n' and so on. */
Test(study, an_id_is_the_beginning_of_a_digest)
{
	struct points *p = points_of("seed=\"41\" replications=\"2\"", AXIS_A AXIS_B);
	cr_expect_str_eq(p->point[0].id, "9bd09068bf9a7e06");
	cr_expect_str_eq(p->point[17].id, "bb4dcd2eb6eb2e2d");
	points_free(p);
}

Test(study, an_id_outlives_what_does_not_change_the_run)
{
	struct points *p = points_of("", AXIS_A);
	struct points *more = points_of("replications=\"2\"",
	    "<axis name=\"other\" path=\"//homes/@count\" values=\"1; 5; 3; 9; 7\"/>"
	    "<metric name=\"m\"/>");
	static const size_t same[][2] = { { 0, 2 }, { 1, 1 }, { 2, 4 } };
	for (size_t i = 0; i < 3; i++)
		cr_expect_str_eq(p->point[same[i][0]].id, more->point[same[i][1]].id);
	cr_expect_str_neq(p->point[0].id, more->point[5 + 2].id, "another seed");
	points_free(more);
	points_free(p);
}

Test(study, ranges_have_both_ends_and_scales)
{
	static const struct {
		const char *attrs;
		const char *value[3];
	} rows[] = {
		{ "from=\"0\" to=\"1\"", { "0", "0.5", "1" } },
		{ "from=\"1e-3\" to=\"10\" scale=\"log\"", { "0.001", "0.1", "10" } },
		{ "from=\"0.1 kW\" to=\"0.7 kW\"", { "0.1 kW", "0.4 kW", "0.7 kW" } },
		{ "from=\"3\" to=\"-4\" whole=\"yes\"", { "3", "-1", "-4" } },
		{ "from=\"-1 degC\" to=\"1 degC\"", { "-1 degC", "0 degC", "1 degC" } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *axis = mem_print(
		    "<axis name=\"x\" path=\"//a/@b\" count=\"3\" %s/>", rows[i].attrs);
		struct points *p = points_of("", axis);
		expect_values(p, 0, rows[i].value, 3);
		points_free(p);
		free(axis);
	}
}

Test(study, a_design_fills_the_ranges)
{
	struct points *p = points_of("",
	    "<axis name=\"b\" path=\"//battery/@capacity\" from=\"5 kWh\" to=\"13 kWh\"/>"
	    "<axis name=\"c\" path=\"//solar/@share\" from=\"0\" to=\"0.9\"/>"
	    "<sample design=\"saltelli\" points=\"8\"/>");
	cr_assert_eq(p->count, 8 * (2 + 2), "blocks of axes + 2 rows");
	cr_expect_str_eq(p->design, "saltelli points 8 seed 1");
	for (size_t i = 0; i < p->count; i++) {
		double share = atof(p->point[i].value[1]);
		cr_expect(share >= 0 && share < 0.9);
		cr_expect_str_eq(strchr(p->point[i].value[0], ' '), " kWh");
	}
	cr_expect_str_eq(p->point[0].value[0], p->point[2].value[0],
	    "a row of A and the same with its second axis from B");
	points_free(p);
}

Test(study, the_text_of_a_plan_reads_back)
{
	struct points *p = points_of("seed=\"41\" replications=\"2\"",
	    AXIS_A AXIS_B "<metric name=\"grid.margin_pu\"/><metric name=\"m\"/>"), *q;
	struct err_list *e = err_new();
	size_t size, again;
	char *text = points_text(p, &size);
	put("plan.tsv", text);
	q = points_read("plan.tsv", e);
	cr_assert_not_null(q);
	char *back = points_text(q, &again);
	cr_expect_str_eq(back, text);
	static const char head[] = "# hearth study plan 1\n# design grid seed 41\n# study seven\n"
		"# metrics grid.margin_pu m\n# inputs " INPUTS "\n# axis a //homes/@count\n"
		"# axis b //battery/@capacity\nid\treplication\tseed\ta\tb\n";
	cr_expect_eq(strncmp(text, head, strlen(head)), 0, "%s", text);
	free(back);
	free(text);
	points_free(q);
	points_free(p);
	err_free(e);
}

Test(study, a_damaged_plan_is_refused_with_its_line)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "nothing\n", "plan.tsv:1: error: this is no plan" },
		{ "# hearth study plan 1\nid\treplication\tseed\n", "plan.tsv:2: error: the plan's head" },
		{ "# hearth study plan 1\n# design grid seed 1\n# study s\n# inputs 0\n# axis a //b/@c\n"
		  "id\treplication\tseed\ta\n0123456789abcdef\t1\t7\n", "plan.tsv:7: error: this is no line" },
		{ "# hearth study plan 1\n# design grid seed 1\n# study s\n# inputs 0\n# axis a //b/@c\n"
		  "id\treplication\tseed\ta\n../3456789abcdef\t1\t7\t3\n", "plan.tsv:7: error: this is no line" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err_list *e = err_new();
		char *said = NULL;
		size_t size;
		put("plan.tsv", rows[i].text);
		cr_expect_null(points_read("plan.tsv", e));
		FILE *out = open_memstream(&said, &size);
		err_print(e, out);
		fclose(out);
		cr_expect_eq(strncmp(said, rows[i].says, strlen(rows[i].says)), 0, "%s", said);
		free(said);
		err_free(e);
	}
}

Test(study, a_results_file_makes_a_point_done_and_a_record_failed)
{
	struct points *p = points_of("", AXIS_A);
	static const char *const endings[] = { FOLDER_RESULTS, FOLDER_FAILURE, ".h5.tmp" };
	static const enum point_state want[] = { POINT_DONE, POINT_FAILED, POINT_MISSING };
	struct err_list *e = err_new();
	for (size_t i = 0; i < 3; i++) {
		char *path = folder_point("d", p->point[i].id, endings[i]), *slash = strrchr(path, '/');
		*slash = '\0';
		cr_assert(folder_make(path, e));
		*slash = '/';
		put(path, "");
		free(path);
	}
	char *both = folder_point("d", p->point[0].id, FOLDER_FAILURE);
	put(both, ""); /* of an earlier try */
	free(both);
	enum point_state *state = folder_states("d", p);
	for (size_t i = 0; i < 3; i++) cr_expect_eq(state[i], want[i], "%zu", i);
	free(state);
	points_free(p);
	err_free(e);
}
