#include "cli/sweep_progress.h"

#include <stdio.h>
#include <unistd.h>

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) + 1e-9 * (double)(b->tv_nsec - a->tv_nsec);
}

void progress_begin(struct progress *p, size_t total)
{
	*p = (struct progress){ .shown = isatty(STDERR_FILENO), .total = total };
	clock_gettime(CLOCK_MONOTONIC, &p->begin);
}

void progress_skip(struct progress *p)
{
	p->total--;
}

char *progress_time(double seconds, char *buf, size_t size)
{
	long s = (long)(seconds + 0.5);
	if (s < 60) snprintf(buf, size, "%ld s", s);
	else if (s < 3600) snprintf(buf, size, "%ld min %ld s", s / 60, s % 60);
	else if (s < 86400) snprintf(buf, size, "%ld h %ld min", s / 3600, s / 60 % 60);
	else snprintf(buf, size, "%ld d %ld h", s / 86400, s / 3600 % 24);
	return buf;
}

/* What is left takes as long for each point as what was. */
void progress_step(struct progress *p, size_t done, size_t failed)
{
	struct timespec now;
	char left[64], lost[48] = "";
	size_t ended = done + failed;
	if (!p->shown || !ended) return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (p->last.tv_sec && ended < p->total && seconds_between(&p->last, &now) < 0.1) return;
	p->last = now;
	double each_s = seconds_between(&p->begin, &now) / (double)ended;
	if (failed) snprintf(lost, sizeof lost, ", %zu failed", failed);
	fprintf(stderr, "\r\033[Khearth sweep: %zu of %zu points%s, %s left", ended, p->total, lost,
	    progress_time(each_s * (double)(p->total - ended), left, sizeof left));
}

void progress_clear(const struct progress *p)
{
	if (p->shown) fputs("\r\033[K", stderr);
}
