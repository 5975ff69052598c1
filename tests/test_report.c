#include "tests/unit.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <dirent.h>
#include <unistd.h>

#include "analysis/gnuplot.h"
#include "analysis/html.h"
#include "analysis/report.h"
#include "analysis/series.h"
#include "analysis/sorted.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/make_dataset.h"

/* What a hostile scenario could be called. */
#define EVIL                                                                                       \
	"`touch pwned` $(touch pwned) '\"; system 'touch pwned'\n<script>alert(1)</script> &amp;"
/* Of a column, which has no slash. */
#define EVIL_COLUMN "`touch pwned` '\"; system 'touch pwned'\nEOD\n<script>\\"

/* Of the dataset that make_dataset makes; all but the flow of energy by gnuplot. */
enum { FIGURES = 8, DRAWN = FIGURES - 1 };

static char folder[] = "/tmp/hearth-report-XXXXXX";
static char *path_before;

static void enter(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	path_before = mem_text(getenv("PATH"));
}

static void leave(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.') unlink(entry->d_name);
	closedir(dir);
	rmdir(folder);
	free(path_before);
}

TestSuite(report, .init = enter, .fini = leave);

static char *text_of(const char *path)
{
	struct err_list *e = err_new();
	size_t size;
	char *text = file_read(path, SIZE_MAX, &size, e);
	cr_assert_not_null(text, "%s", path);
	err_free(e);
	return text;
}

/* Writes the report; returns the page. *said: what was warned of. */
static char *page_of(const struct dataset *d, char said[1024])
{
	struct err_list *e = err_new();
	cr_assert(report_write(d, NULL, "page.html", e));
	cr_expect_eq(err_count(e), 0);
	memset(said, 0, 1024);
	FILE *f = fmemopen(said, 1023, "w");
	err_print(e, f);
	fclose(f);
	err_free(e);
	return text_of("page.html");
}

static int occurrences(const char *text, const char *of)
{
	int n = 0;
	while ((text = strstr(text, of))) {
		text += strlen(of);
		n++;
	}
	return n;
}

static bool has_gnuplot(void)
{
	return system("command -v gnuplot >/dev/null") == 0;
}

/* A gnuplot that keeps its script and draws next to nothing. */
static void fake_gnuplot(void)
{
	FILE *f = fopen("gnuplot", "w");
	fputs(
	    "#!/bin/sh\ncat >>scripts\nprintf '%s\\n' \"$LC_ALL $*\" >>calls\n"
	    "echo '<?xml version=\"1.0\"?><svg width=\"3\"><title>t</title><g id=\"x\"/></svg>'\n",
	    f);
	fclose(f);
	chmod("gnuplot", 0755);
	char *path = mem_print("%s:%s", folder, path_before);
	setenv("PATH", path, 1);
	free(path);
}

static struct dataset *evil_dataset(void)
{
	struct dataset *d = make_dataset(EVIL);
	struct ds_group *g = ds_group(d, "ledger");
	double *j = ds_column(g, EVIL_COLUMN, DS_F64, ds_dim(g, "site", 4), NULL, "J", EVIL);
	ds_attr_text(g, EVIL_COLUMN, "side", "source");
	j[0] = 3.6e9;
	char **site = (char **)ds_data(g, "site", DS_TEXT);
	free(site[1]);
	site[1] = mem_text(EVIL);
	return d;
}

Test(report, what_a_scenario_says_never_becomes_markup)
{
	char said[1024];
	struct dataset *d = evil_dataset();
	char *page = page_of(d, said);
	cr_expect_leq(occurrences(page, "<script"), 1, "but for our own");
	cr_expect_null(strstr(page, "<script>alert"));
	cr_expect_null(strstr(page, "`"));
	cr_expect_not_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;"));
	cr_expect_neq(access("pwned", F_OK), 0, "a command ran");
	free(page);
	ds_free(d);
}

