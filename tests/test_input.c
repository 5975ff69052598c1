#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/input.h"

static char shown[2048];
static char folder[] = "/tmp/hearth-input.XXXXXX";

static const char *show(struct err_list *e)
{
	FILE *f = fmemopen(shown, sizeof shown, "w");
	err_print(e, f);
	fclose(f);
	return shown;
}

static void touch(const char *path)
{
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f);
	fclose(f);
}

/* A data folder with two scenarios, and a working folder with a file. */
static void begin(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	mkdir("data", 0777);
	mkdir("scenarios", 0777);
	touch("scenarios/doorstep.xml");
	touch("scenarios/street.xml");
	touch("scenarios/notes.txt");
	mkdir("work", 0777);
	cr_assert_eq(chdir("work"), 0);
	touch("mine.xml");
	setenv("HEARTH_DATA", folder, 1);
}

static void end(void)
{
	static const char *const file[] = { "work/mine.xml", "work", "scenarios/notes.txt",
		"scenarios/street.xml", "scenarios/doorstep.xml", "scenarios", "data" };
	cr_assert_eq(chdir(folder), 0);
	for (size_t i = 0; i < sizeof file / sizeof *file; i++) remove(file[i]);
	rmdir(folder);
}

TestSuite(input, .init = begin, .fini = end);

Test(input, a_file_is_itself)
{
	struct err_list *e = err_new();
	char *path = input_scenario("mine.xml", e);
	cr_expect_str_eq(path, "mine.xml");
	cr_expect_eq(err_count(e), 0);
	free(path);
	err_free(e);
}

Test(input, a_bare_name_is_a_shipped_scenario)
{
	struct err_list *e = err_new();
	char *bare = input_scenario("street", e), *whole = input_scenario("street.xml", e);
	cr_assert_not_null(bare);
	cr_expect_not_null(strstr(bare, "/scenarios/street.xml"));
	cr_expect_str_eq(bare, whole);
	touch("street.xml"); /* the user's own comes first */
	char *own = input_scenario("street.xml", e);
	cr_expect_str_eq(own, "street.xml");
	remove("street.xml");
	free(bare);
	free(whole);
	free(own);
	err_free(e);
}

Test(input, what_is_no_scenario_is_refused_with_a_remedy)
{
	static const struct {
		const char *name, *says;
	} row[] = {
		{ "nosuch", "no file 'nosuch'; shipped scenarios are: doorstep, street" },
		{ "dorstep", "did you mean the shipped scenario 'doorstep'?" },
		{ "stret.xml", "did you mean the shipped scenario 'street'?" },
		{ "/nonexistent/street.xml", "did you mean the shipped scenario 'street'?" },
		{ ".", "'.' is a folder; name a scenario file in it" },
		{ "mine.xml/x", "cannot read 'mine.xml/x': Not a directory" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct err_list *e = err_new();
		cr_expect_null(input_scenario(row[i].name, e), "%s", row[i].name);
		cr_expect_not_null(strstr(show(e), row[i].says), "%s: %s", row[i].name, shown);
		cr_expect_eq(err_count(e), 1);
		err_free(e);
	}
}

Test(input, an_output_is_judged_before_the_work)
{
	static const struct {
		const char *path, *says; /* says NULL: fine */
	} row[] = {
		{ "new.h5", NULL },
		{ "mine.xml", NULL }, /* will be replaced */
		{ "../new.h5", NULL },
		{ "", "is empty" },
		{ ".", "'.' is a folder" },
		{ "new/", "'new/' is a folder" },
		{ "../scenarios", "'../scenarios' is a folder" },
		{ "/dev/null", "not a regular file" },
		{ "nosuch/new.h5", "folder 'nosuch': No such file or directory" },
		{ "mine.xml/new.h5", "folder 'mine.xml': Not a directory" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct err_list *e = err_new();
		cr_expect_eq(input_can_write(row[i].path, e), !row[i].says, "%s", row[i].path);
		show(e);
		if (row[i].says) cr_expect_not_null(strstr(shown, row[i].says), "%s", shown);
		cr_expect_eq(err_count(e), row[i].says != NULL, "%s", row[i].path);
		err_free(e);
	}
	cr_expect_neq(access("new.h5", F_OK), 0, "asking leaves no file");
}

Test(input, extensions_are_replaced_or_added)
{
	static const char *const row[][2] = {
		{ "a/b.h5", "a/b.html" },
		{ "b", "b.html" },
		{ "b.xml", "b.xml.html" },
		{ ".h5", ".h5.html" },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char *path = input_with_extension(row[i][0], ".h5", ".html");
		cr_expect_str_eq(path, row[i][1]);
		free(path);
	}
}
