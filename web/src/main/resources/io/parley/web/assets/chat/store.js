/**
 * The state of the app, in one place. Views read it; `change` alone tells them that it is another. Rendering is
 * gathered: any number of changes cost one rendering a frame.
 */

import {History} from './history.js';

export const state = {
  /** 'starting' until the session is known, then 'out' or 'in'. */
  session: 'starting',
  me: null,
  organisation: null,
  quota: null,
  /** What this person can be told by: {mail, webhook}, or null until the server has said it. */
  offers: null,
  /** Days without activity after which conversations are deleted that are not flagged; null for never. */
  keptDays: null,
  models: [],
  /** @type {Map<string, object>} every conversation that was seen, by id */
  conversations: new Map(),
  /** How far the list of conversations is loaded: by 'active' and 'archived'. */
  lists: {active: {next: null, loaded: false, busy: false}, archived: {next: null, loaded: false, busy: false}},
  /** @type {Map<string, History>} messages that are loaded, by conversation */
  histories: new Map(),
  /** Messages that were sent here and not yet taken by the server, oldest first. */
  outbox: [],
  /** The place: {name: 'chat', id: null | 'conv_…', target: null | 'cmsg_…'} | {name: 'share', id} | {name: 'sign-in'} */
  place: {name: 'chat', id: null, target: null},
  /** 'live', 'connecting' (for the first time) or 'lost'. */
  connection: 'connecting',
  /** What is being edited, by message id: {text}. */
  editing: null,
  sidebarOpen: false,
  showArchived: false,
  dialog: null,
  /** The form in use: {name, busy, field, problem}, of `views/form.js`. */
  form: null,
  /** What is chosen for the conversation that is yet to begin: {model, system}. */
  fresh: null,
  notice: null,
  /** What a screen reader is told. */
  spoken: '',
  failure: null,
};

const listeners = new Set();
let scheduled = false;

/** @returns {() => void} ends the subscription */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says that the state changed; merges `changes` into it. */
export function change(changes) {
  Object.assign(state, changes);
  if (scheduled) return;
  scheduled = true;
  const render = () => {
    scheduled = false;
    for (const listener of listeners) listener(state);
  };
  // A hidden page gets no animation frames, and shall not fall behind for ever.
  if (document.hidden) setTimeout(render, 200);
  else requestAnimationFrame(render);
}

/** Takes what the server says of a conversation, unless something newer is known. */
export function putConversation(conversation) {
  const known = state.conversations.get(conversation.id);
  if (known && known.version > conversation.version) return known;
  state.conversations.set(conversation.id, conversation);
  change();
  return conversation;
}

/**
 * The id of the answer that is being written in a conversation, or null. What the conversation says of it may be staler
 * than the answer's own end.
 */
export function answeringIn(conversationId) {
  const id = state.conversations.get(conversationId)?.answering_id ?? null;
  const message = state.histories.get(conversationId)?.messages.get(id);
  return message && message.status !== 'streaming' ? null : id;
}

export function dropConversation(id) {
  state.conversations.delete(id);
  state.histories.delete(id);
  change();
}

export function historyOf(id) {
  let history = state.histories.get(id);
  if (!history) state.histories.set(id, (history = new History(id, change)));
  return history;
}

/** Forgets everything of the user who signed out. */
export function forget() {
  state.conversations.clear();
  state.histories.clear();
  for (const list of Object.values(state.lists)) Object.assign(list, {next: null, loaded: false, busy: false});
  change({session: 'out', me: null, organisation: null, keptDays: null, quota: null, offers: null, models: [], outbox: [], editing: null, dialog: null, form: null});
}

let noticeTimer;

/** Shows a line for a few seconds; screen readers speak it. */
export function notify(text, kind = 'plain') {
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => change({notice: null}), kind === 'problem' ? 8_000 : 3_500);
  change({notice: {text, kind}});
}

export const defaultModel = () => state.models.find((model) => model.default) ?? state.models[0] ?? null;
export const modelOf = (conversation) =>
  state.models.find((model) => model.id === conversation?.model) ?? defaultModel();
