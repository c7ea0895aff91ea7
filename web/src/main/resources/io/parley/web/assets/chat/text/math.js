/** Mathematics in TeX: $…$ and \(…\) in a line, $$…$$ and \[…\] for themselves. Set by KaTeX, loaded when needed. */

const escape = (text) => text.replace(/[&<>]/g, (c) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[c]);

const INLINE = [
  [/^\$\$([\s\S]+?)\$\$/, true],
  [/^\\\[([\s\S]+?)\\\]/, true],
  [/^\\\(([\s\S]+?)\\\)/, false],
  // Money is no mathematics: "$5 and $6" has a space before its second sign, or a digit after it.
  [/^\$(?![\s$])((?:\\.|[^\\$\n])+?)(?<!\s)\$(?![\d$])/, false],
];
const BLOCK = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n+|$)/;

/** Extensions for the parser: mathematics becomes `code.math`, which `showMath` then sets. */
export const mathExtensions = [
  {
    name: 'mathBlock',
    level: 'block',
    start: (text) => text.match(/\$\$|\\\[/)?.index,
    tokenizer(text) {
      const match = BLOCK.exec(text);
      return match ? {type: 'mathBlock', raw: match[0], tex: match[1] ?? match[2]} : undefined;
    },
    renderer: ({tex}) => `<p><code class="math display">${escape(tex)}</code></p>`,
  },
  {
    name: 'mathInline',
    level: 'inline',
    start: (text) => text.match(/\$|\\\(|\\\[/)?.index,
    tokenizer(text) {
      for (const [pattern, display] of INLINE) {
        const match = pattern.exec(text);
        if (match) return {type: 'mathInline', raw: match[0], tex: match[1], display};
      }
      return undefined;
    },
    renderer: ({tex, display}) => `<code class="math${display ? ' display' : ''}">${escape(tex)}</code>`,
  },
];

let katex = null;

export function showMath(root) {
  const formulas = root.querySelectorAll('code.math');
  if (!formulas.length) return;
  if (katex) formulas.forEach(set);
  else {
    import('katex').then((module) => {
      katex = module.default;
      formulas.forEach(set);
    });
  }
}

function set(formula) {
  const target = document.createElement('span');
  const displayMode = formula.classList.contains('display');
  target.className = displayMode ? 'formula display' : 'formula';
  if (displayMode) target.tabIndex = 0;
  try {
    // Made of nodes, not of text: styles in text are refused by the page's policy.
    katex.render(formula.textContent, target, {displayMode, throwOnError: true, trust: false, maxSize: 20, maxExpand: 500});
    formula.replaceWith(target);
  } catch {
    formula.classList.remove('math');
  }
}
