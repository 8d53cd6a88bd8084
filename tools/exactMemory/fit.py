"""Fits the exact memory's mixture, and makes src/engine/exactMemory/weights.json of what was fitted.

    export GRIFFIN_SCRATCH=…                                    (what training/corpus.py has fetched)
    python tools/exactMemory/packages.py dev dev.jsonl
    node tools/exactMemory/run.mjs dump dev.jsonl dev.dump.jsonl
    python tools/exactMemory/fit.py fit dev.dump.jsonl NEW.json
    python tools/exactMemory/fit.py levels dev.dump.jsonl src/engine/exactMemory/weights.json
    python tools/exactMemory/fit.py trust tools/exactMemory/fitted.json src/engine/exactMemory/weights.json
    npx biome check --write src/engine/exactMemory/weights.json

p = (1 − λ) p_model + λ p_memory, where p_memory is the matches' weighted vote times a power of p_model, and λ a logistic
function of what src/engine/exactMemory/mixing.ts computes; all numbers are fitted together, for the fewest bits. First on
every second package, to print what the others gain; then on all. Then: how likely the mixture picks what memory alone
would draft, another logistic function. Needs numpy and torch.

Tried on every second package of a sample, fewer bits on the others: without the power 27.3 %, with it 28.0 %; with both
sources mixed in on their own 27.8 %; with a hidden layer of 8 in λ 28.1 %.

fitted.json is such a fit, of 60,000 positions after nothing but their file's own text. With the prompts of today (4,682
positions, 11 packages) a whole refit was worse on packages that it had not seen (1.375 nats a token against 1.344). So
weights.json has the fit's votes and features, and `trust` sets by hand how far the repository is believed: LEVEL lower than
fitted, which has most tokens and whole lines right (`levels` prints what others would be worth; 72.7 % and 103 of 427; the model
alone 70.0 % and 93, with the 1.1 that an empty text used to add 70.1 % against 70.6 % on a part). From 8 tokens on it rises to
what it was: so long a match is rare in this sample, and recall from afar rests on it
(`griffin eval --recall`: of 18 facts 17 instead of none that the window no longer sees).

The live document's own text that the prompt does not hold has LIVE_VOTES more than the repository's, and LIVE_TRUST, both by hand:
in 30 long files, its matches of 3 to 8 tokens were right in about ten of a hundred cases more than those of other files
(NUMBERS.md has what that is worth).
"""

import json
import os
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
SMOOTHNESS = 5
LEVEL = -0.5
# The trust in the longest matches, of 8, 10, 12, 16, 24 and 32 tokens.
LONG_TRUST = [-1.2, -0.7, 0, 0.5, 0.9, 0.86]
LIVE_VOTES = 0.5
# None for no match, and for those of 1 and 2 tokens; then of 3 to 8, and of 10 and more.
LIVE_TRUST = [0] * 3 + [0.25] * 5 + [0.8] * 5


def main():
  command, source, file = sys.argv[1:]
  {"fit": write_fit, "levels": print_levels, "trust": write_trusted}[command](source, file)


def write_fit(dump, new):
  if os.path.exists(new):
    sys.exit(f"{new} exists: a fit goes to a file of its own.")
  data = Data(dump)
  halves = [data.package % 2 == 0, data.package % 2 == 1]
  for train, test in (halves, halves[::-1]):
    weights = fit(data, train)
    right = is_picked(data, weights)[1]
    print(f"fitted on one half: {saved(data, weights, train):.2%} fewer bits there, {saved(data, weights, test):.2%} on the other,"
          f" where {data.is_right[test].float().mean():.2%} and then {right[test].float().mean():.2%} are right")
  weights = fit(data, halves[0] | halves[1])
  print(f"fitted on all: {saved(data, weights, halves[0] | halves[1]):.2%}")
  draft = fit_draft(data, weights)
  numbers = lambda values: [round(v, 3) for v in values.tolist()]
  with open(new, "x") as file:
    json.dump({"lengths": LENGTHS, "likelihoodPower": round(float(weights["likelihoodPower"]), 3),
               **{name: numbers(weights[name]) for name in ("repositoryVotes", "liveVotes", "repositoryTrust")},
               "liveTrust": [0, *numbers(weights["liveTrust"])],
               "features": dict(zip(FEATURES, numbers(weights["features"]))),
               "draft": {"repositoryTrust": numbers(draft["repositoryTrust"]), "liveTrust": numbers(draft["liveTrust"]),
                         "features": dict(zip(DRAFT_FEATURES, numbers(draft["features"])))}}, file, indent=2)
    file.write("\n")


def write_trusted(fitted, out):
  with open(fitted) as file:
    weights = json.load(file)
  short = weights["repositoryTrust"][:-len(LONG_TRUST)]
  weights |= {"repositoryTrust": [round(trust + LEVEL, 3) for trust in short] + LONG_TRUST,
              "liveVotes": [round(vote + LIVE_VOTES, 3) for vote in weights["repositoryVotes"]],
             "liveTrust": LIVE_TRUST}
  with open(out, "w") as file:
    json.dump(weights, file, indent=2)
    file.write("\n")


