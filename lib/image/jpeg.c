#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "base/memory.h"
#include "image/jpeg.h"
#include "image/jpegnext.h"

enum { COMPONENTS = 4, CMYK = 4, RGB = 3, ASIDE = 8 };

struct decoder {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr messages;
	jmp_buf end; /* where an error leads */
	struct image *im;
	struct image_error *e;
	unsigned char *inks; /* a row of CMYK */
	unsigned char *row;  /* for who takes rows; or else NULL */
	int scanned[COMPONENTS];
};

/* libjpeg's messages that have a text of ours. */
static const struct reason {
	int code;
	const char *stage, *text;
} reasons[] = {
    {JERR_OUT_OF_MEMORY, "decode", NO_MEMORY},
    {JERR_IMAGE_TOO_BIG, "limit", "a side of more than 65500 pixels"},
    {JERR_EMPTY_IMAGE, "decode", "no pixels"},
    {JERR_BAD_PRECISION, "decode", "a JPEG image of more than 8 bits a sample"},
    {JERR_SOF_UNSUPPORTED, "decode", "a JPEG image of a kind that is not read"},
    {JERR_SOI_DUPLICATE, "decode", "an image within an image"},
    {JERR_SOF_DUPLICATE, "decode", "two frames in one image"},
    {JERR_SOS_NO_SOF, "decode", "a scan without a frame"},
    {JERR_SOF_NO_SOS, "decode", "a JPEG image without a scan"},
    {JERR_NO_IMAGE, "decode", "a JPEG image without a scan"},
    {JERR_NO_QUANT_TABLE, "decode", "no quantisation table"},
    {JERR_NO_HUFF_TABLE, "decode", "no Huffman table"},
    {JERR_NO_ARITH_TABLE, "decode", "no table for arithmetic coding"},
    {JERR_BAD_HUFF_TABLE, "decode", "bad Huffman table"},
    {JERR_DQT_INDEX, "decode", "bad quantisation table"},
    {JERR_DHT_INDEX, "decode", "bad Huffman table"},
    {JERR_DAC_INDEX, "decode", "bad table for arithmetic coding"},
    {JERR_DAC_VALUE, "decode", "bad table for arithmetic coding"},
    {JERR_BAD_LENGTH, "decode", "a segment of the wrong length"},
    {JERR_BAD_SAMPLING, "decode", "bad sampling factors"},
    {JERR_FRACT_SAMPLE_NOTIMPL, "decode", "sampling factors that don't divide"},
    {JERR_CCIR601_NOTIMPL, "decode", "sampling that is not read"},
    {JERR_COMPONENT_COUNT, "decode", "too many components"},
    {JERR_BAD_COMPONENT_ID, "decode", "bad scan header"},
    {JERR_BAD_MCU_SIZE, "decode", "bad sampling factors"},
    {JERR_BAD_PROGRESSION, "decode", "bad scan header"},
    {JERR_BAD_PROG_SCRIPT, "decode", "bad scan header"},
    {JERR_EOI_EXPECTED, "decode", "a scan too many"},
    {JERR_UNKNOWN_MARKER, "decode", "unknown marker"},
    {JERR_CONVERSION_NOTIMPL, "decode", "colours that are not read"},
    {JWRN_JPEG_EOF, "decode", "truncated"},
    {JWRN_HIT_MARKER, "decode", "damaged: a scan ends before its last pixel"},
    {JWRN_EXTRANEOUS_DATA, "decode", "damaged: a scan has bytes of no pixel"},
    {JWRN_MUST_RESYNC, "decode", "damaged: restarts that are not in turn"},
    {JWRN_HUFF_BAD_CODE, "decode", "damaged: no such Huffman code"},
    {JWRN_ARITH_BAD_CODE, "decode", "damaged: no such arithmetic code"},
    {JWRN_BOGUS_PROGRESSION, "decode", "damaged: scans that do not follow"},
};

_Noreturn static void
leave(struct decoder *r, const char *stage, const char *text)
{
	image_fail(r->e, stage, text);
	longjmp(r->end, 1);
}

