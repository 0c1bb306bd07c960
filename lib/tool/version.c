#include "tool/version.h"

const char version[] = VERSION;
const char version_revision[] = REVISION;
const char version_tools[] = TOOLS;
