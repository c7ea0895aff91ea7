// Elements without a library: h('div', { class: 'card' }, 'text', child). What is text stays text.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts new children in the place of the old ones, but leaves them alone if they say the same. */
export function show(parent, ...children) {
  const next = fill(parent.cloneNode(false), {}, children);
  if (!parent.isEqualNode(next)) parent.replaceChildren(...next.childNodes);
}
