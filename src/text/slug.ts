/** A name as part of a file's name or an id: small letters and digits, with a dash for all else; empty where nothing is left. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
