#include "bench/joules/http.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

enum { ANSWER_MAX = 64 << 10 };

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct talk {
	int fd;
	double until_s;
	char *why;
	size_t why_size;
};

static int fail(struct talk *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int fail(struct talk *t, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(t->why, t->why_size, fmt, args);
	va_end(args);
	return -1;
}

static bool copy(char *to, size_t size, const char *from, size_t n)
{
	if (n >= size) return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

static bool refuse(char *why, size_t why_size, const char *reason)
{
	snprintf(why, why_size, "%s", reason);
	return false;
}

bool http_url_parse(const char *text, struct http_url *url, char *why, size_t why_size)
{
	const char *host, *end, *port = "80";
	size_t host_n, port_n = 2;
	*url = (struct http_url){ 0 };
	if (!text_same_n(text, "http://", 7)) return refuse(why, why_size, "does not begin with http://");
	host = text + 7;
	end = host + strcspn(host, "/?#");
	host_n = strcspn(host, ":/?#");
	if (host[host_n] == ':') {
		port = host + host_n + 1;
		port_n = (size_t)(end - port);
	}
	if (!host_n || strcspn(host, "@[ \t\r\n") < (size_t)(end - host))
		return refuse(why, why_size, "has no plain name or IPv4 address after http://");
	if (!port_n || strspn(port, "0123456789") < port_n ||
	    !copy(url->port, sizeof url->port, port, port_n))
		return refuse(why, why_size, "has a port that is no number");
	if (strcspn(end, " \t\r\n") < strlen(end)) return refuse(why, why_size, "has spaces in it");
	if (!copy(url->host, sizeof url->host, host, host_n) ||
	    !copy(url->path, sizeof url->path, end, strcspn(end, "#")))
		return refuse(why, why_size, "is too long");
	return true;
}

/* Waits until the socket can be read or written. */
static bool ready(struct talk *t, short events)
{
	struct pollfd p = { .fd = t->fd, .events = events };
	for (;;) {
		double left_s = t->until_s - now_s();
		if (left_s <= 0) return false;
		int n = poll(&p, 1, (int)(left_s * 1e3) + 1);
		if (n > 0) return true;
		if (n < 0 && errno != EINTR) return false;
	}
}

static int connect_one(struct talk *t, const struct addrinfo *a)
{
	int error = 0;
	socklen_t size = sizeof error;
	t->fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (t->fd < 0) return errno;
	if (connect(t->fd, a->ai_addr, a->ai_addrlen)) error = errno;
	if (error == EINPROGRESS) {
		if (!ready(t, POLLOUT))
			error = ETIMEDOUT;
		else if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size))
			error = errno;
	}
	if (error) close(t->fd);
	return error;
}

static int connect_any(struct talk *t, const struct http_url *url)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	int error = getaddrinfo(url->host, url->port, &hints, &list);
	if (error) return fail(t, "%s: %s", url->host, gai_strerror(error));
	for (struct addrinfo *a = list; a; a = a->ai_next)
		if (!(error = connect_one(t, a))) break;
	freeaddrinfo(list);
	if (error) return fail(t, "%s port %s: %s", url->host, url->port, strerror(error));
	return 0;
}

