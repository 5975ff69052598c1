/* The groups that tell of spiking nodes (models/site/spiking_nodes.h), for summary and report. */
#ifndef HEARTH_ANALYSIS_SPIKES_H
#define HEARTH_ANALYSIS_SPIKES_H

#include <stddef.h>
#include <stdint.h>

#include "base/dataset.h"

/* Columns, borrowed from the dataset; n 0: the group is not there, or not whole. */
struct spikes_nodes {
	size_t n;
	char *const *name,
	    *const *on, *const *network, *const *computes, *const *boundary, *const *provenance,
										 *const
										     *accuracy_from;
	const int8_t *home;
	const double *nodes, *chips, *answered, *k, *synops, *each_j, *busy_j, *static_frac,
	    *accuracy;
};

struct spikes_pairs {
	size_t n;
	char *const *node, *const *against, *const *boundary, *const *own_boundary, *const *verdict;
	const double *batch, *weight_j, *synapse_j, *k, *k_star;
};

struct spikes_lines {
	size_t n;
	char *const *node, *const *line, *const *verdict;
	const double *low, *high;
};

struct spikes_nodes spikes_nodes(const struct dataset *d);
struct spikes_pairs spikes_pairs(const struct dataset *d);
struct spikes_lines spikes_lines(const struct dataset *d);

enum { SPIKES_TEXT = 64 };

/* "events on a chip", "7 x loihi-2". */
char *spikes_on(const struct spikes_nodes *s, size_t i, char buf[SPIKES_TEXT]);

/* "0.15 to 1.38", "1.72". */
char *spikes_range(const struct spikes_lines *l, size_t i, char buf[SPIKES_TEXT]);

#endif
