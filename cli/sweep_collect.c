/* hearth sweep collect DIR: the points' numbers in one table. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/status.h"
#include "cli/sweep.h"
#include "cli/sweep_table.h"

static void tell(const struct table *t, size_t read)
{
	size_t done = 0;
	for (size_t i = 0; i < t->p->count; i++) done += t->state[i] == POINT_DONE;
	printf("%s: %zu of %zu points are in %s/" FOLDER_TABLE " and %s/" FOLDER_TABLE_H5 "\n",
	    t->p->study, done, t->p->count, t->folder, t->folder);
	fflush(stdout);
	if (read)
		fprintf(stderr, "%zu results files had to be read: their summaries were lost\n", read);
}

int sweep_collect(const struct options *o, struct err_list *e)
{
	const char *folder = o->further.word[0];
	struct points *p = sweep_points(folder, e);
	if (!p) return STATUS_USAGE;
	enum point_state *state = folder_states(folder, p);
	struct summaries s;
	struct table t;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	summaries_read(&s, folder, p, state, cores > 0 ? (int)cores : 1, e);
	table_init(&t, folder, p, state, s.point);
	bool written = table_write_csv(&t, e) && table_write_h5(&t, e);
	if (written) tell(&t, s.read);
	table_fini(&t);
	summaries_fini(&s);
	free(state);
	points_free(p);
	return written && !err_count(e) ? STATUS_DONE : STATUS_IO;
}
