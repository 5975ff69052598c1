#include "cli/sweep_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { WRITERS_MAX = 16 }; /* children that wait for the disk, besides those that compute */

struct child {
	pid_t pid; /* 0: none */
	size_t task;
	int out, err; /* ends of pipes; -1: closed */
	char *text;
	size_t text_size, text_cap;
	char said[POOL_SAID_MAX + 1];
	size_t said_size;
	struct timespec begin;
};

struct running {
	const struct pool *p;
	struct child *child;
	struct pollfd *poll;
	size_t slots, live, computing;
	bool stopping;
	int why; /* errno of a child that could not be made; 0: none */
};

/* ---- signals ---- */

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1 };
enum { SIGNALS = sizeof signals / sizeof *signals };

static volatile sig_atomic_t stop_wanted;

static void note_stop(int number)
{
	(void)number;
	stop_wanted = 1;
}

struct signals {
	struct sigaction before[SIGNALS];
	sigset_t mask;
};

/* They arrive while the pool waits, and at no other time. */
static void catch_signals(struct signals *s)
{
	struct sigaction action = { .sa_handler = note_stop };
	sigset_t all;
	sigemptyset(&all);
	stop_wanted = 0;
	for (int i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &s->before[i]);
		/* nohup and background shells ignore some: leave those. */
		if (s->before[i].sa_handler == SIG_IGN) continue;
		sigaction(signals[i], &action, NULL);
		sigaddset(&all, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &all, &s->mask);
}

static void release_signals(const struct signals *s)
{
	for (int i = 0; i < SIGNALS; i++) sigaction(signals[i], &s->before[i], NULL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* ---- a child ---- */

/* A group that is interrupted ends by itself; a parent that is killed cannot say so. */
static void begin_child(const struct signals *s, pid_t parent)
{
	for (int i = 0; i < SIGNALS; i++)
		if (s->before[i].sa_handler != SIG_IGN) signal(signals[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent) _exit(1); /* it died before it could be watched */
}

static void close_pair(const int fd[2])
{
	close(fd[0]);
	close(fd[1]);
}

static bool open_pipes(int out[2], int err[2])
{
	if (pipe2(out, O_CLOEXEC)) return false;
	if (!pipe2(err, O_CLOEXEC)) return true;
	close_pair(out);
	return false;
}

static struct child *free_slot(struct running *r)
{
	struct child *c = r->child;
	while (c->pid) c++;
	return c;
}

static bool start(struct running *r, size_t task, const struct signals *s)
{
	int out[2], err[2];
	pid_t parent = getpid();
	if (!open_pipes(out, err)) return false;
	fflush(NULL);
	pid_t pid = fork();
	if (pid < 0) {
		int why = errno;
		close_pair(out);
		close_pair(err);
		errno = why;
		return false;
	}
	if (!pid) {
		begin_child(s, parent);
		dup2(err[1], STDERR_FILENO);
		_exit(r->p->work(r->p->user, task, out[1]));
	}
	close(out[1]);
	close(err[1]);
	struct child *c = free_slot(r);
	*c = (struct child){ .pid = pid, .task = task, .out = out[0], .err = err[0] };
	clock_gettime(CLOCK_MONOTONIC, &c->begin);
	r->live++;
	r->computing++;
	return true;
}

/* ---- what children say ---- */

/* Keeps the end of it. */
static void keep_said(struct child *c, const char *data, size_t n)
{
	if (n > POOL_SAID_MAX) {
		data += n - POOL_SAID_MAX;
		n = POOL_SAID_MAX;
	}
	size_t keep = POOL_SAID_MAX - n < c->said_size ? POOL_SAID_MAX - n : c->said_size;
	memmove(c->said, c->said + c->said_size - keep, keep);
	memcpy(c->said + keep, data, n);
	c->said_size = keep + n;
}

static void keep_text(struct child *c, const char *data, size_t n)
{
	if (c->text_size + n > c->text_cap)
		c->text = mem_resize(c->text, c->text_cap = 2 * (c->text_size + n), 1);
	memcpy(c->text + c->text_size, data, n);
	c->text_size += n;
}

/* Reads what there is; closes the pipe at its end. */
static void hear(struct running *r, struct child *c, int *fd)
{
	char data[16384];
	ssize_t n = read(*fd, data, sizeof data);
	if (n < 0 && errno == EINTR) return;
	if (n > 0 && fd == &c->out) keep_text(c, data, (size_t)n);
	else if (n > 0) keep_said(c, data, (size_t)n);
	if (n > 0) return;
	close(*fd);
	*fd = -1;
	if (fd == &c->out) r->computing--;
}

static double seconds_since(const struct timespec *t)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) + 1e-9 * (double)(now.tv_nsec - t->tv_nsec);
}

/* Both pipes of the child are closed: it has ended or is about to. */
static void reap(struct running *r, struct child *c)
{
	struct pool_end end = { .task = c->task, .text = c->text, .text_size = c->text_size,
		.told = r->stopping };
	while (wait4(c->pid, &end.status, 0, &end.usage) < 0 && errno == EINTR) {}
	end.wall_s = seconds_since(&c->begin);
	c->said[c->said_size] = '\0';
	end.said = c->said;
	c->pid = 0;
	r->live--;
	r->p->ended(r->p->user, &end);
	free(c->text);
	c->text = NULL;
}

static void stop_children(const struct running *r)
{
	for (size_t i = 0; i < r->slots; i++)
		if (r->child[i].pid) kill(r->child[i].pid, SIGTERM);
}

/* Waits until a child says something, a signal comes or the time is up. */
static void wait_for_news(struct running *r, const struct signals *s)
{
	for (size_t i = 0; i < r->slots; i++) {
		const struct child *c = &r->child[i];
		r->poll[2 * i] = (struct pollfd){ .fd = c->pid ? c->out : -1, .events = POLLIN };
		r->poll[2 * i + 1] = (struct pollfd){ .fd = c->pid ? c->err : -1, .events = POLLIN };
	}
	if (ppoll(r->poll, 2 * r->slots, NULL, &s->mask) < 0) return;
	for (size_t i = 0; i < r->slots; i++) {
		struct child *c = &r->child[i];
		if (!c->pid) continue;
		if (r->poll[2 * i].revents) hear(r, c, &c->out);
		if (r->poll[2 * i + 1].revents) hear(r, c, &c->err);
		if (c->out < 0 && c->err < 0) reap(r, c);
	}
}

static void start_some(struct running *r, const struct signals *s)
{
	size_t task;
	while (!r->stopping && !r->why && r->computing < (size_t)r->p->jobs &&
	    r->live < r->slots && r->p->next(r->p->user, &task))
		if (!start(r, task, s)) r->why = errno;
}

enum pool_result pool_run(const struct pool *p)
{
	struct signals s;
	struct running r = { .p = p, .slots = (size_t)p->jobs + WRITERS_MAX };
	r.child = mem_new(r.slots, sizeof *r.child);
	r.poll = mem_new(2 * r.slots, sizeof *r.poll);
	catch_signals(&s);
	for (start_some(&r, &s); r.live; start_some(&r, &s)) {
		wait_for_news(&r, &s);
		if (stop_wanted && !r.stopping) {
			r.stopping = true;
			stop_children(&r);
		}
	}
	release_signals(&s);
	free(r.child);
	free(r.poll);
	errno = r.why;
	return r.stopping ? POOL_INTERRUPTED : r.why ? POOL_NO_CHILD : POOL_DONE;
}
