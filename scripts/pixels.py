#!/usr/bin/python3
# Do our decoders say what another program's do? A table of agreement over
# directories of images, for suites that are public and are not kept here:
#
#	scripts/pixels.py BUILD DIR...
#
# Each image file goes through imgdegrade, which changes nothing without
# options, and through Pillow; AVIF files through avifdec, of Debian's
# libavif-bin; of HEIC there is no second decoder in Debian, and the table says
# what is read. FORMATS="webp tiff" takes only those. Sizes have to be the same
# after EXIF's turn. Samples of 8 bits may differ by 2, and of AVIF files, of
# whose film-like colours each makes RGB in its own way, by 2 on average; those
# of JPEG by nothing, as Pillow calls the same library. A line for each format
# of a directory, then one for each file that is not alike.
import os
import subprocess
import sys
import tempfile
import warnings

import numpy
from PIL import Image, ImageOps

warnings.simplefilter('ignore')
Image.MAX_IMAGE_PIXELS = None
FORMATS = {'jpg': 'jpeg', 'tif': 'tiff', 'heif': 'heic', 'pgm': 'pnm',
           'ppm': 'pnm', **{f: f for f in (
               'png', 'jpeg', 'webp', 'tiff', 'heic', 'avif', 'bmp', 'gif',
               'tga', 'psd')}}
ALONE = 'there is no second decoder'
build, roots = sys.argv[1], sys.argv[2:]
wanted = os.environ.get('FORMATS', ' '.join(FORMATS.values())).split()


def format_of(path):
    kind = FORMATS.get(os.path.splitext(path)[1].lower()[1:])
    return kind if kind in wanted else None


def by_avifdec(path):
    with tempfile.TemporaryDirectory() as d:
        r = subprocess.run(['avifdec', '-d', '8', path, d + '/a.png'],
                           capture_output=True, text=True, errors='replace')
        if r.returncode != 0:
            return (r.stdout + r.stderr).strip().split('\n')[-1]
        return by_pillow(d + '/a.png')


def by_pillow(path):
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


def theirs(path, kind):
    """Pixels of 8 bits, without alpha, or the reason."""
    if kind == 'heic':
        return ALONE
    return by_avifdec(path) if kind == 'avif' else by_pillow(path)


def ours(path):
    with tempfile.TemporaryDirectory() as d:
        r = subprocess.run([build + '/bin/imgdegrade', '-o', d, path],
                           capture_output=True, text=True, errors='replace')
        out = os.path.join(d, '000000.png')
        if not os.path.exists(out):
            return r.stderr.split('\n')[0].split(': ', 2)[-1]
        with Image.open(out) as im:
            return numpy.asarray(im).astype(float)


def compare(a, b, kind):
    """What differs, or None."""
    if a.ndim != b.ndim:
        a, b = (x if x.ndim == 3 else numpy.stack([x] * 3, 2) for x in (a, b))
    if a.shape != b.shape:
        return 'sizes %s and %s' % (a.shape, b.shape)
    d = abs(a - b)
    if d.max() <= (0 if kind == 'jpeg' else 2):
        return None
    if kind == 'avif' and d.mean() <= 2:
        return None
    return 'pixels differ by up to %d, %.2f on average' % (d.max(), d.mean())


def judge(path, kind):
    """What became of a file, a column of the table, and why."""
    a, b = ours(path), theirs(path, kind)
    if isinstance(a, str):
        if isinstance(b, str) and b != ALONE:
            return 'neither', None
        return 'other', 'not read: ' + a
    if isinstance(b, str):
        return 'ours', None if b == ALONE else 'only ours: ' + b
    why = compare(a, b, kind)
    return 'differ' if why else 'agree', why


COLUMNS = 'files', 'agree', 'differ', 'ours', 'other', 'neither'
print('%-24s %-6s %5s %5s %6s %5s %5s %7s' % ('directory', 'format', *COLUMNS))
bad = []
for root in roots:
    table = {}
    for where, _, names in sorted(os.walk(root)):
        for path in sorted(os.path.join(where, f) for f in names):
            kind = format_of(path)
            if kind is None:
                continue
            what, why = judge(path, kind)
            n = table.setdefault(kind, dict.fromkeys(COLUMNS, 0))
            n['files'] += 1
            n[what] += 1
            if why:
                bad.append((path, why))
    for kind, n in sorted(table.items()):
        print('%-24s %-6s %5d %5d %6d %5d %5d %7d' % (
            os.path.basename(root.rstrip('/')), kind, *n.values()))
for path, why in bad:
    print('%s: %s' % (path, why))
