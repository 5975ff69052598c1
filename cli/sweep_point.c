/* One point of a study, in a child of the process that has read the files. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/results.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/status.h"
#include "cli/sweep.h"
#include "cli/sweep_log.h"

struct points *sweep_points(const char *folder, struct err_list *e)
{
	char *path = folder_file(folder, FOLDER_PLAN);
	struct points *p = points_read(path, e);
	free(path);
	return p;
}

/* The digests of the files as they are now; the scenario is read once more for that. */
static bool read_inputs(struct sweep *s, const char *scenario, struct err_list *e)
{
	struct err_list *told = err_new(); /* warnings are the plan's to tell */
	struct scenario *whole = scenario_load(scenario, NULL, 0, told);
	bool good = whole && inputs_read(&s->inputs, whole, e);
	if (!whole) err_add_all(e, told);
	err_free(told);
	scenario_free(whole);
	if (!good || !strcmp(s->inputs.hex, s->points->inputs)) return good;
	err_at(e, (struct err_pos){ .file = scenario },
	    "it, a file that it reads or hearth itself is not what the plan was made with; plan "
	    "the study again: what was run with the same files stays done");
	return false;
}

/* Builds a file of nothing, so that the libraries which children write theirs with are
 * set up before they are made, and not in each of them. */
static void warm_up(struct err_list *e)
{
	size_t size;
	struct dataset *d = ds_new();
	free(results_image(d, FOLDER_RESULTS, &size, e));
	ds_free(d);
}

bool sweep_load(struct sweep *s, const char *folder, struct err_list *e)
{
	*s = (struct sweep){ .folder = folder, .points = sweep_points(folder, e) };
	if (!s->points) return false;
	char *scenario = folder_file(folder, FOLDER_SCENARIO);
	bool good = read_inputs(s, scenario, e) && session_open(&s->session, scenario, e);
	free(scenario);
	if (good) warm_up(e);
	return good && !err_count(e);
}

void sweep_unload(struct sweep *s)
{
	points_free(s->points);
	inputs_fini(&s->inputs);
	session_fini(&s->session);
}

/* The image of the results file; the caller frees. */
static unsigned char *compute(struct sweep *s, const struct point *x, const char *path, int fd,
    size_t *size, struct err_list *e)
{
	char seed[24];
	struct words set = { .word = (const char **)point_overrides(s->points, x),
		.count = s->points->axes };
	struct session_options want = { .set = &set, .seed = seed };
	struct dataset *d = NULL;
	unsigned char *image = NULL;
	snprintf(seed, sizeof seed, "%" PRIu64, x->seed);
	if (session_build(&s->session, &want, e)) {
		world_run(s->session.world);
		d = session_export(&s->session, &set, &s->inputs, e);
	}
	if (d) image = results_image(d, path, size, e);
	if (image) sweep_log_tell(fd, x->id, d, image, *size);
	for (size_t i = 0; i < set.count; i++) free((char *)set.word[i]);
	free(set.word);
	ds_free(d);
	return image;
}

int sweep_point(struct sweep *s, size_t point, int fd)
{
	const struct point *x = &s->points->point[point];
	struct err_list *e = err_new();
	char *path = folder_point(s->folder, x->id, FOLDER_RESULTS);
	size_t size;
	int status = STATUS_USAGE;
	unsigned char *image = compute(s, x, path, fd, &size, e);
	close(fd); /* the processor is free for another point while this one goes to the disk */
	if (image) status = file_write(path, image, size, e) ? STATUS_DONE : STATUS_IO;
	err_print(e, stderr);
	free(image);
	free(path);
	err_free(e);
	return status;
}
