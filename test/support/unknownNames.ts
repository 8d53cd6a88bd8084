import dns from "node:dns";

/** Call it inside `describe`: names that cannot exist are then said to be unknown at once, and no resolver is asked for them. */
export function useUnknownNames(): void {
  const { lookup } = dns;
  before(() => {
    const answer = (host: string, options: dns.LookupAllOptions, done: (error: Error | null) => void) => {
      if (!host.endsWith(".invalid")) return lookup(host, options, done);
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND", hostname: host });
      process.nextTick(done, error);
    };
    dns.lookup = answer as unknown as typeof lookup;
  });
  after(() => {
    dns.lookup = lookup;
  });
}
