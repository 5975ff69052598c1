/* What bad scenarios say: every fault, its exact place, and a remedy. */
#include "tests/loader_bench.h"

#include <libxml/xmlschemas.h>

#define TIME "<time start='2024-06-20T00:00Z'/>"

/* Reads `text` as s.xml, beside a catalogue with the chips a100 and h100. */
static void expect(const char *text, size_t size, const char *set, const char *expected)
{
	struct err_list *e = err_new();
	put_bytes("s.xml", text, size);
	struct scenario *s = scenario_load_with(test_classes, "data", "s.xml", &set, set ? 1 : 0, e);
	cr_expect_eq(s == NULL, err_count(e) > 0);
	char *got = faults(e);
	cr_expect_str_eq(got, expected, "%s %s\ngot:\n%sexpected:\n%s", text, set ? set : "", got,
	    expected);
	free(got);
	scenario_free(s);
	err_free(e);
}

static void init(void)
{
	err_free(bench_init());
	mkdir("data", 0777);
	put("data/chips.xml", "<catalogue><chip name='a100' power='400 W' source='s'/>"
	                      "<chip name='h100' power='700 W' source='s'/></catalogue>");
}

struct row {
	const char *text, *expected; /* of one fault: without "s.xml:" and "error: " */
};

static void expect_rows(const struct row *rows, size_t n)
{
	init();
	for (size_t i = 0; i < n; i++) {
		char expected[1024] = "";
		size_t place = strcspn(rows[i].expected, " ");
		if (*rows[i].expected)
			snprintf(expected, sizeof expected, "s.xml%.*s error:%s\n", (int)place,
			    rows[i].expected, rows[i].expected + place);
		expect(rows[i].text, strlen(rows[i].text), NULL, expected);
	}
}

#define S(inner) "<scenario name='s'>" TIME "\n" inner "</scenario>"
#define H(inner) S("<homes count='3'>" inner "</homes>")
#define ROWS(rows) expect_rows(rows, sizeof rows / sizeof *rows)

Test(loader_faults, names_and_places)
{
	static const struct row rows[] = {
		{ H("<batery capacity='9 kWh'/>"), ":2:18: unknown element <batery> (did you mean <battery>?)" },
		{ S("<xylophone/>"), ":2:1: unknown element <xylophone>; hearth-scenario(5) lists what <scenario> takes" },
		{ S("<battery capacity='9 kWh'/>"),
		    ":2:1: <battery> does not belong in <scenario>; it stands in <homes> or <site>" },
		{ H("<scenario/>"), ":2:18: <scenario> does not stand in another element" },
		{ H("<battery capcity='9 kWh'/>"),
		    ":2:27: battery: unknown attribute 'capcity' (did you mean 'capacity'?)" },
		{ H("<battery capacity='9 kWh' zzz='1'/>"),
		    ":2:44: battery: unknown attribute 'zzz'; hearth-scenario(5) lists them" },
		{ H("<battery/>"),
		    ":2:18: battery: attribute 'capacity' is missing: usable energy "
		    "(energy: Wh, kWh, MWh, GWh, J, MJ)" },
		{ S("<homes/>"), ":2:1: homes: attribute 'count' is missing: how many" },
		{ S("<about>a</about><about>b</about>"), ":2:17: scenario: at most 1 <about> may stand in it" },
		{ "<scenario name='s'/>", ":1:1: scenario: it needs a <time>: When it begins." },
		{ "<scenaro name='s'/>", ":1:1: unknown element <scenaro> (did you mean <scenario>?)" },
		{ "<homes count='3'/>", ":1:1: the first element is <homes>; that of a scenario is <scenario>" },
		{ "<catalogue/>", ":1:1: this is a catalogue; name a scenario" },
		{ H("loose words\n<battery capacity='9 kWh'/>"),
		    ":2:1: homes: text does not belong in it: \"loose words\"" },
		{ S("<site><node name='n' chip='a100'/><node name='n' chip='h100'/></site>"),
		    ":2:47: node: name=\"n\" is taken by the one at s.xml:2" },
	};
	ROWS(rows);
}

