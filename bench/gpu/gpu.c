#include "bench/gpu/gpu.h"

#include <stdarg.h>
#include <stdio.h>

void gpu_fault(struct gpu *g, const char *fmt, ...)
{
	if (*g->fault) return;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(g->fault, sizeof g->fault, fmt, ap);
	va_end(ap);
}

void gpu_close(struct gpu *g)
{
	if (g) g->ops->close(g);
}
