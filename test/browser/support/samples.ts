/** A file with an obvious way to go on at its end: any model worth its name has something to say there. */
export const PYTHON = `def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def multiply(a, b):
    return a * b


def divide(a, b):
`;

/** 1-based position of the empty last line. */
export const PYTHON_END = { line: 14, column: 1 } as const;
