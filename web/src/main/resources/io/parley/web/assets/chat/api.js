/**
 * The HTTP contract of the chat service: one function a request, and the three ways in which a request fails.
 * Knows no state but the token against forged requests.
 */

const BASE = '/chat/v1';
let csrfToken = null;

/** The name of a field at the start of what the server says: "password: must have 8 to 256 characters". */
const FIELD = /^([a-z_]+(?:\.[a-z_]+)*): (?=\S)/;

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

/**
 * The server answered, and the answer is no. `message` is a sentence for people; `field` is what it is about, if it is
 * about one field. `current` is the conversation as it stands, after a conflict.
 */
export class Refused extends Error {
  constructor(status, body, retryAfterMs) {
    const text = body?.error?.message ?? `The server answered ${status}`;
    super(sentence(text.replace(FIELD, '')));
    this.field = FIELD.exec(text)?.[1] ?? null;
    this.status = status;
    this.type = body?.error?.type ?? 'api_error';
    this.current = body?.current ?? null;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed later without a change. */
  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** No answer came: whether the request took effect is unknown. */
export class Unreachable extends Error {
  constructor(cause) {
    super('The server cannot be reached.', {cause});
  }
}

let whenSignedOut = () => {};

/** What to do when a session has ended: called on each 401 of a request or a stream that needs one. */
export function onSignedOut(listener) {
  whenSignedOut = listener;
}

/** The server said so itself. */
export const signedOut = () => whenSignedOut();

async function request(method, path, options = {}) {
  try {
    return await attempt(method, path, options);
  } catch (problem) {
    if (problem.status !== 403 || method === 'GET' || !csrfToken) throw problem;
    const token = csrfToken;
    await me();
    if (csrfToken === token) throw problem;
    return attempt(method, path, options); // another tab has signed in since
  }
}

async function attempt(method, path, {body, raw, type, signal, quiet}) {
  const headers = {accept: 'application/json'};
  if (method !== 'GET' && csrfToken) headers['x-parley-csrf'] = csrfToken;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (raw !== undefined) headers['content-type'] = type;
  let response;
  let json = null;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      signal,
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const text = await response.text();
    if (text && response.headers.get('content-type')?.includes('json')) json = JSON.parse(text);
  } catch (problem) {
    if (problem.name === 'AbortError') throw problem;
    throw new Unreachable(problem);
  }
  if (response.ok) return json;
  if (response.status === 401 && !quiet) whenSignedOut();
  throw new Refused(response.status, json, Number(response.headers.get('retry-after-ms')) || null);
}

const get = (path, options) => request('GET', path, options);
const post = (path, body = {}, options = {}) => request('POST', path, {...options, body});

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

/** A 401 here may be about the password that was given: only the session's own end signs somebody out. */
async function withPassword(reply) {
  try {
    return await reply;
  } catch (problem) {
    if (problem.status === 401) await get('/me');
    throw problem;
  }
}

async function session(reply) {
  const body = await reply;
  csrfToken = body.csrf_token;
  return body;
}

const conversation = (id) => `/conversations/${encodeURIComponent(id)}`;
const message = (id, mid) => `${conversation(id)}/messages/${encodeURIComponent(mid)}`;

// Who
export const waysIn = () => get('/sign-in', {quiet: true});
export const signUp = (account) => session(post('/sign-up', account, {quiet: true}));
export const login = (account) => session(post('/login', account, {quiet: true}));
export const guest = () => session(post('/guest', {}, {quiet: true}));
export const me = () => session(get('/me', {quiet: true}));
export const changeMe = (change) => withPassword(request('PATCH', '/me', {body: change, quiet: true}));
export const deleteMe = (password) =>
  withPassword(request('DELETE', '/me', {body: password ? {password} : {}, quiet: true}));
export async function logout() {
  await post('/logout');
  csrfToken = null;
}
export const logoutOthers = () => post('/logout/others');
export const oidcStart = (id) => `${BASE}/oidc/${encodeURIComponent(id)}/start`;

// Models
export const models = () => get('/models');

// Conversations
export const conversations = (filter) => get(`/conversations${query(filter)}`);
export const createConversation = (wanted) => post('/conversations', wanted);
export const getConversation = (id) => get(conversation(id));
export const patchConversation = (id, change) => request('PATCH', conversation(id), {body: change});
export const deleteConversation = (id, version) => request('DELETE', conversation(id) + query({version}));
export const markRead = (id, messageId) =>
  request('PUT', `${conversation(id)}/read`, {body: {message_id: messageId}});
export const exportAddress = (id, format) => `${BASE}${conversation(id)}/export?format=${format}`;
export const share = (id) => post(`${conversation(id)}/share`);
export const unshare = (id) => request('DELETE', `${conversation(id)}/share`);
export const shared = (shareId) => get(`/shared/${encodeURIComponent(shareId)}`, {quiet: true});

// Messages
export const messages = (id, page) => get(`${conversation(id)}/messages${query(page)}`);
export const getMessage = (id, mid) => get(message(id, mid));
export const send = (id, sent) => post(`${conversation(id)}/messages`, sent);
export const regenerate = (id, mid, body) => post(`${message(id, mid)}/regenerate`, body);
export const goOn = (id, mid, body) => post(`${message(id, mid)}/continue`, body);
export const stop = (id, mid) => post(`${message(id, mid)}/stop`);
export const upload = (file) => request('POST', '/images', {raw: file, type: file.type});
export const imageAddress = (id) => `${BASE}/images/${encodeURIComponent(id)}`;
export const sharedImageAddress = (shareId, id) =>
  `${BASE}/shared/${encodeURIComponent(shareId)}/images/${encodeURIComponent(id)}`;

// Streams
export const answerEvents = (id, mid) => `${BASE}${message(id, mid)}/events`;
export const userEvents = `${BASE}/events`;

// Search
export const search = (filter, signal) => get(`/search${query(filter)}`, {signal});
