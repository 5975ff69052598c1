#include "bench/validate_spiking.h"

bool validate_spiking(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e)
{
	struct validate_job j = { .v = v, .catalogue = catalogue, .folder = folder, .e = e };
	validate_peers(&j);
	validate_chips(&j);
	validate_loihi(&j);
	validate_cards(&j);
	validate_break_even(&j);
	validate_rival(&j);
	validate_digits(&j);
	if (folder) validate_answers(&j);
	if (folder) validate_fp8(&j);
	*missing = j.missing;
	return err_count(e) == 0;
}
