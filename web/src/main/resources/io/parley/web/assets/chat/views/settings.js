/** The dialogs of a user: settings, the secret of a webhook, a first account, the end of the account. */

import {html, nothing} from 'lit-html';
import * as api from '../api.js';
import {number} from '../labels.js';
import {ended, refreshMe} from '../session.js';
import {change, notify, state} from '../store.js';
import {copyText} from '../text/code.js';
import {closeDialog, dialogView} from './dialog.js';
import {busyForm, field, submitting, trouble} from './form.js';
import {accountForm} from './sign-in.js';

export const accountDialog = () => dialogView({label: 'Create an account', content: html`
  <p class="soft">Everything that you talked about as a guest stays yours.</p>${accountForm('sign-up')}`});

const open = (name, more = {}) => change({dialog: {name, ...more}});

export function settingsDialog() {
  const {me, quota, organisation} = state;
  return dialogView({label: 'Settings', content: html`
    <p class="soft">${[me.guest ? 'Guest' : me.email, organisation?.name].filter(Boolean).join(', ')}</p>
    ${quota ? quotaView(quota) : nothing}
    ${me.guest ? invitation() : html`${profile(me)}${password()}${devices()}`}
    <section class="part"><h3>Leave</h3>
      <p class="soft">Your account and everything you talked about, deleted for good.</p>
      <div class="buttons"><button type="button" class="button danger" @click=${() => open('erase')}>Delete everything of mine</button></div>
    </section>`});
}

const quotaView = ({used, messages_per_day: most}) => html`<div class="quota">
  <progress max=${most} .value=${Math.min(used, most)} aria-label="Messages used today"></progress>
  <span class="small soft">${number(used)} of ${number(most)} messages used today</span></div>`;

const invitation = () => html`<section class="part"><h3>Account</h3>
  <p class="soft">With an account you come back to your conversations from any device, and can be told when an answer is done.</p>
  <div class="buttons"><button type="button" class="button primary" @click=${() => open('account')}>Create an account</button></div></section>`;

const save = (form, name = 'Save') => html`${trouble(form)}
  <div class="buttons"><button class="button primary" ?disabled=${busyForm(form)}>${name}</button></div>`;

const profile = (me) => html`<form class="part" aria-label="You" @submit=${submitting('profile', saveProfile)}>
  <h3>You</h3>
  ${field('profile', 'name', 'Name', {value: me.name, autocomplete: 'name'})}
  ${notifications(me)}
  ${save('profile')}</form>`;

/** Only what the server offers can be chosen. */
function notifications(me) {
  const {mail, webhook} = state.offers ?? {};
  if (!mail && !webhook) return nothing;
  return html`<fieldset><legend>When an answer is done and nobody is looking</legend>
    ${mail ? html`<label class="check"><input type="checkbox" name="mail" .checked=${me.notify?.mail ?? false}>
      <span>Send a mail to ${me.email}</span></label>` : nothing}
    ${webhook ? field('profile', 'notify.webhook', 'Call this address (webhook)', {
      type: 'url', value: me.notify?.webhook ?? '', required: false, placeholder: 'https://',
      hint: 'It is told the ids of conversation and answer, and no word of them.',
    }) : nothing}</fieldset>`;
}

/** What is not offered stays as it was. */
function chosen(fields) {
  const {mail, webhook} = state.offers ?? {};
  const before = state.me.notify ?? {};
  return {
    mail: mail ? fields.mail === 'on' : before.mail ?? false,
    webhook: webhook ? fields['notify.webhook'] || null : before.webhook ?? null,
  };
}

async function saveProfile(fields) {
  const {webhook_secret: secret} = await api.changeMe({name: fields.name, notify: chosen(fields)});
  await refreshMe();
  notify('Saved.');
  if (secret) open('secret', {secret});
}

const password = () => html`<form class="part" aria-label="Password" @submit=${submitting('password', savePassword)}>
  <h3>Password</h3>
  ${field('password', 'password.old', 'Password now', {type: 'password', autocomplete: 'current-password'})}
  ${field('password', 'password.new', 'New password', {
    type: 'password', autocomplete: 'new-password', hint: 'A new password signs you out everywhere else.',
  })}
  ${save('password', 'Change the password')}</form>`;

async function savePassword(fields, form) {
  await api.changeMe({password: {old: fields['password.old'], new: fields['password.new']}});
  form.reset();
  notify('Your password is changed. All other devices are signed out.');
}

/** For whoever has left a session open where others can reach it, and for those who have no password here to change. */
const devices = () => html`<form class="part" aria-label="Devices" @submit=${submitting('devices', signOutOthers)}>
  <h3>Other devices</h3>
  <p class="soft">Are you signed in somewhere that you cannot reach any more?</p>
  ${trouble('devices')}
  <div class="buttons"><button class="button" ?disabled=${busyForm('devices')}>Sign out everywhere else</button></div></form>`;

async function signOutOthers() {
  await api.logoutOthers();
  notify('All other devices are signed out.');
}

/** What calls of the webhook are signed with; the server tells it once. */
export function secretDialog() {
  const {secret} = state.dialog;
  return dialogView({label: 'The secret of your webhook', content: html`
    <p>Calls are signed with it. It is shown this once: keep it where the calls arrive.</p>
    <label class="field"><span>Secret</span><input class="input" readonly .value=${secret} @focus=${({target}) => target.select()}></label>
    <div class="buttons"><button class="button primary" @click=${() => copyText(secret).then(() => notify('The secret is copied.'))}>Copy the secret</button></div>`});
}

export function eraseDialog() {
  const erase = submitting('erase', async (fields) => {
    await api.deleteMe(fields.password);
    ended();
    notify('Your account is gone, and everything in it.');
  });
  return dialogView({label: 'Delete everything of yours?', content: html`<form @submit=${erase}>
    <p>Your account, all conversations, pictures and links are deleted for good, on all devices. Nobody can bring them back.</p>
    ${state.me.guest ? nothing : field('erase', 'password', 'Password', {
      type: 'password', autocomplete: 'current-password', required: false, hint: 'Leave it empty if you sign in without one.',
    })}
    ${trouble('erase')}
    <div class="buttons"><button type="button" class="button" autofocus @click=${closeDialog}>Keep everything</button>
      <button class="button danger" ?disabled=${busyForm('erase')}>Delete for good</button></div>
  </form>`});
}
