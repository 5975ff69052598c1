/* Writes the results files that tests/results_python.py opens: a made-up run
 * and one that says next to nothing. */
#include <stdio.h>

#include "analysis/results.h"
#include "tests/make_dataset.h"

static bool write_one(struct dataset *d, const char *path)
{
	struct err_list *e = err_new();
	bool written = results_write(d, path, e);
	err_print(e, stderr);
	err_free(e);
	ds_free(d);
	return written;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: write_results RUN.h5 BARE.h5\n", stderr);
		return 2;
	}
	return write_one(make_dataset("doorstep"), argv[1]) && write_one(make_bare_dataset(), argv[2]) ? 0 : 1;
}
