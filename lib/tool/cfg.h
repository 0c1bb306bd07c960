/*
 * The configuration file: YAML, one section for each instance of a tool and a
 * shared section model:. driftpipe.yaml(5) describes it.
 * Foreign: libyaml.
 */
#ifndef CFG_H
#define CFG_H

#include "tool/opt.h"

/*
 * Sets the tool's options from its section, and from model: where the tool
 * uses it. An unknown key or section, a wrong type, a value out of range or
 * broken YAML is a message with file:line:column and exit 2.
 */
void cfg_load(const char *path, const struct tool *t);

/*
 * What the sections say under a key that is a number: calls take for each that
 * has it. A value that is no number, as above.
 */
void cfg_numbers(const char *path, const char *key,
    void (*take)(void *ctx, const char *section, double value), void *ctx);

#endif
