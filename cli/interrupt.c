#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "cli/status.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };

static void stop(int number)
{
	static const char text[] = "\nhearth: interrupted; no results were written\n";
	(void)number;
	if (write(STDERR_FILENO, text, sizeof text - 1)) {} /* nothing to do when it fails */
	_exit(STATUS_INTERRUPTED);
}

static void set_all(void (*handler)(int))
{
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct sigaction action = { .sa_handler = handler }, old;
		sigaction(signals[i], NULL, &old);
		/* nohup and background shells ignore some: leave those. */
		if (old.sa_handler != SIG_IGN) sigaction(signals[i], &action, NULL);
	}
}

void interrupt_init(void)
{
	set_all(stop);
}

void interrupt_hold(void)
{
	set_all(SIG_IGN);
}
