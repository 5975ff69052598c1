/* The folder of a study: what lies where, and which points are done.
 *
 *     D/study.xml  D/scenario.xml  D/plan.tsv
 *     D/points/5f/5f0c61a79ff3e1d2.h5         results of a point
 *     D/points/5f/5f0c61a79ff3e1d2.fail.json  why there are none
 *     D/summaries/Kx3f2Q.tsv                  copies of what collect wants (sweep_log.h)
 *     D/sweep.h5  D/sweep.csv                 collected
 *
 * A file there is complete or absent: whoever finds the results of a point takes them
 * for done. */
#ifndef HEARTH_SWEEP_FOLDER_H
#define HEARTH_SWEEP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sweep/points.h"

#define FOLDER_STUDY "study.xml"
#define FOLDER_SCENARIO "scenario.xml"
#define FOLDER_PLAN "plan.tsv"
#define FOLDER_SUMMARIES "summaries"
#define FOLDER_TABLE "sweep.csv"
#define FOLDER_TABLE_H5 "sweep.h5"
#define FOLDER_RESULTS ".h5"
#define FOLDER_FAILURE ".fail.json"

/* D/NAME, and the file of a point that ends in that way; the caller frees. */
char *folder_file(const char *folder, const char *name);
char *folder_point(const char *folder, const char *id, const char *ending);

/* Makes a folder and those above it; true also when it is there. */
bool folder_make(const char *path, struct err_list *e);

/* Copies files and folders of tables that a scenario, read from `path`, names below its
 * own folder to the same place below the study's: scenario.xml finds them there. What lies
 * among hearth's data or has an absolute path stays where it is. */
bool folder_copy_inputs(const char *folder, const char *path, const struct scenario *s,
    struct err_list *e);

/* Removes what killed runs have left half-written (file_remove_orphans). */
void folder_clean(const char *folder);

enum point_state { POINT_MISSING, POINT_FAILED, POINT_DONE };

/* The state of each point, in the plan's order, by one look at every folder of points;
 * the caller frees. Files of no point are passed over. */
enum point_state *folder_states(const char *folder, const struct points *p);

#endif
