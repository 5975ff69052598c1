/* What the run takes for granted: figures of catalogues by how far they can be trusted, what
 * the scenario wrote, and what it left at its defaults. */
#include "analysis/report_parts.h"

#include <string.h>

#include "analysis/html.h"

/* Columns of group "figures". */
struct figures {
	char *const *row, *const *place, *const *figures, *const *verify, *const *source;
	size_t n;
};

static bool figures_of(const struct dataset *d, struct figures *f)
{
	const struct ds_group *g = ds_find(d, "figures");
	*f = (struct figures){
		.row = ds_data(g, "row", DS_TEXT),
		.place = ds_data(g, "place", DS_TEXT),
		.figures = ds_data(g, "figures", DS_TEXT),
		.verify = ds_data(g, "verify", DS_TEXT),
		.source = ds_data(g, "source", DS_TEXT),
		.n = ds_rows(g, "row"),
	};
	return f->row && f->place && f->figures && f->verify && f->source;
}

/* Least trusted first. */
static const char *const trust[] = { "recalled", "derived", "seen" };
enum { TRUSTS = sizeof trust / sizeof *trust };

static int words_in(const char *text)
{
	int n = 0;
	for (const char *c = text; *c; c++) n += *c != ' ' && (c == text || c[-1] == ' ');
	return n;
}

static void put_count(struct page *p, const struct figures *f)
{
	int all = 0, of[TRUSTS] = { 0 };
	for (size_t i = 0; i < f->n; i++) {
		int n = words_in(f->figures[i]);
		all += n;
		for (int t = 0; t < TRUSTS; t++)
			if (!strcmp(f->verify[i], trust[t])) of[t] += n;
	}
	fprintf(p->html,
	    "<p>The run stands on <b>%d figures</b> of the catalogues: %d were seen at their source, %d "
	    "derived from such, and <b>%d recalled</b>, to be checked first. Which of them, and which "
	    "of the values below, move the answer most only runs can tell: <code>hearth sweep</code> "
	    "a study of those in doubt, then <code>hearth sensitivity</code>.</p>\n",
	    all, of[2], of[1], of[0]);
}

static void put_figure(struct page *p, const struct figures *f, size_t i)
{
	fputs("<tr><th scope=\"row\">", p->html);
	html_text(p->html, f->row[i]);
	fputs("<small>", p->html);
	html_text(p->html, f->place[i]);
	fputs("</small></th><td>", p->html);
	html_text(p->html, f->figures[i]);
	fputs("</td><td>", p->html);
	html_text(p->html, f->verify[i]);
	fputs("</td><td>", p->html);
	html_text(p->html, f->source[i]);
	fputs("</td></tr>\n", p->html);
}

static void put_figures(struct page *p)
{
	static const char *const head[] = { "row", "figures", "trust", "source" };
	struct figures f;
	if (!figures_of(p->d, &f)) return;
	put_count(p, &f);
	fputs("<details><summary>Figures of the catalogues, least trusted first</summary>\n"
	      "<div class=\"wide\"><table class=\"facts\">\n",
	    p->html);
	html_head_row(p->html, sizeof head / sizeof *head, head);
	for (int t = 0; t < TRUSTS; t++)
		for (size_t i = 0; i < f.n; i++)
			if (!strcmp(f.verify[i], trust[t])) put_figure(p, &f, i);
	fputs("</table></div>\n</details>\n", p->html);
}

/* Elements whose cell has text. */
static void put_elements(struct page *p, const char *column, const char *summary, bool open)
{
	const struct ds_group *g = ds_find(p->d, "assumptions");
	char *const *element = ds_data(g, "element", DS_TEXT), *const *place = ds_data(g, "place",
		DS_TEXT), *const *text = ds_data(g, column, DS_TEXT);
	if (!element || !place || !text) return;
	fprintf(p->html, "<details%s><summary>", open ? " open" : "");
	html_text(p->html, summary);
	fputs("</summary>\n<div class=\"wide pairs\"><table class=\"facts\">\n", p->html);
	for (size_t i = 0; i < ds_rows(g, "element"); i++) {
		if (!*text[i]) continue;
		fputs("<tr><th scope=\"row\">", p->html);
		html_text(p->html, element[i]);
		fputs("<small>", p->html);
		html_text(p->html, *place[i] ? place[i] : "by default");
		fputs("</small></th><td><code>", p->html);
		html_text(p->html, text[i]);
		fputs("</code></td></tr>\n", p->html);
	}
	fputs("</table></div>\n</details>\n", p->html);
}

void report_assumptions(struct page *p)
{
	if (!ds_find(p->d, "assumptions")) return;
	fputs("<section>\n<h2>Assumptions</h2>\n", p->html);
	put_figures(p);
	put_elements(p, "written", "What the scenario says, and where", true);
	put_elements(p, "left", "What it left at its defaults", false);
	fputs("</section>\n", p->html);
}
