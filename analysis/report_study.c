#include "analysis/report_study.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/html.h"
#include "analysis/report_parts.h"
#include "analysis/report_study_parts.h"
#include "base/file.h"
#include "base/mem.h"

/* ---- answer ---- */

static void put_mover(FILE *html, const struct study_metric *m)
{
	const struct influence_axis *a = &m->influence.axis[0];
	fprintf(html, ": <b>");
	html_text(html, a->name);
	fputs("</b> ", html);
	switch (m->influence.method) {
	case INFLUENCE_TORNADO:
		fprintf(html, "changes it by %.3g", a->size.value);
		break;
	case INFLUENCE_MORRIS:
		fprintf(html, "changes it by %.3g over its range on average", a->size.value);
		break;
	case INFLUENCE_SOBOL:
		fprintf(html, "has %.0f&nbsp;%% of its variance, alone and with others",
		    100 * a->size.value);
		break;
	}
	if (interval_known(&a->size))
		fprintf(html, " (95&nbsp;%% interval %.3g to %.3g)", a->size.lo, a->size.hi);
	fprintf(html, a->rank.last > 1 ? "; that it comes first is not shown.</li>\n" : ".</li>\n");
}

static void put_answer(struct page *p, const struct study_page *s)
{
	fputs("<section>\n<h2>What moves what</h2>\n<ul>\n", p->html);
	for (size_t i = 0; i < s->metrics; i++) {
		const struct study_metric *m = &s->metric[i];
		fputs("<li>", p->html);
		html_text(p->html, m->name);
		if (m->why) {
			fputs(": ", p->html);
			html_text(p->html, m->why);
			fputs(".</li>\n", p->html);
		} else if (m->influence.is_still)
			fprintf(p->html, ": is %.4g everywhere; no axis moves it.</li>\n",
			    m->influence.mean);
		else
			put_mover(p->html, m);
	}
	fputs("</ul>\n</section>\n", p->html);
}

static void put_head(struct page *p, const struct study_page *s)
{
	html_element(p->html, "h1", s->name);
	fprintf(p->html, "<p class=\"quiet\">Study: %zu axes, %zu settings", s->axes, s->settings);
	if (s->replications > 1) fprintf(p->html, ", %zu replications", s->replications);
	fprintf(p->html, "; %zu of %zu points done", s->done, s->settings * s->replications);
	if (s->failed) fprintf(p->html, ", <b class=\"bad\">%zu failed</b>", s->failed);
	if (s->missing) fprintf(p->html, ", <b class=\"doubt\">%zu not run</b>", s->missing);
	fputs("</p>\n", p->html);
}

/* ---- settings ---- */

enum { ROWS_MAX = 100 }; /* more are for a spreadsheet */

static double setting_mean(const struct study_page *s, const struct study_metric *m, size_t i)
{
	double sum = 0;
	for (size_t r = 0; r < s->replications; r++) sum += m->y[i * s->replications + r];
	return sum / (double)s->replications;
}

static void put_setting(struct page *p, const struct study_page *s, size_t i)
{
	fputs("<tr>", p->html);
	for (size_t k = 0; k < s->axes; k++) html_element(p->html, "td", s->value[i * s->axes + k]);
	for (size_t m = 0; m < s->metrics; m++) {
		double mean = setting_mean(s, &s->metric[m], i);
		if (isnan(mean))
			fputs("<td>-</td>", p->html);
		else
			fprintf(p->html, "<td>%.4g</td>", mean);
	}
	fputs("</tr>\n", p->html);
}

static void put_settings(struct page *p, const struct study_page *s)
{
	size_t rows = s->settings < ROWS_MAX ? s->settings : ROWS_MAX;
	fputs("<section>\n<h2>Settings</h2>\n<div class=\"wide\"><table class=\"numbers\">\n"
	      "<caption>Means of the replications; - where one of them gave none.",
	    p->html);
	if (rows < s->settings)
		fprintf(p->html, " The first %zu of %zu: sweep.csv has all.", rows, s->settings);
	fputs("</caption>\n<tr>", p->html);
	for (size_t k = 0; k < s->axes; k++) html_element(p->html, "th scope=\"col\"", s->axis[k]);
	for (size_t m = 0; m < s->metrics; m++)
		html_element(p->html, "th scope=\"col\"", s->metric[m].name);
	fputs("</tr>\n", p->html);
	for (size_t i = 0; i < rows; i++) put_setting(p, s, i);
	fputs("</table></div>\n</section>\n", p->html);
}

/* ---- the rest ---- */

static void put_axes(struct page *p, const struct study_page *s)
{
	static const char *const head[] = { "axis", "what it sets in the scenario" };
	fputs("<section>\n<h2>How to reproduce</h2>\n<table>\n<caption>What was varied (", p->html);
	html_text(p->html, s->plan);
	fputs(")</caption>\n", p->html);
	html_head_row(p->html, 2, head);
	for (size_t k = 0; k < s->axes; k++) {
		const char *cell[] = { s->axis[k], s->path[k] };
		html_row(p->html, 2, cell);
	}
	fputs("</table>\n", p->html);
	fputs(
	    "<p>The folder has the resolved scenario, the plan with its seeds, and a results file "
	    "for each point; run again, it does what is missing:</p>\n",
	    p->html);
	char *commands = mem_print("hearth sweep run %s\nhearth sweep collect %s\nhearth report %s",
	    s->folder, s->folder, s->folder);
	html_element(p->html, "pre", commands);
	free(commands);
	fputs("</section>\n", p->html);
}

static void put_limits(struct page *p, const struct study_page *s)
{
	fputs("<section>\n<h2>Limits</h2>\n<ul>\n", p->html);
	if (s->replications < 2)
		fputs("<li>One replication: all settings meet the same weather, loads and "
		      "requests, and what chance does to the figures is not known.</li>\n",
		    p->html);
	if (s->failed + s->missing)
		fprintf(p->html,
		    "<li>%zu points have no results; what needs them is left out and counted. "
		    "To see them: hearth sweep status.</li>\n",
		    s->failed + s->missing);
	fputs("<li>Influence is over the ranges that the study gives its axes: a wider range "
	      "has more.</li>\n</ul>\n</section>\n",
	    p->html);
}

bool report_study_write(const struct study_page *s, const char *html_path, struct err_list *e)
{
	char *text;
	size_t size;
	struct page p = { .html = open_memstream(&text, &size) };
	report_begin(&p, s->name);
	put_head(&p, s);
	put_answer(&p, s);
	report_study_influence(&p, s);
	report_study_effects(&p, s);
	put_settings(&p, s);
	put_limits(&p, s);
	put_axes(&p, s);
	report_end(&p);
	fclose(p.html);
	report_warn_undrawn(&p, html_path, e);
	bool written = file_write(html_path, text, size, e);
	free(text);
	return written;
}
