#include <string.h>

#include "image/format.h"

/* Bytes that a file has at a place. */
struct signature {
	size_t at, len;
	const char *bytes;
	enum format format;
	const char *why;
};

static const struct signature signatures[] = {
    {0, 8, "\x89PNG\r\n\x1a\n", FORMAT_PNG, NULL},
    {0, 3, "\xff\xd8\xff", FORMAT_JPEG, NULL},
    {0, 4, "GIF8", FORMAT_GIF, NULL},
    {0, 2, "BM", FORMAT_BMP, NULL},
    {0, 4, "8BPS", FORMAT_PSD, NULL},
    {0, 2, "P2", FORMAT_PNM, NULL},
    {0, 2, "P3", FORMAT_PNM, NULL},
    {0, 2, "P5", FORMAT_PNM, NULL},
    {0, 2, "P6", FORMAT_PNM, NULL},
    {0, 3, "\xff\xff\xd8", FORMAT_OTHER,
	"a JPEG image with bytes before its start"},
    {8, 4, "WEBP", FORMAT_WEBP, NULL},
    {4, 8, "ftypavif", FORMAT_HEIF, NULL},
    {4, 8, "ftypavis", FORMAT_HEIF, NULL},
    {4, 8, "ftypheic", FORMAT_HEIF, NULL},
    {4, 8, "ftypheix", FORMAT_HEIF, NULL},
    {4, 8, "ftyphevc", FORMAT_HEIF, NULL},
    {4, 8, "ftypheim", FORMAT_HEIF, NULL},
    {4, 8, "ftypheis", FORMAT_HEIF, NULL},
    {4, 8, "ftypmif1", FORMAT_HEIF, NULL},
    {4, 8, "ftypmif2", FORMAT_HEIF, NULL},
    {4, 8, "ftypmif3", FORMAT_HEIF, NULL},
    {4, 8, "ftypmsf1", FORMAT_HEIF, NULL},
    {4, 8, "ftypavci", FORMAT_OTHER, "a HEIF image of AVC, which is not read"},
    {4, 8, "ftypvvic", FORMAT_OTHER, "a HEIF image of VVC, which is not read"},
    {4, 8, "ftypj2ki", FORMAT_OTHER,
	"a HEIF image of JPEG 2000, which is not read"},
    {4, 8, "ftypjpeg", FORMAT_OTHER, "a HEIF image of JPEG, which is not read"},
    {4, 4, "ftyp", FORMAT_OTHER, "a film, not an image"},
    {0, 4, "II*\0", FORMAT_TIFF, NULL},
    {0, 4, "MM\0*", FORMAT_TIFF, NULL},
    {0, 4, "II+\0", FORMAT_TIFF, NULL},
    {0, 4, "MM\0+", FORMAT_TIFF, NULL},
    {0, 12, "\0\0\0\x0cJXL \r\n\x87\n", FORMAT_OTHER,
	"a JPEG XL image, which is not read"},
    {0, 2, "\xff\x0a", FORMAT_OTHER, "a JPEG XL image, which is not read"},
    {0, 12, "\0\0\0\x0cjP  \r\n\x87\n", FORMAT_OTHER,
	"a JPEG 2000 image, which is not read"},
    {0, 4, "\xff\x4f\xff\x51", FORMAT_OTHER,
	"a JPEG 2000 image, which is not read"},
    {0, 2, "P1", FORMAT_OTHER, "a PBM image, which is not read"},
    {0, 2, "P4", FORMAT_OTHER, "a PBM image, which is not read"},
    {0, 2, "P7", FORMAT_OTHER, "a PAM image, which is not read"},
    {0, 4, "\0\0\1\0", FORMAT_OTHER, "a Windows icon, which is not read"},
    {0, 10, "#?RADIANCE", FORMAT_OTHER, "an HDR image, which is not read"},
    {0, 4, "\x76\x2f\x31\x01", FORMAT_OTHER,
	"an OpenEXR image, which is not read"},
    {0, 4, "%PDF", FORMAT_OTHER, "a PDF document, not an image"},
    {0, 4, "<svg", FORMAT_OTHER, "an SVG drawing, which is not read"},
    {0, 5, "<?xml", FORMAT_OTHER, "an XML document, not an image"},
};

enum format
format_of(const unsigned char *data, size_t len, const char **why)
{
	const struct signature *s = signatures;

	for (size_t i = 0; i < sizeof(signatures) / sizeof(*s); i++, s++)
		if (len >= s->at + s->len &&
		    memcmp(data + s->at, s->bytes, s->len) == 0) {
			*why = s->why;
			return s->format;
		}
	return FORMAT_UNKNOWN;
}
