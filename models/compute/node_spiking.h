/* Nodes that compute with spikes, and what they compute on.
 *
 *     <node chip="loihi-2" spiking="NETWORK"/>     a replica on neuromorphic chips
 *     <node device="h100-sxm" spiking="NETWORK"/>  the same network on another device
 *
 * A chip has no engine: requests wait in a queue, and up to sequences= of them stream through
 * one pipeline in turn (events.h). A native network keeps a state for each, in its neurons; of
 * more than one the others wait in the chip's memory, of which they take STATE_BYTES a
 * neuron. A conversion starts every token from rest, but keeps the keys and values of its
 * attention, as wide as its weights, in that memory: what is left beside the weights bounds
 * contexts as blocks of a KV cache do on a GPU. What moves a state into its neurons and out
 * again is not counted: no figure is published.
 *
 * On a device with synapse-time= spikes are delivered one by one, by lists of each neuron's
 * targets; on any other one the network is computed dense (iteration.h), which takes a network
 * with model=, for a dense kernel wants its shape. A list has an index of 4 bytes beside each
 * weight, both from memory, and a neuron's state is read and written in fp32 in every step. */
#ifndef HEARTH_MODELS_COMPUTE_NODE_SPIKING_H
#define HEARTH_MODELS_COMPUTE_NODE_SPIKING_H

#include "models/compute/chip.h"
#include "models/compute/events.h"
#include "models/compute/mapping.h"
#include "models/compute/node.h"
#include "models/compute/spiking.h"

const struct spiking_par *node_spiking(const struct node_par *p); /* NULL: none */
const struct chip_par *node_chip(const struct node_par *p);       /* NULL: a device */

/* Around what the energy of its accelerators is counted: "board", or what its chip's row says
 * (enum chip_boundary). */
const char *node_boundary(const struct node_par *p);

/* Event for event; else in dense passes or without spikes. */
bool node_by_events(const struct node_par *p);

/* What a node with spiking= or chip= must say, and whether it can be; false, and reported,
 * where not. The second asks of those that are complete. */
bool node_spiking_is_complete(const struct object *o, struct err_list *e);
bool node_spiking_check(const struct object *o, struct err_list *e);

/* The following are of nodes that passed the checks, with spiking=. */

/* On its chips, which it fits on. */
struct mapping node_mapping(const struct node_par *p);

/* Of a replica, all its devices or chips together; by events only. */
struct event_cost node_event_cost(const struct node_par *p);

double node_spiking_bytes(const struct node_par *p); /* of its weights */

/* Blocks of 16 tokens of context that its memory holds; by events only. */
enum { SPIKING_BLOCK_TOKENS = 16 };
int64_t node_context_blocks(const struct node_par *p);

#endif
