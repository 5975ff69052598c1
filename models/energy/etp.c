#include "models/energy/etp.h"

#include <assert.h>
#include <math.h>

/* The integral of exp(l t) over 0..dt, l < 0. */
static double integral_s(double l, double dt_s)
{
	return expm1(l * dt_s) / l;
}

/* Both eigenvalues of the matrix are real, apart and negative: it is similar to a
 * symmetric one. With them, f(A) = (f(l1) (A - l2) - f(l2) (A - l1)) / (l1 - l2). */
struct etp_step etp_step_make(const struct etp *p, double dt_s)
{
	assert(p->ua_w_k > 0 && p->hm_w_k > 0 && p->ca_j_k > 0 && p->cm_j_k > 0 && dt_s >= 0);
	double a = -(p->ua_w_k + p->hm_w_k) / p->ca_j_k, b = p->hm_w_k / p->ca_j_k;
	double c = p->hm_w_k / p->cm_j_k, d = -c;
	double apart = sqrt((a - d) * (a - d) + 4 * b * c);
	double fast = 0.5 * (a + d - apart);
	double slow = p->ua_w_k * c / (p->ca_j_k * fast); /* det A / fast: nothing cancels */
	double ef = exp(fast * dt_s), es = exp(slow * dt_s);
	double jf = integral_s(fast, dt_s), js = integral_s(slow, dt_s);
	return (struct etp_step){
		.aa = (es * (a - fast) - ef * (a - slow)) / apart,
		.am = (es - ef) * b / apart,
		.ma = (es - ef) * c / apart,
		.mm = (es * (d - fast) - ef * (d - slow)) / apart,
		.raa = (js * (a - fast) - jf * (a - slow)) / apart / p->ca_j_k,
		.ram = (js - jf) * b / apart / p->cm_j_k,
		.rmm = (js * (d - fast) - jf * (d - slow)) / apart / p->cm_j_k,
	};
}
