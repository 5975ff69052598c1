#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* How temporary names begin and end. */
#define TEMPORARY_HEAD "hearth-"
#define TEMPORARY ".tmp"

static bool write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return false;
		data += n;
		size -= (size_t)n;
	}
	return true;
}

/* As above, but a file size limit is an error like others and not a signal. */
static bool write_within_limits(int fd, const char *data, size_t size)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigaction(SIGXFSZ, &ignore, &before);
	bool written = write_all(fd, data, size);
	int why = errno;
	sigaction(SIGXFSZ, &before, NULL);
	errno = why;
	return written;
}

/* mkstemp makes files that only their owner can read; ours are as open as any. */
static bool open_up(int fd)
{
	mode_t mask = umask(0);
	umask(mask);
	return !fchmod(fd, 0666 & ~mask);
}

/* The lock says that somebody is at work; it ends with the process. A file system that
 * has none says nothing, and then only age tells. */
static bool fill(int fd, const void *data, size_t size)
{
	flock(fd, LOCK_EX | LOCK_NB);
	bool good = open_up(fd) && write_within_limits(fd, data, size) && !fsync(fd);
	int why = errno;
	if (close(fd) && good) return false; /* errno of close */
	errno = why;
	return good;
}

/* A renamed file survives a power cut once its folder is on the disk. Some file
 * systems cannot sync a folder: the file is then as safe as they make it. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_text_n(path, (size_t)(slash - path) + 1) : mem_text(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

/* A name of its own, not the file's with an ending: that could be too long. */
static char *temporary_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	return mem_print("%.*s" TEMPORARY_HEAD "XXXXXX" TEMPORARY, folder, path);
}

/* rename() with nothing in its way: a link is made only where there is no name. */
static bool put_new(const char *temporary, const char *path)
{
	if (link(temporary, path)) return false;
	unlink(temporary);
	return true;
}

static bool replace(const char *path, const void *data, size_t size, bool anew)
{
	char *temporary = temporary_beside(path);
	int fd = mkostemps(temporary, (int)strlen(TEMPORARY), O_CLOEXEC);
	bool good = fd >= 0 && fill(fd, data, size) &&
	    (anew ? put_new(temporary, path) : !rename(temporary, path));
	int why = errno;
	if (!good && fd >= 0) unlink(temporary);
	free(temporary);
	if (good) sync_folder(path);
	errno = why;
	return good;
}

/* Signals wait, so that one that ends the program leaves no temporary file. SIGXFSZ
 * does not: it is ignored meanwhile, but a blocked one would be kept for later. */
static bool replace_undisturbed(const char *path, const void *data, size_t size, bool anew)
{
	sigset_t all, before;
	sigfillset(&all);
	sigdelset(&all, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &all, &before);
	bool good = replace(path, data, size, anew);
	int why = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = why;
	return good;
}

static bool is_temporary(const char *name)
{
	size_t n = strlen(name), tail = strlen(TEMPORARY);
	return !strncmp(name, TEMPORARY_HEAD, strlen(TEMPORARY_HEAD)) && n > tail &&
	    !strcmp(name + n - tail, TEMPORARY);
}

static bool is_orphan(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0) return false; /* its writer has renamed it */
	bool held = flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
	bool old = !fstat(fd, &st) && time(NULL) - st.st_mtime >= FILE_ORPHAN_S;
	close(fd);
	return old && !held;
}

size_t file_remove_orphans(const char *folder)
{
	size_t n = 0;
	DIR *d = opendir(folder);
	for (const struct dirent *x; d && (x = readdir(d));) {
		if (!is_temporary(x->d_name)) continue;
		char *path = mem_print("%s/%s", folder, x->d_name);
		if (is_orphan(path) && !unlink(path)) n++;
		free(path);
	}
	if (d) closedir(d);
	return n;
}

const char *file_refuse_name(const char *path)
{
	struct stat st;
	if (!stat(path, &st)) return S_ISREG(st.st_mode) ? NULL : "it is no regular file";
	if (errno != ENOENT) return strerror(errno);
	return lstat(path, &st) ? NULL : "it is a link to a file that does not exist";
}

bool file_write(const char *path, const void *data, size_t size, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	const char *why = file_refuse_name(path);
	if (why) {
		err_at(e, at, "cannot write: %s; choose another name", why);
		return false;
	}
	char *real = realpath(path, NULL); /* the file behind a link; NULL: there is none yet */
	bool good = replace_undisturbed(real ? real : path, data, size, false);
	if (!good)
		err_at(e, at, "cannot write %zu bytes: %s; choose another folder or make room", size,
		    strerror(errno));
	free(real);
	return good;
}

bool file_write_new(const char *path, const void *data, size_t size, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	struct stat st;
	bool taken = !lstat(path, &st), good = !taken && replace_undisturbed(path, data, size, true);
	if (good) return true;
	if (taken || errno == EEXIST)
		err_at(e, at, "it is there already and is not overwritten; choose another name, or "
		    "move it away");
	else
		err_at(e, at, "cannot write %zu bytes: %s; choose another folder or make room", size,
		    strerror(errno));
	return false;
}

static char *read_open(FILE *f, size_t *size)
{
	char *data = NULL;
	size_t cap = 1 << 16, n = 0, got;
	do {
		cap *= 2;
		data = mem_resize(data, cap, 1);
		got = fread(data + n, 1, cap - 1 - n, f);
		n += got;
	} while (n == cap - 1);
	data[n] = '\0';
	*size = n;
	return data;
}

static bool is_readable(const char *path, size_t max, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	struct stat st;
	if (stat(path, &st)) return true; /* opening says why */
	if (!S_ISREG(st.st_mode)) {
		err_at(e, at, "cannot read: it is no regular file");
		return false;
	}
	if ((uintmax_t)st.st_size <= max) return true;
	err_at(e, at, "cannot read: it is larger than %zu MiB; split it or name another file",
	    max >> 20);
	return false;
}

char *file_read(const char *path, size_t max, size_t *size, struct err_list *e)
{
	struct err_pos at = { path, 0, 0 };
	if (!is_readable(path, max, e)) return NULL;
	FILE *f = fopen(path, "rbe");
	if (!f) {
		err_at(e, at, "cannot read: %s", strerror(errno));
		return NULL;
	}
	char *data = read_open(f, size);
	bool good = !ferror(f);
	int why = errno;
	fclose(f);
	if (good) return data;
	err_at(e, at, "cannot read: %s", strerror(why));
	free(data);
	return NULL;
}
