/** Questions to begin with: even the small models that ship with the server can answer them. */

import {html} from 'lit-html';

const OPENERS = ['What is Parley?', 'What is the capital of Italy?', 'What is 17 plus 25?'];

/** @param {(text: string) => void} ask */
export const openers = (ask, disabled = false) => html`<ul class="openers" aria-label="Questions to begin with">
  ${OPENERS.map((text) => html`<li><button type="button" class="opener" ?disabled=${disabled} @click=${() => ask(text)}>${text}</button></li>`)}
</ul>`;