def print_levels(dump, weights):
  data = Data(dump)
  with open(weights) as file:
    written = json.load(file)
  names = ("repositoryVotes", "liveVotes", "repositoryTrust", "likelihoodPower")
  weights = {"liveTrust": torch.tensor(written["liveTrust"][1:]), **{name: torch.tensor(written[name]) for name in names},
             "features": torch.tensor([written["features"][name] for name in FEATURES])}
  print(f"the model alone: {data.is_right.float().mean():.2%} right")
  for more in (-0.5, -0.25, 0, 0.25, 0.5, 1):
    level = {**weights, "repositoryTrust": weights["repositoryTrust"] + more}
    nats, right = -probability(data, level).log().mean(), is_picked(data, level)[1]
    lost, won = (data.is_right & ~right).sum(), (right & ~data.is_right).sum()
    print(f"{more:+}: {nats:.4f} nats a token, {right.float().mean():.2%} right, {lost} lost and {won} won")


class Data:
  """Three levels: positions, the tokens found at each, and the matches (of one length) of each token."""

  def __init__(self, path):
    lines = [json.loads(line) for line in open(path)]
    lines = [line for line in lines if line["package"] not in LEFT_OUT]
    self.packages = sorted({line["package"] for line in lines})
    share = POSITIONS / sum(len(line["tokens"]) for line in lines)
    rng = np.random.default_rng(0)
    package, target, top, is_right, token_at, token_is, token_model = ([] for _ in range(7))
    match_token, length, repository, live, prompt = ([] for _ in range(5))
    for line in lines:
      for expected, position in zip(line["tokens"], line["positions"]):
        if rng.random() > share:
          continue
        on_target, near = position["lm"]
        model = dict(zip(near[::2], near[1::2]))
        floor = near[-1] - 2  # A token that was not kept is less likely than all that were.
        index = {}
        for token, match_length, in_repository, in_live, in_prompt in position["found"]:
          if token not in index:
            index[token] = len(token_at)
            token_at.append(len(package))
            token_is.append(token == expected)
            token_model.append(max(LEAST_LOG_PROBABILITY, model.get(token, floor)))
          match_token.append(index[token])
          length.append(match_length)
          repository.append(in_repository)
          live.append(in_live)
          prompt.append(in_prompt)
        package.append(self.packages.index(line["package"]))
        target.append(on_target)
        top.append(near[1])
        is_right.append(near[0] == expected)
    self.n = len(package)
    integers, floats = (lambda v: torch.tensor(v)), (lambda v: torch.tensor(v, dtype=torch.float32))
    self.package, self.model_nats, self.top = integers(package), -floats(target), floats(top)
    self.is_right = torch.tensor(is_right)
    self.token_at, self.token_is, self.token_model = integers(token_at), floats(token_is), floats(token_model)
    self.match_token, self.repository, self.live, self.prompt = integers(match_token), floats(repository), floats(live), floats(prompt)
    self.match_at = self.token_at[self.match_token]
    self.bucket = integers(np.searchsorted(LENGTHS, length, side="right") - 1)
    self.length = floats(length)
    # What is mixed in, and what is drafted from.
    self.mixed, self.drafted = (Found(self, live) for live in (self.live, self.live + self.prompt))
    print(f"{self.n} positions of {len(self.packages)} packages, {self.model_nats.mean():.3f} nats a token")

  def sum(self, at, values):
    return torch.zeros(self.n).index_add(0, at, values)

  def most(self, of_tokens):
    return torch.zeros(self.n).scatter_reduce(0, self.token_at, of_tokens, "amax")


class Found:
  """What the repository says together with some other text: for the mixture the text after the cursor that the prompt
  lacks, for drafts the prompt, too."""

  def __init__(self, data, live):
    self.live = live
    counts = data.repository + live
    longest = lambda of: of.new_zeros(data.n).scatter_reduce(0, data.match_at, of, "amax")
    self.longest = [longest(torch.where(count > 0, data.bucket + 1, 0)) for count in (data.repository, live)]
    length = torch.where(counts > 0, data.length, 0)
    self.matches = data.sum(data.match_at, counts * (length == longest(length)[data.match_at]))
    self.is_named = torch.zeros(len(data.token_at)).index_add(0, data.match_token, counts).clamp(max=1)
    self.any = torch.zeros(data.n).index_fill(0, data.match_at[counts > 0], 1.0)


def probability(data, weights):
  """Of each position's token, under the mixture."""
  share, trust = shares(data, weights)
  return (1 - trust) * (-data.model_nats).exp() + trust * data.sum(data.token_at, share * data.token_is)


def votes_of(data, weights, found):
  """By token."""
  votes = (data.repository * weights["repositoryVotes"].exp()[data.bucket]
           + found.live * weights["liveVotes"].exp()[data.bucket])
  return torch.zeros(len(data.token_at)).index_add(0, data.match_token, votes)


