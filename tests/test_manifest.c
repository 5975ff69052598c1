#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "cli/input.h"
#include "cli/manifest.h"

static const char *set[] = { "//homes/@count=33", "//about='it''s'/@x=1" };
static struct words overrides = { set, 1, 1 };

struct told {
	struct err_list *e;
	struct scenario *scenario;
	struct dataset *d;
	const struct ds_group *g;
	char *path;
};

static void begin(struct told *t)
{
	*t = (struct told){ .e = err_new(), .d = ds_new() };
	t->path = input_scenario("doorstep", t->e);
	cr_assert_not_null(t->path);
	t->scenario = scenario_load(t->path, set, 1, t->e);
	cr_assert_not_null(t->scenario);
	struct manifest m = {
		.path = t->path, .scenario = t->scenario, .set = &overrides, .seed = 31,
		.validity = "SUSPECT",
	};
	cr_assert(manifest_write(t->d, &m, t->e));
	t->g = ds_find(t->d, "manifest");
	cr_assert_not_null(t->g);
}

static void end(struct told *t)
{
	ds_free(t->d);
	scenario_free(t->scenario);
	err_free(t->e);
	free(t->path);
}

static const char *text_of(const struct told *t, const char *column)
{
	char *const *cell = ds_data(t->g, column, DS_TEXT);
	cr_assert_not_null(cell, "%s", column);
	return cell[0];
}

Test(manifest, the_root_says_what_was_run)
{
	struct told t;
	begin(&t);
	const struct ds_group *root = ds_find(t.d, "");
	char hex[DIGEST_SIZE];
	const char *xml = text_of(&t, "scenario_xml");
	cr_expect_str_eq(ds_text(root, NULL, "title"), "doorstep");
	cr_expect_str_eq(ds_text(root, NULL, "source"), PACKAGE_STRING);
	cr_expect_str_eq(ds_text(root, NULL, "seed"), "0x1f"); /* 31 */
	cr_expect_str_eq(ds_text(root, NULL, "validity"), "SUSPECT");
	cr_expect_str_eq(ds_text(root, NULL, "scenario_sha256"),
	    digest_bytes(xml, strlen(xml), hex));
	cr_expect_not_null(strstr(xml, "count=\"33\""), "the override is in the resolved text");
	end(&t);
}

/* The cell of a column in the row whose key column has the text. */
static const char *cell_of(const struct told *t, const char *group, const char *key,
    const char *text, const char *column)
{
	const struct ds_group *g = ds_find(t->d, group);
	char *const *name = ds_data(g, key, DS_TEXT), *const *cell = ds_data(g, column, DS_TEXT);
	cr_assert(name && cell, "%s/%s", group, column);
	for (size_t i = 0; i < ds_rows(g, key); i++)
		if (!strcmp(name[i], text)) return cell[i];
	cr_assert(false, "%s has no '%s'", group, text);
	return "";
}

/* As scenarios/doorstep.xml, data/devices.xml say. */
Test(manifest, assumptions_have_their_places)
{
	struct told t;
	begin(&t);
	cr_expect_str_eq(cell_of(&t, "assumptions", "element", "homes", "written"),
	    "count=\"33\" (--set)");
	cr_expect_str_eq(cell_of(&t, "assumptions", "element", "homes", "place"), "doorstep.xml:25");
	cr_expect_str_eq(cell_of(&t, "assumptions", "element", "weather", "written"),
	    "cloudiness=\"40 %\" temperature=\"18 degC\" swing=\"8\"");
	cr_expect_not_null(
	    strstr(cell_of(&t, "assumptions", "element", "weather", "left"), "turbidity=\"3\""));
	cr_expect_str_eq(cell_of(&t, "assumptions", "element", "supply", "place"), "",
	    "there by default");
	const char *place = cell_of(&t, "figures", "row", "device rtx-4090", "place");
	cr_expect_eq(strncmp(place, "devices.xml:", strlen("devices.xml:")), 0, "%s", place);
	static const char *const trust[] = { "seen", "derived", "recalled" };
	const struct ds_group *g = ds_find(t.d, "figures");
	char *const *verify = ds_data(g, "verify", DS_TEXT), *const *source = ds_data(g, "source",
		DS_TEXT), *const *figures = ds_data(g, "figures", DS_TEXT);
	for (size_t i = 0; i < ds_rows(g, "row"); i++) {
		bool known = false;
		for (int k = 0; k < 3; k++) known |= !strcmp(verify[i], trust[k]);
		cr_expect(known && *source[i] && *figures[i], "row %zu", i);
	}
	end(&t);
}

Test(manifest, the_command_repeats_the_run)
{
	struct told t;
	begin(&t);
	cr_expect_str_eq(text_of(&t, "command_line"),
	    "hearth run doorstep.xml --seed=31 --set='//homes/@count=33'");
	cr_expect_str_eq(text_of(&t, "override"), "//homes/@count=33");
	cr_expect_eq(ds_rows(t.g, "override"), 1);
	end(&t);
}

Test(manifest, a_shell_reads_quotes_back)
{
	struct told t;
	begin(&t);
	struct words quoted = { set + 1, 1, 1 };
	struct dataset *d = ds_new();
	struct manifest m = {
		.path = t.path, .scenario = t.scenario, .set = &quoted, .validity = "VALID",
	};
	cr_assert(manifest_write(d, &m, t.e));
	char *const *line = ds_data(ds_find(d, "manifest"), "command_line", DS_TEXT);
	cr_expect_str_eq(line[0], "hearth run doorstep.xml --seed=0 "
				  "--set='//about='\\''it'\\'''\\''s'\\''/@x=1'");
	ds_free(d);
	end(&t);
}

Test(manifest, files_are_named_from_where_they_belong)
{
	struct told t;
	begin(&t);
	size_t n = ds_rows(t.g, "file"), below_data = 0;
	char *const *name = ds_data(t.g, "file", DS_TEXT);
	char *const *digest = ds_data(t.g, "file_sha256", DS_TEXT);
	cr_assert_eq(n, scenario_files(t.scenario));
	cr_assert_eq(ds_rows(t.g, "file_sha256"), n);
	cr_expect_str_eq(name[0], "doorstep.xml");
	for (size_t i = 0; i < n; i++) {
		char hex[DIGEST_SIZE];
		cr_assert(digest_file(scenario_file(t.scenario, i), hex));
		cr_expect_str_eq(digest[i], hex, "%s", name[i]);
		cr_expect_neq(name[i][0], '/', "%s", name[i]);
		below_data += !strncmp(name[i], "data/", 5);
	}
	cr_expect(below_data > 0, "the catalogues");
	end(&t);
}
