#!/usr/bin/python3
"""The families of damage that have a closed form, for corrupt_test.

    scripts/oracle-corrupt.py >tests/vectors/corrupt_numpy.txt

Each line is a family, a set of constants, a severity, and the samples of an
image of 9 x 7 in colour, damaged by NumPy and SciPy from the definitions. Where
a direction is drawn there is a line for each; one of them must come out.
Debian's python3-scipy.
"""
import colorsys
import itertools

import numpy as np
from scipy import ndimage

W, H = 9, 7
x, y, c = np.meshgrid(np.arange(W), np.arange(H), np.arange(3), indexing="xy")
IMAGE = ((x * 37 + y * 59 + c * 83 + x * y * 7) % 256) / 255.


def channels(f, v):
    return np.stack([f(v[..., i]) for i in range(3)], axis=2)


def hsv(v, change):
    out = np.empty_like(v)
    for i in np.ndindex(v.shape[:2]):
        h, s, value = colorsys.rgb_to_hsv(*v[i])
        out[i] = colorsys.hsv_to_rgb(*change(h, s, value))
    return out


def warp(v, m, shift=(0, 0)):
    """m takes (x, y) from the centre of the output to that of the input."""
    m = np.array(m)[::-1, ::-1]
    centre = np.array([(H - 1) / 2, (W - 1) / 2])
    offset = centre - m @ centre + np.array(shift)[::-1]
    return channels(lambda a: ndimage.affine_transform(
        a, m, offset, order=1, mode="grid-constant"), v)


def gaussian(v, sigma):
    return channels(lambda a: ndimage.gaussian_filter(
        a, sigma, mode="nearest", truncate=np.ceil(4 * sigma) / sigma), v)


def defocus(v, radius, alias):
    far = 16
    i, j = np.mgrid[-far:far + 1, -far:far + 1]
    disk = (i ** 2 + j ** 2 <= radius ** 2).astype(float)
    r = 1 if radius <= 8 else 2
    g = np.exp(-np.arange(-r, r + 1) ** 2 / (2 * alias ** 2))
    g = np.outer(g, g) / g.sum() ** 2
    kernel = ndimage.convolve(disk / disk.sum(), g, mode="constant")
    return channels(
        lambda a: ndimage.convolve(a, kernel, mode="nearest"), v)


def zoom(v, most, step):
    factors = 1 + step * np.arange(round((most - 1) / step) + 1)
    j, i = np.mgrid[:H, :W].astype(float)
    out = v.copy()
    for f in factors:
        at = [(H - 1) / 2 + (j - (H - 1) / 2) / f,
              (W - 1) / 2 + (i - (W - 1) / 2) / f]
        out += channels(lambda a: ndimage.map_coordinates(
            a, at, order=1, mode="nearest"), v)
    return out / (len(factors) + 1)


def pixelate(v, factor):
    w, h = max(1, int(W * factor)), max(1, int(H * factor))
    cell = (np.arange(H) * h // H)[:, None] * w + np.arange(W) * w // W
    return channels(lambda a: (np.bincount(cell.ravel(), a.ravel()) /
                               np.bincount(cell.ravel()))[cell], v)


def stripe(v, share):
    side, out = round(share * W), v.copy()
    out[:, :side] = 1 - out[:, :side]
    out[:, W - side:] = 1 - out[:, W - side:]
    return out


def either(f):
    return lambda v, *k: [f(v, sign * k[0]) for sign in (-1, 1)]


CLOSED = {
    "brightness": lambda v, k: hsv(v, lambda h, s, value: (
        h, s, min(1, value + k))),
    "contrast": lambda v, k: (v - v.mean((0, 1))) * k + v.mean((0, 1)),
    "saturate": lambda v, k, o: hsv(v, lambda h, s, value: (
        h, min(1, s * k + o), value)),
    "gamma": lambda v, k: v ** k,
    "stripe": stripe,
    "flip": lambda v, k: v[:, ::-1],
    "scale": lambda v, k: warp(v, [[1 / k, 0], [0, 1 / k]]),
    "rotate": either(lambda v, a: warp(v, [[np.cos(a), -np.sin(a)],
                                           [np.sin(a), np.cos(a)]])),
    "shear": either(lambda v, a: warp(v, [[1, -np.sin(a)], [0, np.cos(a)]])),
    "translate": lambda v, k: [
        warp(v, np.eye(2), (a * k, b * k))
        for a, b in itertools.product((-1, 1), (-1, 1))],
    "gaussian_blur": gaussian,
    "defocus_blur": defocus,
    "zoom_blur": zoom,
    "pixelate": pixelate,
}
# Published: CIFAR-10-C's and ImageNet-C's; ours where they have none.
CONSTANTS = {
    "brightness": [[.1, .2, .3, .4, .5], [.05, .1, .15, .2, .3]],
    "contrast": [[.4, .3, .2, .1, .05], [.75, .5, .4, .3, .15]],
    "saturate": [[(.3, 0), (.1, 0), (2, 0), (5, .1), (20, .2)],
                 [(.3, 0), (.1, 0), (1.5, 0), (2, .1), (2.5, .2)]],
    "gamma": [[1.2, 1.5, 2, 2.5, 3], [1.1, 1.2, 1.35, 1.5, 2]],
    "stripe": [[.05, .1, .15, .2, .25]] * 2,
    "flip": [[1] * 5] * 2,
    "scale": [[.9, .8, .7, .6, .5]] * 2,
    "rotate": [[.2, .4, .6, .8, 1]] * 2,
    "shear": [[.2, .4, .6, .8, 1]] * 2,
    "translate": [[1, 2, 3, 4, 5]] * 2,
    "gaussian_blur": [[1, 2, 3, 4, 6], [.4, .6, .7, .8, 1]],
    "defocus_blur": [[(3, .1), (4, .5), (6, .5), (8, .5), (10, .5)],
                     [(.3, .4), (.4, .5), (.5, .6), (1, .2), (1.5, .1)]],
    "zoom_blur": [
        [(1.1, .01), (1.15, .01), (1.2, .02), (1.25, .02), (1.3, .03)],
        [(1.05, .01), (1.1, .01), (1.15, .01), (1.2, .01), (1.25, .01)]],
    "pixelate": [[.6, .5, .4, .3, .25], [.95, .9, .85, .75, .65]],
}

for family, apply in CLOSED.items():
    for which, constants in enumerate(CONSTANTS[family]):
        for severity, k in enumerate(constants, 1):
            made = apply(IMAGE, *(k if isinstance(k, tuple) else (k,)))
            for v in made if isinstance(made, list) else [made]:
                v = np.rint(np.clip(v, 0, 1) * 255).astype(int).ravel()
                print(family, which, severity, *v)
