/** Signing in and out, and what happens at both moments. */

import * as api from './api.js';
import {loadList} from './conversations.js';
import {resumeOutbox, send} from './sending.js';
import {arrive, go} from './places.js';
import {pause} from './stream.js';
import {startSync, stopSync} from './sync.js';
import {change, forget, notify, state} from './store.js';

const RETRY_MS = 1_500;

/** Finds out who is here; a server that cannot say it just now is asked until it can. */
export async function resume() {
  for (;;) {
    try {
      return await begin(await api.me());
    } catch (problem) {
      if (!(problem instanceof api.Unreachable || problem.passing)) return change({session: 'out', failure: null});
      change({failure: problem.message});
      await pause(problem.retryAfterMs ?? RETRY_MS);
    }
  }
}

/** An answer about a user by the names of the state; only that of `/me` has all of it. */
const account = ({user, organisation = null, retention_days: keptDays = null, quota = null, notify: offers = null}) =>
  ({me: user, organisation, keptDays, quota, offers});

async function begin(answer) {
  change({...account(answer), session: 'in', failure: null});
  if (state.place.name === 'sign-in') go('/', {replace: true});
  startSync();
  api.models().then(({data}) => change({models: data}), (problem) => notify(problem.message, 'problem'));
  if (!answer.organisation) refreshMe().catch(() => {});
  const list = loadList('active');
  resumeOutbox();
  arrive();
  await list;
}

/** Lets somebody in without a name, and sends what they asked at once. */
export async function asGuest(text = '') {
  const begun = begin(await api.guest());
  if (text) send({conversationId: null, text});
  await begun;
}

export const login = async (credentials) => begin(await api.login(credentials));

/** A guest who signs up keeps everything: the user is the same one. */
export async function signUp(credentials) {
  const {user} = await api.signUp(credentials);
  if (state.session !== 'in' || state.me.id !== user.id) return begin({user});
  change({me: user, dialog: null});
  return refreshMe();
}

export async function logout() {
  await api.logout().catch(() => {});
  ended();
  go('/');
}

/** The session is over, whoever ended it. Drafts and the outbox stay in the browser, for the same user. */
export function ended() {
  stopSync();
  forget();
}

export async function refreshMe() {
  change(account(await api.me()));
}
