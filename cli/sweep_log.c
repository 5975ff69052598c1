#include "cli/sweep_log.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/seal.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "sweep/folder.h"

/* ---- the child's side ---- */

/* The fewest digits of 15 to 17 that read back; "" stands for what is not a number. */
static void put_number(FILE *out, double v)
{
	char text[40] = "";
	for (int digits = 15; isfinite(v) && digits <= 17; digits++)
		if (text_number(text_from_number(v, digits, text, sizeof text), NULL) == v) break;
	fprintf(out, "\t%s", text);
}

char *sweep_log_lines(const char *id, const struct dataset *d, const char *digest)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	const struct ds_group *g = ds_find(d, "summary");
	struct ds_metric m;
	if (!out) return mem_text(""); /* not reached: it fails for lack of memory only */
	fputc('#', out);
	for (size_t i = 0; g && i < g->vars; i++)
		if (ds_metric_find(d, g->var[i]->name, &m)) fprintf(out, "\t%s", m.key);
	fprintf(out, "\n%s\t%s", id, digest);
	for (size_t i = 0; g && i < g->vars; i++)
		if (ds_metric_find(d, g->var[i]->name, &m)) put_number(out, m.value);
	fputc('\n', out);
	fclose(out);
	return text;
}

static void write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return; /* a line less: the results file has it all */
		data += n;
		size -= (size_t)n;
	}
}

void sweep_log_send(int fd, const char *lines)
{
	write_all(fd, lines, strlen(lines));
}

void sweep_log_tell(int fd, const char *id, const struct dataset *d, const unsigned char *image,
    size_t size)
{
	char digest[DIGEST_SIZE];
	seal_digest(image, size, digest);
	char *lines = sweep_log_lines(id, d, digest);
	sweep_log_send(fd, lines);
	free(lines);
}

/* ---- the parent's ---- */

struct sweep_log {
	int fd;
	char *names; /* that hold now; NULL: none yet */
};

struct sweep_log *sweep_log_new(const char *folder)
{
	char *path = folder_file(folder, FOLDER_SUMMARIES);
	int fd = -1;
	if (!mkdir(path, 0777) || errno == EEXIST) {
		char *name = mem_print("%s/XXXXXX.tsv", path);
		fd = mkostemps(name, (int)strlen(".tsv"), O_APPEND | O_CLOEXEC);
		if (fd >= 0 && fchmod(fd, 0644)) { /* others then read the results files */
		}
		free(name);
	}
	free(path);
	if (fd < 0) return NULL;
	struct sweep_log *l = mem_new(1, sizeof *l);
	l->fd = fd;
	return l;
}

void sweep_log_free(struct sweep_log *l)
{
	if (!l) return;
	close(l->fd);
	free(l->names);
	free(l);
}

/* A line of names, unless the last one still holds; a line of a point. */
static void add_line(struct sweep_log *l, const char *line, size_t size)
{
	bool names = *line == '#';
	if (names && l->names && strlen(l->names) == size && !memcmp(l->names, line, size)) return;
	write_all(l->fd, line, size);
	if (!names) return;
	free(l->names);
	l->names = mem_text_n(line, size);
}

void sweep_log_add(struct sweep_log *l, const char *lines, size_t size)
{
	for (const char *end; l && size && (end = memchr(lines, '\n', size));) {
		size_t n = (size_t)(end + 1 - lines);
		add_line(l, lines, n);
		lines += n;
		size -= n;
	}
}
