#include "analysis/summary_spikes.h"

#include <math.h>
#include <string.h>

#include "analysis/show.h"
#include "analysis/spikes.h"

/* Energies with what they are counted around: "404 mJ (system, derived)". */
static void print_node(const struct spikes_nodes *s, size_t i, FILE *out)
{
	char on[SPIKES_TEXT], a[SHOW_SIZE], b[SHOW_SIZE];
	struct ds_metric still = { .key = "_frac", .value = s->static_frac[i], .unit = "1" };
	fprintf(out, "  %s: %s on %s, %s; %s answered\n", s->name[i], s->network[i],
	    spikes_on(s, i, on), s->computes[i], show_value(s->answered[i], "1", a));
	fprintf(out, "    k %.3g spikes a synapse", s->k[i]);
	if (!isnan(s->synops[i])) fprintf(out, ", %.3g operations a token", s->synops[i]);
	fprintf(out, "; %s an output token, %s busy a token", show_value(s->each_j[i], "J", a),
	    show_value(s->busy_j[i], "J", b));
	if (!isnan(s->static_frac[i])) fprintf(out, ", %s static", show_metric(&still, a));
	fprintf(out, "\n    (energies of the %s, %s)", s->boundary[i], s->provenance[i]);
	if (!isnan(s->accuracy[i]))
		fprintf(out, "; accuracy %.3g %%, %s", 100 * s->accuracy[i], s->accuracy_from[i]);
	fputc('\n', out);
}

static void print_pairs(const struct spikes_pairs *p, const char *node, FILE *out)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->node[i], node)) continue;
		fprintf(out,
		    "    against %s at batch %.1f: %.4g pJ a synapse (%s), there %.4g pJ a weight "
		    "(%s): ",
		    p->against[i], p->batch[i], 1e12 * p->synapse_j[i], p->own_boundary[i],
		    1e12 * p->weight_j[i], p->boundary[i]);
		if (isnan(p->k_star[i]))
			fputs("boundaries differ, not compared\n", out);
		else
			fprintf(out, "%s, k* %.3g\n", p->verdict[i], p->k_star[i]);
	}
}

static void print_lines(const struct spikes_lines *l, const char *node, FILE *out)
{
	char range[SPIKES_TEXT];
	const char *before = "    published: ";
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->node[i], node)) continue;
		fprintf(out, "%s%s (k %s) %s", before, l->line[i], spikes_range(l, i, range),
		    l->verdict[i]);
		before = "; ";
	}
	fputc('\n', out);
}

void summary_spikes(const struct dataset *d, FILE *out)
{
	struct spikes_nodes s = spikes_nodes(d);
	struct spikes_pairs p = spikes_pairs(d);
	struct spikes_lines l = spikes_lines(d);
	if (s.n) fputs("\nSpiking nodes\n", out);
	for (size_t i = 0; i < s.n; i++) {
		print_node(&s, i, out);
		print_pairs(&p, s.name[i], out);
		print_lines(&l, s.name[i], out);
	}
}
