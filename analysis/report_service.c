#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/sorted.h"
#include "analysis/show.h"

/* ---- percentiles ---- */

static const struct { const char *key, *column, *label; } latencies[] = {
	{ "latency.ttft_s", "ttft", "first token" },
	{ "latency.tpot_s", "tpot", "per output token" },
	{ "latency.itl_s", NULL, "between tokens" },
	{ "latency.e2e_s", "e2e", "whole request" },
	{ "latency.ntpot_s", NULL, "whole request / output tokens" },
};
enum { LATENCIES = sizeof latencies / sizeof *latencies };

static const char *const statistics[] = { "mean", "p50", "p90", "p95", "p99" };
enum { STATISTICS = sizeof statistics / sizeof *statistics };

static void put_statistic(struct page *p, const char *key, const char *statistic)
{
	char name[64], value[SHOW_SIZE], interval[SHOW_SIZE];
	struct ds_metric m;
	snprintf(name, sizeof name, "%s.%s", key, statistic);
	if (!ds_metric_find(p->d, name, &m)) {
		fputs("<td>-</td>", p->html);
		return;
	}
	fprintf(p->html, "<td>%s", show_metric(&m, value));
	if (*show_interval(&m, interval)) fprintf(p->html, "<small>%s</small>", interval);
	fputs("</td>", p->html);
}

static bool latency_count(const struct page *p, const char *key, double *n)
{
	char name[64];
	struct ds_metric m;
	snprintf(name, sizeof name, "%s.mean", key);
	if (!ds_metric_find(p->d, name, &m)) return false;
	*n = (double)m.n;
	return true;
}

static void put_percentiles(struct page *p)
{
	static const char *const head[] = { "latency", "mean", "p50", "p90", "p95", "p99", "n" };
	char count[SHOW_SIZE];
	bool open = false;
	double n;
	for (int i = 0; i < LATENCIES; i++) {
		if (!latency_count(p, latencies[i].key, &n)) continue;
		if (!open) {
			fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>Latencies "
			      "as the client sees them; below each value its 95 % "
			      "interval.</caption>\n",
			    p->html);
			html_head_row(p->html, sizeof head / sizeof *head, head);
			open = true;
		}
		fprintf(p->html, "<tr><th scope=\"row\">%s</th>", latencies[i].label);
		for (int s = 0; s < STATISTICS; s++)
			put_statistic(p, latencies[i].key, statistics[s]);
		fprintf(p->html, "<td>%s</td></tr>\n", show_value(n, "1", count));
	}
	if (open) fputs("</table></div>\n", p->html);
}

/* ---- the distribution ---- */

/* Shares in per cent at which the curve is drawn: every half, and finer where
 * the tail of the distribution is. */
static double share_at(int i)
{
	return i <= 198 ? i / 2.0 : i <= 207 ? 99 + (i - 198) / 10.0 : 100;
}
enum { SHARES = 209 };

static void put_distribution(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "requests");
	struct figure f = {
		.kind = FIGURE_SHARE,
		.name = "latency",
		.xname = "",
		.cols = 1,
		.height = 320,
		.caption = "Share of the requests whose latency is at most so large. Steep is "
			   "even, a long way to 100 % is a tail.",
		.head = { "share of requests, %" },
	};
	double *sorted[LATENCIES], row[FIGURE_COLUMNS];
	size_t n[LATENCIES];
	for (int i = 0; i < LATENCIES; i++) {
		double *values = latencies[i].column
				     ? sorted_column(g, latencies[i].column, &n[f.cols - 1])
				     : NULL;
		if (!values) continue;
		sorted[f.cols - 1] = values;
		f.head[f.cols++] = latencies[i].label;
	}
	if (f.cols == 1) return;
	for (int s = 0; s < SHARES; s++) {
		row[0] = share_at(s);
		for (int c = 1; c < f.cols; c++)
			row[c] = sorted_quantile(sorted[c - 1], n[c - 1], row[0] / 100);
		figure_row(&f, row, NULL, NULL);
	}
	figure_say(&f, "Distribution of %d latencies; their percentiles are in the table below.",
	    f.cols - 1);
	if (!figure_write(&f, p->html)) p->undrawn = true;
	for (int c = 1; c < f.cols; c++) free(sorted[c - 1]);
	figure_fini(&f);
}

void report_service(struct page *p)
{
	struct ds_metric m;
	if (!ds_metric_find(p->d, "service.requests", &m)) return;
	fputs("<section>\n<h2>Service</h2>\n", p->html);
	put_distribution(p);
	put_percentiles(p);
	report_metrics(p, "service.");
	fputs("</section>\n", p->html);
}
