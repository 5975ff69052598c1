/* One GET of HTTP/1.1 (RFC 9112) from a small device on the network: no encryption, no
 * redirection, no proxy. */
#ifndef HEARTH_BENCH_JOULES_HTTP_H
#define HEARTH_BENCH_JOULES_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct http_url {
	char host[256], port[8];
	char path[512]; /* with its query; "" when the URL ends with the host */
};

/* "http://host[:port][/path]"; why says as a sentence's end what is wrong. */
bool http_url_parse(const char *text, struct http_url *url, char *why, size_t why_size);

/* Asks for `path` and puts what comes into body, with a NUL behind it. All of it, but for
 * the look-up of a name, takes at most timeout_s. Returns the status (200), or -1 with a
 * sentence in why. An answer that does not fit is a fault. */
int http_get(const struct http_url *url, const char *path, double timeout_s, char *body,
    size_t body_size, char *why, size_t why_size);

#endif
