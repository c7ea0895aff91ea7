/** The dialogs of the app but the search: of a conversation, and of the user. */

import {html, nothing} from 'lit-html';
import * as api from '../api.js';
import {patch, remove, rename, share, unshare} from '../conversations.js';
import {ended, refreshMe} from '../session.js';
import {change, notify, state} from '../store.js';
import {copyText} from '../text/code.js';
import {closeDialog, dialogView} from './dialog.js';
import {number} from './message.js';
import {searchDialog} from './search.js';
import {titleOf} from './sidebar.js';
import {accountForm} from './sign-in.js';

const DIALOGS = {
  search: searchDialog,
  rename: renameDialog,
  delete: deleteDialog,
  share: shareDialog,
  details: detailsDialog,
  settings: settingsDialog,
  secret: secretDialog,
  account: () => dialogView({label: 'Create an account', content: html`
    <p class="soft">Everything that you talked about as a guest stays yours.</p>${accountForm({signUp: true})}`}),
};

export const openDialog = () => (state.dialog ? DIALOGS[state.dialog.name]() : nothing);

const here = () => state.conversations.get(state.dialog.id) ?? null;

/** Runs `task` with the fields of the form, and closes the dialog when it went well. */
const submit = (task) => async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.currentTarget));
  try {
    if ((await task(fields)) !== false) closeDialog();
  } catch (problem) {
    notify(problem.message, 'problem');
  }
};

function renameDialog() {
  const conversation = here();
  if (!conversation) return nothing;
  return dialogView({label: 'Rename', content: html`
    <form @submit=${submit(({title}) => rename(conversation.id, title).then(Boolean))}>
      <label class="field"><span>Title</span>
        <input class="input" name="title" maxlength="200" autofocus .value=${conversation.title ?? ''}></label>
      <div class="buttons"><button type="button" class="button" @click=${closeDialog}>Cancel</button>
        <button class="button primary">Save</button></div>
    </form>`});
}

function deleteDialog() {
  const conversation = here();
  if (!conversation) return nothing;
  return dialogView({label: 'Delete this conversation?', content: html`
    <form @submit=${submit(() => remove(conversation.id))}>
      <p>“${titleOf(conversation)}” and all of its messages are deleted for good, on all of your devices.</p>
      <div class="buttons"><button type="button" class="button" autofocus @click=${closeDialog}>Keep it</button>
        <button class="button danger">Delete</button></div>
    </form>`});
}

function shareDialog() {
  const conversation = here();
  if (!conversation) return nothing;
  const address = conversation.share_id && `${location.origin}/share/${conversation.share_id}`;
  return dialogView({label: 'Share', content: html`
    <p>Whoever has the link can read this conversation as it is shown at the time when you make it: no later message, no
      other version, and nothing else of yours.</p>
    ${address
      ? html`<label class="field"><span>Link</span><input class="input" readonly .value=${address} @focus=${({target}) => target.select()}></label>
          <div class="buttons"><button class="button danger" @click=${() => unshare(conversation.id)}>End sharing</button>
            <button class="button primary" @click=${() => copyText(address).then(() => notify('The link is copied.'))}>Copy the link</button></div>`
      : html`<div class="buttons"><button class="button primary" @click=${() => share(conversation.id)}>Make a link</button></div>`}`});
}

function detailsDialog() {
  const conversation = here();
  const fresh = !conversation || conversation.local;
  const save = ({system}) => {
    const wanted = {system: system.trim() || null};
    if (!fresh) return patch(conversation.id, wanted).then(Boolean);
    return change({fresh: {...state.fresh, ...wanted}});
  };
  return dialogView({label: 'This conversation', content: html`
    <form @submit=${submit(save)}>
      <label class="field"><span>Instructions for the model</span>
        <textarea class="input" name="system" rows="6" placeholder="How the model should answer: its tone, language, role."
          .value=${(fresh ? state.fresh?.system : conversation.system) ?? ''}></textarea></label>
      ${fresh ? nothing : facts(conversation)}
      <div class="buttons"><button type="button" class="button" @click=${closeDialog}>Cancel</button>
        <button class="button primary">Save</button></div>
    </form>`});
}

