/*
 * Arrays of codes, small whole numbers, of 4, 8, 16 or 32 bits each: a window's
 * records in as little memory as they need.
 */
#ifndef CODES_H
#define CODES_H

#include <stddef.h>
#include <stdint.h>

/* Bits for codes up to max. */
static inline unsigned
codes_bits(size_t max)
{
	return max < 16            ? 4
	       : max <= UINT8_MAX  ? 8
	       : max <= UINT16_MAX ? 16
				   : 32;
}

/* Bytes of n codes, so that an array of any others may follow. */
static inline size_t
codes_size(unsigned bits, size_t n)
{
	return (n * bits + 31) / 32 * 4;
}

static inline uint32_t
codes_at(const void *codes, unsigned bits, size_t i)
{
	const uint8_t *byte = codes;

	return bits == 4    ? (byte[i / 2] >> i % 2 * 4) & 15u
	       : bits == 8  ? byte[i]
	       : bits == 16 ? ((const uint16_t *)codes)[i]
			    : ((const uint32_t *)codes)[i];
}

/* code is one that has room in the bits. */
static inline void
codes_set(void *codes, unsigned bits, size_t i, uint32_t code)
{
	uint8_t *byte = codes;
	unsigned shift = i % 2 * 4;

	if (bits == 4)
		byte[i / 2] = (uint8_t)((byte[i / 2] & ~(15u << shift)) |
					code << shift);
	else if (bits == 8)
		byte[i] = (uint8_t)code;
	else if (bits == 16)
		((uint16_t *)codes)[i] = (uint16_t)code;
	else
		((uint32_t *)codes)[i] = code;
}

#endif
