/** What a user does with conversations as a whole: list, open, rename, archive, share, delete. */

import * as api from './api.js';
import {followAll, leaveOthers} from './answers.js';
import {go} from './places.js';
import {change, dropConversation, historyOf, notify, putConversation, state} from './store.js';

const LIST_PAGE = 50;
/** A patch names what one person changed just now; it is put onto whatever the conversation became meanwhile. */
const PATCH_ATTEMPTS = 4;

export async function loadList(name) {
  const list = state.lists[name];
  if (list.busy || (list.loaded && !list.next)) return;
  list.busy = true;
  try {
    const page = await api.conversations({archived: name === 'archived', limit: LIST_PAGE, cursor: list.next});
    for (const conversation of page.data) putConversation(conversation);
    Object.assign(list, {next: page.has_more ? page.next : null, loaded: true});
  } catch (problem) {
    notify(problem.message, 'problem');
  } finally {
    list.busy = false;
    change();
  }
}

/** Loads the first pages anew, after events were missed. */
export async function refreshLists() {
  for (const name of ['active', 'archived']) {
    const list = state.lists[name];
    if (!list.loaded) continue;
    for (const conversation of state.conversations.values()) {
      if (conversation.archived === (name === 'archived') && conversation.id !== state.place.id) {
        state.conversations.delete(conversation.id);
      }
    }
    Object.assign(list, {next: null, loaded: false});
    await loadList(name);
  }
}

/** The conversations of the side bar, newest activity first. */
export function listed(archived) {
  return [...state.conversations.values()]
    .filter((conversation) => conversation.archived === archived)
    .sort((a, b) => (a.last_activity_at < b.last_activity_at ? 1 : -1));
}

/** Histories that are kept in memory; the one that was opened longest ago goes first. */
const HISTORIES = 6;

function makeRoom(id) {
  const others = [...state.histories.keys()].filter((other) => other !== id);
  for (const old of others.slice(0, Math.max(others.length - HISTORIES + 1, 0))) state.histories.delete(old);
}

/** Loads what the place shows, and follows what is being written there. */
export async function open(id, target) {
  leaveOthers(id);
  if (!id) return;
  makeRoom(id);
  const history = historyOf(id);
  try {
    if (!state.conversations.has(id)) putConversation(await api.getConversation(id));
    if (!state.conversations.get(id).local) await history.open(state.conversations.get(id).head_id, target);
    followAll(id);
  } catch (problem) {
    history.failure = problem;
    change();
  }
}

export async function patch(id, wanted) {
  for (let attempt = 1; ; attempt++) {
    const {version} = state.conversations.get(id);
    try {
      return putConversation(await api.patchConversation(id, {version, ...wanted}));
    } catch (problem) {
      if (problem.current) putConversation(problem.current);
      if (!problem.current || attempt === PATCH_ATTEMPTS) {
        notify(problem.message, 'problem');
        return null;
      }
    }
  }
}

export const rename = (id, title) => patch(id, {title: title.trim() || null});

export async function archive(id, archived) {
  if (!(await patch(id, {archived}))) return;
  notify(archived ? 'Moved to the archive.' : 'Back from the archive.');
  if (archived && state.place.id === id) go('/');
}

export async function remove(id) {
  try {
    await api.deleteConversation(id, state.conversations.get(id).version);
  } catch (problem) {
    if (problem.current) {
      putConversation(problem.current);
      return remove(id);
    }
    if (problem.status !== 404) return notify(problem.message, 'problem');
  }
  dropConversation(id);
  if (state.place.id === id) go('/');
  return notify('Deleted.');
}

export async function share(id) {
  try {
    const {share_id} = await api.share(id);
    state.conversations.get(id).share_id = share_id;
    change();
  } catch (problem) {
    notify(problem.message, 'problem');
  }
}

export async function unshare(id) {
  try {
    await api.unshare(id);
    state.conversations.get(id).share_id = null;
    change();
    notify('The link no longer works.');
  } catch (problem) {
    notify(problem.message, 'problem');
  }
}

/** Shows another branch: the one that goes through message `id`. */
export function showBranch(conversationId, id) {
  const history = historyOf(conversationId);
  history.target = null;
  return patch(conversationId, {head_id: history.tipBelow(id)});
}

/** Notes on all devices that the user has seen the newest message. */
export function markRead(conversation) {
  const {id, head_id: head, read_id: read} = conversation;
  if (!head || (read ?? '') >= head || document.hidden) return;
  conversation.read_id = head;
  api.markRead(id, head).catch(() => (conversation.read_id = read));
}