const facts = (conversation) => html`
  <dl class="facts">
    <div><dt>Tokens read</dt><dd>${number(conversation.usage.input_tokens)}</dd></div>
    <div><dt>Tokens written</dt><dd>${number(conversation.usage.output_tokens)}</dd></div>
    <div><dt>Begun</dt><dd>${new Date(conversation.created_at).toLocaleString('en', {dateStyle: 'medium', timeStyle: 'short'})}</dd></div>
  </dl>
  <label class="check"><input type="checkbox" .checked=${conversation.flagged}
    @change=${({target}) => patch(conversation.id, {flagged: target.checked})}>
    <span>Keep it, even when old conversations are deleted by rule</span></label>`;

function settingsDialog() {
  const {me, quota, organisation} = state;
  return dialogView({label: 'Settings', content: html`
    <form @submit=${submit(saveSettings)}>
      <p class="soft">${[me.guest ? 'Guest' : me.email, organisation?.name].filter(Boolean).join(', ')}</p>
      ${quota ? html`<p>${number(quota.used)} of ${number(quota.messages_per_day)} messages used today.</p>` : nothing}
      ${me.guest ? nothing : html`
        <label class="field"><span>Name</span><input class="input" name="name" required autocomplete="name" .value=${me.name}></label>
        ${notifications(me)}
        <fieldset><legend>Change the password</legend>
          <label class="field"><span>Old password</span><input class="input" type="password" name="old" autocomplete="current-password"></label>
          <label class="field"><span>New password</span><input class="input" type="password" name="new" autocomplete="new-password"></label></fieldset>`}
      <div class="buttons">
        <button type="button" class="button danger" @click=${deleteAccount}>Delete everything of mine</button><span class="gap"></span>
        ${me.guest ? nothing : html`<button class="button primary">Save</button>`}</div>
    </form>`});
}

/** Only what the server offers can be chosen. */
function notifications(me) {
  const {mail, webhook} = state.offers ?? {};
  if (!mail && !webhook) return nothing;
  return html`<fieldset><legend>When an answer is done and nobody is looking</legend>
    ${mail ? html`<label class="check"><input type="checkbox" name="mail" .checked=${me.notify?.mail ?? false}><span>Send a mail</span></label>` : nothing}
    ${webhook ? html`<label class="field"><span>Call this address (webhook)</span>
      <input class="input" type="url" name="webhook" placeholder="https://" .value=${me.notify?.webhook ?? ''}></label>` : nothing}</fieldset>`;
}

/** What calls of the webhook are signed with; the server tells it once. */
function secretDialog() {
  const {secret} = state.dialog;
  return dialogView({label: 'The secret of your webhook', content: html`
    <p>Calls are signed with it. It is shown this once: keep it where the calls arrive.</p>
    <label class="field"><span>Secret</span><input class="input" readonly .value=${secret} @focus=${({target}) => target.select()}></label>
    <div class="buttons"><button class="button primary" @click=${() => copyText(secret).then(() => notify('The secret is copied.'))}>Copy the secret</button></div>`});
}

/** What is not offered stays as it was. */
function chosen(fields) {
  const {mail, webhook} = state.offers ?? {};
  const before = state.me.notify ?? {};
  return {
    mail: mail ? fields.mail === 'on' : before.mail ?? false,
    webhook: webhook ? fields.webhook || null : before.webhook ?? null,
  };
}

async function saveSettings(fields) {
  const wanted = {name: fields.name, notify: chosen(fields)};
  if (fields.new) wanted.password = {old: fields.old, new: fields.new};
  const {webhook_secret: secret} = await api.changeMe(wanted);
  await refreshMe();
  notify('Saved.');
  if (!secret) return true;
  change({dialog: {name: 'secret', secret}});
  return false;
}

async function deleteAccount(event) {
  const button = event.currentTarget;
  if (!button.dataset.sure) {
    button.dataset.sure = 'true';
    button.textContent = 'Really delete account and conversations?';
    return;
  }
  try {
    await api.deleteMe(button.form.elements.old?.value);
    ended();
  } catch (problem) {
    notify(problem.message, 'problem');
  }
}
