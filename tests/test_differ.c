/* What two resolved scenarios differ in, and what follows from something else. */
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/differ.h"

#define S(inner) "<scenario name='s' seed='1'>" inner "</scenario>"
#define NODE(device) "<homes name='h' count='3'><node name='n' device='" device "'/></homes>"
#define DEVICE(name, tdp) "<device name='" name "' tdp='" tdp "' source='a' verify='seen'/>"

/* The differences, a line each: place before>after, with ! allowed and ~ implied. */
static char *lines(const struct differ *d)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	for (size_t i = 0; i < d->rows; i++)
		fprintf(f, "%s%s%s %s>%s\n", d->row[i].allowed ? "!" : "", d->row[i].implied ? "~" : "",
		    d->row[i].place, d->row[i].before ? d->row[i].before : "-",
		    d->row[i].after ? d->row[i].after : "-");
	fclose(f);
	return text;
}

static void expect(const char *a, const char *b, const char *allow, size_t kinds, const char *want)
{
	struct differ d;
	struct err_list *e = err_new();
	cr_assert(differ_init(&d, a, b, &allow, allow ? 1 : 0, e), "%s", b);
	char *got = lines(&d);
	cr_expect_str_eq(got, want, "%s\n%s\ngot:\n%s", a, b, got);
	cr_expect_eq(differ_kinds(&d), kinds, "%s: %zu kinds", b, differ_kinds(&d));
	free(got);
	differ_fini(&d);
	err_free(e);
}

Test(differ, what_decides_no_number_is_left_aside)
{
	expect(S("<about>one</about>" DEVICE("x", "3 W")),
	    "<scenario name='t' seed='7'><about>two &amp; three</about>"
	    "<device name='x' tdp='3 W' source='b' verify='recalled'/></scenario>",
	    NULL, 0, "");
	/* A source without verify= is a figure of the model: a feeder's source voltage. */
	expect(S("<feeder source='1'/>"), S("<feeder source='1.05'/>"), NULL, 1,
	    "/scenario/feeder[1]/@source 1>1.05\n");
}

Test(differ, elements_are_found_by_name_and_else_by_order)
{
	static const struct { const char *a, *b, *want; size_t kinds; } rows[] = {
		{ "<homes name='a' count='3'/><homes name='b' count='5'/>",
		    "<homes name='b' count='5'/><homes name='a' count='7'/>",
		    "/scenario/homes[@name='a']/@count 3>7\n", 1 },
		{ "<link latency='1 s'/><link latency='2 s'/>", "<link latency='1 s'/><link latency='3 s'/>",
		    "/scenario/link[2]/@latency 2 s>3 s\n", 1 },
		{ "<homes name='a'/>", "<homes name='a'><battery share='0.3'/></homes>",
		    "/scenario/homes[@name='a']/battery[1] ->\n", 1 },
		{ "<homes name='a'><solar share='1'/><solar share='2'/></homes>",
		    "<homes name='a'><solar share='1'/></homes>",
		    "/scenario/homes[@name='a']/solar[2] >-\n", 1 },
		{ "<homes name=\"O'Hara\" count='1'/>", "<homes name=\"O'Hara\" count='3'/>",
		    "/scenario/homes[@name=\"O'Hara\"]/@count 1>3\n", 1 },
		{ "<a p='1'/>", "<a p='1' q='&lt;&quot;&amp;'/>", "/scenario/a[1]/@q ->" "<\"&\n", 1 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char a[512], b[512];
		snprintf(a, sizeof a, S("%s"), rows[i].a);
		snprintf(b, sizeof b, S("%s"), rows[i].b);
		expect(a, b, NULL, rows[i].kinds, rows[i].want);
		expect(a, a, NULL, 0, "");
	}
}

Test(differ, one_attribute_of_several_elements_counts_once)
{
	expect(S("<homes name='a' count='3'/><homes name='b' count='5'/>"),
	    S("<homes name='a' count='7'/><homes name='b' count='9'/>"), NULL, 1,
	    "/scenario/homes[@name='a']/@count 3>7\n/scenario/homes[@name='b']/@count 5>9\n");
	expect(S("<homes name='a' count='3' x='1'/>"), S("<homes name='a' count='7' x='2'/>"), NULL, 2,
	    "/scenario/homes[@name='a']/@count 3>7\n/scenario/homes[@name='a']/@x 1>2\n");
}

Test(differ, rows_of_catalogues_follow_from_who_names_them)
{
	expect(S(NODE("x") DEVICE("x", "3 W")), S(NODE("y") DEVICE("y", "5 W")), NULL, 1,
	    "/scenario/homes[@name='h']/node[@name='n']/@device x>y\n"
	    "~/scenario/device[@name='x'] >-\n~/scenario/device[@name='y'] ->\n");
	/* A row of both that is not the same any more is a difference of its own. */
	expect(S(NODE("x") DEVICE("x", "3 W")), S(NODE("x") DEVICE("x", "5 W")), NULL, 1,
	    "/scenario/device[@name='x']/@tdp 3 W>5 W\n");
	/* Through another row: a street's cables. */
	expect(S("<f street='s'/><street name='s'><seg cable='c'/></street><cable name='c'/>"),
	    S("<f street='t'/><street name='t'><seg cable='k'/></street><cable name='k'/>"), NULL, 1,
	    "/scenario/f[1]/@street s>t\n~/scenario/street[@name='s'] >-\n"
	    "~/scenario/cable[@name='c'] >-\n~/scenario/street[@name='t'] ->\n"
	    "~/scenario/cable[@name='k'] ->\n");
	expect(S(""), S(DEVICE("y", "5 W")), NULL, 1, "/scenario/device[@name='y'] ->\n");
}

Test(differ, a_path_allows_what_it_selects_and_what_is_below)
{
	const char *a = S("<homes name='a' count='3'><solar share='0.3'/></homes>"),
		   *b = S("<homes name='a' count='7'><solar share='0.5'/></homes>");
	const char *count = "/scenario/homes[@name='a']/@count 3>7\n";
	const char *share = "/scenario/homes[@name='a']/solar[1]/@share 0.3>0.5\n";
	static const struct { const char *allow; bool count, share; } rows[] = {
		{ "//homes/@count", true, false }, { "//solar", false, true }, { "//homes", true, true },
		{ "//solar/@share | //homes/@count", true, true },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char want[256];
		snprintf(want, sizeof want, "%s%s%s%s", rows[i].count ? "!" : "", count,
		    rows[i].share ? "!" : "", share);
		expect(a, b, rows[i].allow, 2 - rows[i].count - rows[i].share, want);
	}
}

Test(differ, refuses_paths_that_say_nothing_and_texts_that_are_none)
{
	static const struct { const char *b, *allow, *says; } rows[] = {
		{ S(""), "//nothing", "selects nothing in either scenario" },
		{ S(""), "//homes[", "is not well-formed XPath" },
		{ S(""), "count(//homes)", "it is a value" },
		{ "<homes/>", NULL, "run it again" },
		{ "", NULL, "run it again" },
		{ "<!DOCTYPE scenario []>" S(""), NULL, "run it again" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct differ d;
		struct err_list *e = err_new();
		cr_expect_not(differ_init(&d, S(""), rows[i].b, &rows[i].allow, !!rows[i].allow, e));
		char *text = NULL;
		size_t size = 0;
		FILE *f = open_memstream(&text, &size);
		err_print(e, f);
		fclose(f);
		cr_expect(strstr(text, rows[i].says) != NULL, "%s: %s", rows[i].b, text);
		free(text);
		differ_fini(&d);
		err_free(e);
	}
}
