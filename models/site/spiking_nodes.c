#include "models/site/spiking_nodes.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/compute/break_even.h"
#include "models/compute/node_spiking.h"
#include "models/metric.h"
#include "models/site/spiking_use.h"

#define COUNTED "counted"
#define HERE    "models/site/spiking_nodes.h"

extern const struct metric spiking_metrics[];
const struct metric spiking_metrics[] = {
	{ "spiking.answered", "1", "requests that spiking networks answered", "count", COUNTED },
	{ "spiking.device_j", "J",
	    "energy of the chips and accelerators that computed them, idle time included; of chips "
	    "at the boundary of their figures",
	    "sum over nodes with spiking=", HERE, LOWER_IS_BETTER },
	{ "spiking.device_j_per_token", "J/token", "the same per output token",
	    "spiking.device_j / their output tokens", HERE, LOWER_IS_BETTER },
	{ "spiking.static_frac", "1", "share of the chips' energy that is static power",
	    "static-power * chips * run length / energy of the chips", HERE },
	{ "spiking.compared", "1",
	    "pairs of a spiking node and one without spikes whose energies are counted at one "
	    "boundary, or which the scenario compares nevertheless",
	    "count", HERE },
	{ "spiking.wins", "1", "of them, those in which spikes take less energy for a synapse",
	    "count of k < k*", HERE },
	{ 0 },
};

/* Of a spiking node, from what its network is and did. */
struct spikes_of {
	const struct spiking_use *use;
	const struct spiking_par *par;
	struct spiking_net net;
	double k, synapses;
	double token_ops; /* synaptic operations of a token, as counted; NAN: none are */
	double token_j, synop_j, rest_j; /* while busy; rest_j of a synapse */
	double static_j;                 /* of chips; NAN: a device */
};

/* A spike takes its operations, and on a chip itself and its messages. */
static double synop_j(const struct spikes_of *s)
{
	const struct node_par *n = s->use->node;
	if (!n->chip) return s->token_j / s->token_ops;
	struct mapping m = node_mapping(n);
	double fire_j = isnan(m.chip->fire_j) ? 0 : m.chip->fire_j;
	double grows_j = m.token_energy.synapse_j + m.token_energy.network_j +
			 m.token_energy.crossing_j + m.token.fires * fire_j;
	return grows_j / m.token.synops;
}

static struct spikes_of spikes_of(const struct spiking_use *u, double run_s)
{
	const struct node_par *n = u->node;
	struct spikes_of s = { .use = u,
		.par = node_spiking(n),
		.static_j = NAN,
		.net = spiking_net_of(n->spiking),
		.token_ops = NAN };
	s.k = spiking_k(&s.net);
	s.synapses = spiking_synapses(&s.net);
	s.token_j = u->tokens > 0 ? u->busy_device_j / u->tokens : NAN;
	if (n->chip) s.static_j = node_idle_w(n) * (double)node_devices(n) * u->replicas * run_s;
	if (!node_by_events(n)) return s;
	s.token_ops = u->tokens > 0 ? u->operations / u->tokens : NAN;
	s.synop_j = synop_j(&s);
	s.rest_j = (s.token_j - s.synop_j * spiking_counts(&s.net).synops) / s.synapses;
	return s;
}

static const char *how(const struct node_par *n)
{
	return n->chip ? "events on a chip" : node_by_events(n) ? "events by lists" : "dense";
}

static const char *accuracy_from(const struct spiking_par *s)
{
	if (!isnan(s->accuracy_frac)) return "measured";
	return isnan(s->gap16_frac) ? "as the model" : "by its law";
}

static double accuracy_of(const struct node_par *n)
{
	const struct llm_par *m = node_model(n);
	return spiking_accuracy_frac(node_spiking(n), m && m->score_name ? m->score_frac : NAN);
}

/* ---- the nodes ---- */

