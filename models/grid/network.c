#include "models/grid/network.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/grid/control_list.h"

/* Where constant power and current end: as OpenDSS's Vminpu and Vmaxpu, but as wide as a
 * flow that exists needs them. */
static const double default_low_pu = 0.8, default_high_pu = 1.2;

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct net_bus *)a)->name, ((const struct net_bus *)b)->name);
}

struct network *network_new(void)
{
	struct network *n = mem_new(1, sizeof *n);
	n->alike = 1;
	return n;
}

static void keep(void *bus)
{
	(void)bus; /* network.bus owns it */
}

void network_free(struct network *n)
{
	if (!n) return;
	tdestroy(n->by_name, keep);
	for (size_t i = 0; i < n->buses; i++) {
		free(n->bus[i]->name);
		free(n->bus[i]);
	}
	for (size_t i = 0; i < n->elements; i++) {
		free(n->element[i].name);
		free(n->element[i].y);
	}
	for (size_t i = 0; i < n->loads; i++) free(n->load[i].name);
	free(n->bus);
	free(n->node);
	free(n->element);
	free(n->tie);
	free(n->join);
	free(n->source);
	free(n->load);
	control_list_free(n->controls);
	free(n->customer);
	free(n->nameplate);
	free(n);
}

static void prefix_name(char **name, const char *prefix)
{
	char *whole = mem_print("%s%s", prefix, *name);
	free(*name);
	*name = whole;
}

/* The order of names, and with it network.by_name, stays. */
void network_prefix(struct network *n, const char *prefix)
{
	for (size_t i = 0; i < n->buses; i++) prefix_name(&n->bus[i]->name, prefix);
	for (size_t i = 0; i < n->elements; i++) {
		struct net_element *el = &n->element[i];
		prefix_name(&el->name, prefix);
		if (el->nameplate != NET_NONE) n->nameplate[el->nameplate].name = el->name;
	}
}

const struct net_bus *network_find(const struct network *n, const char *name)
{
	struct net_bus key = { .name = (char *)name };
	void *const *at = tfind(&key, (void *const *)&n->by_name, by_name);
	return at ? *at : NULL;
}

uint32_t network_bus(struct network *n, const char *name)
{
	const struct net_bus *there = network_find(n, name);
	if (there) return there->index;
	struct net_bus *b = mem_new(1, sizeof *b);
	*b = (struct net_bus){ mem_text(name), (uint32_t)n->buses, { NET_NONE, NET_NONE, NET_NONE },
		0, false };
	n->bus = mem_grow(n->bus, n->buses, &n->bus_cap, sizeof *n->bus);
	n->bus[n->buses++] = b;
	if (!tsearch(b, &n->by_name, by_name)) abort(); /* out of memory, as mem.h has it */
	return b->index;
}

static uint32_t add_node(struct network *n, uint32_t bus, int phase)
{
	n->node = mem_grow(n->node, n->nodes, &n->node_cap, sizeof *n->node);
	n->node[n->nodes] = (struct net_node){ bus, phase, 0 };
	return (uint32_t)n->nodes++;
}

uint32_t network_node(struct network *n, uint32_t bus, int phase)
{
	uint32_t *node = &n->bus[bus]->node[phase];
	if (*node == NET_NONE) *node = add_node(n, bus, phase);
	return *node;
}

const char *network_phase_name(const struct net_bus *b, int phase)
{
	static const char *const phases[] = { "a", "b", "c" }, *const legs[] = { "1", "2", "3" };
	return b->split ? legs[phase] : phases[phase];
}

uint32_t network_neutral(struct network *n)
{
	return add_node(n, NET_NONE, 0);
}

struct net_element *network_element(
    struct network *n, const char *name, enum net_kind kind, uint32_t terminals, uint32_t sends)
{
	n->element = mem_grow(n->element, n->elements, &n->element_cap, sizeof *n->element);
	struct net_element *el = &n->element[n->elements++];
	*el = (struct net_element){ mem_text(name), kind, terminals, .sends = sends,
		.rating_a = NAN, .neutral_a = NAN, .nameplate = NET_NONE };
	el->y = mem_new((size_t)terminals * terminals, sizeof *el->y);
	for (uint32_t t = 0; t < terminals; t++) el->ratio[t] = 1;
	return el;
}

void network_tie(struct network *n, const struct net_tie *tie)
{
	n->tie = mem_grow(n->tie, n->ties, &n->tie_cap, sizeof *n->tie);
	n->tie[n->ties++] = *tie;
}

