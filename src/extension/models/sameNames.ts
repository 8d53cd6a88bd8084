// What tells things of one name apart in a list: the folder in which each of them lies. The name alone says enough of others.

import { dirname } from "node:path";

/** @param names of all in the list */
export function placeAmong(names: readonly string[], name: string, path: string): string {
  const isOnly = names.filter((one) => one === name).length < 2;
  return isOnly ? "" : `, in ${dirname(path)}`;
}
