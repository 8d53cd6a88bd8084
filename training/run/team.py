"""One process a stream, all on one model: on two cores, two processes of one thread each multiply faster than one of two.

The float32 weights and their shadows lie in shared memory. In a step each process computes the gradients of its own
segments; the first adds up what the others laid into shared memory, and moves the weights. All wait for each other three times a step.
"""

import multiprocessing
import multiprocessing.connection
import os
import threading

import torch

from training.model.shadows import BLOCK, Shadows

PATIENCE = 3600  # Seconds: a process may be stopped while something is measured.


class Team:
  """kinds_of_loss: how many losses each process reports of a step, in `losses` [size, kinds_of_loss]."""

  def __init__(self, model, size, kinds_of_loss):
    self.model, self.size, self.rank = model.share_memory(), size, 0
    self.shadows = Shadows(model)
    self.trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    self.gradients = [[torch.zeros_like(p).share_memory_() for p in self.trained] for _ in range(size - 1)]
    self.losses = torch.zeros(size, kinds_of_loss, dtype=torch.float64).share_memory_()
    self.weights = torch.zeros(size).share_memory_()  # Of the step's tokens, from each process; written before `refresh`.
    self.ended = torch.zeros(1, dtype=torch.bool).share_memory_()  # The first tells the others.
    self.rounds = torch.zeros(1, dtype=torch.bool).share_memory_()  # The weights, too.
    self.context = multiprocessing.get_context("fork")
    self.barrier = self.context.Barrier(size)

  def start(self, work):
    """Calls `work` in the other processes, each with a `rank` of its own, and gives their ids."""
    def other(rank):
      self.rank = rank
      threading.Thread(target=end_with_first, daemon=True).start()
      work()

    self.others = [self.context.Process(target=other, args=(rank,), daemon=True) for rank in range(1, self.size)]
    for process in self.others:
      process.start()
    threading.Thread(target=self.watch, daemon=True).start()
    return [process.pid for process in self.others]

  def watch(self):
    """Nobody waits for a process that has died."""
    multiprocessing.connection.wait([process.sentinel for process in self.others])
    if not self.ended:
      self.barrier.abort()

  def wait(self):
    self.barrier.wait(PATIENCE)

  def refresh(self):
    """Copies the weights into their shadows, each process its share of them. False when the first process has ended the work."""
    self.wait()
    if self.ended:
      return False
    self.shadows.refresh(BLOCK if self.rounds else None, self.rank, self.size)
    self.wait()
    return True

  def end(self):
    """Called by the first process; the others' `refresh` gives False then."""
    self.ended.fill_(True)
    self.wait()
    for process in self.others:
      process.join()

  def add_up(self):
    """Leaves the sum of all gradients with the first process."""
    self.shadows.collect()
    if self.rank:
      for shared, parameter in zip(self.gradients[self.rank - 1], self.trained):
        shared.zero_() if parameter.grad is None else shared.copy_(parameter.grad)
        parameter.grad = None
    self.wait()
    if self.rank == 0:
      for gradients in self.gradients:
        for shared, parameter in zip(gradients, self.trained):
          parameter.grad = shared.clone() if parameter.grad is None else parameter.grad.add_(shared)


def end_with_first():
  """No process outlives the first, however that ended."""
  multiprocessing.parent_process().join()
  os._exit(1)
