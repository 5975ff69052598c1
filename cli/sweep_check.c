/* Whether the scenario takes what a study gives it: each value of each axis is tried before
 * a plan is written, so that no fault waits until thousands of points have been run. Axes
 * that go along with one are tried with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/status.h"
#include "cli/sweep.h"
#include "cli/sweep_pool.h"

enum { LEVELS_TRIED = 64 }; /* of a list; of a range its ends */

struct trial {
	const struct axis *axis;
	char *value;
	size_t level; /* of the axes that go along */
	char *said;   /* of what is wrong; NULL: nothing is */
};

struct trials {
	const struct study *study;
	struct session *session;
	struct trial *trial;
	size_t count, cap, next;
};

static void add(struct trials *t, const struct axis *a, char *value, size_t level)
{
	t->trial = mem_grow(t->trial, t->count, &t->cap, sizeof *t->trial);
	t->trial[t->count++] = (struct trial){ a, value, level, NULL };
}

static void add_axis(struct trials *t, const struct axis *a)
{
	size_t n = a->levels < LEVELS_TRIED ? a->levels : LEVELS_TRIED;
	for (size_t i = 0; a->is_list && i < n; i++) add(t, a, mem_text(a->level[i]), i);
	for (int end = 0; !a->is_list && end < 2; end++)
		add(t, a, study_axis_value(a, end), end ? a->levels - 1 : 0);
}

static bool next_trial(void *user, size_t *task)
{
	struct trials *t = user;
	if (t->next == t->count) return false;
	*task = t->next++;
	return true;
}

/* In a child: the scenario with that value, and no run of it. */
static int try(void *user, size_t task, int fd)
{
	const struct trials *t = user;
	struct err_list *e = err_new();
	const struct trial *x = &t->trial[task];
	const struct study *s = t->study;
	struct words words = { .word = mem_new(s->axes, sizeof *words.word) };
	words.word[words.count++] = mem_print("%s=%s", x->axis->path, x->value);
	for (const struct axis *a = s->axis; a < s->axis + s->axes; a++)
		if (a->along && &s->axis[a->lead] == x->axis)
			words.word[words.count++] = mem_print("%s=%s", a->path, a->level[x->level]);
	struct session_options want = { .set = &words };
	bool good = session_build(t->session, &want, e);
	if (!good) err_print(e, stderr);
	close(fd);
	return good ? STATUS_DONE : STATUS_USAGE;
}

static void tried(void *user, const struct pool_end *end)
{
	const struct trials *t = user;
	if (end->status && !end->told) t->trial[end->task].said = mem_text(end->said);
}

/* What a child said of its faults, told of the study's line: after all have ended, in the
 * order of the file. */
static void tell(const struct trial *x, struct err_list *e)
{
	static const char mark[] = ": error: ";
	size_t faults = 0;
	for (const char *p = x->said; (p = strstr(p, mark)); faults++) {
		p += strlen(mark);
		err_at(e, x->axis->at, "axis '%s': value '%s': %.*s", x->axis->name, x->value,
		    (int)strcspn(p, "\n"), p);
	}
	if (!faults)
		err_at(e, x->axis->at, "axis '%s': value '%s' ends the program: %s", x->axis->name,
		    x->value, *x->said ? x->said : "it says nothing");
}

bool sweep_check(const struct study *study, const char *scenario, struct err_list *e)
{
	struct session session;
	struct trials t = { .study = study, .session = &session };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct pool pool = { &t, cores > 0 ? (int)cores : 1, next_trial, try, tried };
	enum pool_result r = POOL_DONE;
	for (size_t i = 0; i < study->axes; i++)
		if (!study->axis[i].along) add_axis(&t, &study->axis[i]);
	if (session_open(&session, scenario, e)) r = pool_run(&pool);
	if (r == POOL_INTERRUPTED) err_at(e, (struct err_pos){ 0 }, "interrupted");
	if (r == POOL_NO_CHILD) err_at(e, (struct err_pos){ 0 }, "cannot make a process");
	for (size_t i = 0; i < t.count; i++) {
		if (t.trial[i].said) tell(&t.trial[i], e);
		free(t.trial[i].value);
		free(t.trial[i].said);
	}
	free(t.trial);
	session_fini(&session);
	return !err_count(e);
}
