import { bar, lineChart } from '../charts.js';
import { h, show } from '../dom.js';
import { count, duration, money, objective, rate, share, short } from '../format.js';
import { organisation, requestTable } from '../parts.js';

const perSecond = (of) => (point) => (point.seconds > 0 ? of(point) / point.seconds : 0);
const percentile = (kind, which) => (point) => (point[kind].count > 0 ? point[kind][which] : null);

function latency(title, kind) {
  return lineChart(title, duration, [
    { name: 'p50', tone: 'tone-1', of: percentile(kind, 'p50') },
    { name: 'p95', tone: 'tone-2', of: percentile(kind, 'p95') },
    { name: 'p99', tone: 'tone-3', of: percentile(kind, 'p99') },
  ]);
}

/** The front page: everything at a glance, live. */
export function overviewView() {
  const tiles = h('section', { class: 'tiles', 'aria-label': 'Now' });
  const requests = lineChart('Requests per second', rate, [
    { name: 'ok', tone: 'tone-1', of: perSecond((p) => p.ok) },
    { name: 'limited', tone: 'tone-2', of: perSecond((p) => p.limited) },
    { name: 'client errors', tone: 'tone-4', of: perSecond((p) => p.client_errors) },
    { name: 'server errors', tone: 'tone-3', of: perSecond((p) => p.server_errors) },
  ]);
  const tokens = lineChart('Tokens per second', rate, [
    { name: 'output', tone: 'tone-1', of: perSecond((p) => p.output_tokens) },
    { name: 'input', tone: 'tone-4', of: perSecond((p) => p.input_tokens) },
  ]);
  const ttft = latency('Time to first token', 'ttft_ms');
  const interToken = latency('Time per further token', 'inter_token_ms');
  const charts = [requests, tokens, ttft, interToken];
  const slos = h('div', {});
  const queue = h('div', {});
  const models = h('div', {});
  const organisations = h('div', {});
  const errors = h('div', {});
  return {
    element: h('main', {}, tiles,
      h('div', { class: 'charts' }, charts.map((chart) => chart.element)),
      h('div', { class: 'cards' },
        card('Objectives', slos, 'wide'), card('Queue', queue), card('Models', models),
        card('Limits and spend', organisations, 'wide'), card('Recent errors', errors, 'wide'))),
    update(seen) {
      show(tiles, nowTiles(seen));
      charts.forEach((chart) => chart.update(seen.series));
      show(slos, objectives(seen.slos));
      show(queue, queues(seen.queue, seen.organizations_slowed));
      show(models, seen.models.map(model));
      show(organisations, uses(seen.organizations));
      show(errors, requestTable(seen.recent_errors, 'Nothing failed of late.'));
    },
  };
}

function card(title, body, extra = '') {
  return h('section', { class: `card ${extra}` }, h('header', {}, h('h2', {}, title)), body);
}

/** The last half minute, so that a figure can be read before it changes. */
function nowTiles(seen) {
  const last = seen.series.slice(-6);
  const sum = (of) => last.reduce((total, point) => total + of(point), 0);
  const seconds = sum((p) => p.seconds) || 1;
  const worst = (kind) => Math.max(0, ...last.map((p) => p[kind].p95));
  const waiting = seen.queue.by_class.reduce((total, load) => total + load.waiting, 0);
  const running = seen.queue.by_class.reduce((total, load) => total + load.running, 0);
  const errors = sum((p) => p.server_errors);
  return [
    tile('requests / s', rate(sum((p) => p.ok + p.limited + p.client_errors + p.server_errors) / seconds)),
    tile('first token p95', duration(worst('ttft_ms'))),
    tile('per token p95', duration(worst('inter_token_ms'))),
    tile('output tokens / s', rate(sum((p) => p.output_tokens) / seconds)),
    tile('running', count(running)),
    tile('waiting', count(waiting), waiting > running && waiting > 0 ? 'warn' : ''),
    tile('server errors, 30 s', count(errors), errors > 0 ? 'bad' : ''),
  ];
}

function tile(name, value, tone = '') {
  return h('div', { class: `tile ${tone}` }, h('b', {}, value), h('span', { class: 'small soft' }, name));
}

const SLO_NAMES = { ttft: 'first token', inter_token: 'further tokens', availability: 'availability' };

