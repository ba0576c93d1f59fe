# log p of one label a row of T x V logits in PyTorch: log_softmax and gather.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from serve import serve

V = int(sys.argv[2])
x = torch.frombuffer(bytearray(open(sys.argv[1], "rb").read()), dtype=torch.float64)
x = x.to(torch.float32) if sys.argv[3] == "32" else x
x = x.reshape(-1, V)
labels = (torch.arange(x.shape[0]) * 7919) % V


def run():
    return x.log_softmax(-1).gather(1, labels[:, None]).sum().item()


serve(run)
