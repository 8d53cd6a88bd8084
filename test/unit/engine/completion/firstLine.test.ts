import assert from "node:assert/strict";
import { FirstLine, LEAST_SURE } from "../../../../src/engine/completion/firstLine";
import { assertClose } from "../../../support/assertClose";
import { choiceOf, type Likelihoods } from "../../../support/choices";

const ENDS = { stop: [0], newline: [10, 11, 12] };

/** A line of these choices, each of the likeliest token or of the one that is named. */
function lineOf(...choices: readonly (Likelihoods | readonly [Likelihoods, { token?: number; allowed?: number[] }])[]) {
  const line = new FirstLine(ENDS);
  for (const [index, choice] of choices.entries()) {
    const [likelihoods, place] = Array.isArray(choice) ? choice : [choice, {}];
    line.noteChosen(choiceOf(likelihoods, { index, text: "x".repeat(index), ...place }));
  }
  return line;
}

const near = (actual: number | undefined, probability: number) =>
  assertClose(Math.exp(actual ?? Number.NaN), probability, 1e-6, `the probability whose ln is ${actual}`);

describe("the forks of a first line", () => {
  /** Those that are likely at all. */
  const placesOf = ({ forks }: FirstLine) =>
    forks.filter(({ logShare }) => logShare > -30).map(({ index, token }) => [index, token]);

  it("are the next likeliest tokens", () => {
    assert.deepEqual(placesOf(lineOf({ 1: 0.8, 2: 0.1, 3: 0.05 }, { 2: 0.5, 1: 0.4, 3: 0.1 })), [
      [0, 2],
      [0, 3],
      [1, 1],
      [1, 3],
    ]);
  });

  it("end neither the text nor the line, but may go on where it ended", () => {
    assert.deepEqual(placesOf(lineOf({ 0: 0.3, 1: 0.6, 2: 0.1 }, { 0: 0.5, 3: 0.3, 2: 0.1, 10: 0.1 })), [
      [0, 2],
      [1, 3],
      [1, 2],
    ]);
  });

  it("keep to the tokens that were allowed, and know none where only one was", () => {
    const choice = { 1: 0.5, 2: 0.4, 3: 0.1 };
    assert.deepEqual(placesOf(lineOf([choice, { allowed: [1, 3] }], [choice, { allowed: [1] }])), [[0, 3]]);
  });

  it("know how likely the line is up to them", () => {
    const { forks } = lineOf({ 1: 0.8, 2: 0.2 }, { 1: 0.5, 2: 0.3, 3: 0.2 });
    const shares = forks.filter(({ logShare }) => logShare > -30);
    for (const [at, share] of [0.2, 0.24, 0.16].entries()) near(shares[at]!.logShare, share);
  });

  it("know it of the last of the tokens that it begins with, too", () => {
    const line = new FirstLine(ENDS);
    line.startWith(Math.log(0.4));
    line.noteRegrown(choiceOf({ 1: 0.5, 2: 0.25 }, { index: 1 }));
    assert.deepEqual(placesOf(line), [[1, 2]]);
    near(line.forks[0]!.logShare, 0.2);
  });

  it("are also what something besides the model names, as likely as that makes it", () => {
    const line = new FirstLine(ENDS);
    const { probability, ...choice } = choiceOf({ 1: 0.5, 2: 0.3, 3: 0.15, 4: 0.04, 5: 0.01 });
    const withMemory = (token: number) => (token === 9 ? 0.35 : 0.65 * probability(token));
    line.noteChosen({ ...choice, named: [9], probability: withMemory });
    assert.deepEqual(
      line.forks.map(({ token }) => token),
      [9, 2, 3],
    );
    near(line.forks[0]!.logShare, 0.35);
  });

  it("are no other's than its own in a line that has left another, which is as likely as the one up to there", () => {
    const line = lineOf({ 1: 0.5, 2: 0.4 }, { 1: 0.5, 2: 0.3, 3: 0.2 }, { 1: 0.6, 2: 0.4 });
    const left = line.leave(line.forks.find(({ index, token }) => index === 1 && token === 2)!);
    near(left.logShare, 0.15);
    left.noteChosen(choiceOf({ 5: 0.7, 6: 0.3 }, { index: 2, text: "xx" }));
    assert.deepEqual(placesOf(left), [[2, 6]]);
  });
});

describe("the endings of a first line", () => {
  it("are where it could have ended, by whatever ends it, but where it says nothing", () => {
    const { endings } = lineOf({ 1: 0.5, 10: 0.5 }, { 2: 0.4, 10: 0.3, 11: 0.2, 0: 0.1 }, { 3: 0.9, 12: 0.1 });
    assert.deepEqual(
      endings.map(({ index, text }) => [index, text]),
      [
        [1, "x"],
        [2, "xx"],
      ],
    );
    near(endings[0]!.logShare, 0.5 * 0.6);
    near(endings[1]!.logShare, 0.5 * 0.4 * 0.1);
  });
});

describe("a first line", () => {
  it("is sure until its choices are too unlikely together", () => {
    assert.ok(lineOf().isSure);
    assert.ok(lineOf({ 1: 0.125, 2: 0.1 }).isSure);
    assert.ok(!lineOf({ 1: 0.125, 2: 0.1 }, { 1: 0.125, 2: 0.1 }).isSure);
  });

  it("is as sure as the tokens that it begins with", () => {
    const line = new FirstLine(ENDS);
    line.startWith(LEAST_SURE + 0.1);
    assert.ok(line.isSure);
    line.noteChosen(choiceOf({ 1: 0.87, 2: 0.13 }));
    assert.ok(!line.isSure);
  });

  it("is as likely as all that could end it there, when it ends", () => {
    near(lineOf({ 1: 0.5 }, { 10: 0.3, 11: 0.2, 0: 0.1, 2: 0.25 }).logShare, 0.3);
  });

  it("that begins a block is as likely as just that", () => {
    near(lineOf({ 10: 0.4, 11: 0.2, 0: 0.1, 2: 0.25 }).logShare, 0.4);
  });
});
