"""What a token is to the loss, and how much it weighs there."""

import numpy as np

UNLEARNED, CONTEXT, TEXT, MIDDLE, ANSWER = range(5)
WEIGHTS = np.array((
    0.0,  # Of the control tokens of a gap, and of questions: only the editor writes them.
    0.2,  # Snippets and suffixes begin somewhere: much of them cannot be known.
    1.0,
    6.0,  # A middle is short, and its end is what the editor most needs.
    2.0), dtype=np.float32)
