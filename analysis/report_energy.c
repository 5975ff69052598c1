#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/balance.h"
#include "analysis/figure.h"
#include "analysis/html.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "base/mem.h"

static const double j_per_kwh = 3.6e6;

/* ---- energy per token at the four boundaries ---- */

static void put_boundaries(struct page *p)
{
	static const struct { const char *key, *label; } boundary[] = {
		{ "energy.device_j_per_token", "device: accelerators" },
		{ "energy.node_j_per_token", "node: and hosts" },
		{ "energy.site_j_per_token", "site: and cooling, inverters" },
		{ "energy.grid_j_per_token", "grid: and lines, transformers" },
	};
	struct figure f = {
		.kind = FIGURE_BARS, .name = "per-token", .xname = "joules per output token",
		.caption = "Energy of an output token, by how much of the way to it is counted.",
		.head = { "boundary" }, .cols = 4, .height = 190,
	};
	char value[SHOW_SIZE];
	struct ds_metric m;
	for (size_t i = 0; i < sizeof boundary / sizeof *boundary; i++) {
		if (!ds_metric_find(p->d, boundary[i].key, &m) || !isfinite(m.value)) continue;
		double cell[] = { (double)f.rows + 1, 0, m.value, 1 };
		figure_row(&f, cell, boundary[i].label, show_metric(&m, value));
	}
	if (f.rows) {
		figure_say(&f, "Energy per output token, by boundary: %s at %s to %s at %s.",
		    f.text[1], f.text[0], f.text[2 * f.rows - 1], f.text[2 * f.rows - 2]);
		if (!figure_write(&f, p->html)) p->undrawn = true;
	}
	figure_fini(&f);
}

/* ---- the balance ---- */

/* Bars that continue where the one before ended: both sides end at one sum. */
static void add_side(struct figure *f, const struct balance *b, enum balance_side side)
{
	double from = 0;
	char value[SHOW_SIZE];
	for (int i = 0; i < b->n; i++) {
		const struct balance_item *x = &b->item[i];
		if (x->side != side || !(x->joule > 0)) continue;
		double kwh = x->joule / j_per_kwh;
		double cell[] = { (double)f->rows + 1, from, from + kwh,
			side == BALANCE_SOURCE ? 1 : 2 };
		figure_row(f, cell, x->label, show_value(x->joule, "J", value));
		from += kwh;
	}
}

static void put_balance(struct page *p, const struct balance *b)
{
	char in[SHOW_SIZE];
	struct figure f = {
		.kind = FIGURE_BARS,
		.name = "balance",
		.xname = "kWh over the run",
		.caption = "Where the energy of all sites came from (blue, above) and what became "
			   "of it (orange, below). Each bar continues where the last one ended; "
			   "both sides end at the same sum.",
		.head = { "energy" },
		.cols = 4,
	};
	add_side(&f, b, BALANCE_SOURCE);
	add_side(&f, b, BALANCE_SINK);
	f.height = 70 + 28 * (int)f.rows;
	figure_say(&f, "Sources and uses of %s, all sites; the ledger below has the numbers.",
	    show_value(b->joule[BALANCE_SOURCE], "J", in));
	if (f.rows && !figure_write(&f, p->html)) p->undrawn = true;
	figure_fini(&f);
}

/* ---- the ledger ---- */

static void put_kwh(FILE *html, double joule)
{
	char kwh[SHOW_SIZE];
	fprintf(html, "<td>%s</td>", show_value(joule / j_per_kwh, "1", kwh));
}

static void put_ledger_side(struct page *p, const struct ds_group *g, enum balance_side wanted)
{
	size_t sites = ds_rows(g, "site");
	enum balance_side side;
	for (size_t i = 0; i < g->vars; i++) {
		const struct ds_var *v = g->var[i];
		if (!balance_side(g, v, &side) || side != wanted || v->rows->size != sites)
			continue;
		const double *joule = v->data;
		bool any = false;
		for (size_t s = 0; s < sites; s++) any |= joule[s] != 0;
		if (!any) continue;
		const char *about = ds_text(g, v->name, "long_name");
		fprintf(p->html, "<tr><th scope=\"row\" class=\"%s\" title=\"",
		    wanted == BALANCE_SOURCE ? "source" : "use");
		html_text(p->html, about ? about : "");
		fputs("\">", p->html);
		html_text(p->html, v->name);
		fputs("</th>", p->html);
		for (size_t s = 0; s < sites; s++) put_kwh(p->html, joule[s]);
		fputs("</tr>\n", p->html);
	}
}

static void put_residual(struct page *p, const struct ds_group *g)
{
	const double *residual = ds_data(g, "residual", DS_F64);
	char value[SHOW_SIZE];
	if (!residual) return;
	fputs("<tr><th scope=\"row\">residual, share</th>", p->html);
	for (size_t s = 0; s < ds_rows(g, "residual"); s++)
		fprintf(p->html, "<td>%s</td>", show_value(residual[s], "1", value));
	fputs("</tr>\n", p->html);
}

static void put_ledger(struct page *p)
{
	const struct ds_group *g = ds_find(p->d, "ledger");
	char *const *site = ds_data(g, "site", DS_TEXT);
	size_t sites = ds_rows(g, "site");
	const char **head = mem_new(sites + 1, sizeof *head);
	head[0] = "kWh";
	for (size_t s = 0; s < sites; s++) head[s + 1] = site[s];
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>The ledger: every joule has "
	      "a source and a use. What one site hands to another stands in both.</caption>\n",
	    p->html);
	html_head_row(p->html, (int)sites + 1, head);
	put_ledger_side(p, g, BALANCE_SOURCE);
	put_ledger_side(p, g, BALANCE_SINK);
	put_residual(p, g);
	fputs("</table></div>\n", p->html);
	free(head);
}

void report_energy(struct page *p)
{
	struct balance b;
	struct ds_metric m;
	bool inference = ds_metric_find(p->d, "energy.device_j_per_token", &m);
	bool ledger = balance_of(p->d, &b);
	if (!inference && !ledger) return;
	fputs("<section>\n<h2>Energy</h2>\n", p->html);
	put_boundaries(p);
	if (ledger) {
		put_balance(p, &b);
		put_ledger(p);
	}
	fputs("</section>\n", p->html);
}

void report_homes(struct page *p)
{
	struct ds_metric m;
	if (!pick_next(p->d, "homes.", PICK_FIRST, 0, &m)) return;
	fputs("<section>\n<h2>Homes</h2>\n", p->html);
	report_metrics(p, "homes.");
	fputs("</section>\n", p->html);
}

void report_money(struct page *p)
{
	struct ds_metric m;
	if (!pick_next(p->d, "cost.", PICK_FIRST, 0, &m) &&
	    !pick_next(p->d, "carbon.", PICK_FIRST, 0, &m))
		return;
	fputs("<section>\n<h2>Cost and carbon</h2>\n", p->html);
	report_metrics(p, "cost.");
	report_metrics(p, "carbon.");
	fputs("</section>\n", p->html);
}
