#include <math.h>

#include "net/onnx/onnxrows.h"
#include "net/onnx/onnxstep.h"

void
onnxrows_reduce(const struct onnxstep_reduce *r, const float *x, float *out)
{
	for (long long o = 0; o < r->outs; o++) {
		const float *p = x + r->from[o];
		double sum = 0;
		float most = p[r->over[0]];

		for (long long i = 0; i < r->ins; i++) {
			sum += p[r->over[i]];
			most = most > p[r->over[i]] ? most : p[r->over[i]];
		}
		out[o] = r->f == ONNXSTEP_LARGEST ? most
			 : r->f == ONNXSTEP_MEAN ? (float)(sum / (double)r->ins)
						 : (float)sum;
	}
}

/* n numbers, inner apart. */
static void
softmax(const struct onnxstep_rows *r, const float *x, float *out)
{
	long long end = r->n * r->inner;
	double sum = 0;
	float most = x[0];

	for (long long i = 0; i < end; i += r->inner)
		most = x[i] > most ? x[i] : most;
	for (long long i = 0; i < end; i += r->inner)
		sum += exp((double)x[i] - most);
	for (long long i = 0; i < end; i += r->inner) {
		double d = (double)x[i] - most;

		out[i] = (float)(r->log ? d - log(sum) : exp(d) / sum);
	}
}

void
onnxrows_softmax(const struct onnxstep_rows *r, const float *x, float *out)
{
	for (long long o = 0; o < r->outer; o++)
		for (long long i = 0; i < r->inner; i++) {
			long long at = o * r->n * r->inner + i;

			softmax(r, x + at, out + at);
		}
}

void
onnxrows_norm(const struct onnxstep_rows *r, const float *const *in, float *out)
{
	const float *x = in[0];

	for (long long o = 0; o < r->outer; o++, x += r->n, out += r->n) {
		double mean = 0, square = 0, inverse;

		for (long long i = 0; i < r->n; i++)
			mean += x[i];
		mean /= (double)r->n;
		for (long long i = 0; i < r->n; i++)
			square += (x[i] - mean) * (x[i] - mean);
		inverse = 1 / sqrt(square / (double)r->n + r->epsilon);
		for (long long i = 0; i < r->n; i++)
			out[i] = (float)((x[i] - mean) * inverse) * in[1][i] +
				 (in[2] != NULL ? in[2][i] : 0);
	}
}

void
onnxrows_lrn(const struct onnxstep_lrn *l, const float *x, float *out)
{
	int before = (l->size - 1) / 2, after = l->size / 2;

	for (long long i = 0; i < l->images * l->channels * l->plane; i++) {
		long long c = i / l->plane % l->channels;
		long long low = c > before ? -before : -c;
		long long high = c + after < l->channels ? after
							 : l->channels - 1 - c;
		double sum = 0;

		for (long long k = low; k <= high; k++)
			sum += (double)x[i + k * l->plane] *
			       x[i + k * l->plane];
		out[i] = (float)(x[i] / pow(l->bias + l->alpha / l->size * sum,
					    l->beta));
	}
}
