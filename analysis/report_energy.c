#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/balance.h"
#include "analysis/cells.h"
#include "analysis/figure.h"
#include "analysis/flow.h"
#include "analysis/html.h"
#include "analysis/marginal.h"
#include "analysis/pick.h"
#include "analysis/show.h"
#include "base/mem.h"

static const double j_per_kwh = 3.6e6;

/* ---- inference at the four boundaries ---- */

static const struct { const char *name, *label; } boundary[] = {
	{ "device", "accelerators" },
	{ "node", "and hosts, memory, power supplies" },
	{ "site", "and cooling, inverters, storage" },
	{ "grid", "and lines, transformers, transmission" },
};
enum { BOUNDARIES = sizeof boundary / sizeof *boundary };

static bool boundary_metric(const struct page *p, int i, const char *prefix, const char *suffix,
    struct ds_metric *m)
{
	char key[64];
	snprintf(key, sizeof key, "%s.%s_%s", prefix, boundary[i].name, suffix);
	return ds_metric_find(p->d, key, m) && isfinite(m->value);
}

/* What a row of the table tells of each boundary. */
static const struct measure {
	const char *prefix, *suffix, *head, *unit; /* unit NULL: the metric's own */
} measures[] = {
	{ "energy", "j", "in all", NULL },
	{ "energy", "j_per_token", "per output token", NULL },
	{ "energy", "j_per_token_all", "per token, prompts too", NULL },
	{ "energy", "j_per_request", "per request", NULL },
	{ "energy", "tokens_per_j", "output tokens per J", "1" },
	{ "score", "correct_per_kj", "correct per kJ", "1" },
	{ "score", "per_w", "score per W", "1" },
};
enum { MEASURES = sizeof measures / sizeof *measures };

static void put_boundary_row(struct page *p, int i, const struct measure *const shown[], int n)
{
	char value[SHOW_SIZE];
	struct ds_metric m;
	fputs("<tr><th scope=\"row\">", p->html);
	fprintf(p->html, "%s<small>%s</small></th>", boundary[i].name, boundary[i].label);
	for (int k = 0; k < n; k++) {
		bool known = boundary_metric(p, i, shown[k]->prefix, shown[k]->suffix, &m);
		const char *unit = shown[k]->unit ? shown[k]->unit : m.unit;
		fprintf(p->html, "<td>%s</td>", known ? show_value(m.value, unit, value) : "-");
	}
	fputs("</tr>\n", p->html);
}

/* A sentence on what "correct" means, for it is not what most would think. */
static void put_score(struct page *p)
{
	struct ds_metric m;
	char value[SHOW_SIZE];
	const struct ds_group *summary = ds_find(p->d, "summary");
	const char *benchmark = ds_text(summary, "score.expected_frac", "benchmark");
	if (!benchmark || !ds_metric_find(p->d, "score.expected_frac", &m)) return;
	fputs("<p class=\"note\">Correct answers are an expectation: the models that answered "
	      "score ",
	    p->html);
	fprintf(p->html, "%s in ", show_metric(&m, value));
	html_text(p->html, benchmark);
	fputs("; nobody has marked the answers of this run.</p>\n", p->html);
}

static void put_marginal(struct page *p)
{
	struct marginal_rows r = marginal_rows(p->d);
	if (!r.n) return;
	fputs("<p class=\"note\">One model instead of another: " MARGINAL_NOTE ".</p>\n<ul class=\"note\">\n",
	    p->html);
	for (size_t i = 0; i < r.n; i++) {
		if (!marginal_is_known(&r, i)) continue;
		char *text = marginal_sentence(&r, i);
		html_element(p->html, "li", text);
		free(text);
	}
	if (r.unknown)
		fprintf(p->html, "<li>%zu more pairs: the score of a model is not known</li>\n",
		    r.unknown);
	fputs("</ul>\n", p->html);
}

