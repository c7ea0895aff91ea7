/** One message: who speaks, what they say, how it ended, and what can be done with it. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {ref} from 'lit-html/directives/ref.js';
import * as api from '../api.js';
import {showBranch} from '../conversations.js';
import {textOf} from '../history.js';
import {labelOf, number} from '../labels.js';
import {goOn, regenerate, send, takeBack} from '../sending.js';
import {answeringIn, change, historyOf, state} from '../store.js';
import {copyText} from '../text/code.js';
import '../text/markdown.js';
import {icon, mark} from './icons.js';

/**
 * Template of an item of the list: {key, message} or {key, entry} (not confirmed yet). `shareId`: of a page to read only,
 * on which pictures come by the link.
 */
export const messageView = ({message, entry}, {shareId = null, found = null} = {}) =>
  entry ? pendingView(entry) : html`
    <div class="message ${message.role} ${message.id === found ? 'found' : ''}" id=${message.id}>
      <h3 class="speaker">${speakerOf({message})}</h3>
      <div class="body">
        ${pictures(message, shareId ? (id) => api.sharedImageAddress(shareId, id) : api.imageAddress)}
        ${message.role === 'user' ? said(message, shareId !== null) : answer(message)}
        ${shareId ? nothing : ending(message)}
        ${shareId || message.status === 'streaming' || editing(message) ? nothing : tools(message)}
      </div>
    </div>`;

/** Who says an item of the list. */
export const speakerOf = ({message}) => (!message || message.role === 'user' ? 'You' : nameOf(message.model));

const nameOf = (id) => labelOf(state.models.find((model) => model.id === id)?.display_name ?? id ?? 'Parley');

const pictures = (message, address) => {
  const images = message.content.filter((block) => block.type === 'image');
  return images.length
    ? html`<div class="pictures">${images.map((image) => html`<a href=${address(image.image_id)} target="_blank">
        <img src=${address(image.image_id)} width=${image.width ?? nothing} height=${image.height ?? nothing}
          alt="A picture in this message" loading="lazy"></a>`)}</div>`
    : nothing;
};

const editing = (message) => state.editing?.id === message.id;

const said = (message, readonly) =>
  !readonly && editing(message) ? editor(message) : html`<p class="said">${textOf(message)}</p>`;

const answer = (message) => {
  const streaming = message.status === 'streaming';
  const text = textOf(message);
  if (!text && streaming) return html`<p class="thinking">${mark}<span class="only-read">The answer is coming</span></p>`;
  return html`<markdown-body .source=${{text, streaming}}></markdown-body>`;
};

const focusEnd = (field) => queueMicrotask(() => {
  if (!field?.isConnected) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
});

function editor(message) {
  const cancel = () => {
    change({editing: null});
    requestAnimationFrame(() => document.getElementById(message.id)?.querySelector('[data-tool=edit]')?.focus());
  };
  const submit = () => {
    const text = state.editing.text.trim();
    if (!text) return;
    const images = message.content.filter((block) => block.type === 'image');
    change({editing: null});
    send({conversationId: message.conversation_id, text, images, editOf: message});
  };
  const key = (event) => {
    if (event.key === 'Escape') cancel();
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit();
  };
  return html`<form class="editor" @submit=${(event) => (event.preventDefault(), submit())}>
    <textarea class="input" aria-label="Your message" ${ref(focusEnd)} .value=${live(state.editing.text)} @keydown=${key}
      @input=${({target}) => change({editing: {...state.editing, text: target.value}})}></textarea>
    <p class="small soft">The new version starts a branch of its own; the old one is kept.</p>
    <div class="buttons"><button type="button" class="button" @click=${cancel}>Cancel</button>
      <button class="button primary" ?disabled=${!state.editing.text.trim()}>Send</button></div>
  </form>`;
}

/** What has to be said of how a message ended. */
function ending(message) {
  const offer = (text, name, run) => html`<div class="ending"><p>${text}</p>
    ${name ? html`<button class="button" @click=${run}>${icon('again')}${name}</button>` : nothing}</div>`;
  const id = message.conversation_id;
  if (message.role !== 'assistant') return nothing;
  if (message.status === 'partial') {
    return offer('This answer broke off. What was written is kept.', 'Continue', () => goOn(id, message));
  }
  if (message.status === 'failed') {
    return offer(message.error?.message ?? 'This answer failed.', 'Try again', () => regenerate(id, message));
  }
  if (message.status === 'stopped') return offer('Stopped.', 'Continue', () => goOn(id, message));
  if (message.stop_reason === 'max_tokens') return offer('The answer reached its greatest length.');
  if (message.stop_reason === 'refusal') return offer('The model declined to answer.');
  return nothing;
}

function tools(message) {
  const answering = answeringIn(message.conversation_id);
  return html`<div class="tools">
    ${branches(message)}
    ${tool('copy', 'Copy this message', ({currentTarget}) => copied(message, currentTarget))}
    ${message.role === 'user' && !answering
      ? tool('edit', 'Edit and send again', () => change({editing: {id: message.id, text: textOf(message)}}))
      : nothing}
    ${message.role === 'assistant' && !answering
      ? tool('again', 'Answer again', () => regenerate(message.conversation_id, message))
      : nothing}
    ${message.usage ? html`<span class="usage" title="Tokens read and written for this answer">
      ${number(message.usage.input_tokens)} in, ${number(message.usage.output_tokens)} out</span>` : nothing}
  </div>`;
}

const tool = (shape, name, run) =>
  html`<button class="icon-button" data-tool=${shape} aria-label=${name} title=${name} @click=${run}>${icon(shape)}</button>`;

async function copied(message, button) {
  await copyText(textOf(message));
  button.classList.add('done');
  setTimeout(() => button.classList.remove('done'), 1_200);
}

/** ‹ 2/3 › where a message has siblings. */
function branches(message) {
  const siblings = historyOf(message.conversation_id).siblings(message);
  if (siblings.length < 2) return nothing;
  const at = siblings.indexOf(message.id);
  const to = (index) => () => showBranch(message.conversation_id, siblings[index]);
  return html`<span class="branches" role="group" aria-label="Versions">
    <button class="icon-button" aria-label="Version before" ?disabled=${at === 0} @click=${to(at - 1)}>${icon('left')}</button>
    <span>${at + 1}/${siblings.length}</span>
    <button class="icon-button" aria-label="Version after" ?disabled=${at === siblings.length - 1} @click=${to(at + 1)}>
      ${icon('right')}</button></span>`;
}

const pendingView = (entry) => html`
  <div class="message user pending">
    <h3 class="speaker">You</h3>
    <div class="body">
      ${pictures(entry, api.imageAddress)}
      <p class="said">${textOf(entry)}</p>
      <div class="tools"><span class="usage" role="status">${entry.waiting ?? 'Sending'}</span>
        ${entry.waiting ? html`<button class="link" @click=${() => takeBack(entry)}>Take back</button>` : nothing}</div>
    </div>
  </div>`;
