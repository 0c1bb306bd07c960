"""Milliseconds that OpenCV's DNN module takes for an image of noise, the
median over a second and more, as tests/net/speed.c measures ours.

    bench-net.py CFG WEIGHTS BATCH THREADS
"""

import re
import statistics
import sys
import time

import cv2
import numpy

cfg, weights, batch, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
cv2.setNumThreads(threads)
net = cv2.dnn.readNetFromDarknet(cfg, weights)
text = open(cfg).read()
shape = [int(re.search(rf"^{key} *= *(\d+)", text, re.M).group(1))
         for key in ("channels", "height", "width")]
images = numpy.random.default_rng(1).random([batch] + shape, dtype="float32")


def predict():
    start = time.perf_counter()
    net.setInput(images)
    net.forward()
    return time.perf_counter() - start


predict()
begin = time.perf_counter()
took = []
while len(took) < 5 or time.perf_counter() < begin + 1:
    took.append(predict())
print("%.4f" % (statistics.median(took) / batch * 1e3))
