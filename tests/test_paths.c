#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/paths.h"

static char top[] = "/tmp/hearth-paths-XXXXXX";

static void make_folder(const char *name)
{
	char *path = mem_print("%s/%s", top, name);
	mkdir(path, 0755);
	free(path);
}

static void make_file(const char *name)
{
	char *path = mem_print("%s/%s", top, name);
	FILE *f = fopen(path, "w");
	cr_assert(f != NULL, "%s", path);
	fputs("abc", f);
	fclose(f);
	free(path);
}

static void make_tree(void)
{
	static const char *const folders[] = { "src", "src/data", "src/scenarios", "build",
		"build/tests", "usr", "usr/bin", "usr/share", "usr/share/hearth",
		"usr/share/hearth/data", "usr/share/hearth/scenarios", "build/stage",
		"build/stage/bin", "build/stage/share", "build/stage/share/hearth",
		"build/stage/share/hearth/data", "build/stage/share/hearth/scenarios", "odd",
		"odd/data", "odd/scenarios" };
	cr_assert(mkdtemp(top) != NULL);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) make_folder(folders[i]);
	make_file("src/data/devices.xml");
	make_file("src/scenarios/doorstep.xml");
	make_file("src/scenarios/devices.xml");
}

static void remove_tree(void)
{
	char *command = mem_print("rm -r '%s'", top);
	cr_expect_eq(system(command), 0);
	free(command);
}

/* What the rule gives for a program below top, with top cut off; "" for none. */
static void expect_home(const char *env, const char *program, const char *home)
{
	char *e = env ? mem_print("%s/%s", top, env) : NULL, *p = mem_print("%s/%s", top, program);
	char *build = mem_print("%s/build", top), *source = mem_print("%s/src", top);
	char *installed = mem_print("%s/odd", top), *tried;
	struct paths_rule r = { e, p, build, source, installed };
	char *got = paths_choose(&r, &tried);
	cr_expect_str_eq(got ? got + strlen(top) : "", home, "%s: tried %s", program, tried);
	cr_expect(strlen(tried) > strlen(top));
	free(got);
	free(tried);
	free(installed);
	free(source);
	free(build);
	free(p);
	free(e);
}

Test(paths, the_folder_follows_the_program)
{
	make_tree();
	expect_home(NULL, "build/hearth", "/src");
	expect_home(NULL, "build/tests/test_paths", "/src");
	expect_home(NULL, "usr/bin/hearth", "/usr/share/hearth");
	expect_home(NULL, "build/stage/bin/hearth", "/build/stage/share/hearth");
	expect_home(NULL, "usr/hearth", "/odd");
	expect_home(NULL, "builder/hearth", "/odd"); /* not below build */
	expect_home("src", "usr/bin/hearth", "/src");
	expect_home("nowhere", "usr/bin/hearth", ""); /* what was asked for is not replaced */
	expect_home("src/data", "usr/bin/hearth", ""); /* not the folder that holds both */
	remove_tree();
}

Test(paths, a_tree_without_any_folder_says_where_it_looked)
{
	char *tried;
	struct paths_rule r = { NULL, "/nowhere/bin/hearth", NULL, NULL, "/nowhere/else" };
	cr_expect(paths_choose(&r, &tried) == NULL);
	cr_expect_str_eq(tried, "/nowhere/share/hearth, /nowhere/else");
	free(tried);
}

static void expect_found(const char *name, const char *beside, const char *end)
{
	char *got = paths_find(name, beside);
	if (!end)
		cr_expect(got == NULL, "%s: %s", name, got);
	else {
		cr_assert(got != NULL, "%s not found", name);
		cr_expect(
		    strlen(got) >= strlen(end) && !strcmp(got + strlen(got) - strlen(end), end),
		    "%s: %s", name, got);
	}
	free(got);
}

Test(paths, files_are_found_beside_then_in_data_then_in_scenarios)
{
	make_tree();
	char *home = mem_print("%s/src", top),
	     *beside = mem_print("%s/scenarios/doorstep.xml", home);
	setenv("HEARTH_DATA", home, 1);
	cr_expect_str_eq(paths_home(), home);
	expect_found("devices.xml", NULL, "src/data/devices.xml");
	expect_found("devices.xml", beside, "src/scenarios/devices.xml");
	expect_found("doorstep.xml", NULL, "src/scenarios/doorstep.xml");
	expect_found("data", NULL, NULL); /* a folder */
	expect_found("none.xml", beside, NULL);
	expect_found(beside, "/somewhere/else.xml", "src/scenarios/doorstep.xml");
	expect_found("/doorstep.xml", NULL, NULL);
	cr_assert_eq(chdir(home), 0);
	expect_found("scenarios/doorstep.xml", NULL, "scenarios/doorstep.xml");
	char *in = paths_in("data", "x.csv");
	cr_expect_str_eq(in + strlen(home), "/data/x.csv");
	free(in);
	free(beside);
	free(home);
	remove_tree();
}

Test(paths, tests_use_the_source_tree)
{
	unsetenv("HEARTH_DATA");
	char *source = realpath(HEARTH_SOURCE_DIR, NULL);
	cr_expect_str_eq(paths_home(), source);
	free(source);
}

/* FIPS 180-4's examples: the empty message and "abc". */
Test(digest, published_vectors)
{
	char hex[DIGEST_SIZE];
	cr_expect_str_eq(digest_bytes("", 0, hex),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	cr_expect_str_eq(digest_bytes("abc", 3, hex),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	make_tree();
	char *path = mem_print("%s/src/data/devices.xml", top); /* holds "abc" */
	hex[0] = '\0';
	cr_expect(digest_file(path, hex));
	cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	free(path);
	cr_expect_not(digest_file("/nowhere", hex));
	cr_expect_not(digest_file("/tmp", hex));
	remove_tree();
}
