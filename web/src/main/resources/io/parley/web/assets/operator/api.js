// The Operations API. The key stays in this tab: it is forgotten when the tab is closed.

const KEY = 'parley.operations.key';
const ROOT = '/operations/v1';

export const key = () => sessionStorage.getItem(KEY);
export const signIn = (secret) => sessionStorage.setItem(KEY, secret);
export const signOut = () => sessionStorage.removeItem(KEY);

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, options = {}) {
  const response = await fetch(ROOT + path, {
    ...options,
    cache: 'no-store',
    headers: { 'x-api-key': key() ?? '', 'anthropic-version': '2023-06-01' },
  });
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Refused(response.status, body?.error?.message ?? `The server answered ${response.status}`);
}

export async function get(path) {
  return (await request(path)).json();
}

/** Hands over each overview that the server sends, until the stream ends or is aborted. */
export async function stream(onOverview, signal) {
  const response = await request('/stream', { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: '));
      if (data) onOverview(JSON.parse(data.slice(6)));
    }
  }
}