Test(report, gnuplot_gets_quoted_text_and_nothing_of_the_title)
{
	char said[1024];
	struct dataset *d = evil_dataset();
	fake_gnuplot();
	char *page = page_of(d, said), *script = text_of("scripts"), *calls = text_of("calls");
	cr_expect_null(strstr(script, "`"), "%s", script);
	cr_expect_null(strstr(script, "alert(1)</script> &amp;\n"), "a new line in a text");
	cr_expect_eq(occurrences(script, "\nEOD\n"), occurrences(script, "$data <<EOD\n"));
	cr_expect_eq(occurrences(script, "noenhanced"), DRAWN);
	cr_expect_eq(occurrences(calls, "C -d -\n"), DRAWN, "the C locale, no settings: %s", calls);
	cr_expect_eq(occurrences(page, "role=\"img\" aria-label=\""), FIGURES);
	cr_expect_eq(occurrences(page, "<g/></svg>"), DRAWN, "prolog, title and id are gone");
	cr_expect_str_eq(said, "");
	free(calls);
	free(script);
	free(page);
	ds_free(d);
}

Test(report, without_gnuplot_there_are_tables_and_a_message)
{
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	setenv("PATH", folder, 1);
	char *page = page_of(d, said);
	setenv("PATH", path_before, 1);
	cr_expect_not_null(
	    strstr(said, "warning: figures are missing: gnuplot is not installed"), "%s", said);
	cr_expect_eq(occurrences(page, "Not drawn: gnuplot"), DRAWN);
	cr_expect_eq(occurrences(page, "data:text/csv"), FIGURES, "the numbers are there");
	cr_expect_not_null(strstr(page, "Loading of the transformer that carries most, over time: at most "));
	free(page);
	ds_free(d);
}

Test(report, a_gnuplot_that_fails_or_talks_nonsense_is_none)
{
	static const char *const body[] = { "exit 3", "echo nonsense", "kill -9 $$",
		"echo '<svg'" };
	struct dataset *d = make_dataset("doorstep");
	char said[1024];
	fake_gnuplot();
	for (size_t i = 0; i < sizeof body / sizeof *body; i++) {
		FILE *f = fopen("gnuplot", "w");
		fprintf(f, "#!/bin/sh\n%s\n", body[i]);
		fclose(f);
		char *page = page_of(d, said);
		cr_expect_eq(occurrences(page, "Not drawn: gnuplot"), DRAWN, "%s", body[i]);
		free(page);
	}
	ds_free(d);
}

Test(report, the_page_needs_nothing_from_elsewhere)
{
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said);
	static const char *const loads[] = { "http", "src=", "url(", "@import", "<link", "<iframe",
		"<script ", "import(" };
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++)
		cr_expect_null(strstr(page, loads[i]), "%s", loads[i]);
	cr_expect_eq(occurrences(page, "href="), occurrences(page, "href=\"data:text/csv") +
						    occurrences(page, "href='data:image/png"));
	cr_expect_lt(strlen(page), 400000);
	free(page);
	ds_free(d);
}

Test(report, the_page_answers_first_and_has_every_section)
{
	static const char *const order[] = {
		"class=\"stamp good\"",
		">VALID<",
		"<h1>doorstep</h1>",
		"<h2>The answer</h2>",
		"185 ms",
		"<h2>Stress on the grid</h2>",
		"<h2>Service</h2>",
		"<h2>Energy</h2>",
		"<h2>Cost and carbon</h2>",
		"<h2>Limits</h2>",
		"<h2>How to reproduce</h2>",
		"--seed=7",
		"<h2>Glossary</h2>",
		"<th scope=\"row\">latency.ttft_s</th><td>s</td><td>time to first token</td>",
	};
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said);
	const char *at = page;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *found = strstr(at, order[i]);
		cr_assert_not_null(found, "'%s' does not follow", order[i]);
		at = found;
	}
	free(page);
	ds_free(d);
}

/* Nodes of one element make one row: the two of homes were busy for 8640 s of two days,
 * and used 420 kJ for 500,000 tokens. */
