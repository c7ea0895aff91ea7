/** The whole page, of the state. */

import {html, nothing} from 'lit-html';
import {keyed} from 'lit-html/directives/keyed.js';
import {state} from '../store.js';
import {conversationView} from './conversation.js';
import {openDialog} from './dialogs.js';
import {mark} from './icons.js';
import {noticeView} from './notice.js';
import {sharedView} from './shared.js';
import {sidebar} from './sidebar.js';
import {signInView} from './sign-in.js';

export const appView = () => html`${page()}${noticeView(!state.dialog)}`;

function page() {
  if (state.place.name === 'share') return sharedView();
  if (state.session === 'starting') return starting();
  if (state.session === 'out') return signInView();
  return html`<div class="app">
    <a class="skip" href="#write" @click=${toComposer}>To the message box</a>
    ${sidebar()}
    <div class="page">${connection()}${conversationView()}</div>
    ${keyed(state.dialog?.name, openDialog())}
  </div>`;
}

const starting = () => html`<main class="starting">${mark}
  ${state.failure ? html`<p class="soft" role="status">${state.failure}</p>` : nothing}</main>`;

function toComposer(event) {
  event.preventDefault();
  document.querySelector('message-composer textarea')?.focus();
}

/** Says honestly when the page may be out of date. */
const connection = () => (state.connection === 'lost'
  ? html`<p class="connection" role="status">The connection is lost. What you send is kept and goes out when it is back.</p>`
  : nothing);
