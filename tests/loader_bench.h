/* What the loader's tests share: files in a scratch folder, faults as text. */
#ifndef HEARTH_TESTS_LOADER_BENCH_H
#define HEARTH_TESTS_LOADER_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "loader/load.h"
#include "loader/stamp.h"
#include "loader/value.h"
#include "tests/loader_classes.h"
#include "tests/unit.h"

/* Goes to a new folder, so that paths in messages are short. */
static inline struct err_list *bench_init(void)
{
	char folder[] = "/tmp/hearth-loader.XXXXXX";
	cr_assert(mkdtemp(folder) && !chdir(folder));
	return err_new();
}

static inline void put_bytes(const char *path, const char *text, size_t size)
{
	FILE *f = fopen(path, "w");
	cr_assert(f && fwrite(text, 1, size, f) == size && !fclose(f));
}

static inline void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

/* All that err_print writes; the caller frees. */
static inline char *faults(const struct err_list *e)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	err_print(e, out);
	fclose(out);
	return text;
}

static inline void expect_faults(const struct err_list *e, const char *expected)
{
	char *text = faults(e);
	cr_expect_str_eq(text, expected, "got:\n%sexpected:\n%s", text, expected);
	free(text);
}

#endif
