#include "bench/suite/pin.h"

#include <stdlib.h>

#include "base/mem.h"

void pin_init(struct pin *p)
{
	*p = (struct pin){ .chosen = -1 };
	p->works = !sched_getaffinity(0, sizeof p->all, &p->all);
	for (int i = 0; p->works && i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &p->all)) p->chosen = i;
	CPU_ZERO(&p->one);
	if (p->chosen >= 0) CPU_SET(p->chosen, &p->one);
}

void pin_hold(const struct pin *p)
{
	if (p->works) sched_setaffinity(0, sizeof p->one, &p->one);
}

void pin_release(const struct pin *p)
{
	if (p->works) sched_setaffinity(0, sizeof p->all, &p->all);
}

char *pin_words(const struct pin *p)
{
	const char *bind = getenv("OMP_PROC_BIND"), *places = getenv("OMP_PLACES");
	if (!p->works) return mem_text("not held: the kernel does not say where it may run");
	return mem_print("one thread: held to processor %d; several: %s%s%s%s", p->chosen,
	    !bind && !places ? "dealt out by the kernel" : "",
	    bind ? "OMP_PROC_BIND=" : "", bind ? bind : "",
	    places ? (bind ? " and OMP_PLACES" : "OMP_PLACES") : "");
}