Test(loader_faults, values)
{
	static const struct row rows[] = {
		{ H("<battery capacity='13,5 kWh'/>"),
		    ":2:37: battery: capacity=\"13,5 kWh\": decimal comma; write 13.5 kWh" },
		{ H("<battery capacity='9 kW'/>"),
		    ":2:37: battery: capacity=\"9 kW\": 9 kW is a power; energy wants Wh, kWh, MWh, GWh, J, MJ" },
		{ H("<battery capacity='120 kWh'/>"),
		    ":2:37: battery: capacity=\"120 kWh\": 120 kWh is above the largest allowed, 100 kWh" },
		{ H("<battery capacity='3 Wh'/>"),
		    ":2:37: battery: capacity=\"3 Wh\": 3 Wh is below the smallest allowed, 1 kWh" },
		{ H("<battery capacity='9 kWh' chemistry='lpf'/>"),
		    ":2:55: battery: chemistry=\"lpf\": not one of lfp, nmc, sodium (did you mean 'lfp'?)" },
		{ S("<homes count='2.5'/>"),
		    ":2:15: homes: count=\"2.5\": not a whole number; write digits only, as in 40" },
		{ S("<homes count='0x10'/>"),
		    ":2:15: homes: count=\"0x10\": not a whole number; write digits only, as in 40" },
		{ S("<homes count=''/>"),
		    ":2:15: homes: count=\"\": not a whole number; write digits only, as in 40" },
		{ S("<homes count='99999999999999999999'/>"),
		    ":2:15: homes: count=\"99999999999999999999\": outside the range allowed, 1 to 1000" },
		{ S("<homes count='-3'/>"),
		    ":2:15: homes: count=\"-3\": outside the range allowed, 1 to 1000" },
		{ S("<homes count='3' heated='true'/>"), ":2:26: homes: heated=\"true\": write yes or no" },
		{ H("<node name=' ' chip='a100'/>"),
		    ":2:30: node: name=\" \": it is empty; write something or leave the attribute away" },
		{ H("<node chip='a10'/>"),
		    ":2:30: node: chip=\"a10\": there is no such <chip> (did you mean 'a100'?)" },
		{ H("<node chip='quantum'/>"),
		    ":2:30: node: chip=\"quantum\": there is no such <chip>; hearth catalog lists them" },
		{ H("<node chip='a100' trace='no.csv'/>"),
		    ":2:43: node: trace=\"no.csv\": no such file beside s.xml, nor among hearth's data and "
		    "scenarios" },
		{ "<scenario name='s'><time start='2024-06-20T00:00'/></scenario>",
		    ":1:33: time: start=\"2024-06-20T00:00\": no time zone; add Z for UTC or an offset such as "
		    "+05:30" },
		{ "<scenario name='s'><time start='2023-02-29T00:00Z'/></scenario>",
		    ":1:33: time: start=\"2023-02-29T00:00Z\": no such day or time; years 1900 to 2199, hours "
		    "00 to 23" },
		{ "<scenario name='s'><time start='tomorrow'/></scenario>",
		    ":1:33: time: start=\"tomorrow\": not a time stamp; write YYYY-MM-DDThh:mm and a zone, as "
		    "in 2024-06-20T00:00+05:30" },
		{ H("<battery capacity='2 kWh'/>"),
		    ":2:18: battery: power empties it in half an hour" },
	};
	ROWS(rows);
}

Test(loader_faults, one_currency)
{
	static const struct row rows[] = {
		{ S("<tariff price='0.3 EUR/kWh' export='0.1 USD/kWh'/>"),
		    ":2:37: tariff: export is in USD, but s.xml:2 is in EUR; use one currency" },
		{ S("<tariff price='30 INR/kWh'/>"),
		    ":2:1: tariff: the default of 'export', 0.08 EUR/kWh, is in EUR, the scenario in INR; "
		    "write it" },
		{ S("<tariff price='30 INR/kWh' export='1 INR/kWh'/>"), "" }, /* fee: 0 in any currency */
	};
	ROWS(rows);
}

