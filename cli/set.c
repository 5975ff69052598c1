#include "cli/set.h"

#include <string.h>

const char *set_refuse(const char *value)
{
	const char *attribute = strrchr(value, '@');
	if (!strchr(value, '=')) return "has no '='; write XPATH=VALUE: '//solar/@share=0.7'";
	if (!attribute) return "names no attribute; write XPATH=VALUE: '//solar/@share=0.7'";
	return NULL;
}