static void put_words(const struct spikes_of *s, size_t n, struct ds_group *g, struct ds_dim *dim)
{
	char **name = ds_column(g, "name", DS_TEXT, dim, NULL, "", "name of the <node> element");
	char **on = ds_column(g, "on", DS_TEXT, dim, NULL, "", "its chip or device");
	char **network = ds_column(g, "network", DS_TEXT, dim, NULL, "", "its <spiking>");
	char **computes = ds_column(g, "computes", DS_TEXT, dim, NULL, "",
	    "spike by spike on a chip, by lists of spikes, or dense, which no sparsity makes "
	    "cheaper");
	char **boundary = ds_column(
	    g, "boundary", DS_TEXT, dim, NULL, "", "around what its energies were counted");
	char **basis = ds_column(g, "provenance", DS_TEXT, dim, NULL, "",
	    "how the chip's figures were had; of other devices: their power model");
	char **from = ds_column(g, "accuracy_from", DS_TEXT, dim, NULL, "",
	    "where accuracy comes from: measured, a law of the time steps, or the model that it "
	    "was "
	    "made of, nothing being known");
	for (size_t i = 0; i < n; i++) {
		const struct node_par *p = s[i].use->node;
		const struct object *on_what = p->chip ? p->chip : p->device;
		name[i] = mem_text(s[i].use->element->name ? s[i].use->element->name : "node");
		on[i] = mem_text(on_what->name);
		network[i] = mem_text(s[i].par->name);
		computes[i] = mem_text(how(p));
		boundary[i] = mem_text(node_boundary(p));
		basis[i] = mem_text(p->chip ? chip_basis_word(node_chip(p)) : "power model");
		from[i] = mem_text(accuracy_from(s[i].par));
	}
}

static void put_numbers(const struct spikes_of *s, size_t n, struct ds_group *g, struct ds_dim *dim)
{
	int8_t *home =
	    ds_column(g, "home", DS_I8, dim, NULL, "1", "1: in homes; 0: in a data centre");
	double *nodes = ds_column(g, "nodes", DS_F64, dim, NULL, "1", "replicas");
	double *chips =
	    ds_column(g, "chips", DS_F64, dim, NULL, "1", "chips or devices of a replica");
	double *answered = ds_column(g, "answered", DS_F64, dim, NULL, "1", "requests answered");
	double *k = ds_column(g, "k", DS_F64, dim, NULL, "1",
	    "spikes of an inference for each synapse, T r, without attention");
	double *ops = ds_column(g, "synops_per_token", DS_F64, dim, NULL, "1",
	    "synaptic operations of a token computed, attention included; NaN: dense");
	double *device = ds_column(g, "device_energy", DS_F64, dim, NULL, "J",
	    "energy of its chips or devices, idle time included");
	double *each = ds_column(g, "energy_per_output_token", DS_F64, dim, NULL, "J/token",
	    "the same per output token");
	double *busy = ds_column(g, "busy_energy_per_token", DS_F64, dim, NULL, "J/token",
	    "energy while requests run, per token computed, of prompts or generated");
	double *still = ds_column(g, "static_frac", DS_F64, dim, NULL, "1",
	    "share of the chips' energy that is static power; NaN: a device");
	double *accuracy = ds_column(g, "accuracy", DS_F64, dim, NULL, "1",
	    "share of right answers that one may expect; NaN: not known");
	for (size_t i = 0; i < n; i++) {
		const struct spiking_use *u = s[i].use;
		home[i] = u->home;
		nodes[i] = u->replicas;
		chips[i] = (double)node_devices(u->node);
		answered[i] = u->answered;
		k[i] = s[i].k;
		ops[i] = s[i].token_ops;
		device[i] = u->device_j;
		each[i] = u->output_tokens > 0 ? u->device_j / u->output_tokens : NAN;
		busy[i] = s[i].token_j;
		still[i] = s[i].static_j / u->device_j;
		accuracy[i] = accuracy_of(u->node);
	}
}

static void put_nodes(const struct spikes_of *s, size_t n, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "spiking");
	struct ds_dim *dim = ds_dim(g, "spiking_node", n);
	put_words(s, n, g, dim);
	put_numbers(s, n, g, dim);
}

/* ---- the published lines ---- */

