"""The curves of a run as SVG.

    python -m training.run.curves RUN OUT.svg

Each line is the mean of the steps around it, nats a token: text (everything outside gaps), middles, and answers to questions,
over tokens seen. What `train --measure` found is in bits a byte.
"""

import json
import pathlib

from training import command
from training.scratch import SCRATCH

DEV = "dev files, bits a byte"
WIDTH, HEIGHT, MARGIN = 640, 320, 40
COLORS = {"gaps: text": "#4878d0", "texts: text": "#6acc64", "middles": "#d65f5f", "answers": "#956cb4", DEV: "#8c613c"}


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("run")
  arguments.add_argument("out", type=pathlib.Path, metavar="OUT.svg")
  options = arguments.parse_args()
  with open(SCRATCH / "runs" / options.run / "log.jsonl") as log:
    rows = [row for row in map(json.loads, log) if "tokens" in row]
  lines = {name: [] for name in COLORS}
  for row in rows:
    if "measured" in row:
      lines[DEV].append((row["tokens"], row["text"]["all"]))
    for kind, *losses in row.get("losses", ()):
      for name, loss in zip((f"{kind}: text", "middles", "answers"), losses):
        if loss is not None:
          lines[name].append((row["tokens"], loss))
  lines = {name: smooth(points) for name, points in lines.items() if points}
  options.out.write_text(svg(lines))


def smooth(points, count=40):
  """Means of about `count` groups of neighbours."""
  size = max(1, len(points) // count)
  groups = [points[i:i + size] for i in range(0, len(points), size)]
  return [tuple(sum(values) / len(group) for values in zip(*group)) for group in groups]


def svg(lines):
  right = max(x for points in lines.values() for x, _ in points)
  ys = [y for points in lines.values() for _, y in points]
  bottom, top = min(ys), max(ys)
  place = lambda x, y: (MARGIN + x / right * (WIDTH - 2 * MARGIN),
                        HEIGHT - MARGIN - (y - bottom) / (top - bottom) * (HEIGHT - 2 * MARGIN))
  parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
  for i in range(5):
    y = bottom + (top - bottom) * i / 4
    _, at = place(0, y)
    parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{at:.0f}" y2="{at:.0f}" stroke="#ddd"/>'
                 f'<text x="4" y="{at + 4:.0f}">{y:.2f}</text>')
  parts.append(f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 12}" text-anchor="end">{right / 1e6:.2f} million tokens</text>')
  for i, (name, points) in enumerate(lines.items()):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
    parts.append(f'<polyline points="{path}" fill="none" stroke="{COLORS[name]}" stroke-width="1.5"/>'
                 f'<text x="{WIDTH - MARGIN}" y="{16 + 14 * i}" text-anchor="end" fill="{COLORS[name]}">{name}</text>')
  return "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
  main()
