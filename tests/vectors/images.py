#!/usr/bin/python3
"""Small images of all depths and orientations, by other programs.

	tests/vectors/images.py DIRECTORY

needs Debian's python3-pil, imagemagick, libjpeg-turbo-progs, libtiff-tools and
libheif-examples. Writes the images and values.txt, a line for each: its name, width and height, and its samples as these programs
read them, red plane, green plane, blue plane, of 0 to 65535, upright, whatever
alpha says.
"""
import os
import struct
import subprocess
import sys

from PIL import Image, ImageOps

W, H = 6, 4
ORIENTATION = 0x0112


def convert(*words, data=None):
    return subprocess.run(
        ["convert", *words], input=data, stdout=subprocess.PIPE, check=True
    ).stdout


def line(name, width, height, samples):
    planes = [samples[c::3] for c in range(3)]
    print(name, width, height, *planes[0], *planes[1], *planes[2], file=values)


def turned(kind, n):
    """As a camera writes it that was held in way n."""
    name = f"turned{n}.{kind}"
    im = Image.new("RGB", (W, H))
    im.putdata([(40 * x + 20, 60 * y + 20, 20 * (x + y) + 40)
                for y in range(H) for x in range(W)])
    exif = Image.Exif()
    exif.endian = "<>"[n % 2]
    exif[ORIENTATION] = n
    im.save(name, exif=exif, quality=100, subsampling=0)
    up = Image.open(name)
    if kind != "tif":  # which Pillow turns by itself
        up = ImageOps.exif_transpose(up)
    up = up.convert("RGB")
    line(name, *up.size, [257 * v for p in up.getdata() for v in p])


def deep(name, *how, alpha=False, says=True):
    """A ramp that needs 16 bits, through ImageMagick."""
    samples = []
    for y in range(H):
        for x in range(W):
            samples += [10000 * x + 1234 * y + 7, 65535 - 321 * x - 9999 * y,
                        1000 + 11 * (x + 6 * y)]
            if alpha:
                samples += [65535 * ((x + y) % 4) // 3]
    convert("-size", f"{W}x{H}", "-depth", "16", "-endian", "MSB",
            "rgba:-" if alpha else "rgb:-", "-strip",
            "-define", "png:exclude-chunks=date,time", *how, name,
            data=struct.pack(f">{len(samples)}H", *samples))
    if says:
        raw = convert(name + "[0]", "-alpha", "off", "-depth", "16", "-endian", "MSB",
                      "rgb:-")
        line(name, W, H, struct.unpack(f">{3 * W * H}H", raw))


def coded(name, *command):
    """turned1.jpg with the same coefficients or colours, otherwise coded."""
    subprocess.run([*command, name], check=True)
    im = Image.open(name).convert("RGB")
    line(name, W, H, [257 * v for p in im.getdata() for v in p])


def kept(name, frames=1, mode="RGB", **how):
    """What Pillow writes and reads; of several frames the first counts."""
    all_frames = []
    for k in range(frames):
        im = Image.new("RGB", (W, H))
        im.putdata([(40 * x + 20, 60 * y + 20, 20 * (x + y) + 40 + k)
                    for y in range(H) for x in range(W)])
        im = im.convert(mode)
        if mode == "RGBA":
            im.putalpha(Image.linear_gradient("L").resize((W, H)))
        all_frames.append(im)
    if frames > 1:
        how.update(save_all=True, append_images=all_frames[1:])
    all_frames[0].save(name, **how)
    im = Image.open(name).convert("RGB")
    line(name, W, H, [257 * v for p in im.getdata() for v in p])


def high_bytes(name):
    """16 bits of grey, of which the high byte is read."""
    grey = [2711 * k + 77 for k in range(W * H)]
    Image.frombytes("I;16", (W, H), struct.pack(f"<{W * H}H", *grey)).save(name)
    line(name, W, H, [257 * (v >> 8) for v in grey for c in range(3)])


os.chdir(sys.argv[1])
values = open("values.txt", "w")
for i in range(1, 9):
    turned("jpg", i)
for i in 3, 6, 8:
    turned("png", i)
deep("rgb16.png", "-define", "png:color-type=2")
deep("grey16.png", "-colorspace", "gray", "-define", "png:color-type=0")
deep("alpha16.png", "-define", "png:color-type=6", alpha=True)
deep("alpha8.png", "-depth", "8", "-define", "png:color-type=6", alpha=True)
deep("greyalpha8.png", "-colorspace", "gray", "-depth", "8",
     "-define", "png:color-type=4", alpha=True)
deep("palette.png", "-colors", "7", "-define", "png:color-type=3", "-depth", "8")
deep("bit.png", "-colorspace", "gray", "-threshold", "50%",
     "-define", "png:color-type=0", "-define", "png:bit-depth=1")
deep("rgb16.ppm")
deep("grey16.pgm", "-colorspace", "gray")
deep("rgb16.psd", "-compress", "none")
deep("packed16.psd", "-compress", "RLE", says=False)
coded("arithmetic.jpg", "sh", "-c",
      'jpegtran -arithmetic -copy none turned1.jpg >"$0"')
coded("ycck.jpg", "convert", "turned1.jpg", "-colorspace", "CMYK", "-strip")
kept("lossless.webp", lossless=True)
kept("lossy.webp", quality=90)
kept("alpha.webp", mode="RGBA", lossless=True, exact=True)
kept("frames.webp", frames=3, lossless=True)
kept("plain.tif")
kept("lzw.tif", compression="tiff_lzw")
kept("deflate.tif", compression="tiff_adobe_deflate", mode="L")
kept("pages.tif", frames=3)
kept("alpha.tif", mode="RGBA")
high_bytes("grey16.tif")
for i in (2, 5, 6, 8):
    turned("tif", i)
turned("webp", 6)
coded("tiles.tif", "tiffcp", "-c", "lzw", "-t", "-w", "16", "-l", "16", "plain.tif")
kept("jpeg.tif", compression="jpeg")


def heif(*names):
    """Smooth colours that heif-enc codes nearly without loss."""
    im = Image.new("RGB", (32, 24))
    im.putdata([(7 * x, 9 * y, 3 * x + 5 * y)
                for y in range(24) for x in range(32)])
    im.save("smooth.png")
    for name in names:
        # Of several images the first is the one that is read.
        many = ["smooth.png"] * (2 if name.startswith("two") else 1)
        subprocess.run(["heif-enc", "-q", "95", "-p", "chroma=444", "-o",
                        name, *many], check=True)
    os.remove("smooth.png")


heif("smooth.heic", "smooth.avif", "two.heic")
