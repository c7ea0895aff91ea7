/**
 * The loaded part of one conversation: a tree of messages of which one path is shown. Pages are loaded around what is
 * shown, both ways, so that the end of a conversation of any length opens in one request, and a hit of the search in
 * the middle of it in three.
 */

import * as api from './api.js';

const PAGE = 50;

export class History {
  /** @type {Map<string, object>} */
  messages = new Map();
  /** The message that a jump went to, until the path to the head is loaded. */
  target = null;
  loaded = false;
  failure = null;
  #children = new Map();
  #busy = new Set();
  #end = null;
  #revision = 0;
  #path = {revision: -1, tip: null, items: []};

  /** @param {() => void} changed called after each change */
  constructor(conversationId, changed) {
    this.conversationId = conversationId;
    this.changed = changed;
  }

  /** Takes messages from the server; one that streams here keeps its text when that is longer. */
  put(messages) {
    for (const message of messages) {
      const known = this.messages.get(message.id);
      if (known && olderThan(message, known)) continue;
      if (!known) this.#adopt(message);
      this.messages.set(message.id, message);
    }
    this.#revision++;
    this.changed();
  }

  #adopt(message) {
    const siblings = this.#children.get(message.parent_id) ?? [];
    siblings.push(message.id);
    siblings.sort();
    this.#children.set(message.parent_id, siblings);
  }

  /** Adds text to a message that streams: the structure stays, so no path is walked anew. */
  append(id, text) {
    const message = this.messages.get(id);
    const last = message.content.at(-1);
    if (last?.type === 'text') last.text += text;
    else message.content.push({type: 'text', text});
    this.changed();
  }

  siblings(message) {
    return this.#children.get(message.parent_id) ?? [message.id];
  }

  /** The newest message below `id`: the tip of the branch that goes through it. */
  tipBelow(id) {
    let tip = id;
    for (let below; (below = this.#children.get(tip)?.at(-1)); ) tip = below;
    return tip;
  }

  /** The messages to show, oldest first, for a conversation whose shown branch ends at `headId`. */
  path(headId) {
    const tip = this.#tip(headId);
    if (this.#path.revision === this.#revision && this.#path.tip === tip) return this.#path.items;
    const items = this.#walk(tip);
    this.#path = {revision: this.#revision, tip, items};
    return items;
  }

  #walk(tip) {
    const items = [];
    for (let at = this.messages.get(tip); at; at = this.messages.get(at.parent_id)) items.push(at);
    return items.reverse();
  }

  #tip(headId) {
    if (!this.target || !this.messages.has(this.target)) return headId;
    if (this.messages.has(headId)) {
      if (this.#leads(headId)) {
        this.target = null;
        return headId;
      }
    }
    return this.tipBelow(this.target);
  }

  #leads(headId) {
    for (let at = this.messages.get(headId); at; at = this.messages.get(at.parent_id)) {
      if (at.id === this.target) return true;
    }
    return false;
  }

  hasOlder(headId) {
    const first = this.path(headId)[0];
    return Boolean(first?.parent_id);
  }

  hasNewer(headId) {
    return this.target !== null && this.path(headId).at(-1)?.id !== this.#end;
  }

  /** Loads what is shown first: the end of the conversation, or the neighbourhood of `target`. */
  open(headId, target = null) {
    return this.#once('open', async () => {
      this.failure = null;
      if (target && !this.messages.has(target)) await this.#around(target);
      this.target = target;
      if (!target) {
        this.put((await api.messages(this.conversationId, {limit: PAGE})).data);
        if (headId && !this.messages.has(headId)) await this.#around(headId);
      }
      this.loaded = true;
    });
  }

  async #around(id) {
    const pages = await Promise.all([
      api.getMessage(this.conversationId, id),
      api.messages(this.conversationId, {before: id, limit: PAGE}),
      api.messages(this.conversationId, {after: id, limit: PAGE}),
    ]);
    this.put([pages[0], ...pages[1].data, ...pages[2].data]);
  }

  /** Loads the page above what is shown. A parent that is far back in time is fetched with its own neighbourhood. */
  older(headId) {
    const first = this.path(headId)[0];
    if (!first?.parent_id) return undefined;
    return this.#once('older', async () => {
      this.put((await api.messages(this.conversationId, {before: first.id, limit: PAGE})).data);
      if (!this.messages.has(first.parent_id)) await this.#around(first.parent_id);
    });
  }

  newer(headId) {
    const last = this.path(headId).at(-1);
    if (!last || !this.hasNewer(headId)) return undefined;
    return this.#once('newer', async () => {
      const page = await api.messages(this.conversationId, {after: last.id, limit: PAGE});
      this.put(page.data);
      if (!page.has_more) this.#end = this.path(headId).at(-1)?.id;
    });
  }

  /** Fetches one message anew and believes it, whatever was here before. */
  async reload(id) {
    const message = await api.getMessage(this.conversationId, id);
    this.messages.delete(id);
    this.#children.get(message.parent_id)?.splice(this.siblings(message).indexOf(id), 1);
    this.put([message]);
    return message;
  }

  /** Loads what came while the connection was lost: everything after the newest message known. */
  async catchUp() {
    if (!this.loaded) return;
    let newest = [...this.messages.keys()].reduce((a, b) => (a > b ? a : b), '');
    const unfinished = [...this.messages.values()].filter((message) => message.status === 'streaming');
    for (const message of unfinished) this.put([await api.getMessage(this.conversationId, message.id)]);
    for (let more = newest !== ''; more; ) {
      const page = await api.messages(this.conversationId, {after: newest, limit: PAGE});
      this.put(page.data);
      newest = page.data.at(-1)?.id;
      more = page.has_more && newest !== undefined;
    }
  }

  async #once(what, task) {
    if (this.#busy.has(what)) return;
    this.#busy.add(what);
    try {
      await task();
    } catch (problem) {
      this.failure = problem;
    } finally {
      this.#busy.delete(what);
      this.changed();
    }
  }
}

export const textOf = (message) =>
  message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

/** Whether what the server says of a message is staler than what streamed in here meanwhile. */
function olderThan(message, known) {
  if (message.status !== 'streaming') return false;
  if (known.status === 'complete') return true;
  return known.status === 'streaming' && textOf(known).length > textOf(message).length;
}