def trust_in_lengths(tables, found):
  live = tables["liveTrust"]
  # Without a match in the live text nothing is added: most prompts leave none of it to the memory.
  if len(live) == len(LENGTHS):
    live = torch.cat([torch.zeros(1), live])
  return tables["repositoryTrust"][found.longest[0]] + live[found.longest[1]]


def shares(data, weights):
  """Each found token's share of the votes, and each position's trust in memory."""
  found = data.mixed
  votes = votes_of(data, weights, found) * (weights["likelihoodPower"] * data.token_model).exp()
  total = data.sum(data.token_at, votes) + 1e-20
  share = votes / total[data.token_at]
  agreement = data.most(share)
  is_favourite = (share >= agreement[data.token_at] - 1e-7) & (found.is_named > 0)
  on_favourite = torch.full((data.n,), LEAST_LOG_PROBABILITY * 1.0).scatter_reduce(
      0, data.token_at, torch.where(is_favourite, data.token_model, LEAST_LOG_PROBABILITY), "amax")
  overlap = data.sum(data.token_at, share * data.token_model.exp())
  mass = data.sum(data.token_at, found.is_named * data.token_model.exp())
  features = torch.stack([agreement, (agreement + 1e-3).log(), found.matches.log1p(), total.log(), data.top,
                          on_favourite, (overlap + 1e-4).log(), mass], 1)
  log_odds = trust_in_lengths(weights, found) + features @ weights["features"]
  return share, torch.sigmoid(log_odds) * found.any


def fit(data, where):
  size = len(LENGTHS)
  weights = {"repositoryVotes": torch.linspace(0, 6, size), "liveVotes": torch.linspace(0, 6, size),
             "repositoryTrust": torch.full((size + 1,), -1.0), "liveTrust": torch.zeros(size),
             "features": torch.zeros(len(FEATURES)), "likelihoodPower": torch.tensor(0.3)}
  return minimize(weights, lambda: -probability(data, weights)[where].log().mean(), int(where.sum()))


def is_picked(data, weights):
  """Whether the mixture's likeliest token is each found one; and whether it is the right one, by position."""
  share, trust = shares(data, weights)
  mixed = trust[data.token_at] * share + (1 - trust[data.token_at]) * data.token_model.exp()
  # The model's own favourite may not be among memory's tokens.
  highest = torch.maximum(data.most(mixed), (1 - trust) * data.top.exp())
  picked = mixed >= highest[data.token_at] - 1e-7
  named = data.most(picked.float())
  return picked, torch.where(named > 0, data.most(picked * data.token_is) > 0, data.is_right)


def fit_draft(data, weights):
  """When the token with most votes, without the model's say, is what the mixture picks."""
  size = len(LENGTHS)
  votes = votes_of(data, weights, data.drafted)
  raw = votes / (data.sum(data.token_at, votes) + 1e-20)[data.token_at]
  agreement = data.most(raw)
  drafted = (raw >= agreement[data.token_at] - 1e-7) & is_picked(data, weights)[0]
  picked = data.most(drafted.float())
  features = torch.stack([agreement, (agreement + 1e-3).log(), data.drafted.matches.log1p()], 1)
  draft = {"repositoryTrust": torch.zeros(size + 1), "liveTrust": torch.zeros(size + 1),
           "features": torch.zeros(len(DRAFT_FEATURES))}
  log_odds = lambda: trust_in_lengths(draft, data.drafted) + features @ draft["features"]
  loss = lambda: torch.nn.functional.binary_cross_entropy_with_logits(log_odds(), picked)
  draft = minimize(draft, loss, data.n)
  likely = torch.sigmoid(log_odds())
  for least in (0.3, 0.5, 0.7, 0.9):
    some = likely >= least
    print(f"drafts likelier than {least}: at {some.float().mean():.0%} of the positions, {picked[some].mean():.0%} picked")
  return draft


def minimize(weights, loss_of, positions):
  for value in weights.values():
    value.requires_grad_()
  optimizer = torch.optim.LBFGS(list(weights.values()), max_iter=60, line_search_fn="strong_wolfe", history_size=20)

  def loss():
    optimizer.zero_grad()
    nats = loss_of() + (sum((v ** 2).sum() for v in weights.values()) + SMOOTHNESS * roughness(weights)) / positions
    nats.backward()
    return nats

  optimizer.step(loss)
  for value in weights.values():
    value.requires_grad_(False)
  return weights


def roughness(weights):
  """Neighboring lengths say nearly the same: with few positions of each that is worth more than its own."""
  return sum(((t[1:] - t[:-1]) ** 2).sum() for t in weights.values() if t.dim() > 0 and len(t) >= len(LENGTHS))


def saved(data, weights, where):
  mixed = -probability(data, weights)[where].log().sum()
  return float(1 - mixed / data.model_nats[where].sum())


if __name__ == "__main__":
  main()
