/** The frame of every dialog: the browser's own modal dialog, which keeps the focus inside and gives it back. */

import {html, nothing} from 'lit-html';
import {ref} from 'lit-html/directives/ref.js';
import {change} from '../store.js';
import {icon} from './icons.js';

export const closeDialog = () => change({dialog: null});

/** Shown once it is in the document, which it is not yet while it is rendered. */
const show = (element) =>
  queueMicrotask(() => {
    if (element?.isConnected && !element.open) element.showModal();
  });

/** `bare`: without a head line of its own; its label is for screen readers. */
export const dialogView = ({label, content, style = '', bare = false}) => html`
  <dialog class=${style} aria-label=${label} ${ref(show)} @close=${closeDialog} @pointerdown=${outside}>
    <div class="frame">
      ${bare ? nothing : html`<header><h2>${label}</h2>
        <button class="icon-button" aria-label="Close" @click=${closeDialog}>${icon('close')}</button></header>`}
      ${content}
    </div>
  </dialog>`;

/** A click on what lies behind the dialog closes it. */
function outside(event) {
  if (event.target === event.currentTarget) closeDialog();
}