struct control_list *network_controls(struct network *n)
{
	if (!n->controls) n->controls = mem_new(1, sizeof *n->controls);
	return n->controls;
}

void network_join(struct network *n, uint32_t a, uint32_t b)
{
	n->join = mem_grow(n->join, n->joins, &n->join_cap, sizeof *n->join);
	n->join[n->joins++] = (struct net_join){ a, b };
}

void network_source(struct network *n, uint32_t node, double complex v, double nominal_v)
{
	n->source = mem_grow(n->source, n->sources, &n->source_cap, sizeof *n->source);
	n->source[n->sources++] = (struct net_source){ node, v, nominal_v };
}

void network_load(struct network *n, const struct net_load *load)
{
	n->load = mem_grow(n->load, n->loads, &n->load_cap, sizeof *n->load);
	struct net_load *l = &n->load[n->loads++];
	*l = *load;
	l->name = mem_text(load->name);
	if (l->low_pu == 0) l->low_pu = default_low_pu;
	if (l->high_pu == 0) l->high_pu = default_high_pu;
}

void network_customer(struct network *n, bool more)
{
	if (!more) {
		n->customer =
		    mem_grow(n->customer, n->customers, &n->customer_cap, sizeof *n->customer);
		n->customer[n->customers++] = (struct net_customer){ (uint32_t)n->loads - 1, 0 };
	}
	n->customer[n->customers - 1].loads++;
}

void network_nameplate(struct network *n, const struct transformer_par *resolved)
{
	struct net_element *el = &n->element[n->elements - 1];
	n->nameplate =
	    mem_grow(n->nameplate, n->nameplates, &n->nameplate_cap, sizeof *n->nameplate);
	el->nameplate = (uint32_t)n->nameplates++;
	n->nameplate[el->nameplate] = *resolved;
	n->nameplate[el->nameplate].name = el->name;
}

/* ---- nominal voltages ---- */

static bool set_nominal(struct network *n, uint32_t node, double nominal_v)
{
	if (node == NET_GROUND || n->node[node].nominal_v > 0 || nominal_v <= 0) return false;
	n->node[node].nominal_v = nominal_v;
	return true;
}

/* From any terminal whose voltage is known to all others. */
static bool spread_element(struct network *n, const struct net_element *el)
{
	double first_v = 0;
	bool news = false;
	for (uint32_t t = 0; t < el->terminals; t++)
		if (el->node[t] != NET_GROUND && el->ratio[t] > 0 &&
		    n->node[el->node[t]].nominal_v > 0)
			first_v = n->node[el->node[t]].nominal_v / el->ratio[t];
	for (uint32_t t = 0; t < el->terminals; t++)
		news |= set_nominal(n, el->node[t], first_v * el->ratio[t]);
	return news;
}

static bool spread_pair(struct network *n, uint32_t a, uint32_t b)
{
	bool forth = set_nominal(n, a, n->node[b].nominal_v);
	return set_nominal(n, b, n->node[a].nominal_v) || forth;
}

/* Regulators shift voltages by some percent, not the nominal one. */
static bool spread_tie(struct network *n, const struct net_tie *tie)
{
	bool news = false;
	for (uint32_t i = 0; i < tie->terms; i++) news |= spread_pair(n, tie->node, tie->from[i]);
	return news;
}

static bool spread_bus(struct network *n, struct net_bus *b)
{
	bool news = false;
	for (int k = 0; k < NET_PHASES; k++)
		if (b->node[k] != NET_NONE && n->node[b->node[k]].nominal_v > 0)
			b->nominal_v = n->node[b->node[k]].nominal_v;
	for (int k = 0; k < NET_PHASES; k++)
		if (b->node[k] != NET_NONE) news |= set_nominal(n, b->node[k], b->nominal_v);
	return news;
}

void network_nominal(struct network *n)
{
	for (size_t i = 0; i < n->sources; i++)
		set_nominal(n, n->source[i].node, n->source[i].nominal_v);
	for (bool news = true; news;) {
		news = false;
		for (size_t i = 0; i < n->elements; i++) news |= spread_element(n, &n->element[i]);
		for (size_t i = 0; i < n->joins; i++)
			news |= spread_pair(n, n->join[i].a, n->join[i].b);
		for (size_t i = 0; i < n->ties; i++) news |= spread_tie(n, &n->tie[i]);
		for (size_t i = 0; i < n->buses; i++) news |= spread_bus(n, n->bus[i]);
	}
}
