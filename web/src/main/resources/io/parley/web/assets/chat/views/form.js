/**
 * Forms that ask the server: what is wrong is said at the field that it is about, in the server's words, and a form is
 * not sent twice. One form is in use at a time; its state is in the store, under its name.
 */

import {html, nothing} from 'lit-html';
import {change, state} from '../store.js';

const REST = {name: null, busy: false, field: null, problem: null};

/** Forgets what was wrong with the form before. */
export const freshForm = () => change({form: REST});

const formOf = (name) => (state.form?.name === name ? state.form : REST);

export const busyForm = (name) => formOf(name).busy;

/** Listener of `submit` that runs `task` with the fields of the form. */
export const submitting = (name, task) => async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  if (formOf(name).busy) return;
  change({form: {...REST, name, busy: true}});
  try {
    await task(Object.fromEntries(new FormData(form)), form);
    freshForm();
  } catch (problem) {
    const field = form.elements[problem.field] ? problem.field : null;
    change({form: {name, busy: false, field, problem: problem.message}});
    form.elements[field ?? '']?.focus();
  }
};

/** A line of text to fill in. `attributes`: type, value, autocomplete, required, placeholder, hint, multiline … */
export function field(form, name, label, {type = 'text', value = '', autocomplete = 'off', required = true, placeholder = '', hint = ''} = {}) {
  const {field: wrong, problem} = formOf(form);
  const note = `${form}-${name}-note`.replaceAll('.', '-');
  const text = wrong === name ? problem : hint;
  return html`<label class="field"><span>${label}</span>
    <input class="input" type=${type} name=${name} .value=${value} autocomplete=${autocomplete} ?required=${required}
      placeholder=${placeholder || nothing} aria-invalid=${wrong === name ? 'true' : nothing} aria-describedby=${text ? note : nothing}>
    ${text ? html`<small id=${note} class=${wrong === name ? 'problem' : 'soft'} role=${wrong === name ? 'alert' : nothing}>${text}</small>` : nothing}
  </label>`;
}

/** What is wrong with the form as a whole. */
export function trouble(form) {
  const {field: wrong, problem} = formOf(form);
  return problem && !wrong ? html`<p class="problem" role="alert">${problem}</p>` : nothing;
}
