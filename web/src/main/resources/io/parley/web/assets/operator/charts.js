// Charts in SVG, by hand: lines over the last minutes, and bars of parts of a whole.

import { h, svg } from './dom.js';
import { clock } from './format.js';

const WIDTH = 600;
const HEIGHT = 190;
const LEFT = 62;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;

/** The least round number that is not below a value. */
function roundUp(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.6, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 0.9999);
}

function path(points) {
  let d = '';
  let pen = 'M';
  for (const point of points) {
    if (point === null) {
      pen = 'M';
    } else {
      d += `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
      pen = 'L';
    }
  }
  return d;
}

/**
 * Lines over time, with a crosshair that says the figures.
 *
 * series: [{ name, tone, of }], where of(point) is a number, or null for none; a tone is a class of the style sheet.
 */
export function lineChart(title, unit, series) {
  const plot = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'plot', role: 'img', 'aria-label': title });
  const readout = h('output', { class: 'readout small soft' });
  const legend = h('ul', { class: 'legend small' },
    series.map(({ name, tone }) => h('li', {}, h('i', { class: `key ${tone}` }), name)));
  const card = h('section', { class: 'card chart' },
    h('header', {}, h('h2', {}, title), legend), h('div', { class: 'stage' }, plot, readout));
  let points = [];
  let at = null;

  const x = (index) => LEFT + ((WIDTH - LEFT - RIGHT) * index) / Math.max(1, points.length - 1);

  function draw() {
    const values = series.map(({ of }) => points.map(of));
    const top = roundUp(Math.max(0, ...values.flat().filter((value) => value !== null)));
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    const grid = [0, 0.5, 1].map((part) => [
      svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(top * part), y2: y(top * part) }),
      svg('text', { class: 'tick', x: LEFT - 6, y: y(top * part) + 4, 'text-anchor': 'end' }, unit(top * part)),
    ]);
    const lines = values.map((line, i) =>
      svg('path', {
        class: `line ${series[i].tone}`,
        d: path(line.map((value, index) => (value === null ? null : [x(index), y(value)]))),
      }));
    const dots = values.map((line, i) => lonely(line).map((index) =>
      svg('circle', { class: `dot ${series[i].tone}`, cx: x(index), cy: y(line[index]), r: 2.5 })));
    const times = points.length < 2 ? [] : [
      svg('text', { class: 'tick', x: LEFT, y: HEIGHT - 5 }, clock(points[0].at)),
      svg('text', { class: 'tick', x: WIDTH - RIGHT, y: HEIGHT - 5, 'text-anchor': 'end' }, clock(points.at(-1).at)),
    ];
    const cross = at === null || at >= points.length ? [] :
      svg('line', { class: 'cross', x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM });
    plot.replaceChildren(...[grid, lines, dots, times, cross].flat(Infinity));
    readout.textContent = at === null || at >= points.length ? '' :
      `${clock(points[at].at)} · ` + series.map(({ name }, i) =>
        `${name} ${values[i][at] === null ? '–' : unit(values[i][at])}`).join(' · ');
  }

  /** Points with no neighbour, which a line does not show. */
  function lonely(line) {
    return line.flatMap((value, i) =>
      value !== null && (line[i - 1] ?? null) === null && (line[i + 1] ?? null) === null ? [i] : []);
  }

  plot.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    const part = ((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT);
    at = points.length === 0 ? null : Math.round(Math.min(1, Math.max(0, part)) * (points.length - 1));
    draw();
  });
  plot.addEventListener('pointerleave', () => { at = null; draw(); });

  return {
    element: card,
    update(next) {
      points = next;
      const last = points.at(-1);
      plot.setAttribute('aria-label', last === undefined ? title : `${title}. Last: ` + series.map(({ name, of }) =>
        `${name} ${of(last) === null ? 'none' : unit(of(last))}`).join(', '));
      draw();
    },
  };
}

/** Parts of a whole, as one bar. parts: [{ tone, value, name }]. */
export function bar(whole, parts, label) {
  let from = 0;
  const rectangles = parts.map(({ tone, value, name }) => {
    const width = whole > 0 ? Math.min(100 - from, Math.max(0, (100 * value) / whole)) : 0;
    const rectangle = svg('rect', { class: tone, x: from, y: 0, width, height: 8 }, svg('title', {}, name ?? ''));
    from += width;
    return rectangle;
  });
  return svg('svg', {
    class: 'bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', role: 'img', 'aria-label': label,
  }, svg('rect', { class: 'rest', x: 0, y: 0, width: 100, height: 8 }), rectangles);
}

/** Where a request spent its time: a row a stage. */
export function waterfall(stages, total, unit) {
  const whole = Math.max(total, ...stages.map((stage) => stage.end_ms), 0.001);
  return h('ol', { class: 'waterfall' }, stages.map((stage) => {
    const start = (100 * stage.start_ms) / whole;
    const width = Math.max(0.4, (100 * (stage.end_ms - stage.start_ms)) / whole);
    const took = unit(stage.end_ms - stage.start_ms);
    return h('li', {},
      h('span', { class: 'stage-name' }, stage.stage.replaceAll('_', ' ')),
      svg('svg', { class: 'lane', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        svg('rect', { class: `stage-${stage.stage}`, x: Math.min(start, 99.6), y: 0, width, height: 8 })),
      h('span', { class: 'took' }, took));
  }));
}
