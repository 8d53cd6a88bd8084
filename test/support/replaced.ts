// What an object has, such as a module or the environment, is something else for a while.

/** Runs `work` while `object` has `others`; what is undefined in them is absent. */
export async function withReplaced<T extends object, R>(
  object: T,
  others: Partial<T>,
  work: () => Promise<R>,
): Promise<R> {
  const names = Object.keys(others) as (keyof T)[];
  const before = Object.fromEntries(names.map((name) => [name, object[name]])) as Partial<T>;
  replace(object, others);
  try {
    return await work();
  } finally {
    replace(object, before);
  }
}

/** Resolves after the next call of a method, which does then what it always does. */
export async function nextCall<Name extends string>(
  object: Record<Name, (...args: never[]) => unknown>,
  name: Name,
): Promise<void> {
  const method = object[name];
  await new Promise<void>((resolve) => {
    object[name] = function (this: unknown, ...args) {
      object[name] = method;
      resolve();
      return method.apply(this, args);
    };
  });
}

/** The environment makes a text of whatever it is given, also of undefined. */
function replace<T extends object>(object: T, others: Partial<T>): void {
  Object.assign(object, others);
  for (const name of Object.keys(others) as (keyof T)[]) if (others[name] === undefined) delete object[name];
}
