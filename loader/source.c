#include "loader/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "loader/scenario.h"

/* Opens a regular file and nothing else: O_NONBLOCK, for opening a FIFO would
 * wait for a writer. Returns -1 with the reason in why. */
static int open_regular(const char *path, off_t *size, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		*why = strerror(errno);
	} else if (!S_ISREG(st.st_mode)) {
		*why = S_ISDIR(st.st_mode) ? "it is a folder; name a file" : "it is not a regular file";
	} else if (st.st_size > SCENARIO_BYTES_MAX) {
		*why = "larger than 64 MiB; a scenario is a description, keep data in CSV files";
	} else {
		*size = st.st_size;
		return fd;
	}
	if (fd >= 0) close(fd);
	return -1;
}

/* Fills text[0..size) and says how much there was: a file may have shrunk. */
static bool read_all(int fd, char *text, size_t size, size_t *got)
{
	*got = 0;
	while (*got < size) {
		ssize_t n = read(fd, text + *got, size - *got);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return false;
		if (n == 0) break;
		*got += (size_t)n;
	}
	return true;
}

/* Bytes of the UTF-8 character at p, or 0: bad, overlong, a surrogate half, or
 * above U+10FFFF (RFC 3629, section 4). The text ends with NUL, which is no
 * continuation byte. */
static size_t utf8_size(const unsigned char *p)
{
	static const struct {
		unsigned char first, last;   /* first byte */
		unsigned char low, high;     /* second byte */
		size_t size;
	} rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	if (p[0] < 0x80) return 1;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (p[0] < rows[i].first || p[0] > rows[i].last) continue;
		if (p[1] < rows[i].low || p[1] > rows[i].high) return 0;
		for (size_t k = 2; k < rows[i].size; k++)
			if ((p[k] & 0xc0) != 0x80) return 0;
		return rows[i].size;
	}
	return 0;
}

static struct err_pos place(const struct source *s, size_t offset)
{
	struct source_cursor c = { 0 };
	return source_pos(s, &c, offset);
}

static bool check_bytes(const struct source *s, struct err_list *e)
{
	const unsigned char *p = (const unsigned char *)s->text;
	struct err_pos whole = { .file = s->path };
	if (s->size == s->begin) {
		err_at(e, whole, "the file is empty; it must hold one <scenario> element");
		return false;
	}
	if (s->size >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
	    !p[0] || !p[1])) {
		err_at(e, whole, "the file is UTF-16 or binary; save it as UTF-8");
		return false;
	}
	for (size_t i = s->begin; i < s->size;) {
		size_t n = utf8_size(p + i);
		if (!p[i]) err_at(e, place(s, i), "a NUL byte; the file must be UTF-8 text");
		else if (!n) err_at(e, place(s, i), "byte 0x%02X is not UTF-8; save the file as UTF-8", p[i]);
		if (!p[i] || !n) return false;
		i += n;
	}
	return true;
}

/* A declared encoding other than UTF-8 would make the reader convert the bytes. */
static bool check_encoding(const struct source *s, struct err_list *e)
{
	const char *begin = s->text + s->begin;
	const char *end = strncmp(begin, "<?xml", 5) ? NULL : strstr(begin, "?>");
	const char *word = end ? strstr(begin, "encoding") : NULL;
	if (!word || word > end) return true;
	const char *quote = word + strcspn(word, "\"'");
	if (quote >= end || (!strncasecmp(quote + 1, "utf-8", 5) && quote[6] == *quote)) return true;
	err_at(e, place(s, (size_t)(quote + 1 - s->text)),
	    "the file declares another encoding; save it as UTF-8 and write encoding=\"UTF-8\"");
	return false;
}

