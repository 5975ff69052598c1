#include "cli/form.h"

bool form_of(const struct options *o, int json, enum table_form *form)
{
	static const enum table_form forms[] = { TABLE_JSON, TABLE_CSV, TABLE_MARKDOWN };
	int asked = 0;
	*form = TABLE_TEXT;
	for (int i = 0; i < 3; i++) {
		if (!options_flag(o, json + i)) continue;
		*form = forms[i];
		asked++;
	}
	if (asked < 2) return true;
	fprintf(stderr,
	    "hearth %s: error: --json, --csv and --md exclude each other; give one of them\n"
	    "Try 'hearth %s --help'.\n", o->cmd->name, o->cmd->name);
	return false;
}
