/* A <tariff> as the reader would give it, in the memory of a test; prices are per joule. */
#ifndef HEARTH_TESTS_TARIFF_BED_H
#define HEARTH_TESTS_TARIFF_BED_H

#include "models/grid/tariff.h"

enum { TARIFF_BED_MOST = 8 };

struct tariff_bed {
	struct tariff_par par;
	struct period_par period[TARIFF_BED_MOST];
	struct tier_par tier[TARIFF_BED_MOST];
	struct demand_charge_par charge[TARIFF_BED_MOST];
	struct object tariff, child[TARIFF_BED_MOST];
	int children;
	struct err_pos pos[64];
	struct err_list *e;
	struct tariff *t; /* by tariff_bed_build */
};

/* Flat at 31, export 8, nothing else; tests change bed->par. */
void tariff_bed_init(struct tariff_bed *x);
void tariff_bed_fini(struct tariff_bed *x);

/* Children stand in the order of the calls. */
void tariff_bed_period(struct tariff_bed *x, struct period_par p);
void tariff_bed_tier(struct tariff_bed *x, struct tier_par p);
void tariff_bed_charge(struct tariff_bed *x, struct demand_charge_par p);

/* Compiles it, local time being UTC + zone_s. */
void tariff_bed_build(struct tariff_bed *x, double zone_s);

/* What the class's check says of the tariff, and of its last child; static. */
const char *tariff_bed_faults(const struct tariff_bed *x);
const char *tariff_bed_child_faults(const struct tariff_bed *x);

#endif
