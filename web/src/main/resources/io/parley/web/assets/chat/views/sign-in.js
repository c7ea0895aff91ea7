/** The first page for somebody whom the server does not know: a place to ask something at once, or an account. */

import {html, nothing} from 'lit-html';
import {ref} from 'lit-html/directives/ref.js';
import * as api from '../api.js';
import {asGuest, login, signUp} from '../session.js';
import {change, state} from '../store.js';
import {closeDialog} from './dialog.js';
import {busyForm, field, freshForm, submitting, trouble} from './form.js';
import {icon, mark} from './icons.js';
import {openers} from './openers.js';

const RETRY_MS = 2_000;

let ways = null;
/** What the server said when it was asked for the ways in. */
let silence = null;
/** Which form is shown: 'login', 'sign-up', or null for the page that needs none. */
let shown = null;
let question = null;
const touch = matchMedia('(pointer: coarse)').matches;

/** A phone's keyboard would cover the page before it was read. */
function placeQuestion(field) {
  question = field ?? null;
  if (!touch) queueMicrotask(() => field?.isConnected && field.focus());
}

async function loadWays() {
  ways = {};
  try {
    ways = await api.waysIn();
    silence = null;
  } catch (failure) {
    silence = failure.message;
    setTimeout(() => (ways = null, change()), RETRY_MS);
  }
  change();
}

export function signInView() {
  if (!ways) loadWays();
  const needsAccount = ways && ways.guests === false;
  const form = shown ?? (state.place.name === 'sign-in' || needsAccount ? 'login' : null);
  return html`<main class="sign-in">
    <div class="ornament">${mark}</div>
    <header class="head"><span class="brand">${mark}<span>Parley</span></span><span class="gap"></span>
      ${ways?.password && !form ? html`<button class="button" @click=${() => show('login')}>Sign in</button>` : nothing}</header>
    <section class=${form ? 'narrow' : ''}>
      ${form ? account(form) : hello()}
      ${silence ? html`<p class="problem" role="alert">${silence}</p>` : nothing}
    </section>
  </main>`;
}

/** Why somebody who came from an OpenID provider stands here again; the address tells it by one word. */
const REASONS = {
  refused: 'You were not signed in: the provider did not confirm who you are, or it took too long. Try again.',
  taken: 'Your mail address has an account here already. Sign in to that one with its password.',
  unreachable: 'The provider cannot be reached just now. Try again later.',
};

const cameBack = () => {
  const reason = REASONS[new URLSearchParams(location.search).get('problem')];
  return reason && state.place.name === 'sign-in' ? html`<p class="problem" role="alert">${reason}</p>` : nothing;
};

const PROMISE = 'Your conversations stay with the people who run this machine. No word of them leaves it.';

const hello = () => html`
  <h1>Talk it over, on your own server.</h1>
  <p class="soft lead">${PROMISE}</p>
  ${ways?.guests ? begin() : nothing}
  ${ways?.guests ? html`<p class="small soft">No account is needed. You can make one later and keep everything.</p>` : nothing}
  ${corporate()}`;

const start = (text) => asGuest(text.trim());

/** A newcomer asks first and becomes somebody by it. */
const begin = () => html`<form class="composer first" @submit=${submitting('first', ({text}) => start(text))}>
    <textarea rows="2" name="text" aria-label="Message" placeholder="Ask something" ${ref(placeQuestion)}
      @keydown=${sendOnEnter}></textarea>
    <div class="bar"><span class="hint"></span>
      <button class="button primary" ?disabled=${busyForm('first')}>Start talking</button></div>
  </form>
  ${trouble('first')}
  ${openers((text) => {
    question.value = text;
    question.form.requestSubmit();
  }, busyForm('first'))}`;

function sendOnEnter(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || touch) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

const corporate = () => (ways?.oidc ?? []).map(({id, name}) =>
  html`<a class="button large" href=${api.oidcStart(id)}>${icon('person')}Sign in with ${name}</a>`);

function show(form) {
  shown = form;
  freshForm();
}

const account = (form) => html`
  <h1>${form === 'login' ? 'Sign in' : 'Create an account'}</h1>
  <p class="soft">${PROMISE}</p>
  ${cameBack()}
  ${accountForm(form)}
  ${corporate()}
  <p class="small others">${others(form)}</p>`;

/** The form for both: an account that is there ('login'), and a new one ('sign-up'). */
export function accountForm(form) {
  const makes = form === 'sign-up';
  const submit = submitting(form, async (fields) => {
    await (makes ? signUp(fields) : login(fields));
    shown = null;
  });
  return html`<form class="account" @submit=${submit} ${ref(focusFirst)}>
    ${makes ? field(form, 'name', 'Name', {autocomplete: 'name'}) : nothing}
    ${field(form, 'email', 'Mail address', {type: 'email', autocomplete: makes ? 'email' : 'username'})}
    ${field(form, 'password', 'Password', {
      type: 'password', autocomplete: makes ? 'new-password' : 'current-password', hint: makes ? 'At least 8 characters.' : '',
    })}
    ${trouble(form)}
    <button class="button primary large wide" ?disabled=${busyForm(form)}>${makes ? 'Create the account' : 'Sign in'}</button>
    ${state.session === 'in' ? html`<button type="button" class="button wide" @click=${closeDialog}>Not now</button>` : nothing}
  </form>`;
}

/** The button that led here is gone, so the focus would be nowhere. */
const focusFirst = (form) => queueMicrotask(() => {
  if (form?.isConnected && !form.contains(document.activeElement)) form.querySelector('input').focus();
});

const link = (name, run) => html`<button type="button" class="link" @click=${run}>${name}</button>`;

const others = (form) => html`
  ${form === 'sign-up' ? link('I have an account', () => show('login')) : nothing}
  ${form === 'login' && ways?.sign_up ? link('Create an account', () => show('sign-up')) : nothing}
  ${ways?.guests ? link('Go on as a guest', () => asGuest().then(() => (shown = null))) : nothing}`;
