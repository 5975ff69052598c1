#include "bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

static _Noreturn void become(const char *const *word, FILE *errors)
{
	const char *argv[PROCESS_WORDS + 2] = { HEARTH_BUILD_DIR "/hearth" };
	for (int i = 0; i < PROCESS_WORDS && word[i]; i++) argv[i + 1] = word[i];
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	dup2(fileno(errors), STDERR_FILENO);
	execv(argv[0], (char *const *)argv); /* which leaves the words alone */
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static bool run(const char *const *word, FILE *errors, struct process_use *use)
{
	int status;
	struct rusage u;
	pid_t child = fork();
	if (child < 0) return false;
	if (!child) become(word, errors);
	if (wait4(child, &status, 0, &u) != child) return false;
	use->cpu_s = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		     1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
	use->peak_mb = (double)u.ru_maxrss * 1024 / 1e6; /* KiB */
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

bool process_run(const char *const *word, struct process_use *use)
{
	FILE *errors = tmpfile();
	bool good = errors && run(word, errors, use);
	if (errors && !good) {
		rewind(errors);
		for (int c; (c = getc(errors)) != EOF;) putc(c, stderr);
	}
	if (errors) fclose(errors);
	return good;
}

char *process_scenario(const char *text)
{
	char *path = mem_text("/tmp/hearth-bench.XXXXXX.xml");
	size_t size = strlen(text);
	int file = mkstemps(path, 4);
	bool written = file >= 0 && write(file, text, size) == (ssize_t)size;
	if (file >= 0) close(file);
	if (written) return path;
	if (file >= 0) unlink(path);
	free(path);
	return NULL;
}
