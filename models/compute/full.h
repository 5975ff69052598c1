/* What a node draws at full power, for as long as it likes: the load that its connection
 * has to carry, whoever asks it for what.
 *
 * Every accelerator draws the most that its power model can give (power_full_w, at the
 * node's clock), or the node's power cap where that is less; the host what it draws while
 * requests run; and the power supply is in front of both, as when requests are served
 * (replica.h). Stages of a serial pipeline work one at a time, so that a board works for
 * one share in as many of the time. Chips draw their static power and the events of a filled
 * pipeline. */
#ifndef HEARTH_MODELS_COMPUTE_FULL_H
#define HEARTH_MODELS_COMPUTE_FULL_H

#include "models/compute/node.h"

/* Of a replica. */
struct full {
	double device_w; /* all its accelerators */
	double node_w;   /* at the inlet of its power supply */
};

/* p must have passed its class's check. */
struct full full_power(const struct node_par *p);

/* The most that one of its accelerators draws while it works. */
double full_board_w(const struct node_par *p);

#endif