Test(report, service_is_told_by_objective_window_and_node)
{
	static const char *const order[] = {
		"between tokens", "<caption>Service-level objectives",
		"<th scope=\"row\">all requests</th><td>95.3 %<small>94.6 % to 95.9 %</small></td>"
		"<td>96.1 %<small>within 1 s</small></td><td>98.7 %<small>within 100 ms</small></td>"
		"<td>-</td><td>0.0464</td><td>7.78</td><td>4,211</td>",
		"<th scope=\"row\">chat</th><td>73 %", "<td>-</td><td>-</td><td>73 %<small>within 7 s",
		"<th scope=\"row\">the run<small>24 h, idle times included</small></th><td>8.16</td>"
		"<td>31.3</td><td>0.41 %</td><td>-</td>",
		"<th scope=\"row\">steady part<small>2.1 h to 21.6 h</small></th><td>9.3</td><td>-</td>",
		"<th scope=\"row\">home GPU<small>in homes</small></th><td>2</td><td>2,000</td>"
		"<td>5 %</td><td>1.25</td><td>6 %</td><td>50 %</td><td>0.84 J/token<small>of the board</small></td>",
		"<th scope=\"row\">cloud GPU<small>in a data centre</small></th><td>1</td>",
		"of the system</small>",
		"aria-label=\"Energy per output token: accelerators 0.44 J/token busy and 0.44 J/token idle, ",
		"<th scope=\"row\">device</th><td>0.44 J/token</td><td>0.44 J/token</td><td>-</td><td>-</td>"
		"<td>0.879 J/token</td>",
		"<th scope=\"row\">grid</th><td>0.496 J/token</td><td>0.709 J/token</td><td>0.17 J/token</td>"
		"<td>0.227 J/token</td><td>1.6 J/token</td>", "<th scope=\"col\">correct per kJ</th>",
		"score 73 % in GPQA Diamond; nobody has marked",
	};
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said);
	const char *at = page;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *found = strstr(at, order[i]);
		cr_assert_not_null(found, "'%s' does not follow", order[i]);
		at = found;
	}
	free(page);
	ds_free(d);
}

/* The figure's numbers, as they stand in the CSV: the made gaps are even within buckets. */
Test(report, the_distribution_of_gaps_comes_from_their_histogram)
{
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said);
	const char *csv = strstr(page, "latency.csv");
	cr_assert_not_null(csv);
	cr_expect_not_null(strstr(csv, "%0A25,"));
	const char *row = strstr(csv, "%0A75,"), *end = row ? strstr(row + 3, "%0A") : NULL;
	cr_assert_not_null(end);
	char *text = mem_text_n(row, (size_t)(end - row));
	cr_expect_not_null(strstr(text, ",0.024,"), "three quarters: %s", text);
	free(text);
	free(page);
	ds_free(d);
}

Test(report, what_the_run_does_not_have_is_left_out)
{
	char said[1024];
	struct dataset *d = make_bare_dataset();
	char *page = page_of(d, said);
	cr_expect_not_null(strstr(page, "class=\"stamp bad\""));
	cr_expect_null(strstr(page, "<figure"));
	cr_expect_null(strstr(page, "<h2>Stress on the grid</h2>"));
	cr_expect_null(strstr(page, "<h2>Energy</h2>"));
	cr_expect_null(strstr(page, "nan"));
	free(page);
	ds_free(d);
	d = ds_new();
	page = page_of(d, said);
	cr_expect_not_null(strstr(page, "NOT CHECKED"));
	free(page);
	ds_free(d);
}

Test(report, one_run_gives_one_page)
{
	char said[1024];
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said), *again = page_of(d, said);
	cr_expect_str_eq(page, again);
	free(page);
	free(again);
	ds_free(d);
}

Test(report, the_page_is_well_formed)
{
	char said[1024], line[512];
	if (system("command -v xmllint >/dev/null")) cr_skip_test("xmllint is not installed");
	struct dataset *d = evil_dataset();
	free(page_of(d, said));
	/* libxml2 knows the elements of HTML 4 only and says so of newer ones */
	FILE *f = popen(
	    "xmllint --html --noout page.html 2>&1 | grep error | grep -v 'Tag .* invalid'", "r");
	while (fgets(line, sizeof line, f)) cr_expect(false, "%s", line);
	pclose(f);
	ds_free(d);
}

Test(report, a_page_that_cannot_be_written_is_an_error)
{
	struct dataset *d = make_bare_dataset();
	struct err_list *e = err_new();
	cr_expect_not(report_write(d, NULL, "no/such/folder/page.html", e));
	cr_expect_eq(err_count(e), 1);
	err_free(e);
	ds_free(d);
}

