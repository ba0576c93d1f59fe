// The report: one HTML file with its figures as SVG inside, that needs nothing else to be read.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Claim, ClaimResult, Figure, FigureMark, Scale } from './claim.js';

export interface Entry {
  claim: Claim;
  result: ClaimResult;
  milliseconds: number;
}

export function renderReport(entries: Entry[], { scale, seed }: { scale: Scale; seed: number }): string {
  const reproduced = entries.filter(({ result }) => result.verdict === 'reproduced').length;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lemmata: claims re-run</title>
<style>${STYLE}</style>
<main>
<h1>lemmata: claims re-run</h1>
<p>${reproduced} of ${entries.length} claims reproduced at ${scale} scale with seed ${seed}. Each verdict follows a rule that was fixed before the run;
<code>npm run reproduce -- &lt;id&gt;</code> runs one again.</p>
<table>
<thead><tr><th>claim</th><th>paper</th><th>here</th><th>verdict</th></tr></thead>
<tbody>
${entries.map(row).join('\n')}
</tbody>
</table>
${entries.map(section).join('\n')}
</main>
</html>
`;
}

function row({ claim, result }: Entry): string {
  return `<tr><td><a href="#${claim.id}">${escape(claim.id)}</a></td><td>${escape(claim.expected)}</td><td>${escape(result.measured)}</td>
<td class="${result.verdict === 'reproduced' ? 'yes' : 'no'}">${result.verdict}</td></tr>`;
}

function section({ claim, result, milliseconds }: Entry): string {
  const figures = result.figure === undefined ? [] : [result.figure].flat();
  return `<section id="${claim.id}">
<h2>${escape(claim.statement)}</h2>
<p class="source">${escape(claim.seed)}, ${escape(claim.reference)}, ${escape(claim.source)} &middot; <code>${escape(claim.id)}</code> &middot; ${(milliseconds / 1000).toFixed(1)} s</p>
<dl>
<dt>paper</dt><dd>${escape(claim.expected)}</dd>
<dt>here</dt><dd>${escape(result.measured)}${result.standardError === undefined ? '' : ` (standard error ${result.standardError.toPrecision(2)})`}</dd>
<dt>verdict</dt><dd class="${result.verdict === 'reproduced' ? 'yes' : 'no'}">${result.verdict}</dd>
${result.note === undefined ? '' : `<dt>note</dt><dd>${escape(result.note)}</dd>`}
</dl>
${figures.map(drawFigure).join('\n')}
</section>`;
}

/** The figure as an SVG with its legend. */
export function drawFigure(figure: Figure): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const names = seriesNames(figure);
  const tilt = crowded(figure) ? { tickRotate: -25 } : {};
  const plot = Plot.plot({
    document: document as unknown as Document,
    width: 720,
    height: 380,
    marginLeft: 64,
    marginTop: 32,
    marginBottom: crowded(figure) ? 96 : 44,
    style: { fontSize: '12px' },
    ...(isGrouped(figure)
      ? { x: { axis: null, domain: names }, fx: { label: figure.x.label, domain: categories(figure), ...tilt } }
      : { x: { label: figure.x.label, ...axisType(figure), ...tilt } }),
    y: { label: figure.y.label, grid: true, ...(figure.y.type === undefined ? {} : { type: figure.y.type }) },
    ...(figure.marks.some(({ kind }) => kind === 'map')
      ? { color: { type: 'linear' as const, scheme: 'viridis' as const } }
      : {}),
    ...(names.length > 0 ? { color: { legend: true, scheme: 'observable10', domain: names } } : {}),
    marks: figure.marks.flatMap((mark) => drawMark(mark, figure)),
  });
  return `<figure><figcaption>${escape(figure.title)}</figcaption>${plot.outerHTML}</figure>`;
}

function drawMark(mark: FigureMark, figure: Figure): Plot.Markish[] {
  const color = '#4269d0';
  const paint = (points: { series?: string }[]) =>
    points.some(({ series }) => series !== undefined) ? 'series' : color;
  switch (mark.kind) {
    case 'line':
      return [Plot.line(mark.points, { x: 'x', y: 'y', stroke: paint(mark.points), strokeWidth: 1.8 })];
    case 'dot':
      return [
        Plot.dot(mark.points, {
          x: 'x',
          y: 'y',
          stroke: paint(mark.points),
          fill: paint(mark.points),
          fillOpacity: 0.5,
          r: 3,
        }),
      ];
    case 'bar':
      // Bars of several series stand side by side within their category, which is then a facet.
      if (isGrouped(figure)) return [Plot.barY(mark.points, { fx: 'x', x: 'series', y: 'y', fill: 'series' })];
      return [Plot.barY(mark.points, { x: 'x', y: 'y', fill: paint(mark.points) })];
    case 'band':
      return [Plot.areaY(mark.points, { x: 'x', y1: 'low', y2: 'high', fill: paint(mark.points), fillOpacity: 0.18 })];
    case 'map': {
      const cells = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'value', stroke: 'value' };
      return [Plot.rect(gridCells(mark.points), cells)];
    }
    case 'rule': {
      const rule = Plot.ruleY([mark.y], { stroke: '#888', strokeDasharray: '4 3' });
      if (mark.label === undefined) return [rule];
      const anchor = figure.x.type === 'band' ? {} : { frameAnchor: 'right' as const };
      return [
        rule,
        Plot.text([mark.y], { y: (y: number) => y, text: () => mark.label, dy: -7, fill: '#666', ...anchor }),
      ];
    }
  }
}

/** Every point of a grid with the half-way lines to its neighbours. */
function gridCells(points: { x: number; y: number; value: number }[]): object[] {
  const sides = (values: number[]) => {
    const sorted = [...new Set(values)].sort((a, b) => a - b);
    const between = (i: number) => (sorted[i] + sorted[i + 1]) / 2;
    return new Map(
      sorted.map((value, i) => [
        value,
        [i > 0 ? between(i - 1) : value, i + 1 < sorted.length ? between(i) : value] as const,
      ]),
    );
  };
  const [xs, ys] = [sides(points.map(({ x }) => x)), sides(points.map(({ y }) => y))];
  return points.map(({ x, y, value }) => {
    const [[x1, x2], [y1, y2]] = [xs.get(x)!, ys.get(y)!];
    return { x1, x2, y1, y2, value };
  });
}

function seriesNames(figure: Figure): string[] {
  const points = figure.marks.flatMap((mark): { series?: string }[] => ('points' in mark ? mark.points : []));
  return [...new Set(points.map(({ series }) => series).filter((name) => name !== undefined))];
}

function categories(figure: Figure): string[] {
  return [...new Set(figure.marks.flatMap((mark) => (mark.kind === 'bar' ? mark.points.map(({ x }) => x) : [])))];
}

/** Whether the category labels would run into one another side by side; they are then tilted. */
function crowded(figure: Figure): boolean {
  if (figure.x.type !== 'band') return false;
  const labels = new Set(
    figure.marks.flatMap((mark): string[] =>
      'points' in mark ? mark.points.map(({ x }: { x: number | string }) => String(x)) : [],
    ),
  );
  return [...labels].reduce((width, label) => width + 7 * label.length + 8, 0) > 640;
}

function isGrouped(figure: Figure): boolean {
  return seriesNames(figure).length > 1 && figure.marks.some(({ kind }) => kind === 'bar');
}

function axisType(figure: Figure): object {
  const bars = categories(figure);
  if (bars.length > 0) return { domain: bars };
  return figure.x.type === undefined ? {} : { type: figure.x.type };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fdfdfc; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 0 0 .2rem; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; margin: 1.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #e3e3e0; }
th { border-bottom: 2px solid #999; }
td:first-child { overflow-wrap: anywhere; min-width: 10rem; }
section { border-top: 1px solid #ddd; padding: 1.4rem 0 .4rem; }
.source { color: #666; font-size: .86rem; margin: 0 0 .6rem; }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: .2rem .8rem; margin: 0 0 1rem; font-size: .92rem; }
dt { color: #666; } dd { margin: 0; }
.yes { color: #176b2c; font-weight: 600; white-space: nowrap; } .no { color: #b3261e; font-weight: 600; white-space: nowrap; }
figure { margin: 1rem 0; overflow-x: auto; } figcaption { font-weight: 600; margin-bottom: .3rem; }
svg { max-width: 100%; height: auto; } code { font-size: .9em; }
@media print { section { break-inside: avoid; } }
`;
