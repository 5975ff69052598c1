/* Measured power of a board by phase and size of the iteration, from a file.
 *
 *     phase,tokens,power_w
 *     prompt,128,257
 *     prompt,512,401
 *     token,1,238
 *     token,16,257
 *
 * An iteration that computes any tokens of a prompt is of phase prompt, one that
 * only decodes of phase token; tokens: all that it computes, so that in phase
 * token they are its requests. Power is linear between rows and constant beyond
 * the first and the last of a phase. Rows of a phase stand together, tokens
 * growing; both phases must be there. Lines that begin with '#' are remarks. */
#ifndef HEARTH_MODELS_COMPUTE_POWER_TABLE_H
#define HEARTH_MODELS_COMPUTE_POWER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { LEVELS_MAX = 64 };

/* Piecewise linear in tokens, which grow; n >= 1. */
struct levels {
	int n;
	double tokens[LEVELS_MAX], power_w[LEVELS_MAX];
};

double levels_w(const struct levels *l, double tokens);

enum power_phase { PHASE_PROMPT, PHASE_TOKEN, PHASES };

/* False when faults were put into e. parse: from text[size], which is changed (a
 * NUL follows it); path is for messages. */
bool power_table_read(const char *path, struct levels level[PHASES], struct err_list *e);
bool power_table_parse(const char *path, char *text, size_t size, struct levels level[PHASES],
    struct err_list *e);

#endif
