import assert from "node:assert/strict";
import {
  drawsFromBattery,
  isDischarging,
  isOnBattery,
  type PowerSupply,
  readSupplies,
} from "../../../../src/extension/repository/battery";
import { BatteryWatch } from "../../../../src/extension/repository/batteryWatch";
import { FakeClock } from "../../../support/fakeClock";
import { useTemporaryFolder, writeFiles } from "../../../support/temporaryFolder";

const battery = (status: string): PowerSupply => ({ type: "Battery", status });
const mains = (online: string): PowerSupply => ({ type: "Mains", online });

describe("whether the machine runs on its battery", () => {
  const folder = useTemporaryFolder();
  const CASES: readonly [title: string, supplies: readonly PowerSupply[], expected: boolean][] = [
    ["a desktop", [], false],
    ["a laptop on mains", [mains("1"), battery("Charging")], false],
    ["a laptop on mains that keeps its battery at 80 %", [mains("1"), battery("Discharging")], false],
    ["a laptop without its plug", [mains("0"), battery("Discharging")], true],
    ["a laptop that is charged by USB", [mains("0"), { type: "USB", online: "1" }, battery("Not charging")], false],
    ["a laptop with two batteries", [mains("0"), battery("Unknown"), battery("Discharging")], true],
    ["a desktop with a wireless mouse", [{ ...battery("Discharging"), scope: "Device" }], false],
  ];
  for (const [title, supplies, expected] of CASES) {
    it(`is known on Linux: ${title}`, () => assert.equal(isDischarging(supplies), expected));
  }

  it("is read from the kernel's files, those that there are", async () => {
    const supplies = {
      "AC/type": "Mains\n",
      "AC/online": "0\n",
      "BAT0/type": "Battery\n",
      "BAT0/status": "Discharging\n",
    };
    await writeFiles(folder(), supplies);
    assert.deepEqual(await readSupplies(folder()), [mains("0"), battery("Discharging")]);
  });

  it("is known on macOS", () => {
    const rest = " -InternalBattery-0 (id=1)\t95%; discharging; 5:12 remaining present: true\n";
    assert.equal(drawsFromBattery(`Now drawing from 'Battery Power'\n${rest}`), true);
    assert.equal(drawsFromBattery(`Now drawing from 'AC Power'\n${rest}`), false);
  });

  it("is answered on any machine", async () => assert.equal(typeof (await isOnBattery()), "boolean"));
});

describe("BatteryWatch", () => {
  function begin() {
    const clock = new FakeClock();
    const seen: boolean[] = [];
    const state = { isWanted: true, isNeeded: true, isOnBattery: false, looks: 0 };
    const watch = new BatteryWatch({
      isWanted: () => state.isWanted,
      isNeeded: () => state.isNeeded,
      isOnBattery: async () => {
        state.looks++;
        return state.isOnBattery;
      },
      reading: { setOnBattery: (isOn) => seen.push(isOn) },
      clock,
    });
    return { watch, state, seen, clock };
  }

  it("looks once a minute, and not at all when the setting is off", async () => {
    const { watch, state, seen, clock } = begin();
    await clock.advance(1);
    state.isOnBattery = true;
    await clock.advance(120_000);
    assert.deepEqual([seen, watch.isOnBattery], [[false, true, true], true]);
    state.isWanted = false;
    await watch.look();
    await clock.advance(600_000);
    assert.deepEqual([seen.at(-1), state.looks, watch.isOnBattery], [false, 3, false]);
    state.isWanted = true;
    await watch.look();
    watch.dispose();
    await clock.advance(600_000);
    assert.deepEqual([seen.at(-1), state.looks], [true, 4]);
  });

  it("looks no more while there is no engine, and goes by what it has seen last", async () => {
    const { watch, state, seen, clock } = begin();
    state.isOnBattery = true;
    await clock.advance(60_000);
    state.isNeeded = false;
    await clock.advance(600_000);
    assert.deepEqual([seen, state.looks], [[false, true], 2]);
    state.isNeeded = true;
    state.isOnBattery = false;
    await watch.look();
    assert.deepEqual([seen.at(-1), state.looks], [false, 3]);
    watch.dispose();
  });
});
