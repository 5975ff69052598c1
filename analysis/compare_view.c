#include "analysis/compare_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/embedded.h"
#include "analysis/html.h"
#include "analysis/show.h"
#include "base/mem.h"
#include "base/text.h"

static const struct table_column columns[] = {
	{ "comparison", "", TABLE_SECTION },
	{ "metric", "metric", TABLE_LEFT },
	{ "unit", NULL, TABLE_LEFT },
	{ "before", "before", TABLE_RIGHT },
	{ "after", "after", TABLE_RIGHT },
	{ "change", "change", TABLE_RIGHT },
	{ "change_frac", "change, %", TABLE_RIGHT },
	{ "low", NULL, TABLE_RIGHT },
	{ "high", NULL, TABLE_RIGHT },
	{ NULL, "95 % interval", TABLE_RIGHT },
	{ "n", NULL, TABLE_RIGHT },
	{ "method", NULL, TABLE_LEFT },
	{ "invalid", NULL, TABLE_LEFT },
	{ "verdict", "so it is", TABLE_LEFT },
	{ NULL, NULL, TABLE_LEFT },
};

void compare_view_fini(struct compare_view *v)
{
	free(v->name);
	free(v->before);
	free(v->after);
	for (size_t i = 0; i < v->lines; i++) free(v->line[i]);
	compare_fini(&v->c);
}

void compare_view_line(struct compare_view *v, char *line)
{
	if (v->lines < COMPARE_VIEW_LINES) v->line[v->lines++] = line;
	else free(line);
}

/* ---- cells ---- */

static char *value_of(const struct compare_row *r, double value, char buf[SHOW_SIZE])
{
	struct ds_metric m = { .key = r->key, .value = value, .unit = r->unit };
	return show_metric(&m, buf);
}

static char *change_of(const struct compare_row *r, double change, char buf[SHOW_SIZE])
{
	return show_change(r->key, r->unit, change, buf);
}

/* "+2.31" of per cent; "-" where there is nothing to be a share of. */
static char *percent_of(const struct compare_row *r, char buf[SHOW_SIZE])
{
	double percent = 100 * compare_relative(r, r->change.value);
	char number[32];
	if (!isfinite(percent)) return strcpy(buf, "-");
	snprintf(buf, SHOW_SIZE, "%s%s", percent > 0 ? "+" : "",
	    text_from_number(percent, 3, number, sizeof number));
	return buf;
}

/* 'a' for the first method that states intervals. */
static char mark_of(enum compare_method m)
{
	return (char)('a' + (int)m - (int)COMPARE_NONE - 1);
}

enum { INTERVAL_SIZE = 3 * SHOW_SIZE };

static char *interval_of(const struct compare_row *r, char buf[INTERVAL_SIZE])
{
	char lo[SHOW_SIZE], hi[SHOW_SIZE];
	if (r->method == COMPARE_NONE) return strcpy(buf, "-");
	snprintf(buf, INTERVAL_SIZE, "%s to %s (%c)", change_of(r, r->change.lo, lo),
	    change_of(r, r->change.hi, hi), mark_of(r->method));
	return buf;
}

/* ---- table ---- */

static void add_row(struct table *t, const struct compare_view *v, const struct compare_row *r)
{
	char text[SHOW_SIZE], interval[INTERVAL_SIZE];
	table_text(t, v->name);
	table_text(t, r->key);
	table_text(t, r->unit);
	table_number(t, r->before, "%s", value_of(r, r->before, text));
	table_number(t, r->after, "%s", value_of(r, r->after, text));
	table_number(t, r->change.value, "%s", change_of(r, r->change.value, text));
	table_number(t, compare_relative(r, r->change.value), "%s", percent_of(r, text));
	table_number(t, r->change.lo, "%s", "");
	table_number(t, r->change.hi, "%s", "");
	table_text(t, interval_of(r, interval));
	table_count(t, r->change.n);
	table_text(t, compare_method_word(r->method));
	table_flag(t, v->invalid);
	table_text(t, compare_verdict_word(r->verdict));
}

struct table *compare_view_table(const struct compare_view *v, size_t views)
{
	struct table *t = table_new(columns);
	for (size_t i = 0; i < views; i++)
		for (size_t k = 0; k < v[i].c.rows; k++) add_row(t, &v[i], &v[i].c.row[k]);
	return t;
}

