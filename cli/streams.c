#include "cli/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/status.h"

/* open() gives the lowest number that is free: with 0 to fd - 1 taken, fd. */
static void fill_if_closed(int fd, int mode)
{
	bool closed = fcntl(fd, F_GETFD) < 0 && errno == EBADF;
	if (closed && open("/dev/null", mode) != fd) _exit(STATUS_IO);
}

void streams_init(void)
{
	fill_if_closed(STDIN_FILENO, O_WRONLY);
	fill_if_closed(STDOUT_FILENO, O_RDONLY);
	fill_if_closed(STDERR_FILENO, O_RDONLY);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

int streams_fini(int status)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout)) return status;
	if (errno == EPIPE)
		fputs("hearth: error: standard output was closed before all was written\n", stderr);
	else
		fprintf(stderr, "hearth: error: cannot write to the standard output: %s\n",
		    errno ? strerror(errno) : "an earlier write failed");
	return STATUS_IO;
}
