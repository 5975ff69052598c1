#include "tests/fake_server.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit.h"

static pid_t server;

const char *fake_ok(const char *body)
{
	static char text[8][2048];
	static int next;
	char *to = text[next++ % 8];
	snprintf(to, sizeof *text, "HTTP/1.1 200 OK\r\nServer: fake\r\ncontent-length: %zu\r\n\r\n%s",
	    strlen(body), body);
	return to;
}

/* The answer to what was asked; counts how often each row was used. */
static const char *answer_to(const char *ask, const struct fake_answer *answers, int *used)
{
	const char *found = NULL;
	for (int i = 0; answers[i].path; i++) {
		if (strncmp(ask, "GET ", 4) || strncmp(ask + 4, answers[i].path, strlen(answers[i].path)))
			continue;
		found = answers[i].bytes;
		if (used[i]++) continue; /* a later row may be due */
		break;
	}
	return found ? found : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
}

static void serve(int door, const struct fake_answer *answers)
{
	int used[16] = { 0 };
	for (;;) {
		char ask[2048] = "";
		size_t size = 0;
		int fd = accept(door, NULL, NULL);
		while (!strstr(ask, "\r\n\r\n") && size < sizeof ask - 1) {
			ssize_t n = read(fd, ask + size, sizeof ask - 1 - size);
			if (n <= 0) break;
			ask[size += (size_t)n] = '\0';
		}
		const char *bytes = answer_to(ask, answers, used);
		if (!*bytes) continue; /* keeps the connection, and silent */
		if (write(fd, bytes, strlen(bytes)) < 0) _exit(1);
		close(fd);
	}
}

const char *fake_server(const struct fake_answer *answers)
{
	static char place[32];
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof at;
	int door = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert(not(bind(door, (struct sockaddr *)&at, size)));
	cr_assert(not(listen(door, 16)));
	cr_assert(not(getsockname(door, (struct sockaddr *)&at, &size)));
	server = fork();
	cr_assert(server >= 0);
	if (!server) serve(door, answers);
	close(door);
	snprintf(place, sizeof place, "127.0.0.1:%d", ntohs(at.sin_port));
	return place;
}

void fake_server_stop(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}
