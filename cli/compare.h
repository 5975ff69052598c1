/* What the parts of hearth compare share. */
#ifndef HEARTH_CLI_COMPARE_H
#define HEARTH_CLI_COMPARE_H

#include <stdbool.h>

#include "analysis/compare_pick.h"
#include "analysis/compare_view.h"
#include "analysis/gate.h"
#include "base/dataset.h"
#include "base/err.h"
#include "base/table.h"
#include "cli/options.h"

/* What the user asked for. */
struct compare_ask {
	struct words side[2];  /* runs or folders before and behind the word "--"; without it all
	                          are in the first */
	struct words name;     /* metrics */
	bool all;              /* every metric */
	const struct words *differ; /* as given: "any", or XPaths */
	const char *by;        /* an axis of the one study; NULL: none */
	struct gate *gate;
	size_t gates;
};

/* What came of it. */
struct compare_out {
	struct compare_view *view;
	size_t views, cap;
};

struct compare_run {
	const char *path;
	struct dataset *d;
};

/* ---- compare_runs.c ---- */

/* Reads the results files and compares them: the first with each of the others, or, with both
 * sides, the one group with the other, paired by seed. False with entries in e. */
bool compare_runs_of(const struct compare_ask *ask, struct compare_out *out, struct err_list *e);

/* ---- compare_study.c ---- */

/* The same for folders of studies, whose points pair by the values of axes and seed: the first
 * with each of the others, or each level of an axis with its first one. */
bool compare_studies_of(const struct compare_ask *ask, struct compare_out *out, struct err_list *e);

/* ---- for both ---- */

void compare_add_word(struct words *w, const char *word);

/* The next view of out, empty. */
struct compare_view *compare_out_add(struct compare_out *out);
void compare_out_fini(struct compare_out *out);

/* The metrics asked for, of those that there are; the usual ones where none is named. False
 * with entries in e for names that nothing has. */
bool compare_pick_asked(const struct compare_ask *ask, const char *const *have, size_t n,
    struct compare_pick *p, struct err_list *e);

/* ---- compare_same.c ---- */

enum { COMPARE_BUT_SEED, COMPARE_ONE_KIND }; /* what may differ where --differ names nothing */

/* Whether two runs are of one scenario but for what may differ; what does is told in lines of
 * the view (NULL: not told). False with an entry in e that lists what may not. */
bool compare_same(const struct compare_run *a, const struct compare_run *b,
    const struct words *differ, int may, struct compare_view *v, struct err_list *e);

/* ---- compare_print.c ---- */

/* Prints it all; returns how many gates failed. False in *judged, with entries in e, for gates
 * that cannot be judged. */
size_t compare_print(const struct compare_ask *ask, const struct compare_out *out,
    enum table_form form, bool *judged, struct err_list *e);

#endif
