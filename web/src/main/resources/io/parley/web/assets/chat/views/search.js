/** Search over all conversations: a box, hits as one types, arrow keys, and filters. Ctrl-K or ⌘K opens it. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import * as api from '../api.js';
import {labelOf} from '../labels.js';
import {go} from '../places.js';
import {change, state} from '../store.js';
import {closeDialog, dialogView} from './dialog.js';
import {icon} from './icons.js';

const PAUSE_MS = 150;

const found = {q: '', role: '', model: '', from: '', to: '', hits: [], next: null, at: 0, busy: false, problem: null};
let timer;
let running;

export const openSearch = () => change({dialog: {name: 'search'}});

export const searchDialog = () => dialogView({
  label: 'Search', style: 'search', bare: true,
  content: html`
    <div class="query">
      ${icon('search')}
      <input type="search" role="combobox" aria-label="Search in all conversations" aria-expanded="true" aria-controls="hits"
        aria-autocomplete="list" aria-activedescendant=${found.hits.length ? `hit-${found.at}` : nothing}
        placeholder="Search in all conversations" autofocus .value=${found.q} @input=${({target}) => look({q: target.value})} @keydown=${key}>
    </div>
    <div class="filters">
      ${select('Said by', 'role', [['', 'Anyone'], ['user', 'You'], ['assistant', 'Models']])}
      ${select('Model', 'model', [['', 'Any model'], ...state.models.map(({id, display_name}) => [id, labelOf(display_name)])])}
      ${date('From', 'from')} ${date('Until', 'to')}
    </div>
    <ul id="hits" role="listbox" aria-label="Hits" @scroll=${nearEnd}>${repeat(found.hits, (hit, i) => i, hitView)}</ul>
    ${found.hits.length ? nothing : html`<p class="nothing" role="status">${emptiness()}</p>`}`,
});

const select = (label, name, options) => html`<select aria-label=${label} @change=${({target}) => look({[name]: target.value})}>
    ${options.map(([value, text]) => html`<option value=${value} ?selected=${found[name] === value}>${text}</option>`)}
  </select>`;

const date = (label, name) => html`<label>${label} <input type="date" .value=${found[name]}
  @change=${({target}) => look({[name]: target.value})}></label>`;

function emptiness() {
  if (found.problem) return found.problem;
  if (!found.q.trim()) return 'Titles and messages, yours and the models’.';
  return found.busy ? 'Searching' : 'Nothing was found.';
}

/** Marks of emphasis and code would only be in the way. */
const plain = (text) => text.replace(/\*\*|`/g, '');

const hitView = (hit, i) => html`
  <li role="option" id="hit-${i}" aria-selected=${i === found.at} @click=${() => take(hit)} @pointermove=${() => point(i)}>
    <span class="title">${hit.title || 'New conversation'}</span>
    <time datetime=${hit.created_at}>${new Date(hit.created_at).toLocaleDateString('en', {day: 'numeric', month: 'short', year: 'numeric'})}</time>
    <span class="snippet">${hit.snippet.map(({text, hit: marked}) => (marked ? html`<mark>${text}</mark>` : plain(text)))}</span>
  </li>`;

function point(at) {
  if (at === found.at) return;
  found.at = at;
  change();
}

function key(event) {
  // The box would take the first Escape to empty itself.
  if (event.key === 'Escape') {
    event.preventDefault();
    return closeDialog();
  }
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step && found.hits.length) {
    event.preventDefault();
    found.at = (found.at + step + found.hits.length) % found.hits.length;
    change();
    document.getElementById(`hit-${found.at}`)?.scrollIntoView({block: 'nearest'});
  } else if (event.key === 'Enter' && found.hits[found.at]) {
    event.preventDefault();
    take(found.hits[found.at]);
  }
  return undefined;
}

function take(hit) {
  closeDialog();
  go(`/c/${hit.conversation_id}${hit.message_id ? `#${hit.message_id}` : ''}`);
}

function look(part) {
  Object.assign(found, part);
  clearTimeout(timer);
  timer = setTimeout(() => load(null), PAUSE_MS);
  change();
}

async function load(cursor) {
  running?.abort();
  const controller = (running = new AbortController());
  const {q, role, model, from, to} = found;
  if (!q.trim()) {
    Object.assign(found, {hits: [], next: null, at: 0});
    return change();
  }
  found.busy = true;
  try {
    const page = await api.search({q, role, model, from, to, cursor, limit: 20}, controller.signal);
    Object.assign(found, {
      hits: cursor ? [...found.hits, ...page.data] : page.data,
      next: page.has_more ? page.next : null,
      at: cursor ? found.at : 0,
      problem: null,
      busy: false,
    });
  } catch (problem) {
    if (problem.name === 'AbortError') return undefined;
    Object.assign(found, {problem: problem.message, busy: false});
  }
  return change();
}

function nearEnd({target}) {
  if (found.next && !found.busy && target.scrollHeight - target.scrollTop - target.clientHeight < 200) load(found.next);
}

addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || state.session !== 'in') return;
  event.preventDefault();
  if (state.dialog?.name === 'search') closeDialog();
  else openSearch();
});