static int send_all(struct talk *t, const char *text)
{
	size_t left = strlen(text);
	while (left) {
		if (!ready(t, POLLOUT)) return fail(t, "no answer in time");
		ssize_t n = send(t->fd, text, left, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(t, "while asking: %s", strerror(errno));
		if (n < 0) continue;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

/* Where the body begins; NULL: the head is not yet complete. */
static char *body_of(char *answer)
{
	char *end = strstr(answer, "\r\n\r\n");
	return end ? end + 4 : NULL;
}

/* The value of a field of the head, of which the text begins with the status line. */
static bool head_field(const char *answer, const char *body, const char *name, char *value,
    size_t size)
{
	size_t n = strlen(name);
	for (const char *line = strstr(answer, "\r\n"); line && line + 4 < body;
	     line = strstr(line + 2, "\r\n")) {
		if (!text_same_n(line + 2, name, n) || line[2 + n] != ':') continue;
		const char *from = line + 3 + n + strspn(line + 3 + n, " \t");
		return copy(value, size, from, strcspn(from, "\r"));
	}
	return false;
}

/* Length of the body that the head announces; -1: it ends with the connection. */
static long announced(const char *answer, const char *body)
{
	char value[32];
	int64_t n;
	if (!head_field(answer, body, "Content-Length", value, sizeof value)) return -1;
	return text_to_integer(value, &n) && n >= 0 && n <= ANSWER_MAX ? (long)n : ANSWER_MAX;
}

static bool is_chunked(const char *answer, const char *body)
{
	char coding[32];
	return head_field(answer, body, "Transfer-Encoding", coding, sizeof coding) &&
	    text_same(coding, "chunked");
}

/* All of it is there: the announced length, or the chunk of nothing at the end. */
static bool complete(const char *answer, size_t size, const char *body)
{
	long want = announced(answer, body);
	if (want >= 0) return answer + size >= body + want;
	return is_chunked(answer, body) && size >= 5 && !memcmp(answer + size - 5, "0\r\n\r\n", 5);
}

/* Reads until the answer is complete or, where it does not say its length, ended. */
static int receive(struct talk *t, char *answer, size_t *size)
{
	*size = 0;
	for (;;) {
		answer[*size] = '\0';
		char *body = body_of(answer);
		if (body && complete(answer, *size, body)) return 0;
		if (*size == ANSWER_MAX) return fail(t, "the answer is longer than %d bytes", ANSWER_MAX);
		if (!ready(t, POLLIN)) return fail(t, "no answer in time");
		ssize_t n = recv(t->fd, answer + *size, ANSWER_MAX - *size, 0);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(t, "while it answered: %s", strerror(errno));
		if (n > 0) *size += (size_t)n;
		if (n) continue;
		if (body && announced(answer, body) < 0 && !is_chunked(answer, body)) return 0;
		return fail(t, "the answer ends too early");
	}
}

/* Takes the sizes out of a body in chunks (RFC 9112, section 7.1), in place. */
static bool join_chunks(char *body, size_t *size)
{
	char *from = body, *to = body, *end = body + *size;
	for (;;) {
		char *after;
		unsigned long n = strtoul(from, &after, 16);
		char *data = strstr(from, "\r\n");
		if (after == from || !data || n > (unsigned long)(end - (data + 2))) return false;
		if (!n) break;
		memmove(to, data + 2, n);
		to += n;
		from = data + 2 + n;
		if (strncmp(from, "\r\n", 2)) return false;
		from += 2;
	}
	*to = '\0';
	*size = (size_t)(to - body);
	return true;
}

static int understand(struct talk *t, char *answer, size_t size, char *body, size_t body_size)
{
	int status;
	char *from = body_of(answer);
	if (sscanf(answer, "HTTP/1.%*1[01] %3d", &status) != 1)
		return fail(t, "the answer is not HTTP/1");
	size_t n = size - (size_t)(from - answer);
	if (is_chunked(answer, from) && !join_chunks(from, &n))
		return fail(t, "the answer's chunks are damaged");
	if (!copy(body, body_size, from, n))
		return fail(t, "the answer has %zu bytes, more than a meter's", n);
	return status;
}

int http_get(const struct http_url *url, const char *path, double timeout_s, char *body,
    size_t body_size, char *why, size_t why_size)
{
	struct talk t = { .fd = -1, .until_s = now_s() + timeout_s, .why = why, .why_size = why_size };
	char ask[1024], *answer;
	size_t size;
	*why = '\0';
	if (connect_any(&t, url)) return -1;
	snprintf(ask, sizeof ask,
	    "GET %s HTTP/1.1\r\nHost: %s:%s\r\nAccept: application/json\r\nConnection: close\r\n\r\n",
	    path, url->host, url->port);
	answer = mem_new(ANSWER_MAX + 1, 1);
	int status = send_all(&t, ask);
	if (!status) status = receive(&t, answer, &size);
	if (!status) status = understand(&t, answer, size, body, body_size);
	free(answer);
	close(t.fd);
	return status;
}
