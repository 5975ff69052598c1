#include "cli/sweep_read.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/results.h"
#include "analysis/seal.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/sweep_log.h"
#include "cli/sweep_pool.h"

enum { FILES_A_TASK = 50 }; /* that one child reads */

/* ---- logs ---- */

struct line {
	const char *id; /* begins the line */
	const char *names;
};

struct lines {
	struct line *line;
	size_t count, cap;
};

static int by_id(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;
	return memcmp(a->id, b->id, POINT_ID_SIZE - 1);
}

static void *keep(struct summaries *s, void *block)
{
	s->block = mem_grow(s->block, s->blocks, &s->blocks_cap, sizeof *s->block);
	s->block[s->blocks++] = block;
	return block;
}

/* A line is used when it has its end, an id, a digest and names above it. */
static void take_lines(struct lines *l, const char *text)
{
	const char *names = NULL;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		size_t n = (size_t)(end - text);
		if (*text == '#') {
			names = text + 1;
		} else if (names && n >= POINT_ID_SIZE + DIGEST_SIZE - 1 &&
		    text[POINT_ID_SIZE - 1] == '\t') {
			l->line = mem_grow(l->line, l->count, &l->cap, sizeof *l->line);
			l->line[l->count++] = (struct line){ text, names };
		}
	}
}

static void read_logs(struct summaries *s, struct lines *l, const char *folder)
{
	char *path = folder_file(folder, FOLDER_SUMMARIES);
	DIR *d = opendir(path);
	struct err_list *ignored = err_new(); /* a log may be lost */
	for (const struct dirent *x; d && (x = readdir(d));) {
		if (!strstr(x->d_name, ".tsv")) continue;
		char *file = mem_print("%s/%s", path, x->d_name);
		size_t size;
		char *text = file_read(file, SIZE_MAX, &size, ignored);
		if (text) take_lines(l, keep(s, text));
		free(file);
	}
	if (d) closedir(d);
	if (l->count) qsort(l->line, l->count, sizeof *l->line, by_id);
	err_free(ignored);
	free(path);
}

/* The digest that a results file ends with; false when it cannot be told. */
static bool read_digest(const char *path, char hex[DIGEST_SIZE])
{
	unsigned char seal[SEAL_BYTES];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && !fstat(fd, &st) && st.st_size >= SEAL_BYTES &&
	    pread(fd, seal, SEAL_BYTES, st.st_size - SEAL_BYTES) == SEAL_BYTES;
	if (fd >= 0) close(fd);
	if (good) seal_digest(seal, SEAL_BYTES, hex);
	return good;
}

static struct summary find(const struct lines *l, const char *id, const char *digest)
{
	size_t low = 0, high = l->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (memcmp(l->line[mid].id, id, POINT_ID_SIZE - 1) < 0) low = mid + 1;
		else high = mid;
	}
	for (; low < l->count && !memcmp(l->line[low].id, id, POINT_ID_SIZE - 1); low++) {
		const char *its = l->line[low].id + POINT_ID_SIZE;
		if (!memcmp(its, digest, DIGEST_SIZE - 1))
			return (struct summary){ l->line[low].names, its + DIGEST_SIZE - 1 };
	}
	return (struct summary){ 0 };
}

static void use_logs(struct summaries *s, const struct lines *l, const char *folder,
    const struct points *p, const enum point_state *state)
{
	char hex[DIGEST_SIZE];
	for (size_t i = 0; l->count && i < p->count; i++) {
		if (state[i] != POINT_DONE || s->point[i].names) continue;
		char *path = folder_point(folder, p->point[i].id, FOLDER_RESULTS);
		if (read_digest(path, hex)) s->point[i] = find(l, p->point[i].id, hex);
		free(path);
	}
}

/* ---- results files ---- */

struct reading {
	const char *folder;
	const struct points *p;
	size_t *point; /* to be read */
	size_t points, next;
	struct summaries *s;
	struct lines lines;
	struct sweep_log *log;
};

static bool next_task(void *user, size_t *task)
{
	struct reading *r = user;
	if (r->next >= r->points) return false;
	*task = r->next;
	r->next += FILES_A_TASK;
	return true;
}

/* In a child: the lines of some results files. */
static int work(void *user, size_t task, int fd)
{
	const struct reading *r = user;
	struct err_list *e = err_new();
	for (size_t i = task; i < r->points && i < task + FILES_A_TASK; i++) {
		const char *id = r->p->point[r->point[i]].id;
		char *path = folder_point(r->folder, id, FOLDER_RESULTS), hex[DIGEST_SIZE];
		struct dataset *d = results_read(path, e);
		if (d && read_digest(path, hex)) {
			char *lines = sweep_log_lines(id, d, hex);
			sweep_log_send(fd, lines);
			free(lines);
		}
		ds_free(d);
		free(path);
	}
	err_print(e, stderr);
	err_free(e);
	close(fd);
	return 0;
}

static void ended(void *user, const struct pool_end *end)
{
	struct reading *r = user;
	sweep_log_add(r->log, end->text, end->text_size);
	take_lines(&r->lines, keep(r->s, mem_text_n(end->text ? end->text : "", end->text_size)));
	fputs(end->said, stderr);
}

static void read_files(struct reading *r, int jobs)
{
	struct pool pool = { r, jobs, next_task, work, ended };
	r->log = sweep_log_new(r->folder);
	pool_run(&pool);
	sweep_log_free(r->log);
	if (r->lines.count) qsort(r->lines.line, r->lines.count, sizeof *r->lines.line, by_id);
}

void summaries_read(struct summaries *s, const char *folder, const struct points *p,
    enum point_state *state, int jobs, struct err_list *e)
{
	struct lines logs = { 0 };
	struct reading r = { .folder = folder, .p = p, .s = s };
	*s = (struct summaries){ .point = mem_new(p->count, sizeof *s->point) };
	read_logs(s, &logs, folder);
	use_logs(s, &logs, folder, p, state);
	free(logs.line);
	r.point = mem_new(p->count, sizeof *r.point);
	for (size_t i = 0; i < p->count; i++)
		if (state[i] == POINT_DONE && !s->point[i].names) r.point[r.points++] = i;
	s->read = r.points;
	if (r.points) read_files(&r, jobs);
	use_logs(s, &r.lines, folder, p, state);
	for (size_t i = 0; i < r.points; i++) {
		if (s->point[r.point[i]].names) continue;
		state[r.point[i]] = POINT_MISSING;
		err_at(e, (struct err_pos){ .file = p->point[r.point[i]].id },
		    "the results of this point cannot be read; delete its file and run again");
	}
	free(r.lines.line);
	free(r.point);
}

void summaries_fini(struct summaries *s)
{
	for (size_t i = 0; i < s->blocks; i++) free(s->block[i]);
	free(s->block);
	free(s->point);
}
