/* From a scenario's text to objects: values, places, includes, catalogues. What
 * bad input says is in test_loader_faults.c. */
#include "tests/loader_bench.h"

#include <math.h>

static const char full[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- <scenario name='decoy'> -->\n"
    "<scenario name=\"evening\" seed=\"7\">\n"
    "  <about>\n    Five &lt;homes&gt;,\n    &#8364; 3. <![CDATA[<b>]]>\n  </about>\n"
    "  <time start=\"2024-06-20T00:00+05:30\" step=\"15 min\"/>\n"
    "  <homes count=\"40\" heated=\"yes\">\n"
    "    <battery capacity=\"13.5 kWh\"\n"
    "\tpower = 'uniform(3, 6) kW'\n"
    "             chemistry=\"nmc\"/>\n"
    "    <node name=\"\xc3\xa9t\xc3\xa9 &amp; more\" chip=\"own\" trace=\"trace.csv\"/>\n"
    "  </homes>\n"
    "  <chip name=\"own\" power=\"0.35 kW\" source=\"a sheet\"/>\n"
    "  <tariff price=\"0.31 EUR/kWh\"/>\n"
    "</scenario>\n";

static const struct object *child(const struct object *o, const char *element)
{
	return object_child(o, classes_find(test_classes, element));
}

static struct scenario *load_full(struct err_list *e)
{
	put("s.xml", full);
	put("trace.csv", "t\n");
	struct scenario *s = scenario_load_with(test_classes, NULL, "s.xml", NULL, 0, e);
	if (!s) err_print(e, stderr);
	cr_assert_not_null(s);
	return s;
}

Test(loader, every_kind_of_attribute_is_read)
{
	struct err_list *e = bench_init();
	struct scenario *s = load_full(e);
	const struct object *root = scenario_root(s), *h = child(root, "homes");
	const struct root_par *r = root->par;
	const struct clock_par *c = child(root, "time")->par;
	const struct battery_par *b = child(h, "battery")->par;
	const struct node_par *n = child(h, "node")->par;
	cr_expect_str_eq(r->name, "evening");
	cr_expect_eq(r->seed, 7);
	cr_expect_str_eq(((const struct words_par *)child(root, "about")->par)->text,
	    "Five <homes>, \xe2\x82\xac 3. <b>");
	cr_expect_eq(c->start.utc_s, 1718821800.0); /* date -u -d 2024-06-19T18:30 +%s */
	cr_expect_eq(c->start.zone_s, 19800.0);
	cr_expect_eq(c->step_s, 900.0);
	cr_expect_eq(((const struct homes_par *)h->par)->count, 40);
	cr_expect_eq(((const struct homes_par *)h->par)->heated, true);
	cr_expect_eq(b->energy_j, 13.5 * 3.6e6);
	cr_expect(isnan(b->efficiency_frac), "optional and absent");
	cr_expect_eq(b->power_w.kind, DIST_UNIFORM);
	cr_expect_eq(b->power_w.b, 6000.0);
	cr_expect_eq(b->chemistry, 1);
	cr_expect_str_eq(n->name, "\xc3\xa9t\xc3\xa9 & more");
	cr_expect_str_eq(child(h, "node")->name, n->name);
	cr_expect_str_eq(n->trace, "./trace.csv");
	cr_expect_eq(n->chip, child(root, "chip"), "a row that stands further down");
	cr_expect_null(n->spare);
	cr_expect_str_eq(scenario_currency(s), "EUR");
	scenario_free(s);
	err_free(e);
}

Test(loader, places_are_exact_to_the_column)
{
	struct err_list *e = bench_init();
	struct scenario *s = load_full(e);
	const struct object *root = scenario_root(s), *h = child(root, "homes");
	const struct object *b = child(h, "battery"), *n = child(h, "node");
	const struct {
		struct err_pos at;
		int line, col;
	} rows[] = { /* counted in the text above */
		{ root->pos, 3, 1 },
		{ object_attr_pos(root, "seed"), 3, 32 },
		{ child(root, "time")->pos, 8, 3 },
		{ b->pos, 10, 5 },
		{ object_attr_pos(b, "power"), 11, 11 },
		{ object_attr_pos(b, "chemistry"), 12, 25 },
		{ object_attr_pos(b, "efficiency"), 10, 5 }, /* not written: the tag */
		{ object_attr_pos(n, "chip"), 13, 39 },      /* e-acute is one column, two bytes */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_eq(rows[i].at.line, rows[i].line, "row %zu: line %d", i, rows[i].at.line);
		cr_expect_eq(rows[i].at.col, rows[i].col, "row %zu: column %d", i, rows[i].at.col);
	}
	scenario_free(s);
	err_free(e);
}

/* libxml2's nodes hold lines up to 65535 only; chunks are cut at 64 KiB. */
Test(loader, places_are_exact_in_a_long_file)
{
	struct err_list *e = bench_init();
	FILE *f = fopen("long.xml", "w");
	fprintf(f, "\xef\xbb\xbf<scenario name='long'>\r\n");
	for (int i = 2; i < 70001; i++) fprintf(f, "%s\r\n", i % 3 ? "" : "<!-- < -->");
	fprintf(f, "<time start='2024-06-20T00:00Z' stepp='1 s'/></scenario>");
	fclose(f);
	scenario_load_with(test_classes, NULL, "long.xml", NULL, 0, e);
	expect_faults(e, "long.xml:70001:33: error: time: unknown attribute 'stepp' "
	                 "(did you mean 'step'?)\n");
	err_free(e);
}

Test(loader, what_was_resolved_reads_back_as_the_same)
{
	struct err_list *e = bench_init();
	put("units.xml", "<catalogue><chip name='spare' power='300 W' source='s'/>"
	                 "<chip name='unused' power='200 W' source='s'/></catalogue>");
	put("s.xml",
	    "<scenario name='a&quot;b&#10;c'><about>x &lt; y</about>"
	    "<time start='1969-12-31T23:59:58.250-09:30'/>"
	    "<homes count='3'><battery capacity='13.7 kWh' power='choice(3:0.3, 5:0.31, 7:0.39) kW'/>"
	    "<battery capacity='10 kWh' power='lognormal(4, 0.1) kW' efficiency='91.3 %'/>"
	    "<battery capacity='10 kWh' power='normal(4, 0.7) kW'/>"
	    "<battery capacity='10 kWh' power='choice(1, 2, 3) kW'/>"
	    "<battery capacity='10 kWh' power='quantiles(0.1:1, 0.7:2.3, 1:3) kW'/>"
	    "<node chip='spare' trace='units.xml'/></homes>"
	    "<tariff price='31.7 INR/kWh' export='2.3 INR/kWh'/></scenario>");
	struct scenario *a = scenario_load_with(test_classes, ".", "s.xml", NULL, 0, e);
	expect_faults(e, "");
	char *once = scenario_resolved(a);
	put("once.xml", once);
	struct scenario *b = scenario_load_with(test_classes, ".", "once.xml", NULL, 0, e);
	expect_faults(e, "");
	char *twice = scenario_resolved(b);
	cr_expect_str_eq(once, twice);
	cr_expect(strstr(once, "<chip name=\"spare\" power=\"300 W\"") != NULL, "%s", once);
	cr_expect_null(strstr(once, "unused"));
	cr_expect(strstr(once, "start=\"1969-12-31T23:59:58.250-09:30\"") != NULL, "%s", once);
	cr_expect(strstr(once, "fee=\"0 INR\"") != NULL, "%s", once);
	const struct battery_par *p = child(child(scenario_root(a), "homes"), "battery")->par;
	const struct battery_par *q = child(child(scenario_root(b), "homes"), "battery")->par;
	cr_expect_eq(p->energy_j, q->energy_j);
	cr_expect_arr_eq(p->power_w.weight, q->power_w.weight, sizeof p->power_w.weight);
	free(once);
	free(twice);
	scenario_free(a);
	scenario_free(b);
	err_free(e);
}

Test(loader, an_include_is_replaced_and_keeps_its_places)
{
	struct err_list *e = bench_init();
	mkdir("sub", 0777);
	put("s.xml", "<scenario name='s'><include href='sub/all.xml'/></scenario>");
	put("sub/all.xml", "<fragment>\n<include href='time.xml'/>\n<homes count='3'>"
	                   "<include href='deep/b.xml'/></homes></fragment>");
	put("sub/time.xml", "<time start='2024-06-20T00:00Z'/>");
	mkdir("sub/deep", 0777);
	put("sub/deep/b.xml", "\n  <node chip='c' trace='t.csv'/>");
	put("sub/deep/t.csv", "");
	put("cat.xml", "<catalogue><chip name='c' power='3 W' source='s'/></catalogue>");
	struct scenario *s = scenario_load_with(test_classes, ".", "s.xml", NULL, 0, e);
	expect_faults(e, "");
	const struct object *n = child(child(scenario_root(s), "homes"), "node");
	cr_expect_str_eq(n->pos.file, "sub/deep/b.xml");
	cr_expect_eq(n->pos.line, 2);
	cr_expect_eq(n->pos.col, 3);
	cr_expect_str_eq(((const struct node_par *)n->par)->trace, "sub/deep/t.csv");
	const char *files[] = { "s.xml", "sub/all.xml", "sub/time.xml", "sub/deep/b.xml", "./cat.xml",
		"sub/deep/t.csv" };
	cr_assert_eq(scenario_files(s), 6);
	for (size_t i = 0; i < scenario_files(s); i++)
		cr_expect_str_eq(scenario_file(s, i), files[i], "file %zu: %s", i, scenario_file(s, i));
	scenario_free(s);
	err_free(e);
}

Test(loader, a_scenario_hides_rows_of_catalogues)
{
	struct err_list *e = bench_init();
	mkdir("data", 0777);
	put("data/a.xml", "<catalogue><chip name='c' power='3 W' source='s'/></catalogue>");
	put("data/b.xml", "<catalogue><chip name='d' power='5 W' source='s'/></catalogue>");
	put("data/street.xml", "<homes count='0'/>"); /* no catalogue: not looked into */
	put("s.xml", "<scenario name='s'><time start='2024-06-20T00:00Z'/>"
	             "<chip name='d' power='7 W' source='s'/>"
	             "<site><node chip='c' spare='d'/></site></scenario>");
	struct scenario *s = scenario_load_with(test_classes, "data", "s.xml", NULL, 0, e);
	expect_faults(e, "");
	const struct node_par *n = child(child(scenario_root(s), "site"), "node")->par;
	cr_expect_eq(((const struct chip_par *)n->chip->par)->power_w, 3.0);
	cr_expect_eq(((const struct chip_par *)n->spare->par)->power_w, 7.0);
	cr_expect_str_eq(n->chip->pos.file, "data/a.xml");
	scenario_free(s);
	s = scenario_load_with(test_classes, "data", NULL, NULL, 0, e);
	expect_faults(e, "");
	cr_expect_null(scenario_root(s));
	cr_expect_str_eq(scenario_catalogue(s)->next->child->name, "d");
	scenario_free(s);
	err_free(e);
}

Test(loader, set_changes_what_the_path_selects)
{
	struct err_list *e = bench_init();
	const char *set[] = {
		"//battery/@capacity=7 kWh",             /* two, one is written */
		"//homes[@count=\"3\"]/@heated=yes",     /* '=' in a predicate */
		"/scenario/@name=a=b",                   /* '=' in the value */
		"//battery[last()]/@chemistry=sodium",
		"//about=shorter & <better>",
		"//chip[@name='c']/@power=9 W",          /* only a catalogue has it */
	};
	put("cat.xml", "<catalogue><chip name='c' power='3 W' source='s'/></catalogue>");
	put("s.xml", "<scenario name='s'><about>long</about><time start='2024-06-20T00:00Z'/>"
	             "<homes count='3'><battery capacity='13.5 kWh'/>"
	             "<battery power='3 kW'/><node chip='c'/></homes></scenario>");
	struct scenario *s = scenario_load_with(test_classes, ".", "s.xml", set, 6, e);
	expect_faults(e, "");
	const struct object *root = scenario_root(s), *h = child(root, "homes");
	const struct object *b = child(h, "battery"), *last = object_next(b);
	cr_expect_eq(((const struct battery_par *)b->par)->energy_j, 7 * 3.6e6);
	cr_expect_eq(((const struct battery_par *)last->par)->energy_j, 7 * 3.6e6);
	cr_expect_eq(((const struct battery_par *)b->par)->chemistry, 0);
	cr_expect_eq(((const struct battery_par *)last->par)->chemistry, 2);
	cr_expect_eq(((const struct homes_par *)h->par)->heated, true);
	cr_expect_str_eq(root->name, "a=b");
	cr_expect_str_eq(((const struct words_par *)child(root, "about")->par)->text,
	    "shorter & <better>");
	const struct node_par *n = child(h, "node")->par;
	cr_expect_eq(((const struct chip_par *)n->chip->par)->power_w, 9.0);
	cr_expect_str_eq(object_attr_pos(last, "chemistry").file,
	    "--set '//battery[last()]/@chemistry=sodium'");
	scenario_free(s);
	err_free(e);
}

Test(loader, time_stamps_are_those_of_the_calendar)
{
	static const struct {
		const char *text;
		double utc_s, zone_s; /* date -u -d TEXT +%s */
	} rows[] = {
		{ "1970-01-01T00:00Z", 0, 0 },
		{ "2024-02-29T23:59:59+05:30", 1709231399, 19800 },
		{ "2000-02-29T12:00-03:30", 951838200, -12600 },
		{ "1900-03-01T00:00Z", -2203891200.0, 0 },
		{ "1968-12-31T00:00+00:00", -31622400, 0 },
		{ "2199-12-31T23:59:59.875+14:00", 7258067999.875, 50400 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stamp s, again;
		char why[VALUE_WHY_SIZE] = "", text[STAMP_SIZE];
		cr_expect(stamp_parse(rows[i].text, &s, why, sizeof why) == true, "%s: %s", rows[i].text, why);
		cr_expect_eq(s.utc_s, rows[i].utc_s, "%s: %.3f", rows[i].text, s.utc_s);
		cr_expect_eq(s.zone_s, rows[i].zone_s, "%s", rows[i].text);
		cr_expect(stamp_parse(stamp_format(s, text), &again, why, sizeof why) == true, "%s", text);
		cr_expect_eq(s.utc_s, again.utc_s, "%s", text);
		cr_expect_eq(s.zone_s, again.zone_s, "%s", text);
	}
}
