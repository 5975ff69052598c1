#include "analysis/report_parts.h"

#include <math.h>

#include "analysis/html.h"
#include "analysis/show.h"
#include "analysis/spikes.h"

/* The text stands above the table, not in it, so that it is never as wide as that. */
static void open_table(struct page *p, const char *text, int cells, const char *const head[])
{
	fputs("<p class=\"note\">", p->html);
	html_text(p->html, text);
	fputs("</p>\n<div class=\"wide\"><table class=\"numbers\">\n", p->html);
	html_head_row(p->html, cells, head);
}

static void close_table(struct page *p)
{
	fputs("</table></div>\n", p->html);
}

/* A cell with a small line below; either may be empty. */
static void put_cell(struct page *p, const char *tag, const char *text, const char *below)
{
	fprintf(p->html, "<%s%s>", tag, *tag == 't' && tag[1] == 'h' ? " scope=\"row\"" : "");
	html_text(p->html, text);
	if (*below) fputs("<small>", p->html);
	if (*below) html_text(p->html, below);
	fprintf(p->html, "%s</%s>", *below ? "</small>" : "", tag);
}

static void put_number(struct page *p, double v, const char *unit, const char *below)
{
	char value[SHOW_SIZE];
	put_cell(p, "td", show_value(v, unit, value), below);
}

static void put_share(struct page *p, double v, const char *below)
{
	const struct ds_metric m = { .key = "_frac", .value = v, .unit = "1" };
	char value[SHOW_SIZE];
	put_cell(p, "td", show_metric(&m, value), below);
}

/* ---- nodes ---- */

static void put_node(struct page *p, const struct spikes_nodes *s, size_t i)
{
	char on[SPIKES_TEXT], where[3 * SPIKES_TEXT], busy[SPIKES_TEXT], ops[SPIKES_TEXT] = "";
	char value[SHOW_SIZE];
	snprintf(busy, sizeof busy, "busy %s", show_value(s->busy_j[i], "J", value));
	snprintf(where, sizeof where, "%s, %s", spikes_on(s, i, on), s->computes[i]);
	if (!isnan(s->synops[i])) snprintf(ops, sizeof ops, "%.3g synops", s->synops[i]);
	fputs("<tr>", p->html);
	put_cell(p, "th", s->name[i], s->home[i] ? "in homes" : "in a data centre");
	put_cell(p, "td", s->network[i], where);
	put_number(p, s->answered[i], "1", "");
	put_number(p, s->k[i], "1", ops);
	put_number(p, s->each_j[i], "J", busy);
	put_cell(p, "td", s->boundary[i], s->provenance[i]);
	put_share(p, s->static_frac[i], "");
	put_share(p, s->accuracy[i], isnan(s->accuracy[i]) ? "" : s->accuracy_from[i]);
	fputs("</tr>\n", p->html);
}

static void put_nodes(struct page *p, const struct spikes_nodes *s)
{
	static const char *const head[] = { "node", "network", "answered", "k", "a token",
		"counted", "static", "accuracy" };
	open_table(p,
	    "Nodes that compute with spikes: k are the spikes of an inference for each synapse, "
	    "synops the synaptic operations of a token; energy with idle time per output token, "
	    "and below it while requests run per token computed, of prompts or generated; around "
	    "what it is counted, and how the chip's figures were had.",
	    sizeof head / sizeof *head, head);
	for (size_t i = 0; i < s->n; i++) put_node(p, s, i);
	close_table(p);
}

/* ---- verdicts ---- */

static void put_pair(struct page *p, const struct spikes_pairs *q, size_t i)
{
	fputs("<tr>", p->html);
	put_cell(p, "th", q->node[i], "");
	put_cell(p, "td", q->against[i], "");
	fprintf(p->html, "<td>%.1f</td>", q->batch[i]);
	put_number(p, 1e12 * q->weight_j[i], "pJ", q->boundary[i]);
	put_number(p, 1e12 * q->synapse_j[i], "pJ", q->own_boundary[i]);
	put_number(p, q->k[i], "1", "");
	put_number(p, q->k_star[i], "1", "");
	put_cell(p, "td", q->verdict[i], isnan(q->k_star[i]) ? "another boundary" : "");
	fputs("</tr>\n", p->html);
}

static void put_pairs(struct page *p, const struct spikes_pairs *q)
{
	static const char *const head[] = { "spiking node", "against", "its batch", "a weight",
		"a synapse", "k", "k*", "spikes" };
	if (!q->n) return;
	open_table(p,
	    "Do spikes pay in this run? Both sides while they are busy, energy per token computed: "
	    "a "
	    "synapse against an active parameter of the other node at its batch. Spikes win where "
	    "k "
	    "is below k*. How much the two networks know is another question.",
	    sizeof head / sizeof *head, head);
	for (size_t i = 0; i < q->n; i++) put_pair(p, q, i);
	close_table(p);
}

static void put_lines(struct page *p, const struct spikes_lines *l)
{
	static const char *const head[] = { "spiking node", "published line", "k", "spikes" };
	char range[SPIKES_TEXT];
	open_table(p,
	    "What three papers say of such a k: spikes win below the line, lose above it, and "
	    "between two figures it depends on the other hardware.",
	    sizeof head / sizeof *head, head);
	for (size_t i = 0; i < l->n; i++) {
		fputs("<tr>", p->html);
		put_cell(p, "th", l->node[i], "");
		put_cell(p, "td", l->line[i], "");
		put_cell(p, "td", spikes_range(l, i, range), "");
		put_cell(p, "td", l->verdict[i], "");
		fputs("</tr>\n", p->html);
	}
	close_table(p);
}

void report_spikes(struct page *p)
{
	struct spikes_nodes s = spikes_nodes(p->d);
	struct spikes_pairs q = spikes_pairs(p->d);
	struct spikes_lines l = spikes_lines(p->d);
	if (!s.n) return;
	fputs("<section>\n", p->html);
	html_element(p->html, "h2", "Spikes");
	put_nodes(p, &s);
	put_pairs(p, &q);
	put_lines(p, &l);
	fputs("</section>\n", p->html);
}
