/** One conversation: its head line, its messages, and the place to write. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {createRef, ref} from 'lit-html/directives/ref.js';
import {markRead, open, patch} from '../conversations.js';
import {labelOf} from '../labels.js';
import {go} from '../places.js';
import {send} from '../sending.js';
import {change, defaultModel, historyOf, state} from '../store.js';
import './composer.js';
import {icon, mark} from './icons.js';
import {openMenu} from './menu.js';
import {messageView, speakerOf} from './message.js';
import {openers} from './openers.js';
import {conversationMenu, titleOf} from './sidebar.js';
import './virtual-list.js';

const transcript = createRef();
const composer = createRef();
let shownId = null;
let jumpedTo = null;

export function conversationView() {
  const {id} = state.place;
  const conversation = id ? state.conversations.get(id) : null;
  return html`
    <main class="conversation" @dragover=${dragged} @dragleave=${left} @drop=${dropped}>
      ${head(conversation)}
      ${id ? body(id, conversation) : welcome()}
      ${id && state.histories.get(id)?.failure ? nothing : html`<div class="foot">
        ${id && !atEnd() ? html`<button class="to-end" aria-label="To the newest message" @click=${toEnd}>${icon('down')}</button>` : nothing}
        <message-composer .conversationId=${id} ${ref(composer)} @sent=${toEnd}></message-composer>
        <p class="caution">Models make mistakes. Check what matters.</p>
      </div>`}
    </main>`;
}

const head = (conversation) => html`
  <header class="head">
    <button class="icon-button only-phone" aria-label="Open the list of conversations" aria-expanded=${state.sidebarOpen}
      @click=${() => change({sidebarOpen: true})}>${icon('menu')}</button>
    ${conversation
      ? html`<h1><button class="title" title="Rename" @click=${() => change({dialog: {name: 'rename', id: conversation.id}})}>
          ${titleOf(conversation)}</button></h1>`
      : html`<h1 class="only-read">New conversation</h1>`}
    <span class="gap"></span>
    ${modelPicker(conversation)}
    <button class="icon-button" aria-label="Settings of this conversation" title="Instructions, usage and more"
      @click=${() => change({dialog: {name: 'details', id: conversation?.id ?? null}})}>${icon('details')}</button>
    ${conversation && !conversation.local
      ? html`<button class="icon-button" aria-label="More" aria-haspopup="menu" aria-expanded="false"
          @click=${({currentTarget}) => openMenu(currentTarget, titleOf(conversation), conversationMenu(conversation))}>${icon('more')}</button>`
      : nothing}
  </header>`;

export function modelPicker(conversation) {
  const chosen = (conversation ? conversation.model : state.fresh?.model) ?? defaultModel()?.id;
  const choose = ({target}) => setModel(conversation, target.value);
  return state.models.length
    ? html`<span class="picker">
        <select aria-label="Model" .value=${live(chosen)} @change=${choose}>
          ${state.models.map((model) => html`<option value=${model.id} ?selected=${model.id === chosen}>${labelOf(model.display_name)}</option>`)}
        </select></span>`
    : nothing;
}

function setModel(conversation, model) {
  if (conversation && !conversation.local) patch(conversation.id, {model});
  else change({fresh: {...state.fresh, model}});
}

function body(id, conversation) {
  const history = historyOf(id);
  if (history.failure && !history.messages.size) return missing(history.failure);
  const items = itemsOf(id, history, conversation);
  queueMicrotask(() => settle(id, history, conversation));
  const headId = conversation?.head_id ?? null;
  const edges = {top: () => history.older(headId), bottom: () => history.newer(headId)};
  const template = (item) => messageView(item, {found: state.place.target});
  return html`
    <virtual-list class="transcript" label="Messages" tabindex="0" ${ref(transcript)} .edges=${edges}
      .onPinned=${() => change()} .content=${{items, template, nameOf: speakerOf}}></virtual-list>
    ${!items.length && history.loaded ? html`<p class="nothing">Nothing has been said here yet.</p>` : nothing}`;
}

/** What the list shows; the same array as before while nothing but the text of messages changed. */
let cache = {path: null, outbox: null, items: []};

function itemsOf(id, history, conversation) {
  const path = history.path(conversation?.head_id ?? null);
  const {outbox} = state;
  const pending = outbox.filter((entry) => entry.conversation_id === id);
  const signature = pending.map((entry) => entry.client_id).join();
  if (cache.id === id && cache.path === path && cache.signature === signature) return cache.items;
  const edit = pending.find((entry) => entry.edit_of);
  const cut = edit ? path.findIndex((message) => message.id === edit.edit_of) : -1;
  const items = [
    ...(cut < 0 ? path : path.slice(0, cut)).map((message) => ({key: message.id, message})),
    ...pending.map((entry) => ({key: entry.client_id, entry})),
  ];
  cache = {id, path, signature, items};
  return items;
}

/** After rendering: a conversation that was just opened shows its end, or the message that was looked for. */
function settle(id, history, conversation) {
  const list = transcript.value;
  if (!list) return;
  if (shownId !== id) {
    shownId = id;
    jumpedTo = null;
    list.toEnd();
  }
  const {target} = state.place;
  if (target && target !== jumpedTo && history.loaded && list.toKey(target)) jumpedTo = target;
  if (conversation && !conversation.local && atEnd()) markRead(conversation);
}

const atEnd = () => (transcript.value?.pinned ?? true) && !historyOf(state.place.id).target;

async function toEnd() {
  const {id} = state.place;
  if (id && historyOf(id).target) {
    go(`/c/${id}`, {replace: true});
    await open(id, null);
  }
  transcript.value?.toEnd();
  change();
}

const missing = (failure) => html`<div class="nothing">
  <p>${failure.status === 404 ? 'This conversation does not exist, or it was deleted.' : failure.message}</p>
  <a class="button" href="/" data-in-app>Begin another</a></div>`;

const welcome = () => {
  shownId = null;
  return html`<div class="welcome">
    ${mark}
    <h2>${greeting()}</h2>
    ${openers(ask)}
  </div>`;
};

/** Sent as it stands; what is in the box stays there. */
function ask(text) {
  send({conversationId: null, text, create: state.fresh ?? {}});
  change({fresh: null});
}

function greeting() {
  const hour = new Date().getHours();
  const time = hour < 5 ? 'Good night' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  return state.me.guest || !state.me.name ? `${time}.` : `${time}, ${state.me.name.split(' ')[0]}.`;
}

function dragged(event) {
  if (!event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  event.currentTarget.classList.add('dropping');
}

function left(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.classList.remove('dropping');
}

/** Text that is dropped goes where it falls. */
function dropped(event) {
  if (!event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  event.currentTarget.classList.remove('dropping');
  composer.value?.take([...event.dataTransfer.files]);
}
