/** The line that says what has just happened. An open dialog has one of its own: what lies behind it is out of reach. */

import {html, nothing} from 'lit-html';
import {state} from '../store.js';

export const noticeView = (shown = true) => html`<div class="notices" role="status" aria-live="polite">
  ${shown && state.notice ? html`<p class="notice ${state.notice.kind}">${state.notice.text}</p>` : nothing}
  <span class="only-read">${shown ? state.spoken : ''}</span></div>`;
