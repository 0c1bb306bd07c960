#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "net/netkeys.h"
#include "net/netpick.h"

/* Whether the word is the type's full or short name. */
static int
is_type(const char *word, const char *type)
{
	const struct netkeys_kind *k = netkeys_kind(word);

	return strcmp(word, type) == 0 ||
	       (k != NULL && strcmp(k->name, type) == 0);
}

int
netpick_layer(const struct net *n, const char *word)
{
	int layers = net_shape(n).layers;
	const char *digits = word + (*word == '-');
	long i;

	for (i = layers - 1; i >= 0; i--) {
		const char *name = net_layer_shape(n, (int)i).name;

		if (name != NULL && strcmp(word, name) == 0)
			return (int)i;
	}
	i = strtol(word, NULL, 10);
	if (*digits != '\0' && digits[strspn(digits, "0123456789")] == '\0')
		return i < -layers || i >= layers
			   ? -1
			   : (int)(i < 0 ? i + layers : i);
	if (strcmp(word, "penultimate") == 0)
		return net_penultimate(n);
	for (i = layers - 1; i >= 0; i--) {
		const char *type = net_layer_shape(n, (int)i).type;

		if (strcmp(word, "last") == 0 ? strcmp(type, "cost") != 0
					      : is_type(word, type))
			break;
	}
	return (int)i;
}
