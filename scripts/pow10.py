#!/usr/bin/env python3
"""Makes lib/base/pow10.inc: scripts/pow10.py >lib/base/pow10.inc

The powers of ten from 10^-342 to 10^324, each rounded up to 128 bits of which
the first is 1, as two words, the high one first. So many are needed to read
and to write every double.
"""

print("/* 10^-342 .. 10^324 to 128 bits. Made by scripts/pow10.py. */")
for k in range(-342, 325):
    if k >= 0:
        shift = 128 - (10**k).bit_length()
        m = 10**k << shift if shift >= 0 else -(-(10**k) >> -shift)
    else:
        shift = 127 + (10**-k).bit_length()
        m = -(-(1 << shift) // 10**-k)
    assert m >> 127 == 1
    print("{0x%016x, 0x%016x}, /* %d */" % (m >> 64, m & (1 << 64) - 1, k))
