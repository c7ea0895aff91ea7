/** Which dialogs there are, and those of a conversation. */

import {html, nothing} from 'lit-html';
import {patch, remove, rename, share, unshare} from '../conversations.js';
import {number} from '../labels.js';
import {change, notify, state} from '../store.js';
import {copyText} from '../text/code.js';
import {closeDialog, dialogView} from './dialog.js';
import {searchDialog} from './search.js';
import {accountDialog, eraseDialog, secretDialog, settingsDialog} from './settings.js';
import {titleOf} from './sidebar.js';

const DIALOGS = {
  search: searchDialog,
  rename: renameDialog,
  delete: deleteDialog,
  share: shareDialog,
  details: detailsDialog,
  settings: settingsDialog,
  secret: secretDialog,
  account: accountDialog,
  erase: eraseDialog,
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
        <textarea class="input" name="system" rows="6" autofocus placeholder="How the model should answer: its tone, language, role."
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
    <div><dt>Begun</dt><dd>${new Date(conversation.created_at).toLocaleDateString('en', {dateStyle: 'medium'})}</dd></div>
  </dl>
  <label class="check"><input type="checkbox" .checked=${conversation.flagged}
    @change=${({target}) => patch(conversation.id, {flagged: target.checked})}>
    <span>${keepReason()}</span></label>`;

const keepReason = () =>
  state.keptDays
    ? `Keep it: others are deleted after ${state.keptDays} ${state.keptDays === 1 ? 'day' : 'days'} without activity`
    : 'Keep it, even when old conversations are deleted by rule';

