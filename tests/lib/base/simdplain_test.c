/* The form of simd.h for other processors gives the same answers. */
#define SIMD_PLAIN
#include "simd_test.c"
