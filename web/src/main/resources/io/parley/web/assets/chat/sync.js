/** The stream of everything that happens on the user's devices, put into the store as it comes. */

import * as api from './api.js';
import {followAnswer} from './answers.js';
import {refreshLists} from './conversations.js';
import {follow} from './stream.js';
import {change, dropConversation, historyOf, putConversation, state} from './store.js';

/**
 * A tab that nobody has looked at for this long lets its connection go: a browser opens six to a server, and tabs share
 * them. It continues from where it was when somebody looks again.
 */
const HIDDEN_MS = 60_000;

let controller = null;
let position = null;
let hiddenTimer;

export function startSync() {
  stopSync();
  connect();
}

export function stopSync() {
  disconnect();
  position = null;
}

function connect() {
  controller = new AbortController();
  follow(api.userEvents, {
    position: () => position,
    onEvent: take,
    onState: (now) => change({connection: now === 'open' ? 'live' : 'lost'}),
    signal: controller.signal,
  }).catch((problem) => change({connection: 'lost', failure: problem.message}));
}

function disconnect() {
  clearTimeout(hiddenTimer);
  controller?.abort();
  controller = null;
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(disconnect, HIDDEN_MS);
  else if (state.session === 'in' && !controller) connect();
  change();
});

function take(event) {
  if (event.id !== null) position = event.id;
  const data = JSON.parse(event.data);
  switch (event.type) {
    case 'ready':
      position = String(data.position);
      // Events of the time between the first list and this moment were told to nobody.
      if (state.lists.active.loaded) reload();
      break;
    case 'conversation':
      putConversation(data);
      break;
    case 'message':
      takeMessage(data.conversation_id, data.message);
      break;
    case 'deleted':
      dropConversation(data.conversation_id);
      break;
    case 'read':
      takeRead(data.conversation_id, data.message_id);
      break;
    case 'reload':
      reload();
      break;
  }
  return false;
}

function takeMessage(conversationId, message) {
  const history = state.histories.get(conversationId);
  if (!history?.loaded) return;
  history.put([message]);
  const shown = state.place.name === 'chat' && state.place.id === conversationId;
  if (shown && message.status === 'streaming') followAnswer(conversationId, message.id);
}

function takeRead(conversationId, messageId) {
  const conversation = state.conversations.get(conversationId);
  if (!conversation || (conversation.read_id ?? '') >= messageId) return;
  conversation.read_id = messageId;
  change();
}

/** The server no longer knows what this device has missed: everything that is shown is loaded anew. */
export async function reload() {
  await refreshLists();
  for (const id of state.histories.keys()) {
    if (id === state.place.id) await historyOf(id).catchUp().catch(() => {});
    else state.histories.delete(id);
  }
  change();
}
