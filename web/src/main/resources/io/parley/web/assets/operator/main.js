// The operator console: signs in, keeps the live stream, and shows the page that the address names.

import { key, signOut, stream } from './api.js';
import { h } from './dom.js';
import { clock } from './format.js';
import { overviewView } from './views/overview.js';
import { requestView, requestsView } from './views/requests.js';
import { signInView } from './views/sign-in.js';

const RETRY_MS = 2000;
const root = document.getElementById('console');
const live = h('span', { class: 'live', role: 'status' });
const place = h('div', { class: 'place' });
let view = null;
let last = null;
let connection = null;

function setLive(state, text) {
  live.className = `live ${state}`;
  live.textContent = text;
}

/** Keeps a stream open as long as somebody is signed in. */
async function connect() {
  connection = new AbortController();
  const { signal } = connection;
  while (!signal.aborted) {
    try {
      await stream((overview) => {
        last = overview;
        setLive('on', `live · ${clock(overview.at)}`);
        view?.update?.(overview);
      }, signal);
    } catch (problem) {
      if (problem.status === 401 || problem.status === 403) return leave(problem.message);
    }
    if (!signal.aborted) {
      setLive('off', 'no connection; trying again');
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}

function leave(why = '') {
  connection?.abort();
  signOut();
  last = null;
  root.replaceChildren(signInView(enter, why));
}

function enter() {
  const link = (href, text) => h('a', { href }, text);
  root.replaceChildren(
    h('header', { class: 'top' },
      h('a', { href: '#/', class: 'brand' }, 'Parley ', h('span', { class: 'soft' }, 'operations')),
      h('nav', { 'aria-label': 'Pages' }, link('#/', 'Overview'), link('#/requests', 'Requests')),
      live,
      h('button', { class: 'button', type: 'button', onclick: switchTheme }, 'Theme'),
      h('button', { class: 'button', type: 'button', onclick: () => leave() }, 'Sign out')),
    place);
  setLive('off', 'connecting');
  route();
  connect();
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme === 'dark'
    || (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('parley.theme', dark ? 'light' : 'dark');
}

async function route() {
  if (key() === null) return;
  const path = location.hash.slice(1) || '/';
  const [, page, id] = path.split('/');
  const next = page === 'requests'
    ? (id ? requestView(decodeURIComponent(id)) : requestsView())
    : overviewView();
  view = next;
  place.replaceChildren(next.element);
  for (const anchor of document.querySelectorAll('nav a')) {
    const here = anchor.getAttribute('href') === (page === 'requests' ? '#/requests' : '#/');
    if (here) anchor.setAttribute('aria-current', 'page');
    else anchor.removeAttribute('aria-current');
  }
  if (last !== null) next.update?.(last);
  try {
    await next.load?.();
  } catch (problem) {
    if (view === next) next.element.append(h('p', { class: 'problem', role: 'alert' }, problem.message));
  }
}

addEventListener('hashchange', route);
if (key() === null) leave();
else enter();
