#include "tests/fake_tree.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit.h"

static char root[64];

const char *fake_tree(void)
{
	strcpy(root, "/tmp/hearth-tree.XXXXXX");
	cr_assert(mkdtemp(root) != NULL);
	return root;
}

static int drop_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

void fake_tree_drop(void)
{
	nftw(root, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int open_file(const char *path)
{
	char full[512];
	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *s = full + strlen(root) + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		mkdir(full, 0755);
		*s = '/';
	}
	int fd = open(full, O_WRONLY | O_CREAT, 0644);
	cr_assert(fd >= 0, "%s", full);
	return fd;
}

void fake_put_at(const char *path, long offset, const void *data, size_t size)
{
	int fd = open_file(path);
	cr_assert(pwrite(fd, data, size, offset) == (ssize_t)size);
	close(fd);
}

void fake_put(const char *path, const char *text)
{
	int fd = open_file(path);
	cr_assert(not(ftruncate(fd, 0)));
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

void fake_mode(const char *path, unsigned mode)
{
	char full[512];
	snprintf(full, sizeof full, "%s%s", root, path);
	cr_assert(not(chmod(full, mode)));
}
