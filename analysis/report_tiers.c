/* Small and large models that share the requests. */
#include "analysis/report_parts.h"

#include <stdio.h>

#include "analysis/html.h"
#include "analysis/show.h"

static void put_cell(struct page *p, const char *prefix, const char *suffix)
{
	char key[64], value[SHOW_SIZE];
	struct ds_metric m;
	snprintf(key, sizeof key, "tiers.%s_%s", prefix, suffix);
	bool known = ds_metric_find(p->d, key, &m);
	fprintf(p->html, "<td>%s</td>", known ? show_metric(&m, value) : "-");
}

/* Requests that were answered one way. */
static void put_way(struct page *p, const char *word, const char *label)
{
	fprintf(p->html, "<tr><th scope=\"row\">%s</th>", label);
	put_cell(p, word, "requests");
	put_cell(p, word, "ttft_s.p50");
	put_cell(p, word, "ttft_s.p99");
	put_cell(p, word, "e2e_s.p50");
	put_cell(p, word, "e2e_s.p99");
	fputs("</tr>\n", p->html);
}

/* Text with a metric in it, where there is one. */
static bool put_value(struct page *p, const char *before, const char *key, const char *after)
{
	char value[SHOW_SIZE];
	struct ds_metric m;
	if (!ds_metric_find(p->d, key, &m)) return false;
	fprintf(p->html, "%s%s%s", before, show_metric(&m, value), after);
	return true;
}

static void put_verdict(struct page *p)
{
	struct ds_metric share, even;
	if (!ds_metric_find(p->d, "tiers.insufficient_frac", &share) ||
	    !ds_metric_find(p->d, "tiers.break_even_frac", &even))
		return;
	fputs("<p class=\"note\">", p->html);
	put_value(p, "An answer of the small tier took ", "tiers.small_answer_j", "");
	put_value(p, " of accelerator energy, judging included, one of the large tier ",
	    "tiers.large_answer_j", "");
	put_value(p,
	    ". At these batches a cascade saves energy against the large tier alone while "
	    "less than ",
	    "tiers.break_even_frac", " of the answers are insufficient");
	put_value(p, "; here ", "tiers.insufficient_frac", " were, and ");
	put_value(p, "", "tiers.thrown_away_frac",
	    " of the energy of all answers went into those thrown away");
	fputs(share.value < even.value
		  ? ". Whether that saves, a run with large-share=\"100 %\" and escalate=\"0 %\" "
		    "tells: a large tier that answers all has fuller batches, and needs less for "
		    "each."
		  : ": it does not save.",
	    p->html);
	fputs(" Idle time is left out here.</p>\n", p->html);
}

void report_tiers(struct page *p)
{
	static const char *const head[] = { "answered by", "requests", "first token p50", "p99",
		"whole request p50", "p99" };
	struct ds_metric m;
	if (!ds_metric_find(p->d, "tiers.small_requests", &m)) return;
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>Small and large models: "
	      "which tier gave the answer that counts, and how long the user waited for it."
	      "</caption>\n",
	    p->html);
	html_head_row(p->html, sizeof head / sizeof *head, head);
	put_way(p, "small", "the small tier");
	put_way(p, "large", "the large tier, at once");
	put_way(p, "escalated", "the large tier, after an insufficient answer");
	fputs("</table></div>\n", p->html);
	put_verdict(p);
	report_metrics(p, "tiers.");
}
