/* A small layer table in temporary files. */
#ifndef HEARTH_TESTS_LAYER_FILES_H
#define HEARTH_TESTS_LAYER_FILES_H

#include "models/compute/layer_table.h"

/* A layer's part takes 9 us and 1 us a token; embedding 3 us, the last norm 1 us. */
extern const char layer_dense[], layer_sequence[], layer_attention[];

struct layer_files {
	struct layer_table_par par;
	struct object object;
	char path[3][32];
};

/* With those texts and a skew of 0.25; layer_files_remove takes them away. */
void layer_files_write(struct layer_files *f, const char *dense, const char *sequence,
    const char *attention);
void layer_files_remove(const struct layer_files *f);

#endif
