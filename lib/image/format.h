/* Which format a file has, by its first bytes. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>

enum format {
	FORMAT_UNKNOWN, /* TGA is: it begins with no signature */
	FORMAT_BMP,
	FORMAT_GIF,
	FORMAT_JPEG,
	FORMAT_PNG,
	FORMAT_PNM,
	FORMAT_PSD,
	FORMAT_HEIF,
	FORMAT_TIFF,
	FORMAT_WEBP,
	FORMAT_OTHER /* is known, and not read */
};

/* *why says what is not read, of FORMAT_OTHER; the text is static. */
enum format format_of(const unsigned char *data, size_t len, const char **why);

#endif
