/** A conversation that somebody shared: to read, without an account. */

import {html, nothing} from 'lit-html';
import * as api from '../api.js';
import {change, state} from '../store.js';
import {mark} from './icons.js';
import {messageView, speakerOf} from './message.js';
import './virtual-list.js';

let page = {id: null, shared: null, items: [], problem: null};

async function load(id) {
  page = {id, shared: null, items: [], problem: null};
  try {
    page.shared = await api.shared(id);
    page.items = page.shared.data.map((message) => ({key: message.id, message}));
  } catch (failure) {
    page.problem = failure.status === 404 ? 'This link does not lead anywhere, or sharing has ended.' : failure.message;
  }
  change();
}

const template = (item) => messageView(item, {shareId: page.id});

export function sharedView() {
  if (page.id !== state.place.id) load(state.place.id);
  const {shared, problem} = page;
  return html`<main class="conversation shared">
    <header class="head"><a class="brand" href="/" aria-label="Parley, home">${mark}</a>
      <h1>${shared?.title ?? 'A shared conversation'}</h1><span class="gap"></span>
      <span class="small soft">Shared to read</span></header>
    ${problem ? html`<div class="nothing"><p>${problem}</p></div>` : nothing}
    ${shared ? html`<virtual-list class="transcript" from-start label="Messages" tabindex="0" .content=${{items: page.items, template, nameOf: speakerOf}}></virtual-list>` : nothing}
  </main>`;
}
