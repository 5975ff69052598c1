/* hearth sweep status DIR */
#include <stdio.h>
#include <stdlib.h>

#include "cli/status.h"
#include "cli/sweep.h"

int sweep_status(const struct options *o, struct err_list *e)
{
	const char *folder = o->further.word[0];
	struct points *p = sweep_points(folder, e);
	if (!p) return STATUS_USAGE;
	enum point_state *state = folder_states(folder, p);
	size_t n[POINT_DONE + 1] = { 0 };
	for (size_t i = 0; i < p->count; i++) n[state[i]]++;
	printf("%s: %zu of %zu points done, %zu failed, %zu missing\n", p->study, n[POINT_DONE],
	    p->count, n[POINT_FAILED], n[POINT_MISSING]);
	for (size_t i = 0; i < p->count; i++) {
		if (state[i] != POINT_FAILED) continue;
		char *why = folder_point(folder, p->point[i].id, FOLDER_FAILURE);
		printf("failed: %s\n", why);
		free(why);
	}
	free(state);
	points_free(p);
	return n[POINT_FAILED] ? STATUS_FAILED : STATUS_DONE;
}
