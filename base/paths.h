/* Where hearth finds its data and scenarios.
 *
 * Folders, in order: $HEARTH_DATA (when set, only it), the source tree when the
 * program runs from its build tree, the installed package data folder. Each
 * holds `data/` and `scenarios/`. Works from any working folder. */
#ifndef HEARTH_BASE_PATHS_H
#define HEARTH_BASE_PATHS_H

/* The folder in use ("/usr/local/share/hearth"). Owned by the module. NULL: none
 * of them exists; paths_tried then says where it looked. */
const char *paths_home(void);
const char *paths_tried(void);

/* A regular file: `name` beside `beside` (a file's path; may be NULL), then as
 * data/NAME, then as scenarios/NAME of paths_home. An absolute name is taken as
 * it is; a name without a file beside is also tried in the working folder.
 * NULL when there is none; the caller frees. */
char *paths_find(const char *name, const char *beside);

/* The path of DIR/NAME below paths_home (DIR "data" or "scenarios"); the caller frees. */
char *paths_in(const char *dir, const char *name);

#endif