size_t source_attrs(const struct source *s, size_t offset,
    struct source_attr attr[SOURCE_ATTRS_MAX])
{
	static const char blank[] = " \t\r\n";
	const char *t = s->text, *p = t + offset + 1;
	size_t count = 0;
	p += strcspn(p, " \t\r\n/><");
	while (count < SOURCE_ATTRS_MAX) {
		p += strspn(p, " \t\r\n/");
		size_t name_size = strcspn(p, " \t\r\n=/><");
		const char *name = p, *eq = p + name_size;
		eq += strspn(eq, blank);
		if (!name_size || *eq != '=') break;
		const char *quote = eq + 1 + strspn(eq + 1, blank);
		if (*quote != '"' && *quote != '\'') break;
		attr[count++] = (struct source_attr){ (size_t)(name - t), name_size,
			(size_t)(quote + 1 - t) };
		p = strpbrk(quote + 1, *quote == '"' ? "\"<" : "'<");
		if (!p || *p == '<') break;
		p++;
	}
	return count;
}

/* Behind the end of a comment and the like, NULL when it has none. */
static const char *behind(const char *p, const char *end)
{
	const char *found = strstr(p, end);
	return found ? found + strlen(end) : NULL;
}

static bool add_tag(struct source *s, size_t offset, struct err_list *e)
{
	struct source_attr attr[SOURCE_ATTRS_MAX];
	s->tag = mem_grow(s->tag, s->tags, &s->tags_cap, sizeof *s->tag);
	s->tag[s->tags++] = offset;
	if (source_attrs(s, offset, attr) < SOURCE_ATTRS_MAX) return true;
	err_at(e, place(s, offset), "an element with %d attributes or more", SOURCE_ATTRS_MAX);
	return false;
}

/* Lists the start tags. Markup that is broken ends the list: the XML reader
 * stops there too, and says what is wrong. */
static bool find_tags(struct source *s, struct err_list *e)
{
	const char *p = s->text + s->begin;
	while (p && (p = strchr(p, '<'))) {
		if (!strncmp(p, "<!--", 4)) p = behind(p + 4, "-->");
		else if (!strncmp(p, "<![CDATA[", 9)) p = behind(p + 9, "]]>");
		else if (p[1] == '?') p = behind(p + 2, "?>");
		else if (p[1] == '/') p += 2;
		else if (p[1] == '!') break;
		else if (!add_tag(s, (size_t)(p - s->text), e)) return false;
		else p++;
	}
	if (p && !strncmp(p, "<!DOCTYPE", 9)) s->doctype = (size_t)(p - s->text);
	return true;
}

static bool check(struct source *s, struct err_list *e)
{
	s->begin = strncmp(s->text, "\xef\xbb\xbf", 3) ? 0 : 3;
	return check_bytes(s, e) && check_encoding(s, e) && find_tags(s, e);
}

bool source_read(struct source *s, const char *path, struct err_pos at, struct err_list *e)
{
	*s = (struct source){ .path = path };
	off_t size;
	const char *why;
	int fd = open_regular(path, &size, &why);
	if (fd < 0) {
		if (at.file) err_at(e, at, "cannot read '%s': %s", path, why);
		else err_at(e, (struct err_pos){ .file = path }, "cannot read it: %s", why);
		return false;
	}
	s->text = mem_new((size_t)size + 1, 1);
	bool ok = read_all(fd, s->text, (size_t)size, &s->size);
	if (!ok) err_at(e, (struct err_pos){ .file = path }, "cannot read it: %s", strerror(errno));
	close(fd);
	return ok && check(s, e);
}

void source_fini(struct source *s)
{
	free(s->text);
	free(s->tag);
	*s = (struct source){ 0 };
}

struct err_pos source_pos(const struct source *s, struct source_cursor *c, size_t offset)
{
	for (; c->offset < offset; c->offset++) {
		unsigned char byte = (unsigned char)s->text[c->offset];
		if (byte == '\n') {
			c->line++;
			c->col = 0;
		} else if ((byte & 0xc0) != 0x80 && c->offset >= s->begin) {
			c->col++;
		}
	}
	return (struct err_pos){ s->path, c->line + 1, c->col + 1 };
}
