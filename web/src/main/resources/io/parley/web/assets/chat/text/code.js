/** Blocks of code: the language, a button that copies, and colours, whose grammars are loaded when needed. */

import {render} from 'lit-html';
import {icon} from '../views/icons.js';
import {sanitise} from './sanitise.js';

/** A block that still grows is coloured anew with every piece, up to this many characters. */
const GROWING_LIMIT = 6_000;
const LIMIT = 100_000;

let highlighter = null;

async function load() {
  highlighter ??= (await import('highlight.js')).default;
}

export function codeBlock(text, lang, growing) {
  const block = document.createElement('figure');
  block.className = 'code';
  const head = document.createElement('figcaption');
  const name = document.createElement('span');
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'copy';
  render(icon('copy'), copy);
  copy.append('Copy');
  copy.addEventListener('click', () => copyFrom(block, copy));
  head.append(name, copy);
  const frame = document.createElement('pre');
  frame.tabIndex = 0;
  const code = document.createElement('code');
  frame.append(code);
  block.append(head, frame);
  setCode(block, text, lang, growing);
  return block;
}

/** Shows `text` in a block that is there; what the reader has scrolled stays where it is. */
export function setCode(block, text, lang, growing) {
  const name = (lang ?? '').trim().split(/[\s{]/)[0].toLowerCase();
  const code = block.querySelector('code');
  block.querySelector('figcaption span').textContent = name || 'text';
  block.querySelector('pre').setAttribute('aria-label', name ? `Code in ${name}` : 'Code');
  block.text = text;
  if (!name || text.length > (growing ? GROWING_LIMIT : LIMIT)) code.textContent = text;
  else if (highlighter) colour(code, text, name);
  else {
    code.textContent = text;
    load().then(() => colour(code, block.text, name), () => {});
  }
}

function colour(code, text, language) {
  if (!highlighter.getLanguage(language)) code.textContent = text;
  else code.replaceChildren(sanitise(highlighter.highlight(text, {language, ignoreIllegals: true}).value));
}

async function copyFrom(block, button) {
  await copyText(block.text);
  const label = button.lastChild;
  label.textContent = 'Copied';
  setTimeout(() => (label.textContent = 'Copy'), 1_500);
}

/** The modern way needs https or localhost; the old one works on a server in the house. */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
  return undefined;
}
