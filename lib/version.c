#include "version.h"

const char version[] = VERSION;
const char revision[] = REVISION;
const char tools[] = TOOLS;
