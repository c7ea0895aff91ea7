/**
 * The outbox. A message is kept in the browser from the moment that it is sent until the server has confirmed it, under
 * an id that makes a repeat harmless. What the server will not take goes back to where it was typed.
 */

import * as api from './api.js';
import {followAnswer} from './answers.js';
import {giveBack, keepOutbox, loadOutbox} from './drafts.js';
import {newConversationId, ulid} from './ids.js';
import {go} from './places.js';
import {pause} from './stream.js';
import {change, historyOf, notify, putConversation, state} from './store.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const CONFLICTS = 5;

/** Sends what was typed: to the end of a conversation, to a new one, or (an edit) beside the message it replaces. */
export function send({conversationId, text, images = [], create = {}, editOf = null}) {
  const conversation = state.conversations.get(conversationId);
  const entry = {
    client_id: ulid(),
    conversation_id: conversationId ?? newConversationId(),
    parent_id: editOf ? editOf.parent_id : (conversation?.head_id ?? null),
    edit_of: editOf?.id ?? null,
    create: conversationId ? null : create,
    content: [...images, ...(text ? [{type: 'text', text}] : [])],
    sent_at: new Date().toISOString(),
  };
  state.outbox.push(entry);
  keepOutbox();
  if (!conversationId) {
    begin(entry);
    go(`/c/${entry.conversation_id}`);
  }
  historyOf(entry.conversation_id).target = null;
  change();
  deliver(entry);
}

/** Shows a conversation that the server does not have yet. */
function begin(entry) {
  putConversation({
    id: entry.conversation_id, title: null, title_by: 'nobody', model: entry.create.model ?? null,
    system: entry.create.system ?? null, archived: false, flagged: false, created_at: entry.sent_at,
    last_activity_at: entry.sent_at, version: -1, head_id: null, read_id: null, answering_id: null,
    usage: {input_tokens: 0, output_tokens: 0}, share_id: null, local: true,
  });
  go(`/c/${entry.conversation_id}`);
}

/** Takes up what was not confirmed before a refresh. */
export function resumeOutbox() {
  state.outbox = loadOutbox();
  for (const entry of state.outbox) {
    if (entry.create && !state.conversations.has(entry.conversation_id)) begin(entry);
    historyOf(entry.conversation_id);
    deliver(entry);
  }
}

const waits = (entry) => state.outbox.includes(entry);

async function deliver(entry) {
  let pauseMs = FIRST_PAUSE_MS;
  let conflicts = 0;
  while (waits(entry)) {
    try {
      return confirm(entry, await attempt(entry));
    } catch (problem) {
      if (problem.current) putConversation(problem.current);
      if (problem instanceof api.Unreachable || problem.passing) {
        entry.waiting = problem.status === 429 ? problem.message : 'Waiting for the connection';
        change();
        await pause(problem.retryAfterMs ?? pauseMs * (0.75 + Math.random() / 2));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      } else if (problem.status === 401) {
        return undefined;
      } else if (!(problem.current && harmless(entry, problem.current) && conflicts++ < CONFLICTS)) {
        return refuse(entry, problem);
      }
    }
  }
  return undefined;
}

/** A change elsewhere is harmless when the message still goes where its author saw it going. */
function harmless(entry, current) {
  return entry.edit_of !== null || (current.head_id === entry.parent_id && !current.answering_id);
}

async function attempt(entry) {
  const id = entry.conversation_id;
  let known = state.conversations.get(id);
  if (entry.create && (!known || known.local)) {
    const made = await api.createConversation({id, ...entry.create});
    state.conversations.delete(id);
    known = putConversation(made);
  }
  known ??= putConversation(await api.getConversation(id));
  const {client_id, parent_id, content} = entry;
  return api.send(id, {client_id, version: known.version, parent_id, content, answer: true});
}

function confirm(entry, {conversation, message, answer}) {
  remove(entry);
  putConversation(conversation);
  const history = historyOf(conversation.id);
  history.loaded = true;
  history.put(answer ? [message, answer] : [message]);
  if (answer?.status === 'streaming') followAnswer(conversation.id, answer.id);
}

function remove(entry) {
  state.outbox = state.outbox.filter((other) => other !== entry);
  keepOutbox();
  change();
}

async function refuse(entry, problem) {
  takeBack(entry);
  if (!problem.current) return notify(problem.message, 'problem');
  await historyOf(entry.conversation_id).catchUp().catch(() => {});
  const why = problem.current.answering_id ? 'An answer is being written' : 'This conversation went on';
  return notify(`${why} on another device. Your text is back in the box: look at what is new, then send it again.`, 'problem');
}

/** Puts a message that was not sent back to where it was typed. */
export function takeBack(entry) {
  remove(entry);
  const text = entry.content.filter((block) => block.type === 'text').map((block) => block.text).join('\n');
  const images = entry.content.filter((block) => block.type === 'image');
  const unborn = state.conversations.get(entry.conversation_id)?.local;
  giveBack(unborn ? null : entry.conversation_id, {text, images});
  if (unborn) {
    state.conversations.delete(entry.conversation_id);
    if (state.place.id === entry.conversation_id) go('/', {replace: true});
  }
  dispatchEvent(new Event('parley:draft'));
}

export const regenerate = (conversationId, message, model) =>
  ask(conversationId, (body) => api.regenerate(conversationId, message.id, {...body, ...(model && {model})}));

export const goOn = (conversationId, message) =>
  ask(conversationId, (body) => api.goOn(conversationId, message.id, body));

/** What ended an answer that may well go on by itself: a fault of the server's, and nobody's decision. */
const ACCIDENTS = ['api_error', 'overloaded_error', 'timeout_error'];

/**
 * Goes on with an answer that broke off while it was watched. All devices that watched it ask under one id, so that it
 * goes on once; what breaks off a second time waits for a click.
 */
export async function goOnByItself(conversationId, message) {
  if (message.error && !ACCIDENTS.includes(message.error.type)) return;
  await ask(conversationId, (body) => api.goOn(conversationId, message.id, body), {
    client_id: `continue-${message.id}`,
    onProblem() {}, // the button is there
  });
}

const tell = (problem) => notify(problem.message, 'problem');

/** Asks for an answer; the one `client_id` makes repeats harmless. */
async function ask(conversationId, request, {client_id = ulid(), onProblem = tell} = {}) {
  for (let conflicts = 0; ; conflicts++) {
    try {
      const {version} = state.conversations.get(conversationId);
      const {conversation, answer} = await request({client_id, version});
      putConversation(conversation);
      historyOf(conversationId).target = null;
      historyOf(conversationId).put([answer]);
      if (answer.status === 'streaming') followAnswer(conversationId, answer.id);
      return;
    } catch (problem) {
      if (problem.current) putConversation(problem.current);
      if (!problem.current || problem.current.answering_id || conflicts === CONFLICTS) return onProblem(problem);
    }
  }
}

export async function stop(conversationId, messageId) {
  try {
    await api.stop(conversationId, messageId);
  } catch (problem) {
    notify(problem.message, 'problem');
  }
}
