/** The frame of every dialog: the browser's own modal dialog, which keeps the focus inside and gives it back. */

import {html, nothing} from 'lit-html';
import {ref} from 'lit-html/directives/ref.js';
import {change, state} from '../store.js';
import {icon} from './icons.js';
import {noticeView} from './notice.js';

/** Closes what is open; the browser then gives the focus back to where it was. */
export function closeDialog() {
  const dialog = document.querySelector('dialog[open]');
  if (dialog) dialog.close();
  else closed();
}

const closed = () => change({dialog: null, form: null});

/** The browser tells of the end a little later; by then another dialog may be open. */
const closing = (dialog) => () => {
  if (state.dialog === dialog) closed();
};

/** Shown once it is in the document, which it is not yet while it is rendered. */
const show = (element) =>
  queueMicrotask(() => {
    if (element?.isConnected && !element.open) element.showModal();
  });

/** `bare`: without a head line of its own; its label is for screen readers. */
export const dialogView = ({label, content, style = '', bare = false}) => html`
  <dialog class=${style} aria-label=${label} ${ref(show)} @close=${closing(state.dialog)} @pointerdown=${outside}>
    <div class="frame">
      ${bare ? nothing : html`<header><h2>${label}</h2>
        <button class="icon-button" aria-label="Close" @click=${closeDialog}>${icon('close')}</button></header>`}
      ${content}
    </div>
    ${noticeView()}
  </dialog>`;

/** A click on what lies behind the dialog closes it. */
function outside(event) {
  if (event.target === event.currentTarget) closeDialog();
}
