import { get } from '../api.js';
import { waterfall } from '../charts.js';
import { h, show } from '../dom.js';
import { count, duration } from '../format.js';
import { organisation, outcome, requestTable } from '../parts.js';

/** What failed, what was slow and what ended last, each with a way to its waterfall. */
export function requestsView() {
  const lists = h('div', { class: 'cards' });
  const search = h('form', {
    class: 'search',
    onsubmit(event) {
      event.preventDefault();
      const id = new FormData(search).get('id').trim();
      if (id) location.hash = `#/requests/${encodeURIComponent(id)}`;
    },
  }, h('label', { class: 'only-read', for: 'request-id' }, 'Request id'),
  h('input', { class: 'input', id: 'request-id', name: 'id', placeholder: 'req_…', spellcheck: 'false' }),
  h('button', { class: 'button', type: 'submit' }, 'Show'),
  h('button', { class: 'button', type: 'button', onclick: () => load() }, 'Refresh'));
  async function load() {
    const [errors, requests] = await Promise.all([get('/errors'), get('/requests')]);
    show(lists,
      list('Errors', errors.data, 'Nothing failed of late.'),
      list('Slow', requests.slow.data, 'Nothing was slow of late.'),
      list('Latest', requests.latest.data, 'Nothing was asked of late.'));
  }
  return { element: h('main', {}, search, lists), load };
}

function list(title, requests, none) {
  return h('section', { class: 'card wide' }, h('header', {}, h('h2', {}, title)), requestTable(requests, none));
}

/** One request: where it spent its time. */
export function requestView(id) {
  const body = h('div', {});
  return {
    element: h('main', {}, h('p', {}, h('a', { href: '#/requests' }, '← All requests')), body),
    async load() {
      const request = await get(`/requests/${encodeURIComponent(id)}`);
      body.replaceChildren(h('section', { class: 'card' },
        h('header', {}, h('h2', {}, request.request_id), outcome(request)),
        request.message === '' ? null : h('p', { class: 'problem' }, request.message),
        facts(request), waterfall(request.stages, request.total_ms, duration)));
    },
  };
}

function facts(request) {
  const input = request.input_tokens + request.cache_creation_tokens + request.cache_read_tokens;
  const rows = [
    ['received', new Date(request.received_at).toLocaleString()],
    ['total', duration(request.total_ms)],
    ['first token', request.ttft_ms === null ? 'none' : duration(request.ttft_ms)],
    ['tokens', `${count(input)} in (${count(request.cache_read_tokens)} cached), ${count(request.output_tokens)} out`],
    ['model', request.model],
    ['class', request.class],
    ['organisation', organisation(request)],
    ['key', request.api_key_id],
    ['trace', request.trace_id],
  ];
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value !== undefined)
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}