Test(report, gnuplot_draws_every_figure_where_it_is_installed)
{
	char said[1024];
	if (!has_gnuplot()) cr_skip_test("gnuplot is not installed");
	struct dataset *d = make_dataset("doorstep");
	char *page = page_of(d, said);
	cr_expect_eq(occurrences(page, "<figure>"), FIGURES);
	cr_expect_eq(occurrences(page, "<svg "), FIGURES, "%s", said);
	for (const char *at = page; (at = strstr(at, " id=\""));) {
		const char *end = strchr(at + 5, '"');
		char *id = mem_text_n(at, (size_t)(end + 1 - at));
		cr_expect_eq(occurrences(page, id), 1, "%s", id);
		free(id);
		at = end;
	}
	cr_expect_not_null(strstr(page, " data-axes=\"0 24 0 100 0 0\""), "hours, per cent");
	cr_expect_not_null(strstr(page, " id=\"voltage_plot_1_keyentry\""));
	cr_expect_null(strstr(page, "gnuplot_svg"), "nothing of gnuplot's own scripts");
	cr_expect_eq(occurrences(page, "<script>"), 1);
	cr_expect_not_null(strstr(page, "currentColor"));
	cr_expect_null(strstr(page, "rgb(1,2,3)"));
	free(page);
	ds_free(d);
}

Test(html, text_is_text)
{
	char *out;
	size_t size;
	FILE *f = open_memstream(&out, &size);
	html_text(f, "a<b> & \"c\" 'd' `e`\n\x01\x7f\xff\xc3\xbc");
	fclose(f);
	cr_expect_str_eq(out, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; &#96;e&#96;\n"
			      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xbc");
	free(out);
}

Test(gnuplot, text_stays_in_its_quotes)
{
	char *out;
	size_t size;
	FILE *f = open_memstream(&out, &size);
	gnuplot_quote(f, "it's `x`\n");
	gnuplot_label(f, "a \"b\" `c` \\d\n");
	fclose(f);
	cr_expect_str_eq(out, "'it''s `x` '\"a  b   c   d \"");
	free(out);
}

/* What gnuplot 5.4 writes with `mouse`, shortened. */
#define MOUSE_SVG                                                                                  \
	"<?xml?><svg onload=\"x\">\n<title>f</title><desc>g</desc>\n<script type=\"text/javascript\" "  \
	"xlink:href=\"gnuplot_svg.js\"/>\n<!-- Tie -->\n<rect x=\"0\" onmousemove=\"m()\"/>"         \
	"<g id=\"gnuplot_canvas\" onclick=\"c()\"><g id=\"f_plot_1\"><g id=\"other_1\" color=\"white\""  \
	" stroke=\"rgb(1,2,3)\"/></g><script type=\"text/javascript\"><![CDATA[\n"                      \
	"gnuplot_svg.plot_xmin = 59.1;\ngnuplot_svg.plot_xmax = 732.7;\ngnuplot_svg.plot_ybot = "    \
	"261.0;\ngnuplot_svg.plot_ytop = 19.5;\ngnuplot_svg.plot_axis_xmin = 1;\n"                   \
	"gnuplot_svg.plot_axis_xmax = 100;\ngnuplot_svg.plot_axis_ymin = -1;\n"                      \
	"gnuplot_svg.plot_axis_ymax = %s;\ngnuplot_svg.plot_logaxis_x = 1;\n"                        \
	"gnuplot_svg.plot_logaxis_y = 0;\n]]>\n</script></g><text id=\"coord_text\"> </text></svg>"

Test(gnuplot, a_drawing_keeps_its_own_identifiers_and_no_script)
{
	char *svg = mem_print(MOUSE_SVG, "1"), *drawing = gnuplot_drawing(svg, "f");
	cr_assert_not_null(drawing);
	cr_expect_not_null(strstr(drawing, "<g><g id=\"f_plot_1\"><g stroke=\"currentColor\"/></g></g>"),
	    "%s", drawing);
	static const char *const gone[] = { "script", "gnuplot", "onclick", "onmouse", "title",
		"desc", "<!--", "<rect", "<text" };
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		cr_expect_null(strstr(drawing, gone[i]), "%s in %s", gone[i], drawing);
	free(drawing);
	free(svg);
}

Test(gnuplot, axes_are_known_where_the_svg_tells_them)
{
	struct gnuplot_axes a;
	char *svg = mem_print(MOUSE_SVG, "1.5"), *none = mem_print(MOUSE_SVG, "\"none\"");
	cr_assert(gnuplot_axes_of(svg, &a));
	cr_expect(a.left == 59.1 && a.right == 732.7 && a.top == 19.5 && a.bottom == 261);
	cr_expect(a.x0 == 1 && a.x1 == 100 && a.y0 == -1 && a.y1 == 1.5 && a.log_x && !a.log_y);
	cr_expect_not(gnuplot_axes_of(none, &a));
	cr_expect_not(gnuplot_axes_of("<svg></svg>", &a));
	free(none);
	free(svg);
}

Test(series, reduction_keeps_the_extremes_and_their_order)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "grid");
	const struct ds_dim *dim = ds_dim(g, "time", 100003);
	double *time = ds_column(g, "time", DS_F64, dim, NULL, "s", "");
	float *v = ds_column(g, "v", DS_F32, dim, NULL, "W", "");
	for (int i = 0; i < 100003; i++) {
		time[i] = 60.0 * i;
		v[i] = i % 1009 == 7 ? NAN : (float)sin(i * 1e-3);
	}
	v[70001] = 913;  /* a spike of one step up */
	v[33333] = -77;  /* and one down */
	struct series s;
	cr_assert(series_of(g, "v", &s));
	cr_expect_eq(series_highest(&s), 70001);
	cr_expect_eq(series_lowest(&s), 33333);
	cr_expect_str_eq(series_time_name(&s), "days since the start"); /* 69 days */
	struct figure f = { .cols = 2 };
	series_draw(&f, (const struct series *[]){ &s }, 1, 2, NULL, 0);
	cr_expect_lt(f.rows, 2000);
	double most = 0, least = 0;
	for (size_t i = 0; i < f.rows; i++) {
		most = fmax(most, f.cell[2 * i + 1]);
		least = fmin(least, f.cell[2 * i + 1]);
		if (i) cr_expect_gt(f.cell[2 * i], f.cell[2 * i - 2]);
	}
	cr_expect_eq(most, 2 * 913);
	cr_expect_eq(least, 2 * -77);
	figure_fini(&f);
	ds_free(d);
}

