/*
 * What a model is known by in the records: 12 hexadecimal digits that stand for
 * the contents of its files and for the options that decide what it answers to
 * an image. 48 bits tell an owner's models apart; nobody is kept from making
 * two of one name.
 */
#ifndef MODELID_H
#define MODELID_H

/*
 * The name, which stands until the program ends. A file that can't be read is a
 * message and exit 2.
 */
const char *modelid_name(const char *cfg, const char *weights);

#endif