Test(loader_faults, hostile_xml)
{
	static const struct row rows[] = {
		{ "<!DOCTYPE x [<!ENTITY a \"b\">]>\n<scenario name='&a;'/>",
		    ":1:1: DOCTYPE is refused, and entities with it; remove it" },
		{ S("&nbsp;"),
		    ":2:7: &nbsp; is not known; only &amp; &lt; &gt; &quot; &apos; and &#NUMBER; are" },
		{ S("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"),
		    ":2:1: XInclude is not read; write <include href=\"FILE.xml\"/>" },
		{ "<scenario xmlns='urn:x' name='s'>" TIME "</scenario>",
		    ":1:1: xmlns: elements have no namespace here; remove it" },
		{ "<scenario name='s'>" TIME "<homes count='3'></scenario>",
		    ":1:81: </scenario> where <homes> of line 1 must end; write </homes> before it" },
		{ S("<homes count='3' count='4'/>"), ":2:27: attribute 'count' is written twice; keep one" },
		{ S("<homes count='3/>"), ":2:18: '<' in an attribute; close the quotes before it, or write &lt;" },
		{ S("") "<again/>", ":2:12: text behind the end of the first element; a file has one" },
		{ S("a & b"), ":2:4: a bare '<' or '&'; write &lt; or &amp;" },
		{ "", ": the file is empty; it must hold one <scenario> element" },
		{ "\xef\xbb\xbf", ": the file is empty; it must hold one <scenario> element" },
		{ "\xff\xfe<\0s\0", ": the file is UTF-16 or binary; save it as UTF-8" },
		{ "<scenario name='caf\xe9'/>", ":1:20: byte 0xE9 is not UTF-8; save the file as UTF-8" },
		{ "<scenario name='\xed\xa0\x80'/>", ":1:17: byte 0xED is not UTF-8; save the file as UTF-8" },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><scenario name='s'/>",
		    ":1:31: the file declares another encoding; save it as UTF-8 and write encoding=\"UTF-8\"" },
	};
	ROWS(rows);
	static const char nul[] = "<scenario name='\0'/>";
	expect(nul, sizeof nul - 1, NULL, "s.xml:1:17: error: a NUL byte; the file must be UTF-8 text\n");
}

Test(loader_faults, limits)
{
	init();
	char *text = mem_new(2000000, 1), *p = text;
	for (int i = 0; i < 200000; i++) p = stpcpy(p, "<a>");
	expect(text, strlen(text), NULL, "s.xml:1:97: error: elements are nested deeper than 32\n");
	p = stpcpy(text, "<a");
	for (int i = 0; i < 100000; i++) p += sprintf(p, " a%d=''", i);
	expect(text, strlen(text), NULL, "s.xml:1:1: error: an element with 256 attributes or more\n");
	free(text);
	cr_assert_eq(truncate("s.xml", (off_t)SCENARIO_BYTES_MAX + 1), 0);
	struct err_list *e = err_new();
	scenario_load_with(test_classes, NULL, "s.xml", NULL, 0, e);
	expect_faults(e, "s.xml: error: cannot read it: larger than 64 MiB; a scenario is a "
	                 "description, keep data in CSV files\n");
	err_free(e);
}

