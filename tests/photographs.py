"""What photographs.sh needs of PyTorch, as the owner of a model has it.

    photographs.py frames DIR COUNT SEED PHOTOGRAPH...
    photographs.py camera DIR COUNT SEED PHOTOGRAPH...
    photographs.py train NET PHOTOGRAPHS
    photographs.py test NET PHOTOGRAPHS

frames are what a camera sees that looks at the photographs: COUNT parts of
each, in DIR/NAME, or all in DIR in a random order. train makes a ResNet-18 of such directories, whose names are the
classes: no trained weights are at hand, so only its statistics and its last
layer are learnt. NET.onnx and NET.names are written, NET.pt is for test, which
prints how many frames PyTorch itself has right.
"""
import pathlib
import sys

import torch
import torchvision
from PIL import Image

torch.set_num_threads(1)
SIDE = 384
PREPARE = torchvision.transforms.Compose([
    torchvision.transforms.Resize(256),
    torchvision.transforms.CenterCrop(224),
    torchvision.transforms.ToTensor(),
    torchvision.transforms.Normalize([.485, .456, .406],
                                     [.229, .224, .225])])


def frames(to, count, seed, photographs, name):
    torch.manual_seed(seed)
    crop = torchvision.transforms.RandomResizedCrop(
        SIDE, scale=(.15, .3), ratio=(1, 1))
    place = torch.randperm(count * len(photographs)).tolist()
    for path in photographs:
        image = Image.open(path).convert('RGB')
        for _ in range(count):
            file = pathlib.Path(
                to, name.format(pathlib.Path(path).stem, place.pop()))
            file.parent.mkdir(parents=True, exist_ok=True)
            crop(image).save(file, quality=90)


def load(photographs):
    """The frames and their classes."""
    names = sorted(p.name for p in pathlib.Path(photographs).iterdir())
    files = sorted(pathlib.Path(photographs).glob('*/*.jpg'))
    return names, torch.stack([PREPARE(Image.open(f)) for f in files]), \
        torch.tensor([names.index(f.parent.name) for f in files])


def batches(images):
    return images.split(32)


def train(to, photographs):
    torch.manual_seed(1)
    names, images, truth = load(photographs)
    net = torchvision.models.resnet18(num_classes=len(names))
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.momentum = None  # the mean over all batches
    last, net.fc = net.fc, torch.nn.Identity()
    with torch.no_grad():
        for some in batches(images):
            net.train()(some)
        seen = torch.cat([net.eval()(some) for some in batches(images)])
    # The values differ little beside their means.
    mean, scale = seen.mean(0), seen.std(0) + 1e-3
    step = torch.optim.LBFGS(last.parameters(), max_iter=200)

    def loss():
        step.zero_grad()
        x = torch.nn.functional.cross_entropy(
            last((seen - mean) / scale), truth)
        x = x + 1e-3 * last.weight.square().sum()
        x.backward()
        return x

    step.step(loss)
    with torch.no_grad():
        last.weight /= scale
        last.bias -= last.weight @ mean
    net.fc = last
    # As imgcls(1) has it.
    torch.onnx.export(net.eval(), torch.zeros(1, 3, 224, 224), f'{to}.onnx')
    pathlib.Path(f'{to}.names').write_text(''.join(n + '\n' for n in names))
    torch.save(net, f'{to}.pt')


def test(net, photographs):
    _, images, truth = load(photographs)
    with torch.no_grad():
        said = torch.cat([torch.load(f'{net}.pt')(some).argmax(1)
                          for some in batches(images)])
    print(f'{int((said == truth).sum())} of {len(truth)} right')


if sys.argv[1] in ('frames', 'camera'):
    frames(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:],
           '{0}/{1:06}.jpg' if sys.argv[1] == 'frames' else '{1:06}.jpg')
elif sys.argv[1] == 'train':
    train(sys.argv[2], sys.argv[3])
else:
    test(sys.argv[2], sys.argv[3])
