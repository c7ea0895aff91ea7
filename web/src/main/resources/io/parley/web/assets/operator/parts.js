// What several pages of the console show alike.

import { h } from './dom.js';
import { clock, duration } from './format.js';

const FAULTS = { none: 'good', client: 'plain', limit: 'warn', server: 'bad' };

/** By the name that people know, with the id that logs and commands know under it. */
export function organisation(of) {
  return of.organization_name === null
    ? h('span', { title: of.organization_id }, of.organization_id)
    : h('span', { class: 'organisation', title: of.organization_id }, of.organization_name,
      h('span', { class: 'small soft' }, of.organization_id));
}

export function outcome(request) {
  return h('span', { class: `badge ${FAULTS[request.fault]}` }, request.outcome.replaceAll('_', ' '));
}

/** Requests in a line each, with a way to their waterfalls. */
export function requestTable(requests, none) {
  if (requests.length === 0) return h('p', { class: 'soft small' }, none);
  return h('div', { class: 'scroll tall' }, h('table', {},
    h('thead', {}, h('tr', {}, ['at', 'request', 'outcome', 'organisation', 'model', 'first token', 'total']
      .map((name) => h('th', {}, name)))),
    h('tbody', {}, requests.map((request) => h('tr', {},
      h('td', { class: 'number' }, clock(request.ended_at)),
      h('td', { class: 'number' }, h('a', { href: `#/requests/${request.request_id}` }, `…${request.request_id.slice(-8)}`)),
      h('td', {}, outcome(request), request.message === '' ? null
        : h('div', { class: 'small soft message' }, request.message)),
      h('td', {}, organisation(request)),
      h('td', {}, request.model),
      h('td', { class: 'number' }, request.ttft_ms === null ? '–' : duration(request.ttft_ms)),
      h('td', { class: 'number' }, duration(request.total_ms)))))));
}