Test(loader_faults, files_that_are_none)
{
	init();
	mkfifo("fifo", 0666);
	const char *rows[][2] = {
		{ "none.xml", "none.xml: error: cannot read it: No such file or directory\n" },
		{ "data", "data: error: cannot read it: it is a folder; name a file\n" },
		{ "fifo", "fifo: error: cannot read it: it is not a regular file\n" },
		{ "/dev/zero", "/dev/zero: error: cannot read it: it is not a regular file\n" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err_list *e = err_new();
		cr_expect_null(scenario_load_with(test_classes, NULL, rows[i][0], NULL, 0, e));
		expect_faults(e, rows[i][1]);
		err_free(e);
	}
}

Test(loader_faults, includes)
{
	static const struct row rows[] = {
		{ S("<include href='../x.xml'/>"),
		    ":2:16: include: href=\"../x.xml\": '..' leaves the scenario's folder; put the file below it" },
		{ S("<include href='a/../../x.xml'/>"),
		    ":2:16: include: href=\"a/../../x.xml\": '..' leaves the scenario's folder; put the file "
		    "below it" },
		{ S("<include href='/etc/passwd'/>"),
		    ":2:16: include: href=\"/etc/passwd\": it is absolute; write it relative to this file" },
		{ S("<include href='none.xml'/>"), ":2:16: include: cannot find 'none.xml'" },
		{ S("<include href='data'/>"), ":2:16: cannot read 'data': it is a folder; name a file" },
		{ S("<include href='s.xml'/>"), ":2:16: include: 's.xml': it includes itself" },
		{ S("<include href='out.xml'/>"),
		    ":2:16: include: 'out.xml': it lies outside the scenario's folder" },
		{ S("<include/>"), ":2:1: include: attribute 'href' is missing; write href=\"FILE.xml\"" },
		{ S("<include href='data/chips.xml'/>"), NULL },
	};
	init();
	cr_assert_eq(symlink("/etc/hostname", "out.xml"), 0);
	for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++) {
		char expected[512];
		size_t place = strcspn(rows[i].expected, " ");
		snprintf(expected, sizeof expected, "s.xml%.*s error:%s\n", (int)place, rows[i].expected,
		    rows[i].expected + place);
		expect(rows[i].text, strlen(rows[i].text), NULL, expected);
	}
	expect(S("<include href='data/chips.xml'/>"), strlen(S("<include href='data/chips.xml'/>")), NULL,
	    "data/chips.xml:1:1: error: <catalogue> does not stand in another element\n");
}

/* 2, 4, 8, ... files: neither a cycle nor deep. */
Test(loader_faults, an_include_bomb_ends)
{
	init();
	for (int i = 0; i < 14; i++) {
		char name[16], text[100];
		snprintf(name, sizeof name, "%d.xml", i);
		snprintf(text, sizeof text,
		    "<fragment><include href='%d.xml'/><include href='%d.xml'/></fragment>", i + 1, i + 1);
		put(name, text);
	}
	put("14.xml", "<fragment/>");
	struct err_list *e = err_new();
	put("s.xml", S("<include href='0.xml'/>"));
	cr_expect_null(scenario_load_with(test_classes, NULL, "s.xml", NULL, 0, e));
	char *got = faults(e);
	cr_expect(strstr(got, "include: more than 1000 of them") != NULL, "%s", got);
	free(got);
	err_free(e);
}

Test(loader_faults, set)
{
	static const struct {
		const char *set, *expected;
	} rows[] = {
		{ "//batery/@power=3 kW", "the scenario has no <batery> (did you mean 'battery'?)" },
		{ "//xylophone/@power=3 kW", "the scenario has no <xylophone>; name an element that it has" },
		{ "//homes/time/@step=3 s",
		    "the path selects nothing; the names are right, the place is not" },
		{ "//battery/@powr=3 kW", "battery: unknown attribute 'powr' (did you mean 'power'?)" },
		{ "//battery/@power=3 kWh",
		    "battery: power=\"3 kWh\": 3 kWh is an energy; power wants W, kW, MW, GW" },
		{ "//battery", "write XPATH=VALUE, as in --set '//solar/@share=0.7'" },
		{ "=3", "write XPATH=VALUE, as in --set '//solar/@share=0.7'" },
		{ "//homes=3", "the path selects more than a value; end it in /@ATTRIBUTE" },
		{ "//battery | =3", "the path cannot be used: it is not well-formed XPath, at character 13" },
		{ "count(//*)=3", "the path cannot be used: it is a value, not a place in the scenario" },
		{ "//\xff/@a=1", "it is not UTF-8" },
	};
	static const char text[] = S("<homes count='3'><battery capacity='9 kWh'/></homes>");
	init();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char expected[300];
		snprintf(expected, sizeof expected, "--set '%s': error: %s\n", rows[i].set, rows[i].expected);
		expect(text, sizeof text - 1, rows[i].set, expected);
	}
}

