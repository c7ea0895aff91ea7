/**
 * Answers that are being written: each is followed from the character where the text on this page ends, across lost
 * connections and restarts of the server, and never with a piece missing or doubled.
 */

import * as api from './api.js';
import {follow, pause} from './stream.js';
import {change, historyOf, state} from './store.js';
import {textOf} from './history.js';

/** A server that knows no position of an answer at the moment is not asked in a circle. */
const RELOAD_PAUSE_MS = 300;

/** What a screen reader says at the end of an answer; its words while they come would be noise. */
const ENDS = {complete: 'The answer is complete.', partial: 'The answer broke off.', failed: 'The answer failed.'};

/** @type {Map<string, AbortController>} */
const followed = new Map();

let whenBrokenOff = () => {};

/** What to do when an answer broke off before somebody's eyes: called with the id of its conversation, and the message. */
export function onBrokenOff(listener) {
  whenBrokenOff = listener;
}

export function followAnswer(conversationId, messageId) {
  if (followed.has(messageId)) return;
  const controller = new AbortController();
  followed.set(messageId, controller);
  run(conversationId, messageId, controller.signal).finally(() => {
    if (followed.get(messageId) === controller) followed.delete(messageId);
    if (!controller.signal.aborted) ended(conversationId, messageId);
    change();
  });
}

function ended(conversationId, messageId) {
  const message = state.histories.get(conversationId)?.messages.get(messageId);
  if (message?.status === 'partial' && !document.hidden) whenBrokenOff(conversationId, message);
}

/** Follows whatever streams in this conversation. */
export function followAll(conversationId) {
  for (const message of historyOf(conversationId).messages.values()) {
    if (message.status === 'streaming') followAnswer(conversationId, message.id);
  }
}

/** Stops listening to everything but this conversation; the server writes on. */
export function leaveOthers(conversationId) {
  for (const [messageId, controller] of followed) {
    if (conversationId && historyOf(conversationId).messages.has(messageId)) continue;
    controller.abort();
    followed.delete(messageId);
  }
}

async function run(conversationId, messageId, signal) {
  const history = historyOf(conversationId);
  const length = () => textOf(history.messages.get(messageId)).length;
  let gap = false;
  const onEvent = (event) => {
    if (event.type === 'gap') return (gap = true);
    if (event.type === 'message') {
      history.put([JSON.parse(event.data)]);
      change({spoken: ENDS[history.messages.get(messageId).status] ?? ''});
      return true;
    }
    if (event.type !== 'delta') return false;
    const {text} = JSON.parse(event.data);
    const end = Number(event.id.slice(event.id.lastIndexOf(':') + 1));
    if (end <= length()) return false;
    if (end - text.length !== length()) return (gap = true);
    history.append(messageId, text);
    return false;
  };
  try {
    await follow(api.answerEvents(conversationId, messageId), {
      position: () => `${messageId}:${length()}`,
      onEvent,
      signal,
    });
    if (gap && !signal.aborted) await again(conversationId, messageId, signal);
  } catch {
    if (state.session === 'in') await again(conversationId, messageId, signal, false);
  }
}

/** The position is lost: the message is loaded as the server has it, and followed from there. */
async function again(conversationId, messageId, signal, goOn = true) {
  const message = await historyOf(conversationId).reload(messageId).catch(() => null);
  await pause(RELOAD_PAUSE_MS, signal);
  if (goOn && message?.status === 'streaming' && !signal.aborted) await run(conversationId, messageId, signal);
}
