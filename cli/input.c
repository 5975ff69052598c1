#include "cli/input.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/paths.h"

static const struct err_pos nowhere; /* faults of the command line have no line */

static bool has_extension(const char *path, const char *extension)
{
	size_t n = strlen(path), m = strlen(extension);
	return n > m && !strcmp(path + n - m, extension);
}

static int is_scenario(const struct dirent *d)
{
	return has_extension(d->d_name, ".xml");
}

/* Names the scenarios of a folder, without extension, and weighs each. */
static char *name_all(struct dirent **entry, int entries, struct near *n)
{
	char *all = mem_text("");
	for (int i = 0; i < entries; i++) {
		entry[i]->d_name[strlen(entry[i]->d_name) - strlen(".xml")] = 0;
		near_try(n, entry[i]->d_name);
		char *longer = mem_print("%s%s%s", all, i ? ", " : "", entry[i]->d_name);
		free(all);
		all = longer;
	}
	return all;
}

static void refuse_unknown(const char *name, struct err_list *e)
{
	if (!paths_home()) {
		err_at(e, nowhere, "no file '%s', and " PATHS_NO_HOME, name, paths_tried());
		return;
	}
	char *bare = input_with_extension(name, ".xml", ""), *folder = paths_in("scenarios", "");
	const char *slash = strrchr(bare, '/');
	struct near n = near_to(slash ? slash + 1 : bare);
	struct dirent **entry = NULL;
	int entries = scandir(folder, &entry, is_scenario, alphasort);
	char *all = name_all(entry, entries, &n);
	if (near_best(&n))
		err_at(e, nowhere, "no file '%s' (did you mean the shipped scenario '%s'?)", name,
		    near_best(&n));
	else
		err_at(e, nowhere, "no file '%s'; shipped scenarios are: %s", name,
		    *all ? all : "(none)");
	for (int i = 0; i < entries; i++) free(entry[i]);
	free(entry);
	free(all);
	free(folder);
	free(bare);
}

static char *shipped(const char *name)
{
	if (strchr(name, '/')) return NULL;
	char *file = has_extension(name, ".xml") ? mem_text(name) : mem_print("%s.xml", name);
	char *path = paths_in("scenarios", file);
	free(file);
	if (path && !access(path, R_OK)) return path;
	free(path);
	return NULL;
}

char *input_scenario(const char *name, struct err_list *e)
{
	struct stat st;
	if (!stat(name, &st) && !S_ISDIR(st.st_mode)) return mem_text(name);
	int why = errno;
	bool folder = !stat(name, &st);
	char *path = shipped(name);
	if (path) return path;
	if (folder)
		err_at(e, nowhere, "'%s' is a folder; name a scenario file in it", name);
	else if (why == ENOENT)
		refuse_unknown(name, e);
	else
		err_at(e, nowhere, "cannot read '%s': %s", name, strerror(why));
	return NULL;
}

char *input_trace(const char *name)
{
	char *path = paths_find(name, NULL);
	return path ? path : mem_text(name);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash) return mem_text(".");
	return slash == path ? mem_text("/") : mem_text_n(path, (size_t)(slash - path));
}

static bool folder_takes_files(const char *path, struct err_list *e)
{
	char *folder = folder_of(path);
	struct stat st;
	const char *why = NULL;
	if (stat(folder, &st)) why = strerror(errno);
	else if (!S_ISDIR(st.st_mode)) why = strerror(ENOTDIR);
	else if (access(folder, W_OK | X_OK)) why = strerror(errno);
	if (why) err_at(e, nowhere, "cannot write '%s': folder '%s': %s", path, folder, why);
	free(folder);
	return !why;
}

bool input_can_write(const char *path, struct err_list *e)
{
	struct stat st;
	size_t n = strlen(path);
	bool exists = !stat(path, &st);
	if (!n) {
		err_at(e, nowhere, "the name of the file to write is empty");
		return false;
	}
	if (path[n - 1] == '/' || (exists && S_ISDIR(st.st_mode))) {
		err_at(e, nowhere, "'%s' is a folder; name a file in it", path);
		return false;
	}
	if (exists && !S_ISREG(st.st_mode)) {
		err_at(e, nowhere, "'%s' is not a regular file; results are not streamed", path);
		return false;
	}
	if (!folder_takes_files(path, e)) return false;
	const char *why = file_refuse_name(path);
	if (why) err_at(e, nowhere, "cannot write '%s': %s; choose another name", path, why);
	return !why;
}

bool input_is_same(const char *a, const char *b)
{
	struct stat sa, sb;
	if (stat(a, &sa) || stat(b, &sb)) return false;
	return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

char *input_with_extension(const char *path, const char *from, const char *to)
{
	size_t n = strlen(path);
	if (has_extension(path, from)) n -= strlen(from);
	char *stem = mem_text_n(path, n), *all = mem_print("%s%s", stem, to);
	free(stem);
	return all;
}