/* Nested predicates over 2000 elements: 2000^3 steps if nobody counted them. */
Test(loader_faults, a_path_that_takes_for_ever_ends)
{
	init();
	char *text = mem_new(100000, 1), *p = stpcpy(text, "<scenario name='s'>" TIME);
	for (int i = 0; i < 2000; i++) p = stpcpy(p, "<homes count='3'/>");
	strcpy(p, "</scenario>");
	expect(text, strlen(text), "//*[count(//*[count(//*) > 3]) > 4]/@count=5",
	    "--set '//*[count(//*[count(//*) > 3]) > 4]/@count=5': error: the path cannot be used: "
	    "it takes too long to evaluate\n");
	free(text);
}

Test(loader_faults, all_of_a_file_at_once)
{
	static const char text[] =
	    "<scenario nam='s'>\n<tme/>\n<homes count='many'>\n <battery capacity='1,5 kWh' power='x'/>\n"
	    " <node chip='z'/>\n</homes>\n</scenario>";
	init();
	expect(text, sizeof text - 1, NULL,
	    "s.xml:1:1: error: scenario: it needs a <time>: When it begins.\n"
	    "s.xml:1:11: error: scenario: unknown attribute 'nam' (did you mean 'name'?)\n"
	    "s.xml:2:1: error: unknown element <tme> (did you mean <time>?)\n"
	    "s.xml:3:15: error: homes: count=\"many\": not a whole number; write digits only, as in 40\n"
	    "s.xml:4:21: error: battery: capacity=\"1,5 kWh\": decimal comma; write 1.5 kWh\n"
	    "s.xml:4:37: error: battery: power=\"x\": 'x' does not begin with a number; power wants W, kW, "
	    "MW, GW\n"
	    "s.xml:5:14: error: node: chip=\"z\": there is no such <chip>; hearth catalog lists them\n");
}

Test(loader_faults, reading_ends_after_very_many)
{
	init();
	char *text = mem_new(200000, 1), *p = stpcpy(text, "<scenario name='s'>" TIME);
	for (int i = 0; i < 20000; i++) p = stpcpy(p, "<x/>\n");
	strcpy(p, "</scenario>");
	struct err_list *e = err_new();
	put("s.xml", text);
	scenario_load_with(test_classes, NULL, "s.xml", NULL, 0, e);
	cr_expect_eq(err_count(e), XML_FAULTS_MAX);
	err_free(e);
	free(text);
}

Test(loader_faults, a_row_without_source_does_not_load)
{
	init();
	put("data/more.xml", "<catalogue>\n<chip name='x' power='3 W'/>\n<chip name='a100' power='3 W' "
	                     "source='t'/></catalogue>");
	static const char text[] = S("");
	expect(text, sizeof text - 1, NULL,
	    "data/more.xml:2:1: error: chip: attribute 'source' is missing: where the figures come from\n"
	    "data/more.xml:3:13: error: chip: name=\"a100\" is taken by the one at data/chips.xml:1\n");
}

/* Every prefix of a scenario of 2 kB: a fault or a scenario, never a crash. */
Test(loader_faults, every_prefix_is_read)
{
	init();
	put("t.csv", "");
	char text[4096], *p = stpcpy(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"s\">"
	    "<!-- a comment --><about>caf\xc3\xa9 &amp; &#8364;<![CDATA[ ]] > ]]></about>\n" TIME
	    "<chip name='own' power='300 W' source='s'/>");
	while (p - text < 2000)
		p = stpcpy(p, "<homes count='3'>\n\t<battery capacity=\"13.5 kWh\" power='choice(3:0.5, 4:0.5) "
		    "kW'/>\n\t<node chip=\"own\" trace='t.csv'/></homes>\n");
	size_t size = (size_t)(stpcpy(p, "</scenario>") - text);
	for (size_t n = 0; n <= size; n++) {
		struct err_list *e = err_new();
		put_bytes("s.xml", text, n);
		struct scenario *s = scenario_load_with(test_classes, "data", "s.xml", NULL, 0, e);
		cr_expect_eq(s != NULL, n == size, "prefix of %zu", n);
		cr_expect_eq(err_count(e) == 0, n == size, "prefix of %zu", n);
		scenario_free(s);
		err_free(e);
	}
}

