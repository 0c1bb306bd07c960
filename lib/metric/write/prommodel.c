#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "metric/write/prommodel.h"
#include "tool/gzip.h"
#include "tool/err.h"
#include "tool/labels.h"

/*
 * Series of images, of all streams: so many fit into some 20 MB. What is over
 * the limit of what is written is counted exactly up to here.
 */
enum { LEAST_LIMIT = 100000 };

const char *
prommodel_stem(const char *path)
{
	char *name = err_strdup(path_base(path));
	char *dot = strrchr(name, '.');

	if (dot != NULL)
		*dot = '\0';
	return *name != '\0' ? name : NULL;
}

struct imgtally_setup
prommodel_describe(const struct prommodel *m)
{
	static struct labels labels;
	static char digest[32];
	struct imgtally_setup s = {
	    .limit = m->limit > LEAST_LIMIT ? m->limit : LEAST_LIMIT,
	    .top = m->top,
	    .model = m->name,
	    .version = m->version,
	    .known = m->name || m->version || m->weights || m->labels,
	};
	unsigned long crc;

	if (m->labels != NULL) {
		labels_load(&labels, m->labels);
		s.class = labels.name;
		s.classes = labels.n;
	}
	if (m->weights != NULL) {
		if (gzip_crc_file(m->weights, &crc) < 0)
			err_die("%s: %m", m->weights);
		snprintf(digest, sizeof(digest), "crc32:%08lx", crc);
		s.digest = digest;
	}
	if (s.model == NULL && m->weights != NULL)
		s.model = prommodel_stem(m->weights);
	if (s.model == NULL)
		s.model = "default";
	return s;
}
