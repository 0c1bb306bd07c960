#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "special.h"

double
special_chi2_tail(double x, double df)
{
	gsl_sf_result r;
	int status;

	if (x <= 0)
		return 1;
	/* Its own handler would end the program. */
	gsl_set_error_handler_off();
	status = gsl_sf_gamma_inc_Q_e(df / 2, x / 2, &r);
	if (status == GSL_EUNDRFLW)
		return 0;
	return status == GSL_SUCCESS ? r.val : NAN;
}
