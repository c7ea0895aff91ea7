/** Blocks of code: the language, a button that copies, and colours, which are loaded by language when needed. */

import {render} from 'lit-html';
import {icon} from '../views/icons.js';
import {sanitise} from './sanitise.js';

/** Names that models write after the fence, and the grammar that each means. */
const GRAMMARS = Object.fromEntries(
  Object.entries({
    bash: 'sh shell zsh console', c: 'h', cpp: 'c++ cc hpp', csharp: 'cs c#', css: '', diff: 'patch', dockerfile: 'docker',
    go: 'golang', haskell: 'hs', ini: 'toml properties', java: '', javascript: 'js jsx mjs', json: 'jsonc', kotlin: 'kt',
    lua: '', makefile: 'make', markdown: 'md', perl: 'pl', php: '', python: 'py python3', r: '', ruby: 'rb', rust: 'rs',
    scala: '', scss: '', sql: '', swift: '', typescript: 'ts tsx', xml: 'html svg vue', yaml: 'yml',
  }).flatMap(([grammar, names]) => [grammar, ...names.split(' ')].filter(Boolean).map((name) => [name, grammar])),
);
/** A block that still grows is coloured anew with every piece, up to this many characters. */
const GROWING_LIMIT = 6_000;
const LIMIT = 100_000;

const loaded = new Map();
let highlighter = null;

async function load(grammar) {
  if (!loaded.has(grammar)) {
    loaded.set(grammar, (async () => {
      const [core, language] = await Promise.all([
        import('highlight.js/lib/core.js'),
        import(`highlight.js/es/languages/${grammar}.js`),
      ]);
      highlighter = core.default;
      highlighter.registerLanguage(grammar, language.default);
    })());
  }
  await loaded.get(grammar);
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
  const grammar = GRAMMARS[name];
  const code = block.querySelector('code');
  block.querySelector('figcaption span').textContent = name || 'text';
  block.querySelector('pre').setAttribute('aria-label', name ? `Code in ${name}` : 'Code');
  block.text = text;
  if (!grammar || text.length > (growing ? GROWING_LIMIT : LIMIT)) code.textContent = text;
  else if (highlighter?.getLanguage(grammar)) colour(code, text, grammar);
  else {
    code.textContent = text;
    load(grammar).then(() => colour(code, block.text, grammar), () => {});
  }
}

function colour(code, text, grammar) {
  code.replaceChildren(sanitise(highlighter.highlight(text, {language: grammar, ignoreIllegals: true}).value));
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
