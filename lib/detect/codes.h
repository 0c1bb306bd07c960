/*
 * Arrays of codes, small whole numbers, of 1, 2 or 4 bytes each: a window's
 * records in as little memory as they need.
 */
#ifndef CODES_H
#define CODES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes for codes up to max. */
static inline unsigned
codes_bytes(size_t max)
{
	return max <= UINT8_MAX ? 1 : max <= UINT16_MAX ? 2 : 4;
}

static inline uint32_t
codes_at(const void *codes, unsigned bytes, size_t i)
{
	return bytes == 1   ? ((const uint8_t *)codes)[i]
	       : bytes == 2 ? ((const uint16_t *)codes)[i]
			    : ((const uint32_t *)codes)[i];
}

/* code is one that has room in the bytes. */
static inline void
codes_set(void *codes, unsigned bytes, size_t i, uint32_t code)
{
	if (bytes == 1)
		((uint8_t *)codes)[i] = (uint8_t)code;
	else if (bytes == 2)
		((uint16_t *)codes)[i] = (uint16_t)code;
	else
		((uint32_t *)codes)[i] = code;
}

#endif
