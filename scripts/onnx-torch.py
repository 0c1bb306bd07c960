"""What onnx-torch.sh needs of PyTorch.

    onnx-torch.py export NETWORK OPSET DIR
    onnx-torch.py prepare BUILD DIR IMAGE...

export writes DIR/model.onnx and its case in DIR/test_data_set_0. Weights are
random, and so are the statistics of batch normalisation, which would do
nothing as they are at first. prepare compares --preset imagenet with
torchvision's transforms.
"""
import json
import subprocess
import sys
import warnings

import onnx
import torch
import torchvision
from onnx import helper, numpy_helper

warnings.filterwarnings('ignore')
torch.set_num_threads(1)


def randomise(net):
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.running_mean.normal_(0, .1)
            m.running_var.uniform_(.5, 1.5)
            m.weight.data.uniform_(.5, 1.5)
            m.bias.data.normal_(0, .1)
        # Equal biases become one, which OpenCV does not read.
        if isinstance(m, torch.nn.Conv2d) and m.bias is not None:
            m.bias.data.normal_(0, .1)
        if isinstance(m, torch.nn.Linear):
            torch.nn.init.normal_(m.weight, 0, m.in_features ** -.5)
    return net.eval()


def export(name, opset, to):
    torch.manual_seed(1)
    own = {'googlenet': {'aux_logits': False, 'init_weights': True},
           'inception_v3': {'aux_logits': False, 'init_weights': True}}
    net = randomise(getattr(torchvision.models, name)(
        weights=None, **own.get(name, {})))
    side = 299 if name == 'inception_v3' else 224
    image = torch.randn(1, 3, side, side)
    with torch.no_grad():
        logits = net(image)
    torch.onnx.export(net, image, f'{to}/model.onnx', opset_version=opset,
                      input_names=['image'], output_names=['logits'],
                      dynamic_axes={'image': {0: 'n'}, 'logits': {0: 'n'}})
    for kind, value, what in (('input', image, 'image'),
                              ('output', logits, 'logits')):
        with open(f'{to}/test_data_set_0/{kind}_0.pb', 'wb') as f:
            f.write(numpy_helper.from_array(
                value.numpy(), what).SerializeToString())


def prepare(build, to, names):
    """A network that hands on what it is given."""
    from PIL import Image
    x, y = (helper.make_tensor_value_info(n, 1, [1, 3, 224, 224])
            for n in 'xy')
    node = helper.make_node('Relu', ['x'], ['r'])
    again = helper.make_node('Sub', ['x', 'r'], ['s'])
    same = helper.make_node('Add', ['r', 's'], ['y'])
    model = helper.make_model(
        helper.make_graph([node, again, same], 'same', [x], [y]),
        opset_imports=[helper.make_opsetid('', 13)])
    onnx.save(model, f'{to}/same.onnx')
    steps = torchvision.transforms.Compose([
        torchvision.transforms.Resize(256),
        torchvision.transforms.CenterCrop(224),
        torchvision.transforms.ToTensor(),
        torchvision.transforms.Normalize([.485, .456, .406],
                                         [.229, .224, .225])])
    worst = 0
    for name in names:
        want = steps(Image.open(name).convert('RGB'))
        record = json.loads(subprocess.run(
            [f'{build}/bin/imgcls', '-m', f'{to}/same.onnx', '--preset',
             'imagenet', '--layer', 'y', '--top', '1', name],
            check=True, capture_output=True).stdout)
        got = torch.tensor(record['act']).reshape(3, 224, 224)
        # In steps of 8-bit samples.
        off = (got - want).abs() * torch.tensor(
            [.229, .224, .225]).reshape(3, 1, 1) * 255
        print(f'{name}: samples differ by {off.max():.0f} at most')
        worst = max(worst, float(off.max()))
    return worst > .01


if sys.argv[1] == 'export':
    export(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    sys.exit(prepare(sys.argv[2], sys.argv[3], sys.argv[4:]))
