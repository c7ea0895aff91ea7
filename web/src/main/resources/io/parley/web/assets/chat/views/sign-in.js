/** The first page for somebody whom the server does not know: one click to a conversation, or an account. */

import {html, nothing} from 'lit-html';
import * as api from '../api.js';
import {asGuest, login, signUp} from '../session.js';
import {change, state} from '../store.js';
import {closeDialog} from './dialog.js';
import {icon, mark} from './icons.js';

let ways = null;
let wantsAccount = null;
let problem = null;
let busy = false;

async function loadWays() {
  ways = {};
  try {
    ways = await api.waysIn();
  } catch (failure) {
    problem = failure.message;
    ways = null;
    setTimeout(loadWays, 2_000);
  }
  change();
}

const attempt = (task) => async () => {
  busy = true;
  problem = null;
  change();
  try {
    await task();
    wantsAccount = null;
  } catch (failure) {
    problem = failure.message;
  } finally {
    busy = false;
    change();
  }
};

export function signInView() {
  if (!ways && !problem) loadWays();
  const form = wantsAccount !== null || state.place.name === 'sign-in' || (ways && !ways.guests);
  return html`<main class="sign-in">
    <div class="ornament">${mark}</div>
    <section>
      <div class="brand">${mark}<span>Parley</span></div>
      <h1>Talk it over, on your own server.</h1>
      <p class="soft">Your conversations stay with the people who run this machine. No word of them leaves it.</p>
      ${form ? accountForm({signUp: wantsAccount ?? false}) : choices()}
      ${form || !problem ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
    </section>
  </main>`;
}

const choices = () => html`<div class="choices">
  ${ways?.guests ? html`<button class="button primary large" ?disabled=${busy} @click=${attempt(asGuest)}>Start talking</button>` : nothing}
  ${ways?.password ? html`<button class="button large" @click=${() => want(false)}>Sign in</button>` : nothing}
  ${corporate()}
  ${ways?.guests ? html`<p class="small soft">No account is needed. You can make one later and keep everything.</p>` : nothing}
</div>`;

const corporate = () => (ways?.oidc ?? []).map(({id, name}) =>
  html`<a class="button large" href=${api.oidcStart(id)}>${icon('person')}Sign in with ${name}</a>`);

function want(account) {
  wantsAccount = account;
  problem = null;
  change();
}

/** The form for both: an account that is there, and a new one. */
export function accountForm({signUp: makes}) {
  const inDialog = state.session === 'in';
  const submit = (event) => {
    event.preventDefault();
    const {name, email, password} = Object.fromEntries(new FormData(event.currentTarget));
    attempt(() => (makes ? signUp({name, email, password}) : login({email, password})))();
  };
  return html`<form class="account" @submit=${submit}>
    ${makes ? html`<label class="field"><span>Name</span><input class="input" name="name" required autocomplete="name" maxlength="100"></label>` : nothing}
    <label class="field"><span>Mail address</span>
      <input class="input" type="email" name="email" required autocomplete=${makes ? 'email' : 'username'} ?autofocus=${!makes}></label>
    <label class="field"><span>Password</span>
      <input class="input" type="password" name="password" required autocomplete=${makes ? 'new-password' : 'current-password'}></label>
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
    <button class="button primary large wide" ?disabled=${busy}>${makes ? 'Create the account' : 'Sign in'}</button>
    ${inDialog ? html`<button type="button" class="button wide" @click=${closeDialog}>Not now</button>` : others(makes)}
  </form>`;
}

const others = (makes) => html`
  ${corporate()}
  <p class="small">
    ${makes
      ? html`<button type="button" class="link" @click=${() => want(false)}>I have an account</button>`
      : ways?.sign_up ? html`<button type="button" class="link" @click=${() => want(true)}>Create an account</button>` : nothing}
    ${ways?.guests ? html`<button type="button" class="link" ?disabled=${busy} @click=${attempt(asGuest)}>Go on as a guest</button>` : nothing}
  </p>`;
