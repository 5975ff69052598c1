#include "bench/spiking/gunzip.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static bool is_compressed(const char *text, size_t size)
{
	return size >= 2 && text[0] == '\x1f' && text[1] == '\x8b';
}

/* Starts gzip from the file `in` to the descriptor `out`. */
static bool start(const char *in, int out, pid_t *child)
{
	static const char *const argv[] = { "gzip", "-dc", NULL };
	posix_spawn_file_actions_t files;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in, O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	bool started = !posix_spawnp(child, argv[0], &files, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return started;
}

/* Up to max + 1 bytes of what comes through a pipe; gzip ends when nobody reads the rest. */
static char *drain(int from, size_t max, size_t *size)
{
	char *text = mem_new(max + 2, 1);
	FILE *f = fdopen(from, "r");
	if (!f) abort(); /* memory, as in mem.h */
	*size = fread(text, 1, max + 1, f);
	fclose(f);
	return text;
}

static char *decompress(const char *path, size_t max, size_t *size, struct err_list *e)
{
	const struct err_pos at = { path, 0, 0 };
	int pipe_end[2], status = -1;
	pid_t child;
	if (pipe2(pipe_end, O_CLOEXEC)) {
		err_at(e, at, "cannot be decompressed: no more files can be opened");
		return NULL;
	}
	bool started = start(path, pipe_end[1], &child);
	close(pipe_end[1]);
	char *text = drain(pipe_end[0], max, size);
	while (started && waitpid(child, &status, 0) < 0) continue; /* EINTR */
	if (started && *size <= max && WIFEXITED(status) && !WEXITSTATUS(status)) return text;
	if (!started)
		err_at(e, at, "is compressed; install gzip, or decompress it");
	else if (*size > max)
		err_at(e, at, "holds more than %zu bytes when decompressed", max);
	else
		err_at(e, at, "is damaged: gzip cannot decompress it; get it again");
	free(text);
	return NULL;
}

char *gunzip_read(const char *path, size_t max, size_t *size, struct err_list *e)
{
	char *text = file_read(path, max, size, e);
	if (!text || !is_compressed(text, *size)) return text;
	free(text);
	return decompress(path, max, size, e);
}
