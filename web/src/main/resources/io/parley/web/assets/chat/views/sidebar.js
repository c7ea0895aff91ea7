/** The side bar: conversations by last activity, the way to a new one, the search, and the user. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import * as api from '../api.js';
import {archive, listed, loadList} from '../conversations.js';
import {logout} from '../session.js';
import {answeringIn, change, state} from '../store.js';
import {setTheme, theme} from '../theme.js';
import {icon, mark} from './icons.js';
import {openMenu} from './menu.js';
import {openSearch} from './search.js';

const DAY_MS = 86_400_000;
const mac = navigator.platform.startsWith('Mac');

export const sidebar = () => html`
  <aside class="sidebar ${state.sidebarOpen ? 'open' : ''}" aria-label="Conversations">
    <div class="brand">
      <a href="/" data-in-app aria-label="Parley, home">${mark}<span>Parley</span></a>
      <button class="icon-button only-phone" aria-label="Close the list" @click=${() => change({sidebarOpen: false})}>
        ${icon('close')}</button>
    </div>
    <div class="actions">
      <a class="row new" href="/" data-in-app>${icon('plus')}<span>New conversation</span></a>
      <button class="row" @click=${openSearch}>${icon('search')}<span>Search</span>
        <span class="keys"><kbd>${mac ? '⌘' : 'Ctrl'}</kbd> <kbd>K</kbd></span></button>
    </div>
    <nav class="list" aria-label=${state.showArchived ? 'Archive' : 'Recent'} @scroll=${nearEnd}>${list()}</nav>
    <button class="row archive" @click=${toggleArchive}>${icon(state.showArchived ? 'left' : 'archive')}
      <span>${state.showArchived ? 'Back to recent' : 'Archive'}</span></button>
    ${who()}
  </aside>
  ${state.sidebarOpen ? html`<div class="shade only-phone" @click=${() => change({sidebarOpen: false})}></div>` : nothing}`;

function toggleArchive() {
  change({showArchived: !state.showArchived});
  if (state.showArchived) loadList('archived');
}

function nearEnd({target}) {
  if (target.scrollHeight - target.scrollTop - target.clientHeight > 300) return;
  loadList(state.showArchived ? 'archived' : 'active');
}

function list() {
  const conversations = listed(state.showArchived);
  const loaded = state.lists[state.showArchived ? 'archived' : 'active'].loaded;
  if (!conversations.length) {
    const empty = state.showArchived ? 'Nothing is in the archive.' : 'What you talk about will be listed here.';
    return html`<p class="empty">${loaded ? empty : ''}</p>`;
  }
  return repeat(groups(conversations), ([name]) => name, ([name, members]) => html`
    <h2>${name}</h2>
    <ul>${repeat(members, ({id}) => id, entry)}</ul>`);
}

/** Conversations in groups by the day of their last activity. */
function groups(conversations) {
  const today = new Date().setHours(0, 0, 0, 0);
  const nameOf = (time) => {
    if (time >= today) return 'Today';
    if (time >= today - DAY_MS) return 'Yesterday';
    if (time >= today - 7 * DAY_MS) return 'The last seven days';
    return new Date(time).toLocaleDateString('en', {month: 'long', year: 'numeric'});
  };
  const named = new Map();
  for (const conversation of conversations) {
    const name = nameOf(Date.parse(conversation.last_activity_at));
    named.set(name, [...(named.get(name) ?? []), conversation]);
  }
  return [...named];
}

export const titleOf = (conversation) => conversation.title || 'New conversation';

function entry(conversation) {
  const here = state.place.id === conversation.id;
  const answering = answeringIn(conversation.id);
  const unread = !here && (conversation.head_id ?? '') > (conversation.read_id ?? '') && !answering;
  return html`<li class=${here ? 'here' : ''}>
    <a href="/c/${conversation.id}" data-in-app aria-current=${here ? 'page' : nothing} title=${titleOf(conversation)}>
      <span class="title">${titleOf(conversation)}</span>
      ${answering ? html`<span class="dot busy"><span class="only-read">is being answered</span></span>` : nothing}
      ${unread ? html`<span class="dot"><span class="only-read">has something new</span></span>` : nothing}
    </a>
    <button class="icon-button" aria-label="More about ${titleOf(conversation)}" aria-haspopup="menu" aria-expanded="false"
      @click=${({currentTarget}) => openMenu(currentTarget, titleOf(conversation), conversationMenu(conversation))}>
      ${icon('more')}</button>
  </li>`;
}

export const conversationMenu = (conversation) => [
  {name: 'Rename', icon: 'edit', run: () => change({dialog: {name: 'rename', id: conversation.id}})},
  {name: 'Share a link', icon: 'share', run: () => change({dialog: {name: 'share', id: conversation.id}})},
  {name: 'Export as Markdown', icon: 'export', href: api.exportAddress(conversation.id, 'markdown')},
  {name: 'Export as JSON', icon: 'export', href: api.exportAddress(conversation.id, 'json')},
  {
    name: conversation.archived ? 'Take out of the archive' : 'Archive',
    icon: 'archive',
    run: () => archive(conversation.id, !conversation.archived),
  },
  {name: 'Delete', icon: 'trash', danger: true, run: () => change({dialog: {name: 'delete', id: conversation.id}})},
];

const who = () => html`
  <div class="who">
    ${state.me.guest
      ? html`<p>You are here as a guest. <button class="link" @click=${() => change({dialog: {name: 'account'}})}>Create an
          account</button> to come back to your conversations.</p>`
      : nothing}
    <button class="row" aria-haspopup="menu" aria-expanded="false" @click=${({currentTarget}) => openMenu(currentTarget, 'You', userMenu())}>
      <span class="face" aria-hidden="true">${initial()}</span><span class="name">${state.me.guest ? 'Guest' : state.me.name}</span>${icon('more')}
    </button>
  </div>`;

const initial = () => (state.me.guest ? 'G' : state.me.name || state.me.email || '?').trim()[0].toUpperCase();

const userMenu = () => [
  {name: 'Settings', icon: 'gear', run: () => change({dialog: {name: 'settings'}})},
  ...[['system', 'Like the system', 'system'], ['light', 'Light', 'sun'], ['dark', 'Dark', 'moon']].map(
    ([value, name, shape]) => ({
      name, icon: shape, checked: theme() === value,
      run() {
        setTheme(value);
        change();
      },
    }),
  ),
  {name: 'Sign out', icon: 'out', run: logout},
];
