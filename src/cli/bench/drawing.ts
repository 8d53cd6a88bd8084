// A line chart with a logarithmic x axis, as SVG text. For README's pictures.

export interface Curve {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 640;
const PANEL = 160;
const MARGIN = { left: 70, right: 30, top: 30, bottom: 30 };
const INK = "#57606a";
const LINE = "#2f81f7";

/** One panel for each curve, one above the other; y begins at 0. */
export function drawCurves(title: string, curves: readonly Curve[]): string {
  const height = MARGIN.top + curves.length * (PANEL + MARGIN.bottom);
  const panels = curves.map((curve, index) => panel(curve, MARGIN.top + index * (PANEL + MARGIN.bottom)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(WIDTH / 2, 18, title, "middle"),
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

function panel({ name, unit, points }: Curve, top: number): string {
  const bottom = top + PANEL - 20;
  const xs = points.map(({ x }) => Math.log10(x));
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const highest = Math.max(...points.map(({ y }) => y)) * 1.25;
  const atX = (x: number) =>
    MARGIN.left + ((Math.log10(x) - first) / (last - first || 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const atY = (y: number) => bottom - (y / highest) * (PANEL - 40);
  const places = points.map(({ x, y }) => ({ x: atX(x), y: atY(y), label: y.toPrecision(3), token: x }));
  return [
    `<line x1="${MARGIN.left}" y1="${bottom}" x2="${WIDTH - MARGIN.right}" y2="${bottom}" stroke="${INK}"/>`,
    text(MARGIN.left, top + 8, `${name} (${unit})`, "start"),
    `<polyline fill="none" stroke="${LINE}" stroke-width="2" points="${places.map((p) => `${p.x},${p.y}`).join(" ")}"/>`,
    ...places.map((p) => `<circle cx="${p.x}" cy="${p.y}" r="3" fill="${LINE}"/>`),
    ...places.map((p) => text(p.x, p.y - 8, p.label, "middle")),
    ...places.map((p) => text(p.x, bottom + 16, p.token.toLocaleString("en"), "middle")),
  ].join("\n");
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${x}" y="${y}" fill="${INK}" text-anchor="${anchor}">${content}</text>`;
}
