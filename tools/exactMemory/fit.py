"""Fits the exact memory's mixture, and writes src/engine/exactMemory/weights.json.

    export GRIFFIN_SCRATCH=…                                    (what training/corpus.py has fetched)
    python tools/exactMemory/documents.py dev dev.jsonl
    node tools/exactMemory/run.mjs dump dev.jsonl dev.dump.jsonl
    node tools/exactMemory/run.mjs features dev.jsonl dev.dump.jsonl dev.features.jsonl
    python tools/exactMemory/fit.py dev.features.jsonl src/engine/exactMemory/weights.json

p = (1 − λ) p_model + λ p_memory, where p_memory is the matches' weighted vote times a power of p_model, and λ a logistic
function of what src/engine/exactMemory/mixing.ts computes; all numbers are fitted together, for the fewest bits. First on
every second package, to print what the others gain; then on all. Then: how likely the mixture picks what memory alone
would draft, another logistic function. Needs numpy and torch.

Tried on every second package of a sample, fewer bits on the others: without the power 27.3 %, with it 28.0 %; with both
sources mixed in on their own 27.8 %; with a hidden layer of 8 in λ 28.1 %.
"""

import json
import sys

import numpy as np
import torch

LENGTHS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32]
FEATURES = ["agreement", "logAgreement", "logMatches", "logVotes", "modelConfidence", "modelOnFavourite", "overlap",
            "mass"]
DRAFT_FEATURES = ["agreement", "logAgreement", "logMatches"]
# What lies further down is not told apart: the dump keeps only the likeliest tokens.
LEAST_LOG_PROBABILITY = -11
# Its package holds the same code three times, in three module formats.
LEFT_OUT = {"underscore"}
POSITIONS = 60_000


def main():
  source, out = sys.argv[1:]
  torch.manual_seed(0)
  data = Data(source)
  print(f"{data.n} positions of {len(data.packages)} packages, {data.model_nats.mean():.3f} nats a token")
  halves = [data.package % 2 == 0, data.package % 2 == 1]
  for train, test in (halves, halves[::-1]):
    weights = fit(data, train)
    print(f"fitted on one half: {saved(data, weights, train):.2%} fewer bits there, {saved(data, weights, test):.2%} on the other")
  weights = fit(data, halves[0] | halves[1])
  print(f"fitted on all: {saved(data, weights, halves[0] | halves[1]):.2%}")
  draft = fit_draft(data, weights)
  numbers = lambda values: [round(v, 3) for v in values.tolist()]
  with open(out, "w") as file:
    json.dump({"lengths": LENGTHS, "likelihoodPower": round(float(weights["likelihoodPower"]), 3),
               **{name: numbers(weights[name]) for name in ("repositoryVotes", "liveVotes", "repositoryTrust", "liveTrust")},
               "features": dict(zip(FEATURES, numbers(weights["features"]))),
               "draft": {"repositoryTrust": numbers(draft["repositoryTrust"]), "liveTrust": numbers(draft["liveTrust"]),
                         "features": dict(zip(DRAFT_FEATURES, numbers(draft["features"])))}}, file, indent=2)
    file.write("\n")


class Data:
  """Three levels: positions, the tokens found at each, and the matches (of one length) of each token."""

  def __init__(self, path):
    lines = [json.loads(line) for line in open(path)]
    lines = [line for line in lines if line["package"] not in LEFT_OUT]
    self.packages = sorted({line["package"] for line in lines})
    share = POSITIONS / sum(len(line["tokens"]) for line in lines)
    rng = np.random.default_rng(0)
    package, target, top, top_is, token_at, token_is, token_model, match_token, length, repository, live = ([] for _ in range(11))
    for line in lines:
      for expected, position in zip(line["tokens"], line["positions"]):
        if rng.random() > share:
          continue
        on_target, near = position["lm"]
        model = dict(zip(near[::2], near[1::2]))
        floor = near[-1] - 2  # A token that was not kept is less likely than all that were.
        index = {}
        for token, match_length, in_repository, in_live in position["found"]:
          if token not in index:
            index[token] = len(token_at)
            token_at.append(len(package))
            token_is.append(token == expected)
            token_model.append(max(LEAST_LOG_PROBABILITY, model.get(token, floor)))
            top_is.append(token == near[0])
          match_token.append(index[token])
          length.append(match_length)
          repository.append(in_repository)
          live.append(in_live)
        package.append(self.packages.index(line["package"]))
        target.append(on_target)
        top.append(near[1])
    self.n = len(package)
    integers, floats = (lambda v: torch.tensor(v)), (lambda v: torch.tensor(v, dtype=torch.float32))
    self.top_is = torch.tensor(top_is)
    self.package, self.model_nats, self.top = integers(package), -floats(target), floats(top)
    self.token_at, self.token_is, self.token_model = integers(token_at), floats(token_is), floats(token_model)
    self.match_token, self.repository, self.live = integers(match_token), floats(repository), floats(live)
    self.match_at = self.token_at[self.match_token]
    self.bucket = integers(np.searchsorted(LENGTHS, length, side="right") - 1)
    length = floats(length)
    longest = lambda of: of.new_zeros(self.n).scatter_reduce(0, self.match_at, of, "amax")
    self.longest = [longest(torch.where(count > 0, self.bucket + 1, 0)) for count in (self.repository, self.live)]
    at_longest = length == longest(length)[self.match_at]
    self.matches = self.sum(self.match_at, (self.repository + self.live) * at_longest)
    self.found = torch.zeros(self.n).index_fill(0, self.match_at, 1.0)

  def sum(self, at, values):
    return torch.zeros(self.n).index_add(0, at, values)

  def most(self, of_tokens):
    return torch.zeros(self.n).scatter_reduce(0, self.token_at, of_tokens, "amax")


