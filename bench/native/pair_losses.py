# DPO loss and both gradients of B pairs in PyTorch, Float64: four arrays in one file.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
import torch.nn.functional as F
from serve import serve

x = torch.frombuffer(bytearray(open(sys.argv[1], "rb").read()), dtype=torch.float64).reshape(4, -1)
pw, pl, rw, rl = (row.clone() for row in x)
pw.requires_grad_()
pl.requires_grad_()


def run():
    loss = -F.logsigmoid(0.1 * ((pw - rw) - (pl - rl))).mean()
    torch.autograd.grad(loss, (pw, pl))
    return loss.item()


serve(run)
