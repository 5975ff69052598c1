#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/sorted.h"
#include "analysis/show.h"
#include "base/mem.h"

/* ---- percentiles ---- */

/* Where the values are: a column of group "requests", but for those that could wait, or a
 * histogram of group "hist". */
static const struct { const char *key, *column, *hist, *label; } latencies[] = {
	{ "latency.ttft_s", "ttft", NULL, "first token" },
	{ "latency.tpot_s", "tpot", NULL, "per output token" },
	{ "latency.itl_s", NULL, "itl", "between tokens" },
	{ "latency.e2e_s", "e2e", NULL, "whole request" },
	{ "latency.ntpot_s", NULL, NULL, "normalised" },
	{ "deferral.delay_s", NULL, NULL, "held back" },
	{ "deferral.ttft_s", NULL, NULL, "first token of those that could wait, once let go" },
	{ "deferral.e2e_s", NULL, NULL, "whole request of those that could wait" },
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

/* One line of the figure: sorted values, or buckets with their cumulative counts. */
struct curve {
	double *sorted;
	const double *edge; /* lower edges */
	double *below;      /* values in the buckets up to and with each */
	size_t n;           /* values, or buckets */
	const char *label;
};

static bool curve_of_hist(const struct dataset *d, const char *name, struct curve *c)
{
	char bin[32], count[32];
	const struct ds_group *g = ds_find(d, "hist");
	snprintf(bin, sizeof bin, "%s_bin", name);
	snprintf(count, sizeof count, "%s_count", name);
	const int64_t *n = ds_data(g, count, DS_I64);
	c->edge = ds_data(g, bin, DS_F64);
	c->n = ds_rows(g, bin);
	if (!c->edge || !n || !c->n || ds_rows(g, count) != c->n) return false;
	c->below = mem_new(c->n, sizeof *c->below);
	double sum = 0;
	for (size_t i = 0; i < c->n; i++) c->below[i] = sum += (double)n[i];
	return sum > 0;
}

static bool curve_of(const struct dataset *d, int latency, struct curve *c)
{
	*c = (struct curve){ .label = latencies[latency].label };
	if (latencies[latency].hist) return curve_of_hist(d, latencies[latency].hist, c);
	if (!latencies[latency].column) return false;
	c->sorted = sorted_column(
	    ds_find(d, "requests"), latencies[latency].column, "released", &c->n);
	return c->sorted != NULL;
}

static void curve_fini(struct curve *c)
{
	free(c->sorted);
	free(c->below);
}

/* The p-quantile; between a bucket's edges by interpolation, for it is less than a
 * hundredth wide. */
static double curve_at(const struct curve *c, double p)
{
	if (c->sorted) return sorted_quantile(c->sorted, c->n, p);
	double rank = p * c->below[c->n - 1];
	size_t i = 0;
	while (i + 1 < c->n && c->below[i] < rank) i++;
	double before = i ? c->below[i - 1] : 0, here = c->below[i] - before;
	double to = i + 1 < c->n ? c->edge[i + 1] : c->edge[i];
	return c->edge[i] + (to - c->edge[i]) * (here > 0 ? (rank - before) / here : 0);
}

static void say_curves(struct figure *f, const struct curve *curve)
{
	char half[SHOW_SIZE], most[SHOW_SIZE], *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (int c = 0; c + 1 < f->cols; c++)
		fprintf(out, "; %s: half within %s, 99 %% within %s", curve[c].label,
		    show_value(curve_at(&curve[c], 0.5), "s", half),
		    show_value(curve_at(&curve[c], 0.99), "s", most));
	fclose(out);
	figure_say(f, "Distribution of latencies%s.", text);
	free(text);
}

static void draw_curves(struct page *p, struct figure *f, const struct curve *curve)
{
	double row[FIGURE_COLUMNS];
	int n = f->cols - 1;
	for (int s = 0; s < SHARES; s++) {
		row[0] = share_at(s);
		for (int c = 0; c < n; c++) row[c + 1] = curve_at(&curve[c], row[0] / 100);
		figure_row(f, row, NULL, NULL);
	}
	say_curves(f, curve);
	report_figure(p, f);
}

static void put_distribution(struct page *p)
{
	struct figure f = {
		.kind = FIGURE_SHARE,
		.name = "latency",
		.xname = "",
		.cols = 1,
		.height = 320,
		.caption = "Share of the requests (of the gaps between tokens, for these) whose "
			   "latency is at most so large. Steep is even, a long way to 100 % is a "
			   "tail.",
		.head = { "share of requests, %" },
	};
	struct curve curve[LATENCIES];
	for (int i = 0; i < LATENCIES; i++) {
		struct curve *c = &curve[f.cols - 1];
		if (curve_of(p->d, i, c)) f.head[f.cols++] = c->label;
		else curve_fini(c);
	}
	if (f.cols > 1) draw_curves(p, &f, curve);
	for (int c = 1; c < f.cols; c++) curve_fini(&curve[c - 1]);
}

void report_latency(struct page *p)
{
	put_distribution(p);
	put_percentiles(p);
}