static void put_lines(const struct spikes_of *s, size_t n, struct dataset *d)
{
	struct ds_group *g = ds_group(d, "break_even_lines");
	struct ds_dim *dim = ds_dim(g, "line", n * BREAK_EVEN_LINES);
	char **name = ds_column(g, "node", DS_TEXT, dim, NULL, "", "the spiking node");
	char **line = ds_column(g, "line", DS_TEXT, dim, NULL, "", "who published it");
	char **verdict = ds_column(g, "verdict", DS_TEXT, dim, NULL, "",
	    "what it says of spikes at the node's k and steps");
	char **source = ds_column(g, "source", DS_TEXT, dim, NULL, "", "where");
	double *low = ds_column(g, "low", DS_F64, dim, NULL, "1", "spikes win below this k");
	double *high = ds_column(g, "high", DS_F64, dim, NULL, "1", "and lose above this one");
	for (size_t i = 0; i < n * BREAK_EVEN_LINES; i++) {
		const struct spikes_of *of = &s[i / BREAK_EVEN_LINES];
		const struct break_even_line *l = &break_even_lines[i % BREAK_EVEN_LINES];
		const char *own = of->use->element->name;
		name[i] = mem_text(own ? own : "node");
		line[i] = mem_text(l->name);
		verdict[i] =
		    mem_text(break_even_word(break_even_judge(l, of->k, (int)of->par->steps)));
		source[i] = mem_text(l->source);
		low[i] = l->low;
		high[i] = l->high;
	}
}

/* ---- against the nodes without spikes ---- */

/* What can be compared with a spiking node, and at which boundary. */
struct pair {
	const struct spikes_of *spikes;
	const struct spiking_use *other;
	bool compared, wins;
	const char *boundary; /* of the other node's energy */
	double weight_j;      /* of it for a weight and token */
	double k_star;        /* NAN: not compared */
};

static double weight_j(const struct spiking_use *u, bool at_inlet)
{
	double j = at_inlet ? u->busy_node_j : u->busy_device_j;
	return j / u->tokens / llm_active_parameters(node_model(u->node));
}

static struct pair pair_of(const struct spikes_of *s, const struct spiking_use *other, bool any)
{
	const struct chip_par *c = node_chip(s->use->node);
	bool system = c && c->boundary == CHIP_SYSTEM;
	bool same = !c || system || c->boundary == CHIP_BOARD;
	struct pair p = { .spikes = s,
		.other = other,
		.compared = same || any,
		.k_star = NAN,
		.boundary = system ? "system" : "board",
		.weight_j = weight_j(other, system) };
	if (!p.compared) return p;
	p.k_star = break_even_k_processor(p.weight_j, 1, s->rest_j, s->synop_j);
	p.wins = s->k < p.k_star;
	return p;
}

static bool can_compare(const struct spikes_of *s, const struct spiking_use *other)
{
	bool spikes = s->use->tokens > 0 && node_by_events(s->use->node) && s->synop_j > 0;
	return spikes && !other->node->spiking && other->tokens > 0;
}

static struct pair *pairs_of(const struct spikes_of *s, size_t spiking, const struct spiking_use *u,
    size_t uses, bool any, size_t *n)
{
	struct pair *pair = mem_new(spiking * uses, sizeof *pair);
	*n = 0;
	for (size_t i = 0; i < spiking; i++)
		for (size_t j = 0; j < uses; j++)
			if (can_compare(&s[i], &u[j])) pair[(*n)++] = pair_of(&s[i], &u[j], any);
	return pair;
}

static const char *name_of(const struct spiking_use *u)
{
	return u->element->name ? u->element->name : "node";
}

