#!/usr/bin/python3
# Do our decoders say what another program's do? A table of agreement over
# directories of images, for suites that are public and are not kept here:
#
#	scripts/pixels.py BUILD DIR...
#
# Each image file goes through imgdegrade, which changes nothing without
# options, and through Pillow. Sizes have to be the same after EXIF's turn,
# samples of 8 bits may differ by 2, those of JPEG by nothing, as Pillow calls
# the same library.
import os
import subprocess
import sys
import tempfile
import warnings

import numpy
from PIL import Image, ImageOps

warnings.simplefilter('ignore')
ENDS = ('.png', '.jpg', '.jpeg', '.bmp', '.gif', '.tga', '.pgm', '.ppm', '.psd')
build, roots = sys.argv[1], sys.argv[2:]


def theirs(path):
    """Pixels of 8 bits, without alpha, or the reason."""
    try:
        with Image.open(path) as im:
            im.load()
            im = ImageOps.exif_transpose(im)
            if im.mode.startswith('I'):
                a = numpy.asarray(im).astype(float) / 257
                return numpy.rint(a).clip(0, 255)
            if im.mode in ('1', 'L', 'LA'):
                return numpy.asarray(im.convert('L')).astype(float)
            return numpy.asarray(im.convert('RGB')).astype(float)
    except Exception as e:
        return str(e) or type(e).__name__


def ours(path):
    with tempfile.TemporaryDirectory() as d:
        r = subprocess.run([build + '/bin/imgdegrade', '-o', d, path],
                           capture_output=True, text=True, errors='replace')
        out = os.path.join(d, '000000.png')
        if not os.path.exists(out):
            return r.stderr.split('\n')[0].split(': ', 2)[-1]
        with Image.open(out) as im:
            return numpy.asarray(im).astype(float)


def compare(a, b, lossy):
    if a.ndim != b.ndim:
        a, b = (x if x.ndim == 3 else numpy.stack([x] * 3, 2) for x in (a, b))
    if a.shape != b.shape:
        return 'sizes %s and %s' % (a.shape, b.shape)
    d = abs(a - b)
    if d.max() <= (0 if lossy else 2):
        return None
    return 'pixels differ by up to %d, %.2f on average' % (d.max(), d.mean())


print('%-24s %5s %5s %6s %5s %5s %7s' % (
    'directory', 'files', 'agree', 'differ', 'ours', 'other', 'neither'))
bad = []
for root in roots:
    n = dict(files=0, agree=0, differ=0, ours=0, other=0, neither=0)
    for where, _, names in sorted(os.walk(root)):
        for path in sorted(os.path.join(where, f) for f in names):
            if not path.lower().endswith(ENDS):
                continue
            a, b = ours(path), theirs(path)
            n['files'] += 1
            if isinstance(a, str) or isinstance(b, str):
                what = ('neither' if isinstance(b, str) else 'other') \
                    if isinstance(a, str) else 'ours'
                why = 'only %s: %s' % (what, a if isinstance(a, str) else b)
                if what == 'neither':
                    why = None
            else:
                why = compare(a, b, path.lower().endswith(('jpg', 'jpeg')))
                what = 'differ' if why else 'agree'
            n[what] += 1
            if why:
                bad.append((path, why))
    print('%-24s %5d %5d %6d %5d %5d %7d' % (
        os.path.basename(root.rstrip('/')), *n.values()))
for path, why in bad:
    print('%s: %s' % (path, why))
