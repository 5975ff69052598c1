/* A web server on the loopback device, in a process of its own, for tests of what asks one. */
#ifndef HEARTH_TESTS_FAKE_SERVER_H
#define HEARTH_TESTS_FAKE_SERVER_H

/* What it answers a path that begins so: the bytes as they are, then the connection ends.
 * "" is a server that says nothing. A path of no row gets status 404. Of rows with the
 * same path each answers once, in their order, and the last from then on. */
struct fake_answer {
	const char *path, *bytes; /* path NULL ends the list */
};

/* Returns "127.0.0.1:PORT", static. One server at a time. */
const char *fake_server(const struct fake_answer *answers);
void fake_server_stop(void);

/* A whole answer of status 200 with a body; static, eight at a time. */
const char *fake_ok(const char *body);

#endif