static void put_pairs(const struct pair *pair, size_t n, struct dataset *d)
{
	if (!n) return;
	struct ds_group *g = ds_group(d, "break_even");
	struct ds_dim *dim = ds_dim(g, "pair", n);
	char **name = ds_column(g, "node", DS_TEXT, dim, NULL, "", "the spiking node");
	char **other = ds_column(g, "against", DS_TEXT, dim, NULL, "", "the node without spikes");
	char **boundary = ds_column(
	    g, "boundary", DS_TEXT, dim, NULL, "", "where the energy of the other node is counted");
	char **own = ds_column(g, "node_boundary", DS_TEXT, dim, NULL, "",
	    "where that of the spiking node is counted");
	char **verdict = ds_column(g, "verdict", DS_TEXT, dim, NULL, "",
	    "wins: a synapse takes less energy than a weight of the other node; not compared: the "
	    "chip's figures are of another boundary");
	double *batch =
	    ds_column(g, "batch", DS_F64, dim, NULL, "1", "the other node's mean batch");
	double *weight = ds_column(g, "energy_per_weight", DS_F64, dim, NULL, "J",
	    "of the other node while busy, for each active parameter and token computed");
	double *synapse = ds_column(g, "energy_per_synapse", DS_F64, dim, NULL, "J",
	    "of the spiking node while busy, for each synapse and token computed");
	double *synop = ds_column(g, "energy_per_synop", DS_F64, dim, NULL, "J",
	    "a synaptic operation with all that grows with spikes");
	double *rest = ds_column(g, "rest_per_synapse", DS_F64, dim, NULL, "J",
	    "what does not, for each synapse and token: static power, updates, attention");
	double *k = ds_column(g, "k", DS_F64, dim, NULL, "1", "spikes for each synapse and token");
	double *star = ds_column(g, "k_star", DS_F64, dim, NULL, "1",
	    "below how many spikes win; not above 0: never; NaN: not compared");
	for (size_t i = 0; i < n; i++) {
		const struct pair *p = &pair[i];
		name[i] = mem_text(name_of(p->spikes->use));
		other[i] = mem_text(name_of(p->other));
		boundary[i] = mem_text(p->boundary);
		own[i] = mem_text(node_boundary(p->spikes->use->node));
		verdict[i] = mem_text(!p->compared ? "not compared" : p->wins ? "wins" : "loses");
		batch[i] = p->other->served / p->other->iterations;
		weight[i] = p->weight_j;
		synapse[i] = p->spikes->token_j / p->spikes->synapses;
		synop[i] = p->spikes->synop_j;
		rest[i] = p->spikes->rest_j;
		k[i] = p->spikes->k;
		star[i] = p->k_star;
	}
}

/* ---- all ---- */

static void put(struct dataset *d, const char *key, double value, int64_t n)
{
	metric_put(d, key, NULL, estimate_exact(value, n));
}

static void put_metrics(
    const struct spikes_of *s, size_t n, const struct pair *pair, size_t pairs, struct dataset *d)
{
	double answered = 0, out = 0, device_j = 0, static_j = 0, chips_j = 0;
	double compared = 0, wins = 0;
	for (size_t i = 0; i < n; i++) {
		answered += s[i].use->answered;
		out += s[i].use->output_tokens;
		device_j += s[i].use->device_j;
		if (isnan(s[i].static_j)) continue;
		static_j += s[i].static_j;
		chips_j += s[i].use->device_j;
	}
	for (size_t i = 0; i < pairs; i++) {
		compared += pair[i].compared;
		wins += pair[i].wins;
	}
	put(d, "spiking.answered", answered, (int64_t)n);
	put(d, "spiking.device_j", device_j, (int64_t)n);
	if (out > 0) put(d, "spiking.device_j_per_token", device_j / out, (int64_t)out);
	if (chips_j > 0) put(d, "spiking.static_frac", static_j / chips_j, (int64_t)n);
	if (pairs) put(d, "spiking.compared", compared, (int64_t)pairs);
	if (compared > 0) put(d, "spiking.wins", wins, (int64_t)compared);
}

void spiking_nodes_export(const struct pool *p, double run_s, struct dataset *d)
{
	size_t uses, n = 0, pairs;
	struct spiking_use *use = spiking_use_of(p, &uses);
	struct spikes_of *s = mem_new(uses, sizeof *s);
	for (size_t i = 0; i < uses; i++)
		if (use[i].node->spiking) s[n++] = spikes_of(&use[i], run_s);
	struct pair *pair = pairs_of(s, n, use, uses, pool_policy(p)->compare_boundaries, &pairs);
	if (n) {
		put_metrics(s, n, pair, pairs, d);
		put_nodes(s, n, d);
		put_pairs(pair, pairs, d);
		put_lines(s, n, d);
	}
	free(pair);
	free(s);
	free(use);
}
