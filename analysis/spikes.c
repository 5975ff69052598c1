#include "analysis/spikes.h"

#include <stdio.h>

struct spikes_nodes spikes_nodes(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "spiking");
	struct spikes_nodes s = {
		.name = ds_data(g, "name", DS_TEXT),
		.on = ds_data(g, "on", DS_TEXT),
		.network = ds_data(g, "network", DS_TEXT),
		.computes = ds_data(g, "computes", DS_TEXT),
		.boundary = ds_data(g, "boundary", DS_TEXT),
		.provenance = ds_data(g, "provenance", DS_TEXT),
		.accuracy_from = ds_data(g, "accuracy_from", DS_TEXT),
		.home = ds_data(g, "home", DS_I8),
		.nodes = ds_data(g, "nodes", DS_F64),
		.chips = ds_data(g, "chips", DS_F64),
		.answered = ds_data(g, "answered", DS_F64),
		.k = ds_data(g, "k", DS_F64),
		.synops = ds_data(g, "synops_per_token", DS_F64),
		.each_j = ds_data(g, "energy_per_output_token", DS_F64),
		.busy_j = ds_data(g, "busy_energy_per_token", DS_F64),
		.static_frac = ds_data(g, "static_frac", DS_F64),
		.accuracy = ds_data(g, "accuracy", DS_F64),
	};
	bool whole = s.name && s.on && s.network && s.computes && s.boundary && s.provenance &&
		     s.accuracy_from && s.home && s.nodes && s.chips && s.answered && s.k &&
		     s.synops && s.each_j && s.busy_j && s.static_frac && s.accuracy;
	s.n = whole ? ds_rows(g, "name") : 0;
	return s;
}

struct spikes_pairs spikes_pairs(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "break_even");
	struct spikes_pairs p = {
		.node = ds_data(g, "node", DS_TEXT),
		.against = ds_data(g, "against", DS_TEXT),
		.boundary = ds_data(g, "boundary", DS_TEXT),
		.own_boundary = ds_data(g, "node_boundary", DS_TEXT),
		.verdict = ds_data(g, "verdict", DS_TEXT),
		.batch = ds_data(g, "batch", DS_F64),
		.weight_j = ds_data(g, "energy_per_weight", DS_F64),
		.synapse_j = ds_data(g, "energy_per_synapse", DS_F64),
		.k = ds_data(g, "k", DS_F64),
		.k_star = ds_data(g, "k_star", DS_F64),
	};
	bool whole = p.node && p.against && p.boundary && p.own_boundary && p.verdict && p.batch &&
		     p.weight_j && p.synapse_j && p.k && p.k_star;
	p.n = whole ? ds_rows(g, "node") : 0;
	return p;
}

struct spikes_lines spikes_lines(const struct dataset *d)
{
	const struct ds_group *g = ds_find(d, "break_even_lines");
	struct spikes_lines l = {
		.node = ds_data(g, "node", DS_TEXT),
		.line = ds_data(g, "line", DS_TEXT),
		.verdict = ds_data(g, "verdict", DS_TEXT),
		.low = ds_data(g, "low", DS_F64),
		.high = ds_data(g, "high", DS_F64),
	};
	bool whole = l.node && l.line && l.verdict && l.low && l.high;
	l.n = whole ? ds_rows(g, "node") : 0;
	return l;
}

char *spikes_on(const struct spikes_nodes *s, size_t i, char buf[SPIKES_TEXT])
{
	if (s->chips[i] == 1)
		snprintf(buf, SPIKES_TEXT, "%s", s->on[i]);
	else
		snprintf(buf, SPIKES_TEXT, "%.15g x %s", s->chips[i], s->on[i]);
	return buf;
}

char *spikes_range(const struct spikes_lines *l, size_t i, char buf[SPIKES_TEXT])
{
	if (l->low[i] == l->high[i])
		snprintf(buf, SPIKES_TEXT, "%.3g", l->low[i]);
	else
		snprintf(buf, SPIKES_TEXT, "%.3g to %.3g", l->low[i], l->high[i]);
	return buf;
}
