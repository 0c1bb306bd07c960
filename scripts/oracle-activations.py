#!/usr/bin/python3
"""Print the activations of darknet's AlexeyAB branch at some values, for
tests/lib/net/net_test.c.

	scripts/oracle-activations.py >tests/vectors/activations_numpy.txt

A line holds a name and 32 values of it: at x, and at 2 x; the line of x itself
comes first. The formulas are that branch's (lib/net/netact.h), the precision
is double.
"""
import numpy as np

x = np.array([-30, -20.5, -19.5, -8, -3, -2.5, -2, -1.5, -.75, -.1, 0, .3, 1,
              2.5, 6.5, 21])


def softplus(x, threshold=20):
    return np.where(x > threshold, x,
                    np.where(x < -threshold, np.exp(x), np.log(np.exp(x) + 1)))


activations = {
    "x": lambda x: x,
    "mish": lambda x: x * np.tanh(softplus(x)),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "hard_mish": lambda x: np.where(x > 0, x,
                                    np.where(x > -2, x * x / 2 + x, 0)),
    "gelu": lambda x: .5 * x * (1 + np.tanh(.797885 * x + .035677 * x**3)),
    "relu6": lambda x: np.clip(x, 0, 6),
}

for name, f in activations.items():
    print(name, *("%.9g" % v for v in f(np.concatenate([x, 2 * x]))))
