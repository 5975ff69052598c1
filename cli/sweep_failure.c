#include "cli/sweep_failure.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/file.h"
#include "base/mem.h"
#include "sweep/folder.h"

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + 1e-6 * (double)t->tv_usec;
}

static json_t *describe(const char *id, const struct pool_end *end, unsigned tries)
{
	json_t *j = json_object();
	char *said = utf8_repair(end->said);
	json_object_set_new(j, "point", json_string(id));
	json_object_set_new(j, "tries", json_integer(tries));
	if (WIFSIGNALED(end->status)) {
		int number = WTERMSIG(end->status);
		json_object_set_new(j, "signal", json_integer(number));
		json_object_set_new(j, "signal_text", json_string(strsignal(number)));
	} else {
		json_object_set_new(j, "exit_status", json_integer(WEXITSTATUS(end->status)));
	}
	json_object_set_new(j, "stderr", json_string(said));
	json_object_set_new(j, "wall_s", json_real(end->wall_s));
	json_object_set_new(j, "user_s", json_real(seconds(&end->usage.ru_utime)));
	json_object_set_new(j, "system_s", json_real(seconds(&end->usage.ru_stime)));
	json_object_set_new(j, "max_rss_kib", json_integer(end->usage.ru_maxrss));
	free(said);
	return j;
}

/* The last line that the child said; the caller frees. */
static char *last_line(const char *said)
{
	size_t n = strlen(said), begin;
	while (n && said[n - 1] == '\n') n--;
	for (begin = n; begin && said[begin - 1] != '\n'; begin--) {}
	return mem_text_n(said + begin, n - begin);
}

static void tell(const char *id, const struct pool_end *end)
{
	char *line = last_line(end->said);
	if (WIFSIGNALED(end->status))
		fprintf(stderr, "hearth sweep: point %s: ended by signal %d (%s)%s%s\n", id,
		    WTERMSIG(end->status), strsignal(WTERMSIG(end->status)), *line ? ": " : "", line);
	else
		fprintf(stderr, "hearth sweep: point %s: failed with status %d%s%s\n", id,
		    WEXITSTATUS(end->status), *line ? ": " : "", line);
	free(line);
}

bool failure_write(const char *folder, const char *id, const struct pool_end *end, unsigned tries)
{
	struct err_list *e = err_new();
	json_t *j = describe(id, end, tries);
	char *text = json_dumps(j, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	char *path = folder_point(folder, id, FOLDER_FAILURE);
	tell(id, end);
	bool written = file_write(path, text, strlen(text), e);
	err_print(e, stderr);
	free(path);
	free(text);
	json_decref(j);
	err_free(e);
	return written;
}

void failure_remove(const char *folder, const char *id)
{
	char *path = folder_point(folder, id, FOLDER_FAILURE);
	unlink(path);
	free(path);
}