def probability(data, weights):
  """Of each position's token, under the mixture."""
  share, trust = shares(data, weights)
  return (1 - trust) * (-data.model_nats).exp() + trust * data.sum(data.token_at, share * data.token_is)


def votes_of(data, weights):
  """By token."""
  votes = (data.repository * weights["repositoryVotes"].exp()[data.bucket]
           + data.live * weights["liveVotes"].exp()[data.bucket])
  return torch.zeros(len(data.token_at)).index_add(0, data.match_token, votes)


def shares(data, weights):
  """Each found token's share of the votes, and each position's trust in memory."""
  votes = votes_of(data, weights) * (weights["likelihoodPower"] * data.token_model).exp()
  total = data.sum(data.token_at, votes) + 1e-20
  share = votes / total[data.token_at]
  agreement = data.most(share)
  is_favourite = share >= agreement[data.token_at] - 1e-7
  on_favourite = torch.full((data.n,), LEAST_LOG_PROBABILITY * 1.0).scatter_reduce(
      0, data.token_at, torch.where(is_favourite, data.token_model, LEAST_LOG_PROBABILITY), "amax")
  overlap = data.sum(data.token_at, share * data.token_model.exp())
  mass = data.sum(data.token_at, data.token_model.exp())
  features = torch.stack([agreement, (agreement + 1e-3).log(), data.matches.log1p(), total.log(), data.top,
                          on_favourite, (overlap + 1e-4).log(), mass], 1)
  log_odds = (weights["repositoryTrust"][data.longest[0]] + weights["liveTrust"][data.longest[1]]
              + features @ weights["features"])
  return share, torch.sigmoid(log_odds) * data.found


def fit(data, where):
  size = len(LENGTHS)
  weights = {"repositoryVotes": torch.linspace(0, 6, size), "liveVotes": torch.linspace(0, 6, size),
             "repositoryTrust": torch.full((size + 1,), -1.0), "liveTrust": torch.zeros(size + 1),
             "features": torch.zeros(len(FEATURES)), "likelihoodPower": torch.tensor(0.3)}
  return minimize(weights, lambda: -probability(data, weights)[where].log().mean())


def fit_draft(data, weights):
  """When the token with most votes, without the model's say, is what the mixture picks."""
  size = len(LENGTHS)
  share, trust = shares(data, weights)
  mixed = trust[data.token_at] * share + (1 - trust[data.token_at]) * data.token_model.exp()
  # The model's own favourite may not be among memory's tokens.
  highest = torch.maximum(data.most(mixed), (1 - trust) * data.top.exp())
  votes = votes_of(data, weights)
  raw = votes / (data.sum(data.token_at, votes) + 1e-20)[data.token_at]
  agreement = data.most(raw)
  drafted = (raw >= agreement[data.token_at] - 1e-7) & (mixed >= highest[data.token_at] - 1e-7)
  picked = data.most(drafted.float())
  features = torch.stack([agreement, (agreement + 1e-3).log(), data.matches.log1p()], 1)
  draft = {"repositoryTrust": torch.zeros(size + 1), "liveTrust": torch.zeros(size + 1),
           "features": torch.zeros(len(DRAFT_FEATURES))}
  log_odds = lambda: (draft["repositoryTrust"][data.longest[0]] + draft["liveTrust"][data.longest[1]]
                      + features @ draft["features"])
  draft = minimize(draft, lambda: torch.nn.functional.binary_cross_entropy_with_logits(log_odds(), picked))
  likely = torch.sigmoid(log_odds())
  for least in (0.3, 0.5, 0.7, 0.9):
    some = likely >= least
    print(f"drafts likelier than {least}: at {some.float().mean():.0%} of the positions, {picked[some].mean():.0%} picked")
  return draft


def minimize(weights, loss_of):
  for value in weights.values():
    value.requires_grad_()
  optimizer = torch.optim.LBFGS(list(weights.values()), max_iter=60, line_search_fn="strong_wolfe", history_size=20)

  def loss():
    optimizer.zero_grad()
    nats = loss_of() + 1e-5 * sum((v ** 2).sum() for v in weights.values())
    nats.backward()
    return nats

  optimizer.step(loss)
  for value in weights.values():
    value.requires_grad_(False)
  return weights


def saved(data, weights, where):
  mixed = -probability(data, weights)[where].log().sum()
  return float(1 - mixed / data.model_nats[where].sum())


if __name__ == "__main__":
  main()
