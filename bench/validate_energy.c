#include "bench/validate_energy.h"

bool validate_energy(struct validation *v, const struct object *catalogue, const char *folder,
    int *missing, struct err_list *e)
{
	struct validate_job j = { .v = v, .catalogue = catalogue, .folder = folder, .e = e };
	validate_ageing(&j);
	validate_sun(&j);
	validate_pv(&j);
	validate_roof(&j);
	validate_thermal(&j);
	validate_trajectories(&j);
	validate_cars(&j);
	validate_heat(&j);
	validate_homes(&j);
	validate_steps(&j);
	*missing = j.missing;
	return err_count(e) == 0;
}
