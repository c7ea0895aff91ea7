/**
 * Server-sent events over fetch. EventSource cannot start at a position of the caller's choice and hides why it
 * failed; here a stream is followed across lost connections from exactly where it stood.
 */

import {Refused, signedOut} from './api.js';

/** The server writes a comment every 15 s: when nothing at all came for this long, the connection is dead. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;

/** Takes the text of a stream in pieces of any size and gives the events that are complete. */
export class EventParser {
  #rest = '';

  push(text) {
    this.#rest += text;
    const parts = this.#rest.split(/\r?\n\r?\n/);
    this.#rest = parts.pop();
    return parts.map(parse).filter((event) => event.data !== '');
  }
}

function parse(block) {
  const event = {type: 'message', id: null, data: ''};
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event.type = value;
    else if (name === 'id') event.id = value;
    else if (name === 'data') event.data += event.data ? `\n${value}` : value;
  }
  return event;
}

/**
 * Follows a stream until `onEvent` returns `true` (it is over), the signal aborts, or the server refuses it for good
 * (the promise then rejects with `Refused`). Each connection starts after `position()`; `onState` hears 'open' and
 * 'lost'.
 */
export async function follow(address, {position, onEvent, onState = () => {}, signal}) {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const over = await connect(address, position(), signal, (event) => {
        pauseMs = FIRST_PAUSE_MS;
        return onEvent(event);
      }, onState);
      if (over) return;
    } catch (problem) {
      if (signal.aborted) return;
      if (problem instanceof Refused && !problem.passing) throw problem;
      if (problem.retryAfterMs) pauseMs = Math.max(pauseMs, problem.retryAfterMs);
    }
    if (signal.aborted) return;
    onState('lost');
    await pause(pauseMs * (0.75 + Math.random() / 2), signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function connect(address, position, signal, onEvent, onState) {
  const connection = new AbortController();
  const abort = () => connection.abort();
  signal.addEventListener('abort', abort);
  addEventListener('offline', abort);
  let watchdog = setTimeout(abort, SILENCE_MS);
  try {
    const headers = {accept: 'text/event-stream'};
    if (position !== null) headers['last-event-id'] = position;
    const response = await fetch(address, {headers, signal: connection.signal, cache: 'no-store'});
    if (response.status === 401) signedOut();
    if (!response.ok) throw new Refused(response.status, await response.json().catch(() => null), null);
    onState('open');
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return false;
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
      for (const event of parser.push(value)) if (onEvent(event)) return true;
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', abort);
    removeEventListener('offline', abort);
    connection.abort();
  }
}

/** Waits, but no longer than until the browser says that the network is back. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal?.addEventListener('abort', done);
  });
}