function objectives(slos) {
  if (slos.length === 0) return nothing('Nothing was asked yet.');
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['objective', 'model', 'good', 'error budget left', 'burn 1 h · 6 h · 3 d', '']
      .map((name) => h('th', {}, name)))),
    h('tbody', {}, slos.map((slo) => {
      const firing = slo.alerts.filter((alert) => alert.firing);
      const left = Math.max(0, slo.budget_left);
      return h('tr', {},
        h('td', {}, SLO_NAMES[slo.slo], h('div', { class: 'small soft' }, objective(slo.objective),
          slo.threshold_ms > 0 ? ` ≤ ${duration(slo.threshold_ms)}` : '', `, ${slo.window_days} d`)),
        h('td', {}, slo.model),
        h('td', {}, slo.good + slo.bad === 0 ? '–' : `${short(slo.good)} of ${short(slo.good + slo.bad)}`),
        h('td', { class: 'meter' }, bar(1, [{ tone: left > 0.25 ? 'fill-1' : 'fill-3', value: left }],
          `${share(slo.budget_left)} left`), h('span', { class: 'small' }, share(slo.budget_left))),
        h('td', { class: 'number' }, slo.alerts.map((alert) => `${rate(alert.long_burn)}×`).join(' · ')),
        h('td', {}, firing.map((alert) => badge(alert.severity, alert.severity === 'page' ? 'bad' : 'warn'))));
    }))));
}

function queues(queue, slowed) {
  const most = Math.max(1, ...[...queue.by_class, ...queue.by_organization].map((load) => load.waiting + load.running));
  const row = (name, load) => h('div', { class: 'row' },
    h('div', { class: 'name' }, name),
    bar(most, [
      { tone: 'fill-1', value: load.running, name: 'running' }, { tone: 'fill-2', value: load.waiting, name: 'waiting' },
    ], `${load.running} running, ${load.waiting} waiting`),
    h('span', { class: 'number small' }, `${load.running} run · ${load.waiting} wait`));
  return [
    queue.by_class.map((load) => row(load.class, load)),
    h('h3', {}, 'By organisation'),
    queue.by_organization.length === 0
      ? nothing('Nobody waits and nobody runs.')
      : queue.by_organization.map((load) => row(organisation(load), load)),
    slowed > 0 ? h('p', { class: 'small' }, badge(`${slowed} slowed`, 'warn'), ' by their own circuit breaker') : null,
  ];
}

const CIRCUIT = { closed: ['closed', 'good'], half_open: ['half open', 'warn'], open: ['open', 'bad'] };

function model(it) {
  const [state, tone] = CIRCUIT[it.circuit];
  return h('div', { class: 'model' },
    h('div', { class: 'line-up' }, h('b', {}, it.model), badge(`circuit ${state}`, tone)),
    bar(it.kv_blocks, [
      { tone: 'fill-1', value: it.kv_blocks_used, name: 'in use' },
      { tone: 'fill-4', value: it.kv_blocks_idle, name: 'kept by the prefix cache' },
    ], `${it.kv_blocks_used} of ${it.kv_blocks} blocks in use`),
    h('p', { class: 'small soft' },
      `KV blocks: ${short(it.kv_blocks_used)} in use, ${short(it.kv_blocks_idle)} cached, of ${short(it.kv_blocks)}`,
      ` · engine: ${it.running} run, ${it.waiting} wait · ${short(it.preemptions)} preempted`));
}

function uses(organisations) {
  if (organisations.length === 0) return nothing('Nobody was active of late.');
  return h('div', { class: 'uses' }, organisations.map((it) => h('div', { class: 'use' },
    h('div', { class: 'line-up' }, h('b', {}, organisation(it)),
      h('span', { class: 'number small' }, `${money(it.spent_micros)} spent`,
        it.budget_micros === null ? '' : ` of ${money(it.budget_micros)}`)),
    it.budget_micros === null ? null : bar(it.budget_micros, [
      { tone: it.spent_micros > 0.9 * it.budget_micros ? 'fill-3' : 'fill-1', value: it.spent_micros, name: 'spent' },
      { tone: 'fill-2', value: it.held_micros, name: 'held by requests under way' },
    ], 'budget of the month'),
    it.limits.map((limit) => h('div', { class: 'row' },
      h('span', { class: 'name small', title: limit.model }, `${limit.limit.replaceAll('_', ' ')}`),
      bar(limit.size, [{ tone: limit.used > 0.9 * limit.size ? 'fill-3' : 'fill-1', value: limit.used }],
        `${limit.used} of ${limit.size}`),
      h('span', { class: 'number small' }, `${short(limit.used)} / ${short(limit.size)}`))))));
}

function badge(text, tone) {
  return h('span', { class: `badge ${tone}` }, text);
}

function nothing(text) {
  return h('p', { class: 'soft small' }, text);
}
