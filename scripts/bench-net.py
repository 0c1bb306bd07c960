"""Milliseconds that OpenCV's DNN module takes for an image of noise, the
median over a second and more, the same of processor time, and by how many kB
the process has grown: as tests/net/speed.c measures ours.

    bench-net.py CFG WEIGHTS BATCH THREADS

"-" for WEIGHTS: CFG is an ONNX file that takes 3 x 224 x 224.
"""

import re
import resource
import statistics
import sys
import time

import cv2
import numpy

cfg, weights, batch, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
cv2.setNumThreads(threads)
resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if weights == "-":
    net = cv2.dnn.readNetFromONNX(cfg)
    shape = [3, 224, 224]
else:
    net = cv2.dnn.readNetFromDarknet(cfg, weights)
    text = open(cfg).read()
    shape = [int(re.search(rf"^{key} *= *(\d+)", text, re.M).group(1))
             for key in ("channels", "height", "width")]
images = numpy.random.default_rng(1).random([batch] + shape, dtype="float32")


def predict():
    start = time.perf_counter(), time.process_time()
    net.setInput(images)
    net.forward()
    return time.perf_counter() - start[0], time.process_time() - start[1]


predict()
begin = time.perf_counter()
took = []
while len(took) < 5 or time.perf_counter() < begin + 1:
    took.append(predict())
print("%.4f %.4f %d" % (
    *(statistics.median(t) / batch * 1e3 for t in zip(*took)),
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident))
