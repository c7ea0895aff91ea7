/** What a model may put onto the page: text, links and marks; no style, no script, nothing that loads by itself. */

import DOMPurify from 'dompurify';

const ALLOWED = {
  ALLOWED_TAGS: [
    'a', 'blockquote', 'br', 'code', 'del', 'div', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'input', 'li', 'ol',
    'p', 'pre', 'span', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
  ],
  ALLOWED_ATTR: ['align', 'checked', 'class', 'disabled', 'href', 'start', 'title', 'type'],
  // Every other attribute has to be an address of these kinds.
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ADD_URI_SAFE_ATTR: ['align', 'checked', 'disabled', 'start', 'type'],
  RETURN_DOM_FRAGMENT: true,
};

/** @returns {DocumentFragment} */
export const sanitise = (html) => DOMPurify.sanitize(html, ALLOWED);
