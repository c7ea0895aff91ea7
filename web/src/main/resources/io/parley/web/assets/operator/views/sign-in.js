import { get, signIn, signOut } from '../api.js';
import { h } from '../dom.js';

/** Asks for a key; calls back when the server takes it. */
export function signInView(onSignedIn, why = '') {
  const input = h('input', {
    class: 'input', id: 'key', type: 'password', name: 'operations-key', autocomplete: 'off', spellcheck: 'false',
    required: true, placeholder: 'sk-parley-ops-…', 'aria-describedby': 'problem',
  });
  const problem = h('p', { class: 'problem small', id: 'problem', role: 'alert' }, why);
  const button = h('button', { class: 'button primary wide', type: 'submit' }, 'Sign in');
  const form = h('form', {
    class: 'card sign-in',
    async onsubmit(event) {
      event.preventDefault();
      button.disabled = true;
      problem.textContent = '';
      signIn(input.value.trim());
      try {
        await get('/overview');
        onSignedIn();
      } catch (refused) {
        signOut();
        problem.textContent = refused.message;
        button.disabled = false;
        input.select();
      }
    },
  },
  h('h1', {}, 'Operations'),
  h('p', { class: 'soft' }, 'How this server does, for those who run it.'),
  h('label', { class: 'field', for: 'key' }, h('span', {}, 'Operations key'), input),
  problem, button,
  h('p', { class: 'small soft' }, 'Make one on the server: ',
    h('code', {}, './parley keys create console --operations'),
    '. It is kept until you close this tab.'));
  queueMicrotask(() => input.focus());
  return form;
}