_Noreturn static void
leave_by_message(j_common_ptr c)
{
	struct decoder *r = c->client_data;
	const struct reason *s = reasons;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*s); i++, s++)
		if (s->code == c->err->msg_code)
			leave(r, s->stage, s->text);
	leave(r, "decode", "damaged");
}

/*
 * Whether the n bytes before the next marker only fill up: zeros, fill bytes
 * and restarts after the last pixel.
 */
static int
only_fill(const struct jpeg_source_mgr *s, int n)
{
	for (int i = 1; i <= n; i++) {
		int byte = s->next_input_byte[-i];

		if (byte != 0 && byte != 0xff)
			return 0;
	}
	return 1;
}

/* libjpeg goes on after a warning: with what, if pixels depend on it? */
static void
take_message(j_common_ptr c, int level)
{
	struct decoder *r = c->client_data;

	if (level >= 0)
		return; /* a trace */
	switch (c->err->msg_code) {
	case JWRN_ADOBE_XFORM:
	case JWRN_BOGUS_ICC:
	case JWRN_JFIF_MAJOR:
	case JWRN_NOT_SEQUENTIAL:
		return;
	case JWRN_EXTRANEOUS_DATA:
		/* Before the first scan it is no pixel's. */
		if (r->d.input_scan_number == 0 ||
		    only_fill(r->d.src, c->err->msg_parm.i[0]))
			return;
	}
	leave_by_message(c);
}

static void
no_message(j_common_ptr c)
{
	(void)c;
}

/* Which components the scan has that comes next. */
static void
note_scan(struct decoder *r)
{
	for (int i = 0; i < r->d.comps_in_scan; i++)
		r->scanned[r->d.cur_comp_info[i]->component_index] = 1;
}

static void
read_header(struct decoder *r, size_t max_pixels)
{
	struct jpeg_decompress_struct *d = &r->d;

	jpeg_read_header(d, TRUE);
	if (image_check(r->im, (long)d->image_width, (long)d->image_height,
		max_pixels, r->e) < 0)
		longjmp(r->end, 1);
	if (d->num_components != 1 && d->num_components != RGB &&
	    d->num_components != CMYK)
		leave(r, "decode", "a number of components that is not read");
	d->out_color_space = d->num_components == 1      ? JCS_GRAYSCALE
			     : d->num_components == CMYK ? JCS_CMYK
							 : JCS_RGB;
	r->im->channels = d->num_components == 1 ? 1 : RGB;
	/* No pixel is made up of what is around it. */
	d->do_block_smoothing = FALSE;
	note_scan(r);
}

/* All scans are read before the first pixel is made. */
static void
read_scans(struct decoder *r)
{
	struct jpeg_decompress_struct *d = &r->d;
	int what;

	d->buffered_image = TRUE;
	jpeg_start_decompress(d);
	while ((what = jpeg_consume_input(d)) != JPEG_REACHED_EOI)
		if (what == JPEG_REACHED_SOS)
			note_scan(r);
	for (int i = 0; i < d->num_components; i++)
		if (!r->scanned[i] ||
		    (d->progressive_mode && d->coef_bits[i][0] < 0))
			leave(r, "decode", "a component without a scan");
	jpeg_start_output(d, d->input_scan_number);
}

/* inverted: 255 is no ink. */
static void
to_rgb(const unsigned char *inks, size_t n, int inverted, unsigned char *rgb)
{
	unsigned flip = inverted ? 0 : 255;

	for (size_t i = 0; i < n; i++, inks += CMYK)
		for (int k = 0; k < RGB; k++) {
			unsigned product = (inks[k] ^ flip) * (inks[3] ^ flip);

			*rgb++ = (unsigned char)((product + 127) / 255);
		}
}

/*
 * The smallest of the eight sizes that the library can decode to in which
 * neither side is too short, whichever way round the image is used.
 */
