/**
 * What the user typed, kept in the browser: drafts by conversation, and the outbox of messages that the server has not
 * confirmed. Both outlive a refresh, and both belong to one user: another account on this browser sees neither.
 */

import {state} from './store.js';

const key = (kind) => `parley.${kind}.${state.me?.id ?? 'nobody'}`;

function read(kind, absent) {
  try {
    return JSON.parse(localStorage.getItem(key(kind))) ?? absent;
  } catch {
    return absent;
  }
}

function write(kind, value) {
  try {
    localStorage.setItem(key(kind), JSON.stringify(value));
  } catch {
    // The browser's storage is full or forbidden: what was typed stays on the page, and the page works on.
  }
}

const NOTHING = {text: '', images: []};

/** The draft of a conversation (`null`: of the next new one): {text, images: [block]}. */
export const draft = (conversationId) => ({...NOTHING, ...read('drafts', {})[conversationId ?? 'new']});

export function keepDraft(conversationId, content) {
  const drafts = read('drafts', {});
  if (content.text || content.images.length) drafts[conversationId ?? 'new'] = content;
  else delete drafts[conversationId ?? 'new'];
  write('drafts', drafts);
}

/** Puts text back before whatever has been typed since. */
export function giveBack(conversationId, {text, images}) {
  const typed = draft(conversationId);
  keepDraft(conversationId, {
    text: typed.text && text ? `${text}\n\n${typed.text}` : text || typed.text,
    images: [...images, ...typed.images],
  });
}

export const loadOutbox = () => read('outbox', []);

export function keepOutbox() {
  write('outbox', state.outbox.map(({waiting, ...entry}) => entry));
}
