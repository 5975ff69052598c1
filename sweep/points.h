/* The point list of a study: which runs there are, by which names.
 *
 * It is decided by the study, the scenario and the files that it reads, and by nothing
 * else: planned again it is the same bytes. plan.tsv is its text, made to be read by
 * people and other programs:
 *
 *     # hearth study plan 1
 *     # design grid seed 1
 *     # study how-many
 *     # metrics grid.transformer_peak_pu
 *     # inputs 8d1f...
 *     # axis share //homes/node/@share
 *     id                replication  seed  share
 *     5f0c61a79ff3e1d2  1            1     0.1
 *
 * with one tab between columns. The id of a point is the beginning of the SHA-256 of all
 * that decides its results: the inputs' digest, the seed, and each axis's path and value.
 * Names of axes and the order of points are not in it, so that what was run before is
 * found again when a study grows. */
#ifndef HEARTH_SWEEP_POINTS_H
#define HEARTH_SWEEP_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sweep/study.h"

enum {
	POINT_ID_SIZE = 17, /* 16 hexadecimal digits and a NUL */
	POINTS_MAX = 10000000,
};

struct point {
	char id[POINT_ID_SIZE];
	uint64_t replication; /* from 1 on */
	uint64_t seed;
	const char *const *value; /* [axes], as text */
};

struct points {
	const char *study;      /* its name */
	const char *design;     /* "saltelli points 64 seed 1" */
	const char *inputs;     /* digest of the files */
	const char **axis, **path;
	size_t axes;
	const char **metric;
	size_t metrics;
	struct point *point;    /* all points of the first replication, then of the second */
	size_t count;
	void **block;           /* what the texts lie in */
	size_t blocks, blocks_cap;
};

/* NULL with an entry in e when the design has more than POINTS_MAX points. */
struct points *points_make(const struct study *s, const char *inputs, struct err_list *e);
struct points *points_read(const char *path, struct err_list *e); /* a plan.tsv */
void points_free(struct points *p);                                /* takes NULL */

/* The text of plan.tsv, which the caller frees. */
char *points_text(const struct points *p, size_t *size);

/* The places of all points in the order of their ids, the plan's among equal ones; the
 * caller frees. */
size_t *points_by_id(const struct points *p);

/* The overrides of a point as --set takes them: [axes] texts "PATH=VALUE"; the caller
 * frees each and the list. */
char **point_overrides(const struct points *p, const struct point *x);

#endif