static void
shrink(struct decoder *r)
{
	struct jpeg_decompress_struct *d = &r->d;
	struct image *im = r->im;
	int most = im->enough[0] > im->enough[1] ? im->enough[0]
						 : im->enough[1];
	int side = im->width < im->height ? im->width : im->height;

	d->scale_denom = 8;
	d->scale_num = 8;
	while (most > 0 && d->scale_num > 1 &&
	       (long)side * (long)(d->scale_num - 1) / 8 >= most)
		d->scale_num--;
	if (d->scale_num == 8)
		return;
	jpeg_calc_output_dimensions(d);
	im->whole[0] = im->width;
	im->whole[1] = im->height;
	im->width = (int)d->output_width;
	im->height = (int)d->output_height;
}

/*
 * libjpeg-turbo writes a row that begins at a multiple of 16 past the caches,
 * from which it is to be read at once.
 */
static unsigned char *
make_row(struct decoder *r, int channels)
{
	unsigned char *row = r->d.mem->alloc_large((j_common_ptr)&r->d,
	    JPOOL_IMAGE, (size_t)r->im->width * (size_t)channels + ASIDE);

	return row + ASIDE;
}

/* Room for a row, where somebody takes these, or for the image. */
static void
make_room(struct decoder *r)
{
	const struct image_rows *rows = r->im->rows;
	int taken = rows == NULL ? 0 : rows->begin(rows->ctx, r->im, r->e);

	if (taken < 0 || (!taken && image_allocate(r->im, r->e) < 0))
		longjmp(r->end, 1);
	if (taken)
		r->row = make_row(r, r->im->channels);
	if (r->d.out_color_space == JCS_CMYK)
		r->inks = make_row(r, CMYK);
}

static void
read_pixels(struct decoder *r)
{
	struct jpeg_decompress_struct *d = &r->d;
	const struct image_rows *rows = r->im->rows;
	size_t bytes = (size_t)r->im->width * (size_t)r->im->channels;

	make_room(r);
	while (d->output_scanline < d->output_height) {
		unsigned char *to = r->row != NULL
					? r->row
					: r->im->pixels +
					      d->output_scanline * bytes;

		jpeg_read_scanlines(d, r->inks != NULL ? &r->inks : &to, 1);
		if (r->inks != NULL)
			to_rgb(r->inks, (size_t)r->im->width,
			    d->saw_Adobe_marker, to);
		if (r->row != NULL)
			rows->row(rows->ctx, r->row);
	}
}

static void
decode(
    struct decoder *r, const unsigned char *data, size_t len, size_t max_pixels)
{
	struct jpeg_decompress_struct *d = &r->d;

	jpeg_mem_src(d, data, len);
	read_header(r, max_pixels);
	shrink(r);
	if (jpeg_has_multiple_scans(d))
		read_scans(r);
	else
		jpeg_start_decompress(d);
	read_pixels(r);
	if (d->buffered_image)
		jpeg_finish_output(d);
	/* Up to the end of the image, which must be there. */
	jpeg_finish_decompress(d);
	r->im->frames_left = jpegnext_count(
	    data + len - d->src->bytes_in_buffer, data + len);
}

/*
 * Returns 0, or -1. The decoder is the caller's, since what setjmp's own
 * function has changed is not defined after longjmp.
 */
static int
attempt(
    struct decoder *r, const unsigned char *data, size_t len, size_t max_pixels)
{
	if (setjmp(r->end) != 0)
		return -1;
	jpeg_create_decompress(&r->d);
	decode(r, data, len, max_pixels);
	return 0;
}

int
jpeg_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct decoder r = {.im = im, .e = e};
	int result;

	r.d.err = jpeg_std_error(&r.messages);
	r.d.client_data = &r;
	r.messages.error_exit = leave_by_message;
	r.messages.emit_message = take_message;
	r.messages.output_message = no_message;
	result = attempt(&r, data, len, max_pixels);
	jpeg_destroy_decompress(&r.d);
	if (result < 0)
		image_free(im);
	return result;
}
