/* hearth sweep run DIR */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/status.h"
#include "cli/sweep.h"
#include "cli/sweep_failure.h"
#include "cli/sweep_log.h"
#include "cli/sweep_policy.h"
#include "cli/sweep_pool.h"
#include "cli/sweep_progress.h"

/* One run of what is missing. */
struct shift {
	struct sweep *sweep;
	struct sweep_policy policy;
	struct sweep_log *log;
	struct progress progress;
	size_t *task; /* points to do, in order */
	size_t tasks, next;
	size_t *again; /* failed ones, to be tried once more */
	size_t agains, agains_cap;
	unsigned *tries; /* of each point */
	size_t before, done, failed, unwritten;
	bool stop;
};

static const char *id_of(const struct shift *s, size_t point)
{
	return s->sweep->points->point[point].id;
}

static bool is_there(const struct shift *s, size_t point)
{
	char *path = folder_point(s->sweep->folder, id_of(s, point), FOLDER_RESULTS);
	bool there = !access(path, F_OK);
	free(path);
	return there;
}

/* ---- which points ---- */

/* What this shift has to do, in the plan's order. A design may meet a point twice: the
 * first place stands for both. */
static void list_tasks(struct shift *s)
{
	const struct points *p = s->sweep->points;
	enum point_state *state = folder_states(s->sweep->folder, p);
	bool *twin = mem_new(p->count, sizeof *twin);
	size_t *order = points_by_id(p);
	for (size_t i = 1; i < p->count; i++)
		twin[order[i]] = !strcmp(id_of(s, order[i]), id_of(s, order[i - 1]));
	s->task = mem_new(p->count, sizeof *s->task);
	s->tries = mem_new(p->count, sizeof *s->tries);
	for (size_t i = s->policy.shard - 1; i < p->count; i += s->policy.shards) {
		if (state[i] == POINT_DONE) s->before++;
		else if (!twin[i]) s->task[s->tasks++] = i;
	}
	free(order);
	free(twin);
	free(state);
}

static bool next_task(void *user, size_t *task)
{
	struct shift *s = user;
	if (s->stop) return false;
	if (s->agains) {
		*task = s->again[--s->agains];
		return true;
	}
	while (s->next < s->tasks) {
		*task = s->task[s->next++];
		if (!is_there(s, *task)) return true;
		progress_skip(&s->progress); /* another run has done it meanwhile */
	}
	return false;
}

/* ---- a point ---- */

static int work(void *user, size_t task, int fd)
{
	struct shift *s = user;
	return sweep_point(s->sweep, task, fd);
}

static bool has_worked(const struct pool_end *end)
{
	return WIFEXITED(end->status) && WEXITSTATUS(end->status) == STATUS_DONE;
}

static void note_failure(struct shift *s, const struct pool_end *end)
{
	unsigned tries = ++s->tries[end->task];
	if (tries <= s->policy.retries) {
		s->again = mem_grow(s->again, s->agains, &s->agains_cap, sizeof *s->again);
		s->again[s->agains++] = end->task;
		return;
	}
	s->failed++;
	s->stop |= s->policy.stop;
	progress_clear(&s->progress);
	if (!failure_write(s->sweep->folder, id_of(s, end->task), end, tries)) s->unwritten++;
	progress_step(&s->progress, s->done, s->failed);
}

static void ended(void *user, const struct pool_end *end)
{
	struct shift *s = user;
	if (has_worked(end)) {
		s->done++;
		sweep_log_add(s->log, end->text, end->text_size);
		failure_remove(s->sweep->folder, id_of(s, end->task));
		progress_step(&s->progress, s->done, s->failed);
	} else if (!end->told) { /* else the next run does it */
		note_failure(s, end);
	}
}

/* ---- all ---- */

/* One folder for each beginning of an id, before anybody writes there. */
static bool make_folders(const struct shift *s, struct err_list *e)
{
	bool made[256] = { false }, good = true;
	for (size_t i = 0; i < s->tasks && good; i++) {
		char *path = folder_point(s->sweep->folder, id_of(s, s->task[i]), "");
		char *slash = strrchr(path, '/'), *end;
		slash[0] = '\0';
		unsigned long first = strtoul(slash - 2, &end, 16);
		if (!made[first]) good = folder_make(path, e);
		made[first] = true;
		free(path);
	}
	return good;
}

static int tell(const struct shift *s, enum pool_result r)
{
	printf("%s: %zu points done before, %zu now, %zu failed\n", s->sweep->points->study,
	    s->before, s->done, s->failed);
	if (r == POOL_INTERRUPTED) return STATUS_INTERRUPTED;
	if (s->unwritten) return STATUS_IO;
	return s->failed ? STATUS_FAILED : STATUS_DONE;
}

static int run_all(struct shift *s, int jobs, struct err_list *e)
{
	struct pool pool = { s, jobs, next_task, work, ended };
	folder_clean(s->sweep->folder);
	list_tasks(s);
	if (!make_folders(s, e)) return STATUS_IO;
	if (s->tasks) s->log = sweep_log_new(s->sweep->folder);
	progress_begin(&s->progress, s->tasks);
	enum pool_result r = pool_run(&pool);
	progress_clear(&s->progress);
	if (r == POOL_NO_CHILD) {
		err_at(e, (struct err_pos){ 0 }, "cannot make a process or a pipe: %s; try fewer jobs",
		    strerror(errno));
		return STATUS_IO;
	}
	return tell(s, r);
}

int sweep_run(const struct options *o, struct err_list *e)
{
	struct sweep sweep;
	int status = STATUS_USAGE;
	struct shift s = {
		.sweep = &sweep,
		.policy = sweep_policy_read(options_text(o, SWEEP_SHARD), options_text(o, SWEEP_ON_FAIL)),
	};
	uint64_t jobs = 1;
	if (options_text(o, SWEEP_JOBS)) options_parse_u64(options_text(o, SWEEP_JOBS), &jobs);
	if (sweep_load(&sweep, o->further.word[0], e)) status = run_all(&s, (int)jobs, e);
	sweep_log_free(s.log);
	free(s.task);
	free(s.again);
	free(s.tries);
	sweep_unload(&sweep);
	return status;
}
