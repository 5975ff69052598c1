#include "analysis/report_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/html.h"
#include "analysis/objective.h"
#include "analysis/series.h"
#include "analysis/show.h"

static void open_table(struct page *p, const char *caption, int cells, const char *const head[])
{
	fputs("<div class=\"wide\"><table class=\"numbers\">\n", p->html);
	html_element(p->html, "caption", caption);
	html_head_row(p->html, cells, head);
}

static void close_table(struct page *p)
{
	fputs("</table></div>\n", p->html);
}

/* A cell with the metric, its interval below; "-" where the run has none. */
static void put_cell(struct page *p, const char *key)
{
	char value[SHOW_SIZE], interval[SHOW_SIZE];
	struct ds_metric m;
	if (!ds_metric_find(p->d, key, &m)) {
		fputs("<td>-</td>", p->html);
		return;
	}
	/* the head says it */
	if (!strcmp(m.unit, "token/s") || !strcmp(m.unit, "1/s")) m.unit = "1";
	fprintf(p->html, "<td>%s", show_metric(&m, value));
	if (*show_interval(&m, interval)) fprintf(p->html, "<small>%s</small>", interval);
	fputs("</td>", p->html);
}

/* ---- objectives ---- */

static void put_limits(struct page *p, const struct objective *o)
{
	char limit[SHOW_SIZE], key[OBJECTIVE_KEY];
	for (int k = 0; k < OBJECTIVE_LIMITS; k++) {
		if (isnan(o->limit_s[k])) {
			fputs("<td>-</td>", p->html);
			continue;
		}
		char value[SHOW_SIZE];
		struct ds_metric m;
		objective_limit_key(o, k, key);
		ds_metric_find(p->d, key, &m);
		fprintf(p->html, "<td>%s<small>within %s</small></td>", show_metric(&m, value),
		    show_value(o->limit_s[k], "s", limit));
	}
}

static void put_objective(struct page *p, const struct objective *o)
{
	char key[OBJECTIVE_KEY], n[SHOW_SIZE];
	struct ds_metric m;
	fputs("<tr><th scope=\"row\">", p->html);
	html_text(p->html, *o->name ? o->name : "all requests");
	fputs("</th>", p->html);
	objective_key(o, "goodput_frac", key);
	put_cell(p, key);
	ds_metric_find(p->d, key, &m);
	put_limits(p, o);
	objective_key(o, "goodput_rate_per_s", key);
	put_cell(p, key);
	objective_key(o, "goodput_token_rate_per_s", key);
	put_cell(p, key);
	fprintf(p->html, "<td>%s</td></tr>\n", show_value((double)m.n, "1", n));
}

static void put_objectives(struct page *p)
{
	static const char *const head[] = { "objective", "good", "first token", "per token",
		"whole request", "good requests/s", "good tokens/s", "n" };
	struct objective o;
	size_t i = objective_next(p->d, 0, &o);
	if (!i) return;
	open_table(p,
	    "Service-level objectives: the share of all requests sent that finished within every "
	    "limit, and within each. What was refused or did not finish is not good.",
	    sizeof head / sizeof *head, head);
	for (; i; i = objective_next(p->d, i, &o)) put_objective(p, &o);
	close_table(p);
}

/* ---- throughput ---- */

static void put_window(struct page *p, const char *label, const char *from, const char *to,
    const char *const keys[], int n)
{
	struct ds_metric m;
	char value[SHOW_SIZE];
	if (!ds_metric_find(p->d, to, &m)) return;
	fputs("<tr><th scope=\"row\">", p->html);
	html_text(p->html, label);
	if (from) {
		struct ds_metric begin;
		if (!ds_metric_find(p->d, from, &begin)) begin.value = NAN;
		fprintf(p->html, "<small>%s to ", show_value(begin.value, "s", value));
		fprintf(p->html, "%s</small>", show_metric(&m, value));
	} else {
		fprintf(p->html, "<small>%s, idle times included</small>", show_metric(&m, value));
	}
	fputs("</th>", p->html);
	for (int k = 0; k < n; k++) put_cell(p, keys[k]);
	fputs("</tr>\n", p->html);
}

static void put_throughput(struct page *p)
{
	static const char *const head[] = { "window", "output tokens/s", "all tokens/s", "MFU",
		"MBU", "device energy" };
	static const char *const run[] = { "service.output_token_rate_per_s",
		"service.token_rate_per_s", "compute.mfu_frac", "compute.mbu_frac",
		"energy.device_j_per_token" };
	static const char *const steady[] = { "steady.output_token_rate_per_s",
		"steady.token_rate_per_s", "compute.steady_mfu_frac", "compute.steady_mbu_frac",
		"steady.device_j_per_token" };
	enum { KEYS = sizeof run / sizeof *run };
	struct ds_metric m;
	if (!ds_metric_find(p->d, "service.run_s", &m)) return;
	open_table(p,
	    "Throughput, and how much of the accelerators' peak arithmetic (MFU) and memory "
	    "bandwidth (MBU) it takes. The steady part leaves out the filling and the draining of "
	    "batches, as benchmarks do.",
	    sizeof head / sizeof *head, head);
	put_window(p, "the run", NULL, "service.run_s", run, KEYS);
	put_window(p, "steady part", "steady.begin_s", "steady.end_s", steady, KEYS);
	close_table(p);
}

/* ---- queue ---- */

static void put_queue(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "grid");
	struct series running, waiting;
	char most[SHOW_SIZE], longest[SHOW_SIZE];
	if (!series_of(g, "running", &running) || !series_of(g, "waiting", &waiting)) return;
	struct figure f = {
		.kind = FIGURE_SERIES, .name = "queue",
		.caption = "Requests at the nodes at the end of each step: in batches, and in front of "
			   "them because there is no place.",
		.xname = series_time_name(&running), .yname = "requests",
		.head = { series_time_name(&running), "in batches", "waiting" },
		.cols = 3, .from_zero = true, .height = 220,
	};
	figure_say(&f, "Requests at the nodes over time: at most %s in batches, %s waiting.",
	    show_value(series_at(&running, series_highest(&running)), "1", most),
	    show_value(series_at(&waiting, series_highest(&waiting)), "1", longest));
	series_draw(&f, (const struct series *[]){ &running, &waiting }, 2, 1, NULL, 0);
	report_figure(p, &f);
}

void report_service(struct page *p)
{
	struct ds_metric m;
	if (!ds_metric_find(p->d, "service.requests", &m)) return;
	fputs("<section>\n<h2>Service</h2>\n", p->html);
	report_latency(p);
	report_tiers(p);
	put_objectives(p);
	put_queue(p);
	put_throughput(p);
	report_nodes(p);
	report_metrics(p, "service.");
	fputs("</section>\n", p->html);
}
