#include "base/paths.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static bool is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool is_file(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* The folder part of a path without its final slash; "." when there is none. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash) return mem_text(".");
	return slash == path ? mem_text("/") : mem_text_n(path, (size_t)(slash - path));
}

static bool is_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return !strncmp(path, folder, n) && (path[n] == '/' || !path[n]);
}

static bool ends_in(const char *path, const char *end)
{
	size_t m = strlen(path), n = strlen(end);
	return m >= n && !strcmp(path + m - n, end);
}

/* `make install DESTDIR=build/stage` puts an installed program below the build
 * tree: it is told by its bin/ folder. */
static bool is_uninstalled(const struct paths_rule *r, const char *folder)
{
	return r->build && r->source && is_below(folder, r->build) && !ends_in(folder, "/bin");
}

static bool holds_folder(const char *path, const char *name)
{
	char *inner = mem_print("%s/%s", path, name);
	bool holds = is_folder(inner);
	free(inner);
	return holds;
}

/* Takes `folder`, which it frees unless hearth's data lie in it. */
static char *try_folder(char *folder, char **tried)
{
	char *list = *tried ? mem_print("%s, %s", *tried, folder) : mem_text(folder);
	free(*tried);
	*tried = list;
	if (holds_folder(folder, "data") && holds_folder(folder, "scenarios")) return folder;
	free(folder);
	return NULL;
}

static char *choose_by_program(const struct paths_rule *r, char **tried)
{
	char *folder = folder_of(r->program), *home = NULL;
	if (is_uninstalled(r, folder))
		home = try_folder(mem_text(r->source), tried);
	else if (ends_in(folder, "/bin"))
		home = try_folder(
		    mem_print("%.*s/share/hearth", (int)(strlen(folder) - 4), folder), tried);
	free(folder);
	return home;
}

char *paths_choose(const struct paths_rule *r, char **tried)
{
	char *home = NULL;
	*tried = NULL;
	if (r->env && r->env[0]) return try_folder(mem_text(r->env), tried);
	if (r->program) home = choose_by_program(r, tried);
	if (!home && r->installed) home = try_folder(mem_text(r->installed), tried);
	return home;
}

static char *running_program(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	return n > 0 && (size_t)n < sizeof path ? mem_text_n(path, (size_t)n) : NULL;
}

/* Found once: neither the program nor its environment moves while it runs. */
static struct {
	bool known;
	char *home, *tried;
} found;

static void find_home(void)
{
	if (found.known) return;
	char *program = running_program();
	char *build = realpath(HEARTH_BUILD_DIR, NULL), *source = realpath(HEARTH_SOURCE_DIR, NULL);
	struct paths_rule r = { getenv("HEARTH_DATA"), program, build, source, HEARTH_PKGDATADIR };
	found.home = paths_choose(&r, &found.tried);
	found.known = true;
	free(source);
	free(build);
	free(program);
}

const char *paths_home(void)
{
	find_home();
	return found.home;
}

const char *paths_tried(void)
{
	find_home();
	return found.tried;
}

char *paths_in(const char *dir, const char *name)
{
	const char *home = paths_home();
	return home ? mem_print("%s/%s/%s", home, dir, name) : NULL;
}

typedef bool is_wanted(const char *path);

/* Takes path; gives it back when it is what is wanted. */
static char *keep(char *path, is_wanted *is)
{
	if (path && is(path)) return path;
	free(path);
	return NULL;
}

static char *find_beside(const char *name, const char *beside, is_wanted *is)
{
	if (!beside || name[0] == '/') return keep(mem_text(name), is);
	char *folder = folder_of(beside);
	char *path = mem_print("%s/%s", folder, name);
	free(folder);
	return keep(path, is);
}

static char *find(
    const char *name, const char *beside, is_wanted *is, const char *const *places)
{
	char *path = find_beside(name, beside, is);
	if (name[0] == '/') return path;
	for (; *places && !path; places++) path = keep(paths_in(*places, name), is);
	return path;
}

char *paths_here(const char *name)
{
	return find_beside(name, NULL, is_file);
}

char *paths_find(const char *name, const char *beside)
{
	static const char *const places[] = { "data", "scenarios", NULL };
	return find(name, beside, is_file, places);
}

char *paths_here_folder(const char *name)
{
	return find_beside(name, NULL, is_folder);
}

char *paths_find_folder(const char *name, const char *beside)
{
	static const char *const places[] = { "data", "data/networks", "scenarios", NULL };
	return find(name, beside, is_folder, places);
}
