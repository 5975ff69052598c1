/* What the energy of an output token was spent on, at each boundary. */
#include "analysis/report_parts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/html.h"
#include "analysis/show.h"

/* What a boundary adds; a rounding error is nothing. */
static double beyond(double outer, double inner)
{
	return outer - inner > 1e-9 * outer ? outer - inner : 0;
}

/* Joules per output token; NAN: the run does not say. Each boundary holds the one before. */
struct split {
	double device, device_idle, node, node_idle, cooling, site, grid;
};

static double joules(const struct page *p, const char *key)
{
	struct ds_metric m;
	return ds_metric_find(p->d, key, &m) ? m.value : NAN;
}

static bool split_of(const struct page *p, struct split *s)
{
	double tokens = joules(p, "service.output_tokens");
	if (!(tokens > 0)) return false;
	*s = (struct split){
		.device = joules(p, "energy.device_j") / tokens,
		.device_idle = joules(p, "energy.device_idle_j") / tokens,
		.node = joules(p, "energy.node_j") / tokens,
		.node_idle = joules(p, "energy.node_idle_j") / tokens,
		.cooling = joules(p, "energy.cooling_j") / tokens,
		.site = joules(p, "energy.site_j") / tokens,
		.grid = joules(p, "energy.grid_j") / tokens,
	};
	return isfinite(s->device_idle + s->node_idle + s->cooling + s->grid);
}

/* ---- the figure ---- */

static void add(struct figure *f, double *from, double j, int colour, const char *label)
{
	char value[SHOW_SIZE];
	double cell[] = { (double)f->rows + 1, *from, *from + j, colour };
	figure_row(f, cell, label, show_value(j, "J/token", value));
	*from += j;
}

static void put_figure(struct page *p, const struct split *s)
{
	enum { BUSY = 1, REST = 2, SUM = 3 };
	struct figure f = {
		.kind = FIGURE_BARS, .name = "per_token", .xname = "joules per output token",
		.caption = "What the energy of an output token was spent on, from the accelerators out "
			   "to the bulk grid; each bar continues where the last one ended. Blue: while "
			   "requests ran.",
		.head = { "part" }, .cols = 4, .height = 290,
	};
	double from = 0, idle = s->node_idle - s->device_idle, hosts = s->node - s->device;
	add(&f, &from, s->device - s->device_idle, BUSY, "accelerators, busy");
	add(&f, &from, s->device_idle, REST, "accelerators, idle");
	add(&f, &from, hosts - idle, BUSY, "hosts, supplies, busy");
	add(&f, &from, idle, REST, "hosts, supplies, idle");
	add(&f, &from, s->cooling, REST, "cooling");
	add(&f, &from, beyond(s->site, s->node + s->cooling), REST, "inverters, storage");
	add(&f, &from, beyond(s->grid, s->site), REST, "lines, transformers");
	figure_say(&f, "Energy per output token: accelerators %s busy and %s idle, hosts %s busy and "
	    "%s idle, cooling %s, inverters and storage %s, lines and transformers %s.",
	    f.text[1], f.text[3], f.text[5], f.text[7], f.text[9], f.text[11], f.text[13]);
	from = 0;
	add(&f, &from, s->grid, SUM, "in all");
	report_figure(p, &f);
}

/* ---- the table ---- */

static void put_row(struct page *p, const char *name, const double part[], int parts)
{
	char value[SHOW_SIZE];
	double sum = 0;
	fprintf(p->html, "<tr><th scope=\"row\">%s</th>", name);
	for (int i = 0; i < parts; i++) {
		fprintf(p->html, "<td>%s</td>", show_value(part[i], "J/token", value));
		if (!isnan(part[i])) sum += part[i];
	}
	fprintf(p->html, "<td>%s</td></tr>\n", show_value(sum, "J/token", value));
}

static void put_table(struct page *p, const struct split *s)
{
	enum { PARTS = 4 };
	static const char *const head[PARTS + 2] = { "boundary", "active", "idle", "cooling", "losses",
		"in all" };
	double conversion = beyond(s->site, s->node + s->cooling);
	const struct { const char *name; double part[PARTS]; } row[] = {
		{ "device", { s->device - s->device_idle, s->device_idle, NAN, NAN } },
		{ "node", { s->node - s->node_idle, s->node_idle, NAN, NAN } },
		{ "site", { s->node - s->node_idle, s->node_idle, s->cooling, conversion } },
		{ "grid", { s->node - s->node_idle, s->node_idle, s->cooling,
			      conversion + beyond(s->grid, s->site) } },
	};
	fputs("<div class=\"wide\"><table class=\"numbers\">\n<caption>The energy of an output token "
	      "by what it was for: active while requests ran, idle while none did; losses are those "
	      "of inverters and storage, from the grid boundary on also of lines and "
	      "transformers.</caption>\n",
	    p->html);
	html_head_row(p->html, PARTS + 2, head);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		put_row(p, row[i].name, row[i].part, PARTS);
	fputs("</table></div>\n", p->html);
}

void report_split(struct page *p)
{
	struct split s;
	if (!split_of(p, &s)) return;
	put_figure(p, &s);
	put_table(p, &s);
}
