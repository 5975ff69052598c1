/* The files that a scenario names, taken along with a study. */
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "loader/value.h"
#include "sweep/folder.h"

struct copy {
	const char *to;   /* the study's folder */
	const char *from; /* the scenario's, as its path has it: "" or with '/' at its end */
	size_t from_size;
	struct err_list *e;
};

/* What follows the scenario's folder in path; NULL: it lies elsewhere or with hearth. */
static const char *own_name(const struct copy *c, const char *path)
{
	const char *home = paths_home();
	size_t n = home ? strlen(home) : 0;
	if (home && !strncmp(path, home, n) && path[n] == '/') return NULL;
	if (!c->from_size && !strncmp(path, "./", 2)) return path + 2;
	if (strncmp(path, c->from, c->from_size) != 0) return NULL;
	return path[c->from_size] == '/' ? NULL : path + c->from_size;
}

/* Why a file of that name has no place in a study's folder; NULL: it has. */
static const char *refusal(const char *name)
{
	static const char *const taken[] = { FOLDER_STUDY, FOLDER_SCENARIO, FOLDER_PLAN,
		FOLDER_TABLE, FOLDER_TABLE_H5, FOLDER_SUMMARIES, "points" };
	size_t first = strcspn(name, "/");
	if (strstr(name, "../"))
		return "'..' leaves the scenario's folder; put the file below it, or name it by an "
		       "absolute path";
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strlen(taken[i]) == first && !strncmp(name, taken[i], first))
			return "a study has a file or folder of that name itself; rename this one";
	return NULL;
}

static void copy_file(const struct copy *c, const char *path, const char *name)
{
	char *to = mem_print("%s/%s", c->to, name);
	char *folder = mem_text_n(to, (size_t)(strrchr(to, '/') - to));
	size_t size;
	char *data = folder_make(folder, c->e) ? file_read(path, SIZE_MAX, &size, c->e) : NULL;
	if (data) file_write(to, data, size, c->e);
	free(data);
	free(folder);
	free(to);
}

static void copy_tables(const struct copy *c, const char *path, const char *name)
{
	DIR *d = opendir(path);
	if (!d) return; /* what is read of it is reported by who reads it */
	for (const struct dirent *x; (x = readdir(d));) {
		char *from = mem_print("%s/%s", path, x->d_name);
		char *to = mem_print("%s/%s", name, x->d_name);
		struct stat st;
		if (!stat(from, &st) && S_ISREG(st.st_mode)) copy_file(c, from, to);
		free(from);
		free(to);
	}
	closedir(d);
}

static void copy_attr(const struct copy *c, const struct object *o, const struct attr *a)
{
	const char *path = *(const char *const *)value_at(a, o->par);
	const char *name = path ? own_name(c, path) : NULL, *why = name ? refusal(name) : NULL;
	if (!name) return;
	if (why)
		err_at(c->e, object_attr_pos(o, a->name), "%s: %s=\"%s\": %s", o->cls->element,
		    a->name, name, why);
	else if (a->kind == ATTR_KIND_FILE)
		copy_file(c, path, name);
	else
		copy_tables(c, path, name);
}

static void copy_all(const struct copy *c, const struct object *o)
{
	for (; o; o = o->next) {
		for (const struct attr *a = o->cls->attrs; a && a->about; a++)
			if (a->kind == ATTR_KIND_FILE || a->kind == ATTR_KIND_FOLDER)
				copy_attr(c, o, a);
		copy_all(c, o->child);
	}
}

bool folder_copy_inputs(const char *folder, const char *path, const struct scenario *s,
    struct err_list *e)
{
	const char *slash = strrchr(path, '/');
	struct copy c = { folder, path, slash ? (size_t)(slash + 1 - path) : 0, e };
	copy_all(&c, scenario_root(s));
	return !err_count(e);
}