Test(sorted, quantiles_interpolate_and_skip_what_is_no_number)
{
	struct dataset *d = ds_new();
	struct ds_group *g = ds_group(d, "requests");
	float *v = ds_column(g, "v", DS_F32, ds_dim(g, "request", 6), NULL, "s", "");
	const float values[] = { 7, NAN, 1, 3, INFINITY, 11 };
	memcpy(v, values, sizeof values);
	size_t n;
	double *sorted = sorted_column(g, "v", NULL, &n);
	cr_assert_eq(n, 4); /* 1 3 7 11 */
	cr_expect_eq(sorted_quantile(sorted, n, 0), 1);
	cr_expect_eq(sorted_quantile(sorted, n, 1), 11);
	cr_expect_eq(sorted_quantile(sorted, n, 0.5), 5); /* (n-1)p = 1.5: halfway from 3 to 7 */
	free(sorted);
	double *other = ds_column(g, "other", DS_F64, ds_dim(g, "request", 6), NULL, "s", "");
	for (int i = 0; i < 6; i++) other[i] = i == 3 || i == 5 ? 0 : NAN; /* leaves 7 and 1 */
	sorted = sorted_column(g, "v", "other", &n);
	cr_assert_eq(n, 2);
	cr_expect_eq(sorted[1], 7);
	free(sorted);
	cr_expect_null(sorted_column(g, "absent", NULL, &n));
	v[0] = v[2] = v[3] = v[5] = NAN;
	cr_expect_null(sorted_column(g, "v", NULL, &n));
	ds_free(d);
}
