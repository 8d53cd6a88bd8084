// What the next question is asked with: files and selections that the user has added, and whether the repository is used.
// They stay until they are removed.

import type { ChatAttachment, FilePlace, FoundFile } from "../../protocol/engine";
import type { ChatChip } from "../../protocol/webview";
import { beginningOf } from "../../text/shortened";
import { keep, type Store } from "../store";

/** More would have no room in the prompt. */
export const MOST_ATTACHMENTS = 8;
/** UTF-16 units; the prompt takes its beginning. */
const LONGEST_SELECTION = 40_000;

const REPOSITORY_KEY = "griffin.chatUsesRepository";

interface Attached {
  readonly chip: ChatChip;
  readonly attachment: ChatAttachment;
}

export class Attachments {
  private attached: readonly Attached[] = [];

  /** @param store of the workspace: what was switched off is not sent again after a reload */
  constructor(
    private readonly store: Store,
    private readonly tellUser: (sentence: string) => void,
  ) {}

  get useRepository(): boolean {
    return this.store.get(REPOSITORY_KEY) !== false;
  }

  set useRepository(isOn: boolean) {
    const loss = `The chat ${isOn ? "does not draw" : "draws"} on the repository again after a reload, because VS Code could not save your choice`;
    void keep(this.store, REPOSITORY_KEY, isOn ? undefined : false, loss, this.tellUser);
  }

  get chips(): readonly ChatChip[] {
    return this.attached.map(({ chip }) => chip);
  }

  get all(): readonly ChatAttachment[] {
    return this.attached.map(({ attachment }) => attachment);
  }

  /** @returns whether there was room for it */
  addFile({ folder, path, name }: FoundFile): boolean {
    const id = JSON.stringify(["file", folder, path]);
    return this.add({ chip: { id, label: `@${name}` }, attachment: { type: "file", folder, path } });
  }

  /**
   * @param name how the document is called, with its folder when there are several; no other has this name
   * @returns whether there was room for it
   */
  addSelection(place: FilePlace, name: string, text: string): boolean {
    const { folder, startLine, endLine } = place;
    const id = JSON.stringify(["selection", folder, name, startLine, endLine]);
    const label = `#${name}:${startLine}${endLine > startLine ? `-${endLine}` : ""}`;
    const cut = beginningOf(text, LONGEST_SELECTION);
    return this.add({ chip: { id, label }, attachment: { type: "selection", ...place, text: cut } });
  }

  remove(id: string): void {
    this.attached = this.attached.filter(({ chip }) => chip.id !== id);
  }

  /** The same again takes the old one's place: its text may be newer. */
  private add(attached: Attached): boolean {
    this.remove(attached.chip.id);
    if (this.attached.length >= MOST_ATTACHMENTS) return false;
    this.attached = [...this.attached, attached];
    return true;
  }
}