static void put_boundary_table(struct page *p)
{
	const struct measure *shown[MEASURES];
	const char *head[MEASURES + 1] = { "boundary" };
	struct ds_metric m;
	int n = 0;
	for (int k = 0; k < MEASURES; k++) {
		if (!boundary_metric(p, 0, measures[k].prefix, measures[k].suffix, &m)) continue;
		shown[n++] = &measures[k];
		head[n] = measures[k].head;
	}
	if (!n) return;
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>Energy of inference over "
	      "the whole run, idle times included. Each boundary holds the one "
	      "above.</caption>\n",
	    p->html);
	html_head_row(p->html, n + 1, head);
	for (int i = 0; i < BOUNDARIES; i++)
		if (boundary_metric(p, i, "energy", "j", &m)) put_boundary_row(p, i, shown, n);
	fputs("</table></div>\n", p->html);
	put_score(p);
	put_marginal(p);
}

/* ---- the balance ---- */

static void add_side(struct figure *f, const struct balance *b, enum balance_side side)
{
	double from = 0;
	char value[SHOW_SIZE];
	for (int i = 0; i < b->n; i++) {
		const struct balance_item *x = &b->item[i];
		if (x->side != side || !(x->joule > 0)) continue;
		double kwh = x->joule / j_per_kwh;
		double cell[] = { (double)f->rows + 1, from, from + kwh, side };
		figure_row(f, cell, x->label, show_value(x->joule, "J", value));
		from += kwh;
	}
}

/* "into batteries 253 kWh, households 535 kWh" */
static char *side_text(const struct figure *f, enum balance_side side)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *before = "";
	for (size_t r = 0; r < f->rows; r++) {
		if ((int)f->cell[4 * r + 3] != (int)side) continue;
		fprintf(out, "%s%s %s", before, f->text[2 * r], f->text[2 * r + 1]);
		before = ", ";
	}
	fclose(out);
	return text;
}

static void put_balance(struct page *p, const struct balance *b)
{
	char in[SHOW_SIZE];
	struct figure f = {
		.kind = FIGURE_FLOW,
		.name = "balance",
		.xname = "kWh over the run",
		.caption = "Where the energy of all sites came from (left) and what became of it "
			   "(right); the widths are in proportion, and both sides end at the same "
			   "sum.",
		.head = { "energy" },
		.cols = 4,
	};
	add_side(&f, b, BALANCE_SOURCE);
	add_side(&f, b, BALANCE_SINK);
	char *from = side_text(&f, BALANCE_SOURCE), *to = side_text(&f, BALANCE_SINK);
	figure_say(&f, "Energy of all sites, %s. Sources: %s. Uses: %s.",
	    show_value(b->joule[BALANCE_SOURCE], "J", in), from, to);
	free(from);
	free(to);
	f.height = flow_height(&f);
	report_figure(p, &f);
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
	report_split(p);
	put_boundary_table(p);
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

void report_plants(struct page *p)
{
	struct ds_metric m;
	if (!pick_next(p->d, "datacentre.", PICK_FIRST, 0, &m)) return;
	fputs("<section>\n<h2>Data centres with sun, wind or storage</h2>\n", p->html);
	report_metrics(p, "datacentre.");
	fputs("</section>\n", p->html);
}

void report_cells(struct page *p)
{
	static const char *const head[] = { "batteries", "full cycles", "in a year",
		"health at the end", "a year costs", "life" };
	enum { COLUMNS = sizeof head / sizeof *head };
	struct cells_row r;
	size_t i = cells_next(p->d, 0, &r);
	if (!i) return;
	fputs("<section>\n<h2>Batteries</h2>\n<div class=\"wide\"><table class=\"numbers wrap\">\n"
	      "<caption>" CELLS_NOTE "</caption>\n",
	    p->html);
	html_head_row(p->html, COLUMNS, head);
	for (; i; i = cells_next(p->d, i, &r)) {
		const char *const cell[COLUMNS] = { r.where, r.cycles, r.cycles_a_year, r.health,
			r.first_year_loss, r.life };
		html_row(p->html, COLUMNS, cell);
	}
	fputs("</table></div>\n</section>\n", p->html);
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