static bool is_used(const struct compare_view *v, size_t views, enum compare_method m)
{
	for (size_t i = 0; i < views; i++)
		for (size_t k = 0; k < v[i].c.rows; k++)
			if (v[i].c.row[k].method == m && !isnan(v[i].c.row[k].change.value)) return true;
	return false;
}

static const enum compare_method methods[] = {
#define X(id, word, about) id,
	COMPARE_METHOD_LIST(X)
#undef X
};
enum { METHODS = sizeof methods / sizeof *methods };

char *compare_view_method(const struct compare_view *v, size_t views, size_t *from)
{
	while (*from < METHODS) {
		enum compare_method m = methods[(*from)++];
		if (!is_used(v, views, m)) continue;
		const char *about = compare_method_about(m);
		return m == COMPARE_NONE ? mem_print("-   %s", about) :
					   mem_print("(%c) %s", mark_of(m), about);
	}
	return NULL;
}

/* ---- page ---- */

static const char *class_of(enum compare_verdict v)
{
	switch (v) {
	case COMPARE_BETTER: return "good";
	case COMPARE_WORSE: return "bad";
	case COMPARE_SAME:
	case COMPARE_NOT_SHOWN:
	case COMPARE_HIGHER:
	case COMPARE_LOWER:
	case COMPARE_ONLY_BEFORE:
	case COMPARE_ONLY_AFTER: break;
	}
	return "quiet";
}

static void put_row(const struct compare_row *r, FILE *html)
{
	char text[SHOW_SIZE], interval[INTERVAL_SIZE];
	char *about = mem_text_n(r->about, strcspn(r->about, ";")); /* the key says the rest */
	fputs("<tr><th scope=\"row\">", html);
	html_text(html, about);
	free(about);
	fputs("<small>", html);
	html_text(html, r->key);
	fputs("</small></th><td>", html);
	html_text(html, value_of(r, r->before, text));
	fputs("</td><td>", html);
	html_text(html, value_of(r, r->after, text));
	fputs("</td><td>", html);
	html_text(html, change_of(r, r->change.value, text));
	fprintf(html, "<small>%s&nbsp;%%</small><small>", percent_of(r, text));
	html_text(html, interval_of(r, interval));
	fprintf(html, "</small></td><td><span class=\"%s\">%s</span></td></tr>\n", class_of(r->verdict),
	    compare_verdict_word(r->verdict));
}

static void put_table(const struct compare_view *v, FILE *html)
{
	static const char *const head[] = { "metric", "before", "after", "change", "so it is" };
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>Below each change: its share "
	      "of what was before, and its 95 % interval.</caption>\n",
	    html);
	html_head_row(html, sizeof head / sizeof *head, head);
	for (size_t i = 0; i < v->c.rows; i++) put_row(&v->c.row[i], html);
	fputs("</table></div>\n", html);
}

void compare_view_html(const struct compare_view *v, FILE *html)
{
	fputs("<section>\n", html);
	html_element(html, "h2", v->name);
	if (v->invalid)
		html_element(html, "p class=\"bad\"",
		    "INVALID: a run failed a self-check; do not trust what follows.");
	fputs("<dl>\n", html);
	html_element(html, "dt", "before");
	html_element(html, "dd", v->before);
	html_element(html, "dt", "after");
	html_element(html, "dd", v->after);
	fputs("</dl>\n<ul>\n", html);
	for (size_t i = 0; i < v->lines; i++) html_element(html, "li", v->line[i]);
	fputs("</ul>\n", html);
	put_table(v, html);
	size_t from = 0;
	for (char *m; (m = compare_view_method(v, 1, &from)); free(m))
		html_element(html, "p class=\"note\"", m);
	fputs("</section>\n", html);
}

void compare_view_page(const struct compare_view *v, size_t views, FILE *html)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
	    html);
	html_text(html, v->name);
	fprintf(html,
	    " - hearth</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n"
	    "<header>\n<h1>What changed</h1>\n</header>\n",
	    embedded_report_css);
	for (size_t i = 0; i < views; i++) compare_view_html(&v[i], html);
	fputs("</main>\n</body>\n</html>\n", html);
}