/* 1: accepted, 0: refused, by the schema in h.xsd. */
static int schema_takes(xmlSchema *schema, const char *text)
{
	xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "s.xml", NULL, XML_PARSE_NOERROR);
	xmlSchemaValidCtxt *valid = xmlSchemaNewValidCtxt(schema);
	int result = xmlSchemaValidateDoc(valid, doc);
	xmlSchemaFreeValidCtxt(valid);
	xmlFreeDoc(doc);
	return result == 0;
}

Test(loader_faults, the_schema_agrees_with_the_reader)
{
	static const struct {
		const char *text;
		int taken;
	} rows[] = {
		{ H("<battery capacity='13.5 kWh' power='uniform(3, 6) kW' chemistry='nmc'/>"), 1 },
		{ H("<battery capacity=' 4e7J ' efficiency='91 %'/>"), 1 },
		{ H("<battery capacity='9 kWh' efficiency='0.9'/>"), 1 },
		{ S("<tariff price='0.3 EUR/kWh'/><chip name='x' power='3 W' source='s'/>"), 1 },
		{ S("<tariff price='0.3 EUR/MWh' fee='3 USD'/><include href='x.xml'/>"), 1 },
		{ H("<batery capacity='9 kWh'/>"), 0 },
		{ S("<battery capacity='9 kWh'/>"), 0 },
		{ H("<battery capcity='9 kWh'/>"), 0 },
		{ H("<battery/>"), 0 },
		{ H("<battery capacity='9 kW'/>"), 0 },
		{ H("<battery capacity='9'/>"), 0 },
		{ H("<battery capacity='1,5 kWh'/>"), 0 },
		{ H("<battery capacity='9 kWh' chemistry='lpf'/>"), 0 },
		{ S("<homes count='0'/>"), 0 },
		{ S("<homes count='3' heated='true'/>"), 0 },
		{ S("<tariff price='0.3 EUR/kW'/>"), 0 },
		{ "<scenario name='s'><time start='2024-06-20'/></scenario>", 0 },
		{ "<scenario><time start='2024-06-20T00:00Z'/></scenario>", 0 },
	};
	init();
	FILE *out = fopen("h.xsd", "w");
	schema_xsd_of(test_classes, out);
	fclose(out);
	xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt("h.xsd");
	xmlSchema *schema = xmlSchemaParse(parser);
	cr_assert(schema != NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(schema_takes(schema, rows[i].text), rows[i].taken, "%s", rows[i].text);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
}

/* A default that its own row refuses would be told to the user as his fault. */
Test(loader_faults, every_default_of_the_models_passes_its_row)
{
	for (const struct class *const *c = classes; *c; c++) {
		struct keep keep = { 0 };
		void *par = mem_new(1, (*c)->par_size);
		for (const struct attr *a = (*c)->attrs; a && a->about; a++) {
			struct value_text t = { .text = a->def, .keep = &keep };
			char why[VALUE_WHY_SIZE] = "", currency[4];
			if (a->def == REQUIRED || a->kind == ATTR_KIND_REF || a->kind == ATTR_KIND_FILE ||
			    a->kind == ATTR_KIND_FOLDER)
				continue;
			if (!a->def[0]) value_clear(a, par);
			else cr_expect(value_parse(a, &t, par, currency, why), "%s %s: %s", (*c)->element, a->name,
			    why);
		}
		keep_fini(&keep);
		free(par);
	}
}
