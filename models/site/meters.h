/* The meters of a street: sums over the homes, and what each meter reads.
 *
 * A sum is taken in METERS_LANES interleaved parts that are added up at the end, whatever
 * the machine: one fixed order, which vectors of any width can follow. */
#ifndef HEARTH_MODELS_SITE_METERS_H
#define HEARTH_MODELS_SITE_METERS_H

#include <stddef.h>

enum { METERS_LANES = 8 };

double meters_sum(size_t n, const double *x);

/* net = load - pv + node; node_w NULL: there is none. */
void meters_net(
    size_t n, const double *load_w, const double *pv_w, const double *node_w, double *net_w);

/* Sums of what is drawn and of what is given, both >= 0. */
struct meters_reading {
	double import_w, export_w;
};
struct meters_reading meters_read(size_t n, const double *net_w);

#endif
