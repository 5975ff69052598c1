/* Where hearth finds its data and scenarios.
 *
 * One folder, which holds `data/` and `scenarios/`; the first of these that does:
 *
 *     $HEARTH_DATA            when set and not empty; then no other is tried
 *     the source tree         when the program lies in its build tree, outside any bin/ there
 *     PROGRAM/../share/hearth beside the installed program: survives a move or DESTDIR
 *     the package data folder as configured
 *
 * Works from any working folder. */
#ifndef HEARTH_BASE_PATHS_H
#define HEARTH_BASE_PATHS_H

/* The folder in use ("/usr/local/share/hearth"). Owned by the module. NULL: none
 * of them exists; paths_tried then says where it looked. */
const char *paths_home(void);
const char *paths_tried(void);

/* What to tell the user then, with paths_tried to fill in. */
#define PATHS_NO_HOME \
	"no folder that holds hearth's data/ and scenarios/; looked in %s; set HEARTH_DATA to it"

/* A regular file: `name` beside `beside` (a file's path; may be NULL), then as
 * data/NAME, then as scenarios/NAME of paths_home. An absolute name is taken as
 * it is; a name without a file beside is also tried in the working folder.
 * NULL when there is none; the caller frees. */
char *paths_find(const char *name, const char *beside);

/* A regular file in the working folder, or with an absolute name; NULL when there
 * is none; the caller frees. */
char *paths_here(const char *name);

/* The same for folders, which are also sought as data/networks/NAME. */
char *paths_find_folder(const char *name, const char *beside);
char *paths_here_folder(const char *name);

/* The path of DIR/NAME below paths_home (DIR "data" or "scenarios"), which need
 * not exist; NULL when there is no home. The caller frees. */
char *paths_in(const char *dir, const char *name);

/* The rule behind paths_home, without the process around it. NULL members are
 * skipped; folders are real paths without a final slash. */
struct paths_rule {
	const char *env;            /* $HEARTH_DATA */
	const char *program;        /* the running file */
	const char *build, *source; /* trees */
	const char *installed;      /* package data folder */
};

/* The folder, or NULL; *tried becomes the list of those that were looked at.
 * The caller frees both. */
char *paths_choose(const struct paths_rule *r, char **tried);

#endif
