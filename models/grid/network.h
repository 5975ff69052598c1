/* A power network as the solvers take it: nodes, elements between them, ties of
 * nodes to nodes, sources and loads.
 *
 * A node is one phase of a bus, or the floating neutral of a transformer. An
 * element is given by its primitive admittance matrix: the currents into its
 * terminals are I = Y V. Ties make a node's voltage a real, linear function of
 * others without loss: a closed switch (1 x the other side), a step regulator
 * (1 + 0.00625 tap), the phases behind an open-delta regulator. Power is conserved
 * across a tie when the currents transform with the transpose.
 *
 * SI throughout: V to ground (rms), A, ohm, S, VA. */
#ifndef HEARTH_MODELS_GRID_NETWORK_H
#define HEARTH_MODELS_GRID_NETWORK_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/grid/transformer.h"

enum {
	NET_PHASES = 3,
	NET_TERMINALS = 8, /* two sides of three phases and two neutrals */
	NET_TIES = 3,
};

#define NET_GROUND UINT32_MAX /* in the place of a node: earth, at 0 V */
#define NET_NONE   UINT32_MAX /* a bus has no such phase; no such index */

struct net_bus {
	char *name;
	uint32_t index;            /* in network.bus */
	uint32_t node[NET_PHASES]; /* NET_NONE: not there */
	double nominal_v;          /* phase to neutral; 0: nothing connects it with a source */
	bool split;                /* its first two nodes are the legs of a centre-tapped winding */
};

struct net_node {
	uint32_t bus; /* NET_NONE: a neutral */
	int phase;    /* 0, 1, 2: a, b, c */
	double nominal_v;
};

/* A supply is the impedance behind a source, on its side of the meter. */
enum net_kind { NET_LINE, NET_TRANSFORMER, NET_SHUNT, NET_SUPPLY, NET_KINDS };

/* Terminals are joined by conductors when they have the same `section`; those with
 * NET_EARTHED have a path to earth inside the element. */
enum { NET_EARTHED = UINT8_MAX };

struct net_element {
	char *name;
	enum net_kind kind;
	uint32_t terminals, node[NET_TERMINALS]; /* NET_GROUND where a terminal is earthed */
	uint32_t sends;                          /* terminals of its first side, which come first */
	uint8_t section[NET_TERMINALS];
	double ratio[NET_TERMINALS]; /* of nominal voltages: terminal by terminal 0; 0: a neutral */
	double complex *y;           /* [terminals * terminals] */
	/* Of lines: continuous, per conductor; NAN: not known. The second is that of a neutral
	 * that carries the sum of the phases' currents. */
	double rating_a, neutral_a;
	bool open;          /* taken out: it joins nothing and carries nothing; not for shunts */
	uint32_t nameplate; /* of transformers: in network.nameplate; NET_NONE: not known */
};

/* V(node) = sum of weight[i] V(from[i]). */
struct net_tie {
	uint32_t node, terms, from[NET_TIES];
	double weight[NET_TIES];
};

struct net_join {
	uint32_t a, b;
};

/* An ideal voltage; an impedance behind it is an element. */
struct net_source {
	uint32_t node;
	double complex v;
	double nominal_v;
};

/* Power drawn from node plus to node minus, as shares of constant power, constant
 * current magnitude at constant power factor, and constant impedance that sum to 1. */
struct net_load {
	char *name;
	uint32_t plus, minus; /* minus NET_GROUND: from a phase to earth */
	double complex s_va;  /* at the nominal voltage; > 0 is drawn */
	double nominal_v;     /* across it */
	double power, current, impedance;
	double low_pu, high_pu; /* outside: the impedance that it has at the limit */
};

struct control_list;

/* Who owns loads, which follow each other in network.load: what it draws is spread over
 * them in proportion to their s_va, evenly where they have none. */
struct net_customer {
	uint32_t first, loads;
};

struct network {
	unsigned alike; /* phases that each node stands for: 3 in a balanced equivalent, else 1 */
	struct net_bus **bus;
	struct net_node *node;
	struct net_element *element;
	struct net_tie *tie;
	struct net_join *join;
	struct net_source *source;
	struct net_load *load;
	struct net_customer *customer;
	struct transformer_par *nameplate; /* resolved; names are those of the elements */
	size_t buses, nodes, elements, ties, joins, sources, loads, customers, nameplates;
	size_t bus_cap, node_cap, element_cap, tie_cap, join_cap, source_cap, load_cap,
	    customer_cap, nameplate_cap;
	struct control_list *controls; /* its own; NULL: nothing is controlled */
	void *by_name;                 /* tree of net_bus */
};

struct network *network_new(void);
void network_free(struct network *n); /* takes NULL */

/* Puts a text before the names of all buses and elements. */
void network_prefix(struct network *n, const char *prefix);

/* Index of the bus, which is added when there is none of that name. */
uint32_t network_bus(struct network *n, const char *name);
const struct net_bus *network_find(const struct network *n, const char *name); /* or NULL */

uint32_t network_node(struct network *n, uint32_t bus, int phase); /* added when missing */
uint32_t network_neutral(struct network *n);

/* A new element with so many terminals, no admittance, ratios of 1; its nodes are
 * the caller's to fill in. Lent until the next call. */
struct net_element *network_element(
    struct network *n, const char *name, enum net_kind kind, uint32_t terminals, uint32_t sends);

void network_tie(struct network *n, const struct net_tie *tie);
/* The list of what is controlled, empty at first; the network's. */
struct control_list *network_controls(struct network *n);

void network_join(struct network *n, uint32_t a, uint32_t b); /* a closed switch */
void network_source(struct network *n, uint32_t node, double complex v, double nominal_v);

/* What to call a node of the bus: "a", "b", "c", or a leg: "1", "2". */
const char *network_phase_name(const struct net_bus *b, int phase);

/* Takes no constant: name and s_va are copied; low_pu and high_pu of 0 become 0.8
 * and 1.2. */
void network_load(struct network *n, const struct net_load *load);

/* The load that was added last is the next customer's; `more`: also the last one's. */
void network_customer(struct network *n, bool more);

/* What stands on the transformer that was added last; copied, but for its name. */
void network_nameplate(struct network *n, const struct transformer_par *resolved);

/* Nominal voltages of all buses and nodes that something joins with a source: those
 * of the sources, through the ratios of elements. */
void network_nominal(struct network *n);

#endif
