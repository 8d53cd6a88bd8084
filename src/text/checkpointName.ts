/** What a checkpoint in `folder` is called: in the hub's cache the folder itself has a commit's name, and one above it the repository's. */
export function checkpointName(folder: string): string {
  const path = folder.replace(/[\\/]+$/, "");
  const [, repository] = /(?:^|[\\/])models--([^\\/]+)[\\/]snapshots[\\/][^\\/]+$/.exec(path) ?? [];
  return repository?.replace(/^.*?--/, "") ?? path.replace(/^.*[\\/]/, "");
}
