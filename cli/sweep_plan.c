/* hearth sweep plan STUDY: the folder of a study. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/input.h"
#include "cli/status.h"
#include "cli/sweep.h"

static bool put(const char *folder, const char *name, const char *text, size_t size,
    struct err_list *e)
{
	char *path = folder_file(folder, name);
	bool written = file_write(path, text, size, e);
	free(path);
	return written;
}

/* The study as it was written, for readers: the plan is what is run. */
static bool put_study(const char *folder, const char *study, struct err_list *e)
{
	size_t size;
	char *path = folder_file(folder, FOLDER_STUDY);
	bool done = input_is_same(study, path);
	char *text = done ? NULL : file_read(study, SCENARIO_BYTES_MAX, &size, e);
	if (text) done = file_write(path, text, size, e);
	free(text);
	free(path);
	return done;
}

/* The scenario with its includes and rows, and the digest of all files that it is made of then. */
static bool put_scenario(const char *folder, const char *from, struct inputs *in,
    struct err_list *e)
{
	struct scenario *s = scenario_load(from, NULL, 0, e);
	if (!s) return false;
	char *text = scenario_written(s), *path = folder_file(folder, FOLDER_SCENARIO);
	bool good = folder_copy_inputs(folder, from, s, e) &&
	    put(folder, FOLDER_SCENARIO, text, strlen(text), e);
	struct err_list *told = err_new(); /* what is odd in it was told of the original */
	struct scenario *again = good ? scenario_load(path, NULL, 0, told) : NULL;
	if (good && !again) err_add_all(e, told);
	err_free(told);
	good = again && inputs_read(in, again, e);
	scenario_free(again);
	scenario_free(s);
	free(text);
	free(path);
	return good;
}

static bool put_plan(const char *folder, const struct points *p, struct err_list *e)
{
	size_t size;
	char *text = points_text(p, &size);
	bool written = put(folder, FOLDER_PLAN, text, size, e);
	free(text);
	return written;
}

static void tell(const char *folder, const struct study *s, const struct points *p)
{
	size_t rows = p->count / s->replications;
	printf("%s: %zu point%s", s->name, p->count, p->count == 1 ? "" : "s");
	if (s->replications > 1) printf(", %zu in each of %zu replications", rows, s->replications);
	printf(" (%s)\n", p->design);
	fflush(stdout);
	fprintf(stderr, "The plan is in %s/" FOLDER_PLAN "; to run it: hearth sweep run %s\n", folder,
	    folder);
}

/* The folder that a study has when none is named. */
static char *folder_of(const char *study)
{
	const char *slash = strrchr(study, '/');
	return input_with_extension(slash ? slash + 1 : study, ".xml", "");
}

static int plan(const char *path, const char *folder, struct err_list *e)
{
	struct inputs in = { 0 };
	int status = STATUS_USAGE;
	struct study *s = study_load(path, e);
	if (s && sweep_check(s, s->scenario, e) && folder_make(folder, e) &&
	    put_scenario(folder, s->scenario, &in, e)) {
		struct points *p = points_make(s, in.hex, e);
		if (p) status = STATUS_IO;
		if (p && put_study(folder, path, e) && put_plan(folder, p, e)) {
			tell(folder, s, p);
			status = STATUS_DONE;
		}
		points_free(p);
	}
	inputs_fini(&in);
	study_free(s);
	return status;
}

int sweep_plan(const struct options *o, struct err_list *e)
{
	char *path = input_scenario(o->further.word[0], e);
	if (!path) return STATUS_USAGE;
	const char *output = options_text(o, SWEEP_OUTPUT);
	char *folder = output ? mem_text(output) : folder_of(path);
	int status = plan(path, folder, e);
	free(folder);
	free(path);
	return status;
}
