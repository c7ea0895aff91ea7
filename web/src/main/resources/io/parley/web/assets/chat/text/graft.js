/**
 * Makes a piece of the page equal to another, touching only what differs: an answer that grows by a word changes one node
 * of text, and what the reader has selected or scrolled stays. Takes nodes without listeners of their own.
 */

/** @returns {Node} what stands there now: `old`, or `fresh` in its place */
export function graft(old, fresh) {
  if (old.isEqualNode(fresh)) return old;
  // A formula is one thing; its styles could not be copied as text, which the page's policy refuses.
  if (old.nodeName !== fresh.nodeName || old.classList?.contains('formula')) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType === Node.TEXT_NODE) old.data = fresh.data;
  else {
    graftAttributes(old, fresh);
    graftChildren(old, [...fresh.childNodes]);
  }
  return old;
}

function graftAttributes(old, fresh) {
  for (const {name} of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const {name, value} of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function graftChildren(old, fresh) {
  const there = [...old.childNodes];
  for (const gone of there.slice(fresh.length)) gone.remove();
  fresh.forEach((child, i) => {
    if (i < there.length) graft(there[i], child);
    else old.append(child);
  });
}
