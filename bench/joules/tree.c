#include "bench/joules/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_path(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
static int open_path(const char *fmt, va_list args)
{
	char path[TREE_PATH];
	int n = vsnprintf(path, sizeof path, fmt, args);
	if (n < 0 || (size_t)n >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC);
}

int tree_open(const char *path, ...)
{
	va_list args;
	va_start(args, path);
	int fd = open_path(path, args);
	va_end(args);
	return fd;
}

/* A file of the kernel's answers one read with all it has. */
static int line_of(int fd, char *line, size_t size)
{
	ssize_t n = pread(fd, line, size - 1, 0);
	if (n < 0) return errno;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

static int line_at(char *line, size_t size, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));
static int line_at(char *line, size_t size, const char *fmt, va_list args)
{
	int fd = open_path(fmt, args);
	if (fd < 0) return errno;
	int error = line_of(fd, line, size);
	close(fd);
	return error;
}

int tree_line(char *line, size_t size, const char *path, ...)
{
	va_list args;
	va_start(args, path);
	int error = line_at(line, size, path, args);
	va_end(args);
	return error;
}

/* Decimal, or hexadecimal behind 0x, and nothing else. */
static int number(const char *line, uint64_t *value)
{
	char *end;
	errno = 0;
	if (*line < '0' || *line > '9') return EINVAL; /* strtoull takes signs and spaces */
	*value = strtoull(line, &end, line[1] == 'x' ? 16 : 10);
	return *end ? EINVAL : errno;
}

int tree_u64(uint64_t *value, const char *path, ...)
{
	char line[64];
	va_list args;
	va_start(args, path);
	int error = line_at(line, sizeof line, path, args);
	va_end(args);
	return error ? error : number(line, value);
}

int tree_u64_again(int fd, uint64_t *value)
{
	char line[64];
	int error = line_of(fd, line, sizeof line);
	return error ? error : number(line, value);
}

int tree_names(const char *folder, const char *prefix, char (*name)[TREE_NAME], int max)
{
	struct dirent **found;
	int n = scandir(folder, &found, NULL, versionsort), taken = 0;
	if (n < 0) return -1;
	for (int i = 0; i < n; i++) {
		const char *s = found[i]->d_name;
		size_t length = strlen(s);
		if (!strncmp(s, prefix, strlen(prefix)) && length < TREE_NAME && taken < max)
			memcpy(name[taken++], s, length + 1);
		free(found[i]);
	}
	free(found);
	return taken;
}
