#include "sweep/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"

char *folder_file(const char *folder, const char *name)
{
	return mem_print("%s/%s", folder, name);
}

char *folder_point(const char *folder, const char *id, const char *ending)
{
	return mem_print("%s/points/%.2s/%s%s", folder, id, id, ending);
}

static bool is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* mkdir -p. Another process may make one of them meanwhile. */
static bool make_all(char *path)
{
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (slash == path) continue;
		*slash = '\0';
		bool there = !mkdir(path, 0777) || errno == EEXIST || is_folder(path);
		*slash = '/';
		if (!there) return false;
	}
	return !mkdir(path, 0777) || is_folder(path);
}

bool folder_make(const char *path, struct err_list *e)
{
	char *copy = mem_text(path);
	bool made = make_all(copy);
	if (!made)
		err_at(e, (struct err_pos){ .file = path }, "cannot make this folder: %s",
		    strerror(errno));
	free(copy);
	return made;
}

void folder_clean(const char *folder)
{
	file_remove_orphans(folder);
	for (int i = 0; i < 256; i++) {
		char *path = mem_print("%s/points/%02x", folder, i);
		file_remove_orphans(path);
		free(path);
	}
}

/* ---- states ---- */

struct scan {
	const struct points *p;
	const size_t *order; /* by id */
	enum point_state *state;
};

/* The first point, in that order, whose id is not below. */
static size_t first_of(const struct scan *s, const char *id)
{
	size_t low = 0, high = s->p->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(s->p->point[s->order[mid]].id, id) < 0) low = mid + 1;
		else high = mid;
	}
	return low;
}

static void note(struct scan *s, const char *name)
{
	char id[POINT_ID_SIZE];
	size_t n = strcspn(name, ".");
	if (n != POINT_ID_SIZE - 1) return;
	memcpy(id, name, n);
	id[n] = '\0';
	enum point_state found = !strcmp(name + n, FOLDER_RESULTS) ? POINT_DONE
	    : !strcmp(name + n, FOLDER_FAILURE)                    ? POINT_FAILED
								   : POINT_MISSING;
	for (size_t i = first_of(s, id); i < s->p->count; i++) {
		size_t k = s->order[i];
		if (strcmp(s->p->point[k].id, id) != 0) return;
		if (found > s->state[k]) s->state[k] = found;
	}
}

static void look_into(struct scan *s, const char *path)
{
	DIR *d = opendir(path);
	if (!d) return; /* no point of it was run */
	for (const struct dirent *x; (x = readdir(d));) note(s, x->d_name);
	closedir(d);
}

enum point_state *folder_states(const char *folder, const struct points *p)
{
	size_t *order = points_by_id(p);
	struct scan s = { p, order, mem_new(p->count, sizeof *s.state) };
	for (int i = 0; i < 256; i++) {
		char *path = mem_print("%s/points/%02x", folder, i);
		look_into(&s, path);
		free(path);
	}
	free(order);
	return s.state;
}
