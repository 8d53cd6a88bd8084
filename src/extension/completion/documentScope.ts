/** Whether a document gets completions. */
export type DocumentScope =
  | { readonly type: "on" }
  /** None, or none by themselves: only those that somebody asks for, for good or for a while. `reason` is a sentence. */
  | {
      readonly type: "off" | "asked" | "snoozed";
      readonly reason: string;
      /** What can be done about it. */
      readonly remedies: readonly Remedy[];
    };

export type Remedy = "complete" | "turnOn" | "turnAllOn" | "endSnooze" | SettingRemedy;

/** To change a VS Code setting, for one language where that has a value of its own. */
export interface SettingRemedy {
  readonly setting: string;
  readonly language?: string;
}
