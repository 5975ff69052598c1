#include "tests/feeder_bed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/grid/branch.h"
#include "models/grid/feeder_network.h"
#include "tests/unit.h"

static uint32_t bus_of(struct network *n, uint32_t node)
{
	char name[24];
	snprintf(name, sizeof name, "node %u", node);
	return network_bus(n, name);
}

static void add_line(struct network *n, const struct bed *b, uint32_t i)
{
	char name[24];
	double complex z[9], own = b->line[i].r_ohm + I * b->line[i].x_ohm;
	double complex neutral = b->line[i].rn_ohm + I * b->line[i].xn_ohm;
	double b_s[9] = { 0 };
	uint32_t from[3], to[3];
	for (int k = 0; k < 3; k++) {
		from[k] = network_node(n, bus_of(n, b->line[i].from), k);
		to[k] = network_node(n, bus_of(n, i + 1), k);
	}
	for (int k = 0; k < 9; k++) z[k] = neutral + (k % 4 ? 0 : own);
	snprintf(name, sizeof name, "line %u", i + 1);
	cr_assert(branch_line(n, name, 3, from, to, z, b_s));
	n->element[n->elements - 1].rating_a = b->line[i].rating_a;
	n->element[n->elements - 1].neutral_a = b->line[i].rating_a;
}

static void add_customer(struct network *n, const struct bed *b, uint32_t i, double nominal_v)
{
	char name[24];
	enum phases p = b->customer[i].phases;
	uint32_t bus = bus_of(n, b->customer[i].node);
	snprintf(name, sizeof name, "customer %u", i + 1);
	for (int k = 0; k < 3; k++)
		if (p == PHASES_ABC || (int)p - PHASES_A == k) {
			network_load(n, &(struct net_load){ .name = name,
				.plus = network_node(n, bus, k), .minus = NET_GROUND,
				.nominal_v = nominal_v, .power = 1 });
			network_customer(n, p == PHASES_ABC && k > 0);
		}
}

struct network *bed_network(const struct bed *b, const struct feeder_par *par,
    const struct transformer_par *transformer)
{
	struct network *n = feeder_network(par, transformer, "node 0");
	for (uint32_t i = 0; i < b->lines; i++) add_line(n, b, i);
	for (uint32_t i = 0; i < b->customers; i++) add_customer(n, b, i, par->v_ll_v / sqrt(3));
	network_nominal(n);
	return n;
}

struct feeder *bed_feeder(const struct bed *b, const struct feeder_par *par,
    const struct transformer_par *transformer)
{
	struct network *n = bed_network(b, par, transformer);
	struct err_list *e = err_new();
	struct feeder *f = feeder_build(par, &n, 1, (struct err_pos){ 0 }, e);
	cr_assert(eq(sz, err_count(e), 0));
	err_free(e);
	return f;
}

double complex bed_v(const struct feeder *f, uint32_t node, int phase)
{
	char name[24];
	const struct network *n = f->circuit[0]->network;
	snprintf(name, sizeof name, "node %u", node);
	return circuit_node_v(f->circuit[0], network_find(n, name)->node[phase]);
}
