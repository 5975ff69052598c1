/* What hearth's exit status means. */
#ifndef HEARTH_CLI_STATUS_H
#define HEARTH_CLI_STATUS_H

#define STATUS_LIST(X) \
	X(STATUS_DONE, 0, "done") \
	X(STATUS_INVALID, 1, "done, but a self-check failed, the results are INVALID; or a gate of compare failed") \
	X(STATUS_USAGE, 2, "the command line or a file given to it is wrong; nothing was run") \
	X(STATUS_FAILED, 3, "points of a study failed; the others are done") \
	X(STATUS_IO, 4, "a result could not be written") \
	X(STATUS_INTERRUPTED, 5, "interrupted by a signal; no results were written")

enum status {
#define X(id, number, about) id = number,
	STATUS_LIST(X)
#undef X
};

#endif
