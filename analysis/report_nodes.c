#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/html.h"
#include "analysis/show.h"
#include "base/mem.h"

/* Columns of group "nodes"; any may be absent but the first. */
struct nodes {
	char *const *name, *const *boundary; /* boundary: of device_j */
	const int32_t *home;
	const int64_t *answered, *output_tokens, *iterations;
	const double *busy_s, *device_j, *mfu, *mbu, *batch;
	size_t n;
};

static struct nodes nodes_of(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "nodes");
	return (struct nodes){
		.name = ds_data(g, "name", DS_TEXT),
		.boundary = ds_data(g, "boundary", DS_TEXT),
		.home = ds_data(g, "home", DS_I32),
		.answered = ds_data(g, "answered", DS_I64),
		.output_tokens = ds_data(g, "output_tokens", DS_I64),
		.iterations = ds_data(g, "iterations", DS_I64),
		.busy_s = ds_data(g, "busy", DS_F64),
		.device_j = ds_data(g, "device_energy", DS_F64),
		.mfu = ds_data(g, "mfu", DS_F64),
		.mbu = ds_data(g, "mbu", DS_F64),
		.batch = ds_data(g, "batch", DS_F64),
		.n = ds_rows(g, "name"),
	};
}

/* The nodes of one element, which are alike: sums, and means over busy time. */
struct kind {
	const char *name, *boundary; /* boundary NULL: not said */
	bool home;
	int64_t nodes, answered, output_tokens;
	double busy_s, device_j, mfu_s, mbu_s, iterations, served;
};

static void add(struct kind *k, const struct nodes *all, size_t i)
{
	k->nodes++;
	k->answered += all->answered[i];
	k->output_tokens += all->output_tokens[i];
	k->busy_s += all->busy_s[i];
	k->device_j += all->device_j[i];
	if (!(all->busy_s[i] > 0)) return;
	k->mfu_s += all->mfu[i] * all->busy_s[i];
	k->mbu_s += all->mbu[i] * all->busy_s[i];
	if (all->iterations[i] == 0) return; /* in its first one yet */
	k->iterations += (double)all->iterations[i];
	k->served += all->batch[i] * (double)all->iterations[i];
}

static struct kind *kind_for(struct kind *kind, size_t *kinds, const struct nodes *all, size_t i)
{
	bool home = all->home[i] >= 0;
	for (size_t k = 0; k < *kinds; k++)
		if (kind[k].home == home && !strcmp(kind[k].name, all->name[i])) return &kind[k];
	kind[*kinds] = (struct kind){ .name = all->name[i],
		.boundary = all->boundary ? all->boundary[i] : NULL,
		.home = home };
	return &kind[(*kinds)++];
}

static void put_number(struct page *p, double v, const char *unit)
{
	char value[SHOW_SIZE];
	fprintf(p->html, "<td>%s</td>", show_value(v, unit, value));
}

static void put_share(struct page *p, double v)
{
	const struct ds_metric m = { .key = "_frac", .value = v, .unit = "1" };
	char value[SHOW_SIZE];
	fprintf(p->html, "<td>%s</td>", show_metric(&m, value));
}

/* NAN, shown as "-", where nothing was done. */
static double ratio(double part, double of)
{
	return of > 0 ? part / of : NAN;
}

/* Joules around a chip and around a board must not look the same. */
static void put_energy(struct page *p, const struct kind *k)
{
	double j = ratio(k->device_j, (double)k->output_tokens);
	char value[SHOW_SIZE];
	fprintf(p->html, "<td>%s", show_value(j, "J/token", value));
	if (k->boundary) {
		fputs("<small>of the ", p->html);
		html_text(p->html, k->boundary);
		fputs("</small>", p->html);
	}
	fputs("</td>", p->html);
}

static void put_kind(struct page *p, const struct kind *k, double run_s)
{
	fputs("<tr><th scope=\"row\">", p->html);
	html_text(p->html, k->name);
	fprintf(p->html, "<small>in %s</small></th>", k->home ? "homes" : "a data centre");
	put_number(p, (double)k->nodes, "1");
	put_number(p, (double)k->answered, "1");
	put_share(p, ratio(k->busy_s, (double)k->nodes * run_s));
	put_number(p, ratio(k->served, k->iterations), "1");
	put_share(p, ratio(k->mfu_s, k->busy_s));
	put_share(p, ratio(k->mbu_s, k->busy_s));
	put_energy(p, k);
	fputs("</tr>\n", p->html);
}

void report_nodes(struct page *p)
{
	static const char *const head[] = { "node", "count", "answered", "busy", "mean batch",
		"MFU", "MBU", "device energy" };
	const struct nodes all = nodes_of(p->d);
	struct ds_metric run;
	if (!all.name || !all.home || !all.answered || !all.output_tokens || !all.busy_s ||
	    !all.device_j || !all.mfu || !all.mbu || !all.batch || !all.iterations ||
	    !ds_metric_find(p->d, "service.run_s", &run))
		return;
	struct kind *kind = mem_new(all.n, sizeof *kind);
	size_t kinds = 0;
	for (size_t i = 0; i < all.n; i++) add(kind_for(kind, &kinds, &all, i), &all, i);
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>Nodes: busy is the share of "
	      "the run in which requests ran; batch, MFU and MBU are means while busy; energy is "
	      "that of the accelerators, idle times included, per output token, counted around what "
	      "stands below it: a chip, its board, a whole system.</caption>\n",
	    p->html);
	html_head_row(p->html, sizeof head / sizeof *head, head);
	for (size_t k = 0; k < kinds; k++) put_kind(p, &kind[k], run.value);
	fputs("</table></div>\n", p->html);
	free(kind);
}
