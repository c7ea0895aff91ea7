/**
 * Markdown of a model, shown while it is written. Text becomes a list of blocks (paragraph, list, table, code …); a
 * block that is shown and has not changed is never touched again, so that a long answer costs no more per token than a
 * short one, does not flicker, and keeps what the reader has selected.
 *
 * Nothing of a model is trusted: HTML in the text is shown as text, and what the parser makes is sanitised.
 */

import {Marked} from 'marked';
import {codeBlock, setCode} from './code.js';
import {graft} from './graft.js';
import {mathExtensions, showMath} from './math.js';
import {sanitise} from './sanitise.js';

const escape = (text) =>
  text.replace(/[&<>"']/g, (c) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'})[c]);

const marked = new Marked({
  gfm: true,
  extensions: mathExtensions,
  renderer: {
    html: ({text}) => escape(text),
    // An address in an answer must not make the reader's browser call another host: pictures become links.
    image: ({href, text}) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
  },
});

/** Blocks of a text: {raw, token}. White space between blocks belongs to the one before. */
function blocksOf(text, links = {}) {
  const lexer = new marked.Lexer({...marked.defaults});
  Object.assign(lexer.tokens.links, links);
  const tokens = lexer.lex(text);
  const blocks = [];
  for (const token of tokens) {
    if (token.type === 'space' && blocks.length) blocks.at(-1).raw += token.raw;
    else blocks.push({raw: token.raw, token, links: tokens.links});
  }
  return blocks;
}

function fragmentOf(token, links) {
  const tokens = [token];
  tokens.links = links;
  const fragment = sanitise(marked.parser(tokens));
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const box of fragment.querySelectorAll('input')) box.setAttribute('aria-label', box.checked ? 'done' : 'open');
  showMath(fragment);
  return fragment;
}

/** `.source = {text, streaming}` */
class MarkdownBody extends HTMLElement {
  #text = '';
  #streaming = false;
  #links = {};
  /** @type {{raw: string, nodes: Node[], code: HTMLElement | null, growing: boolean}[]} */
  #shown = [];
  /** How many characters belong to blocks that can no longer change. */
  #settled = 0;
  #settledBlocks = 0;

  set source({text, streaming}) {
    if (text === this.#text && streaming === this.#streaming) return;
    const grows = streaming && text.startsWith(this.#text);
    if (!grows) this.#settled = this.#settledBlocks = 0;
    this.#text = text;
    this.#streaming = streaming;
    this.classList.toggle('streaming', streaming);
    this.#show(blocksOf(text.slice(this.#settled), this.#links), streaming);
  }

  #show(blocks, streaming) {
    let at = this.#settledBlocks;
    blocks.forEach((block, i) => {
      const growing = streaming && i === blocks.length - 1;
      const shown = this.#shown[at];
      if (growing || !shown || shown.growing || shown.raw !== block.raw) this.#place(at, block, growing);
      at++;
    });
    for (const gone of this.#shown.splice(at)) for (const node of gone.nodes) node.remove();
    if (streaming) this.#settle(blocks);
  }

  #settle(blocks) {
    for (const block of blocks.slice(0, -1)) {
      this.#settled += block.raw.length;
      this.#settledBlocks++;
    }
    Object.assign(this.#links, blocks.at(-1)?.links);
  }

  #place(at, {raw, token, links}, growing) {
    const old = this.#shown[at];
    if (token.type === 'code' && old?.code) {
      setCode(old.code, token.text, token.lang, growing);
      Object.assign(old, {raw, growing});
      return;
    }
    const fragment = document.createDocumentFragment();
    let code = null;
    if (token.type === 'code') fragment.append((code = codeBlock(token.text, token.lang, growing)));
    else fragment.append(fragmentOf(growing ? mended(token) : token, links));
    const nodes = [...fragment.childNodes];
    if (old && !old.code && !code && old.nodes.length === nodes.length) {
      this.#shown[at] = {raw, nodes: old.nodes.map((node, i) => graft(node, nodes[i])), code: null, growing};
      return;
    }
    const before = old?.nodes[0] ?? null;
    this.insertBefore(fragment, before);
    for (const node of old?.nodes ?? []) node.remove();
    this.#shown[at] = {raw, nodes, code, growing};
  }
}

/** The first line of a table is a paragraph until its second line is whole. */
const HEAD_OF_TABLE = /(?:^|\n)\|[^\n]*(?:\n[\s|:-]*)?$/;

/** Closes emphasis and code that are still open at the end of what came so far, so that marks do not flash by. */
function mended(token) {
  if (token.type !== 'paragraph') return token;
  let text = token.raw.replace(HEAD_OF_TABLE, '').replace(/\s+$/, '');
  const open = text.match(/\[[^\]]*$|\[([^\]]*)\]\([^)]*$/);
  if (open) text = text.slice(0, open.index) + (open[1] ?? open[0].slice(1));
  if ((text.match(/`/g) ?? []).length % 2) text += '`';
  else if ((text.match(/\*\*/g) ?? []).length % 2) text = text.endsWith('**') ? text.slice(0, -2) : `${text}**`;
  if (text === token.raw) return token;
  return blocksOf(text)[0]?.token ?? {type: 'space', raw: ''};
}

customElements.define('markdown-body', MarkdownBody);
