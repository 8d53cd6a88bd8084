import assert from "node:assert/strict";
import { openChatPage } from "../../support/chatPage";
import { fakeDocument, useFakeDom } from "../../support/fakeDom";

const chip = (label: string) => ({ id: label, label });

describe("the chips' row", () => {
  useFakeDom();

  it("keeps the keyboard on the button that has it, or gives it to the neighbor of one that goes", () => {
    const { show, all } = openChatPage();
    const nameOf = (one: { getAttribute(name: string): string | null; textContent: string }) =>
      one.getAttribute("aria-label") ?? one.textContent;
    let isOn = true;
    const draw = (...labels: string[]) => show({ chips: { repository: { isOn }, attachments: labels.map(chip) } });
    const focus = (name: string) =>
      all("button")
        .find((one) => nameOf(one) === name)!
        .focus();
    const check = (name: string): void => assert.equal(nameOf(fakeDocument.activeElement), name);
    draw();
    focus("+ Selection");
    draw("#a.ts:1-3");
    check("+ Selection");
    draw("#a.ts:1-3", "@b.ts", "@c.ts");
    focus("Remove @b.ts");
    draw("#a.ts:1-3", "@c.ts");
    check("Remove @c.ts");
    draw("#a.ts:1-3");
    check("+ File");
    focus("Repository: on");
    isOn = false;
    draw("#a.ts:1-3");
    check("Repository: off");
  });

  it("says once whether the repository is used", () => {
    const { show, button } = openChatPage();
    for (const [isOn, name] of [
      [true, "Repository: on"],
      [false, "Repository: off"],
    ] as const) {
      show({ chips: { repository: { isOn }, attachments: [] } });
      assert.equal(button(name).getAttribute("aria-pressed"), null);
    }
  });

  it("tells a screen reader what has come and gone, and not what was there before the page", () => {
    const { show, byClass } = openChatPage();
    const check = (labels: readonly string[], expected: string): void => {
      show({ chips: { repository: { isOn: true }, attachments: labels.map(chip) } });
      assert.equal(byClass("aloud news")[0]!.textContent, expected);
    };
    check(["@a.ts"], "");
    check(["@a.ts", "#b.ts:1-3"], "#b.ts:1-3 added.");
    check(["@c.ts"], "@c.ts added. @a.ts removed. #b.ts:1-3 removed.");
  });
});
