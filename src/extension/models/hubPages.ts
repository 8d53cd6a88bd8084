// The hub's own pages: models have their licences there, and accounts their tokens, also for who downloads from a mirror.

/** The hub itself. */
export const HUB = "https://huggingface.co";
export const TOKENS_PAGE = `${HUB}/settings/tokens`;

/** Where a model's licence is accepted. */
export function modelPage(repository: string): string {
  return `${HUB}/${repository}`;
}
