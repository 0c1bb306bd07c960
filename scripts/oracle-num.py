#!/usr/bin/env python3
"""The shortest decimals of doubles, for num_test.

scripts/oracle-num.py >tests/vectors/shortest.tsv

Each line has the bits of a double in base 16, the digits of its shortest
decimal as Python's repr has them, and where the point is: 0.DIGITS times ten
to that power. Doubles are powers of two, those at the ends of a range or of a
form, and random ones.
"""
import random
import struct


def decimal(x):
    mantissa, _, e = repr(x).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    zeros = len(whole + fraction) - len(digits)
    return digits.rstrip("0"), len(whole) + int(e or 0) - zeros


random.seed(8259)
doubles = [2.0**e for e in range(-1074, 1024, 37)]
doubles += [2.0**e for e in (-1073, -1022, -1021, -44, 52, 53, 54, 63, 64, 1023)]
doubles += [5e-324, 2.225073858507201e-308, 1.7976931348623157e308, 1e23, 9e22,
    8.41e21, 1e22, 1e21, 1e20, 123456789012345680.0, 4.8726570057e288, 1.1e-6,
    1e-6, 9.999999e-7, 5e-7, 1e-5, 0.1, 0.3, 1 / 3, 2 / 3, 123456.789012,
    999999.999999, 0.000001]
while len(doubles) < 250:
    x = struct.unpack("<d", struct.pack("<Q", random.getrandbits(63)))[0]
    if 0 < x < float("inf"):
        doubles.append(x)
doubles += [random.random() * 10.0 ** random.randint(-8, 20) for _ in range(100)]
doubles += [random.randint(1, 10**6) / 10 ** random.randint(0, 6)
    for _ in range(50)]
for x in doubles:
    print("%s\t%s\t%d" % (struct.pack(">d", x).hex(), *decimal(x)))
