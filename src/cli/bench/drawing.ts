// Line charts with a logarithmic x axis, as SVG text. For NUMBERS.md's pictures.

export interface Panel {
  readonly name: string;
  readonly unit: string;
  /** The first one is drawn in the main color. Names are shown when there are several. */
  readonly lines: readonly Line[];
  /** What y can be at most; absent: its highest point. The axis ends a little above. */
  readonly highest?: number;
}

export interface Line {
  readonly name?: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 640;
const PANEL = 160;
const MARGIN = { left: 70, right: 30, top: 30, bottom: 30 };
const INK = "#57606a";
/** The lower of two points has its label below, when it is at least so high above the axis. */
const LABEL_BELOW = 24;
const COLORS = ["#2f81f7", "#d4731e"];

/** One panel above the other; y begins at 0. */
export function drawCurves(title: string, panels: readonly Panel[]): string {
  const height = MARGIN.top + panels.length * (PANEL + MARGIN.bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(WIDTH / 2, 18, title, "middle"),
    ...panels.map((panel, index) => drawPanel(panel, MARGIN.top + index * (PANEL + MARGIN.bottom))),
    "</svg>",
    "",
  ].join("\n");
}

function drawPanel({ name, unit, lines, highest }: Panel, top: number): string {
  const bottom = top + PANEL - 20;
  const all = lines.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b);
  const [first, last] = [Math.log10(xs[0]!), Math.log10(xs.at(-1)!)];
  const end = (highest ?? Math.max(...all.map(({ y }) => y))) * 1.25;
  const atX = (x: number) =>
    MARGIN.left + ((Math.log10(x) - first) / (last - first || 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const atY = (y: number) => bottom - (y / end) * (PANEL - 40);
  return [
    `<line x1="${MARGIN.left}" y1="${bottom}" x2="${WIDTH - MARGIN.right}" y2="${bottom}" stroke="${INK}"/>`,
    text(MARGIN.left, top + 8, `${name} (${unit})`, "start"),
    ...lines.map(({ points }, index) => {
      const places = points.map(({ x, y }) => {
        const label = y.toPrecision(3).replace(/\.0+$/, "");
        const isLower = lines.some((other, i) => {
          const there = other.points.find((point) => point.x === x)?.y ?? -1;
          return there > y || (there === y && i < index);
        });
        const isBelow = isLower && atY(y) < bottom - LABEL_BELOW;
        return { x: rounded(atX(x)), y: rounded(atY(y)), label, isBelow };
      });
      return drawLine(places, COLORS[index]!);
    }),
    ...legend(lines, top + 8),
    ...xs.map((x) => text(rounded(atX(x)), bottom + 16, x.toLocaleString("en"), "middle")),
  ].join("\n");
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly isBelow: boolean;
}

function drawLine(places: readonly Place[], color: string): string {
  return [
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((p) => `${p.x},${p.y}`).join(" ")}"/>`,
    ...places.map((p) => `<circle cx="${p.x}" cy="${p.y}" r="3" fill="${color}"/>`),
    ...places.map((p) => text(p.x, p.y + (p.isBelow ? 16 : -8), p.label, "middle", color)),
  ].join("\n");
}

/** The names of several lines, at the panel's right. */
function legend(lines: readonly Line[], y: number): string[] {
  if (lines.length < 2) return [];
  const names = lines.map(({ name }, index) => `<tspan fill="${COLORS[index]}">  ● ${name}</tspan>`).join("");
  return [`<text x="${WIDTH - MARGIN.right}" y="${y}" text-anchor="end" xml:space="preserve">${names}</text>`];
}

/** To a tenth: a picture needs no more, and its file can be read. */
function rounded(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

function text(x: number, y: number, content: string, anchor: string, color = INK): string {
  return `<text x="${x}" y="${y}" fill="${color}" text-anchor="${anchor}">${content}</text>`;
}
