/* Small feeders for tests: four-wire lines in a tree, customers at their ends. */
#ifndef HEARTH_TESTS_FEEDER_BED_H
#define HEARTH_TESTS_FEEDER_BED_H

#include "models/grid/feeder.h"
#include "models/grid/street.h"

enum { BED_MOST = 64 };

struct bed {
	struct {
		uint32_t from; /* node; line i ends at node i + 1, 0 is the busbar */
		double r_ohm, x_ohm, rn_ohm, xn_ohm, rating_a;
	} line[BED_MOST];
	struct {
		uint32_t node;
		enum phases phases; /* never ROTATE */
	} customer[BED_MOST];
	uint32_t lines, customers;
};

/* Lines are named "line 1" and on, buses "node 0" and on. transformer NULL: the source is
 * the busbar. */
struct network *bed_network(const struct bed *b, const struct feeder_par *par,
    const struct transformer_par *transformer);
struct feeder *bed_feeder(const struct bed *b, const struct feeder_par *par,
    const struct transformer_par *transformer);

double complex bed_v(const struct feeder *f, uint32_t node, int phase);

#endif
