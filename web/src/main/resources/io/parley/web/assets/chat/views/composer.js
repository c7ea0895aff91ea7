/** Where a message is typed: grows with the text, takes pictures by paste and drop, and keeps all of it as a draft. */

import {html, nothing, render} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import * as api from '../api.js';
import {draft, keepDraft} from '../drafts.js';
import {labelOf, sizeOf} from '../labels.js';
import {send, stop} from '../sending.js';
import {answeringIn, change, modelOf, notify, state, subscribe} from '../store.js';
import {icon} from './icons.js';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const MOST_PICTURES = 10;
/** A phone's Enter key makes lines; a keyboard's sends. */
const touch = matchMedia('(pointer: coarse)').matches;

class MessageComposer extends HTMLElement {
  #conversationId = undefined;
  #content = {text: '', images: []};
  #uploading = 0;

  #unsubscribe;

  connectedCallback() {
    addEventListener('parley:draft', this.#restore);
    this.#unsubscribe = subscribe(() => this.#render());
  }

  disconnectedCallback() {
    this.#unsubscribe();
    removeEventListener('parley:draft', this.#restore);
  }

  /** `null` is the conversation that begins with the first message. */
  set conversationId(id) {
    const other = id !== this.#conversationId;
    this.#conversationId = id;
    if (other) this.#content = draft(id);
    this.#render();
    if (other) queueMicrotask(() => this.#settle());
  }

  #settle() {
    if (!this.isConnected) return;
    this.#grow();
    if (!touch && !state.dialog) this.#field.focus();
  }

  #restore = () => {
    this.#content = draft(this.#conversationId);
    this.#render();
    this.#grow();
  };

  get #field() {
    return this.querySelector('textarea');
  }

  /** Takes pictures that were pasted, dropped or picked. */
  async take(files) {
    const pictures = [...files].filter((file) => PICTURES.includes(file.type));
    const other = [...files].find((file) => !PICTURES.includes(file.type));
    if (other) notify(`“${other.name}” was not added: only pictures can be, as PNG, JPEG, WebP or GIF.`, 'problem');
    for (const file of pictures) {
      if (this.#content.images.length + this.#uploading >= MOST_PICTURES) {
        return notify(`A message takes up to ${MOST_PICTURES} pictures.`, 'problem');
      }
      await this.#upload(file);
    }
    return undefined;
  }

  async #upload(file) {
    const id = this.#conversationId;
    this.#uploading++;
    this.#render();
    try {
      const image = {type: 'image', ...(await api.upload(file))};
      if (id === this.#conversationId) this.#keep({images: [...this.#content.images, image]});
      else keepDraft(id, {...draft(id), images: [...draft(id).images, image]});
    } catch (problem) {
      notify(`“${file.name}” was not added. ${reason(problem, file)}`, 'problem');
    } finally {
      this.#uploading--;
      this.#render();
    }
  }

  #keep(part) {
    this.#content = {...this.#content, ...part};
    keepDraft(this.#conversationId, this.#content);
    this.#render();
  }

  #grow() {
    const field = this.#field;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
  }

  get #ready() {
    const {text, images} = this.#content;
    return (text.trim() || images.length) && !this.#uploading && !this.#answering && !this.#sending;
  }

  get #answering() {
    return answeringIn(this.#conversationId);
  }

  get #sending() {
    return state.outbox.some((entry) => entry.conversation_id === this.#conversationId);
  }

  #send() {
    if (!this.#ready) return;
    const {text, images} = this.#content;
    const conversationId = this.#conversationId;
    this.#keep({text: '', images: []});
    this.#grow();
    send({conversationId, text: text.trim(), images, create: state.fresh ?? {}});
    change({fresh: null});
    this.dispatchEvent(new Event('sent', {bubbles: true}));
  }

  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || touch) return;
    event.preventDefault();
    this.#send();
  }

  #render() {
    const {text, images} = this.#content;
    render(html`
      <form class="composer" @submit=${(event) => (event.preventDefault(), this.#send())}>
        ${images.length || this.#uploading ? this.#pictures(images) : nothing}
        <textarea rows="1" aria-label="Message" .value=${live(text)} placeholder="Write a message"
          aria-describedby="composer-hint"
          @input=${({target}) => (this.#keep({text: target.value}), this.#grow())}
          @keydown=${(event) => this.#key(event)}
          @paste=${(event) => this.#paste(event)}></textarea>
        <div class="bar">
          <label class="icon-button" title="Add a picture">${icon('image')}<span class="only-read">Add a picture</span>
            <input type="file" class="only-read" multiple accept=${PICTURES.join()}
              @change=${({target}) => (this.take([...target.files]), (target.value = ''))}></label>
          <span class="hint" id="composer-hint">${this.#hint()}</span>
          ${this.#button()}
        </div>
      </form>`, this);
  }

  #pictures(images) {
    return html`<ul class="pictures">
      ${images.map((image) => html`<li><img src=${api.imageAddress(image.image_id)} alt="Picture to send">
        <button type="button" class="icon-button" aria-label="Remove this picture"
          @click=${() => (this.#keep({images: images.filter((other) => other !== image)}), this.#field.focus())}>${icon('close')}</button></li>`)}
      ${Array.from({length: this.#uploading}, () => html`<li class="coming"><span class="only-read">A picture is being added</span></li>`)}
    </ul>`;
  }

  #hint() {
    const model = modelOf(state.conversations.get(this.#conversationId) ?? state.fresh);
    if (this.#content.images.length && model && !model.sees_images) return `${labelOf(model.display_name)} cannot see pictures.`;
    if (this.#answering && this.#content.text) return 'Your text waits until the answer is done.';
    return touch || !this.#content.text ? nothing : html`<kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> makes a line`;
  }

  #button() {
    const answering = this.#answering;
    return answering
      ? html`<button type="button" class="round stop" aria-label="Stop the answer"
          @click=${() => stop(this.#conversationId, answering)}>${icon('stop')}</button>`
      : html`<button class="round" aria-label="Send" ?disabled=${!this.#ready}>${icon('send')}</button>`;
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  }
}

/** The server counts in bytes. */
function reason({status, message}, {size}) {
  if (status !== 413) return message;
  const most = /at most (\d+) bytes/.exec(message)?.[1];
  return `It is too large, with ${sizeOf(size)}${most ? `: a picture may have up to ${sizeOf(most)}` : ''}.`;
}

customElements.define('message-composer', MessageComposer);
