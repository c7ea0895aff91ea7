/**
 * A list of any length of which only the part near the screen is in the document. Heights are measured as items are
 * shown and guessed before; whatever changes above the reader's eyes, what they read stays where it is. A reader at the
 * end stays at the end while items grow.
 *
 * Begins at the end, or with the attribute `from-start` at the start.
 *
 * Properties: `.content = {items: [{key}], template: (item, index) => TemplateResult, nameOf: (item) => string}`, the
 * last being what a screen reader calls an item; `.edges = {top(), bottom()}` are called when the reader comes near an end.
 */

import {render} from 'lit-html';

/** How far beyond the screen items are kept, in px. */
const MARGIN = 800;
const NEAR_EDGE = 1200;
const AT_END = 48;

class VirtualList extends HTMLElement {
  #items = [];
  #template = null;
  #nameOf = null;
  #heights = new Map();
  #tops = [0];
  #measured = {sum: 0, count: 0};
  #shown = new Map();
  #window = document.createElement('div');
  #pinned = true;
  #resizes = new ResizeObserver((entries) => this.#resized(entries));
  #target = null;

  edges = {top() {}, bottom() {}};
  /** Called when the reader leaves the end or comes back to it. */
  onPinned = () => {};

  connectedCallback() {
    if (this.hasAttribute('from-start')) this.#pinned = false;
    this.#window.className = 'window';
    this.#window.setAttribute('role', 'feed');
    if (!this.#window.isConnected) this.append(this.#window);
    this.#window.setAttribute('aria-label', this.getAttribute('label') ?? '');
    this.addEventListener('scroll', this.#scrolled, {passive: true});
    this.#resizes.observe(this);
  }

  disconnectedCallback() {
    this.removeEventListener('scroll', this.#scrolled);
    this.#resizes.disconnect();
  }

  set content({items, template, nameOf}) {
    const other = items !== this.#items;
    const anchor = this.#anchor();
    this.#items = items;
    this.#template = template;
    this.#nameOf = nameOf;
    if (other) this.#layOut();
    this.#show(anchor);
    for (const [key, element] of this.#shown) this.#fill(element, this.#index(key, element));
  }

  get pinned() {
    return this.#pinned;
  }

  /** Goes to the end and stays there. */
  toEnd() {
    this.#pin(true);
    this.#target = null;
    this.#show(null);
  }

  /** Brings an item to the upper part of the screen, and the focus to it. */
  toKey(key) {
    const index = this.#items.findIndex((item) => item.key === key);
    if (index < 0) return false;
    this.#pin(false);
    this.#target = {key, offset: Math.min(96, this.clientHeight / 5)};
    this.#show(this.#target);
    this.#shown.get(key)?.focus({preventScroll: true});
    return true;
  }

  #index(key, element) {
    const index = element.index;
    return this.#items[index]?.key === key ? index : this.#items.findIndex((item) => item.key === key);
  }

  #height(key) {
    return this.#heights.get(key) ?? (this.#measured.count ? this.#measured.sum / this.#measured.count : 160);
  }

  /** Sums of heights: the top of each item, and the end of the last one. */
  #layOut() {
    const tops = new Array(this.#items.length + 1);
    tops[0] = 0;
    for (let i = 0; i < this.#items.length; i++) tops[i + 1] = tops[i] + this.#height(this.#items[i].key);
    this.#tops = tops;
  }

  /** The index of the item at a distance from the top of the list. */
  #at(y) {
    let low = 0;
    let high = this.#items.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  /** What the reader looks at: the first item on the screen, and how far its top is from the screen's. */
  #anchor() {
    if (this.#pinned || !this.#items.length) return null;
    if (this.#target) return this.#target;
    const index = this.#at(this.scrollTop);
    return {key: this.#items[index].key, offset: this.#tops[index] - this.scrollTop};
  }

  #scrolled = () => {
    if (this.#expected !== null && Math.abs(this.scrollTop - this.#expected) < 2) {
      this.#expected = null;
      return;
    }
    this.#target = null;
    this.#pin(this.scrollHeight - this.scrollTop - this.clientHeight < AT_END);
    this.#show(this.#anchor());
  };
  #expected = null;

  #pin(pinned) {
    if (pinned === this.#pinned) return;
    this.#pinned = pinned;
    this.onPinned(pinned);
  }

  /** Puts the right items into the document, measures the new ones, and scrolls so that the anchor stays in place. */
  #show(anchor) {
    for (let round = 0; round < 4; round++) {
      const top = this.#wantedTop(anchor);
      const first = this.#at(top - MARGIN);
      const last = this.#at(top + this.clientHeight + MARGIN);
      this.#window.style.paddingTop = `${this.#tops[first] ?? 0}px`;
      this.#fit(first, last);
      this.#window.style.paddingBottom = `${this.#tops.at(-1) - (this.#tops[last + 1] ?? 0)}px`;
      if (!this.#measure()) break;
    }
    this.#scrollTo(this.#wantedTop(anchor));
    this.#nearEdges();
  }

  #wantedTop(anchor) {
    const end = Math.max(this.#tops.at(-1) - this.clientHeight, 0);
    if (this.#pinned) return end;
    if (!anchor) return Math.min(this.scrollTop, end);
    const index = this.#items.findIndex((item) => item.key === anchor.key);
    return index < 0 ? this.scrollTop : Math.max(this.#tops[index] - anchor.offset, 0);
  }

  #scrollTo(top) {
    const wanted = this.#pinned ? this.scrollHeight - this.clientHeight : top;
    if (Math.abs(wanted - this.scrollTop) < 1) return;
    this.scrollTop = wanted;
    this.#expected = this.scrollTop;
  }

  #fit(first, last) {
    const wanted = new Set();
    for (let i = first; i <= last && i < this.#items.length; i++) wanted.add(this.#items[i].key);
    for (const [key, element] of this.#shown) {
      if (wanted.has(key)) continue;
      this.#resizes.unobserve(element);
      element.remove();
      this.#shown.delete(key);
    }
    let before = this.#window.firstElementChild;
    for (let i = first; i <= last && i < this.#items.length; i++) {
      const {key} = this.#items[i];
      let element = this.#shown.get(key);
      if (!element) this.#shown.set(key, (element = this.#create(i)));
      if (element === before) before = before.nextElementSibling;
      else this.#window.insertBefore(element, before);
      if (!element.filled || element.index !== i) this.#fill(element, i);
    }
  }

  #create(index) {
    const element = document.createElement('article');
    element.key = this.#items[index].key;
    element.tabIndex = -1;
    this.#resizes.observe(element);
    return element;
  }

  #fill(element, index) {
    if (index < 0) return;
    element.index = index;
    element.filled = true;
    describe(element, 'aria-label', this.#nameOf(this.#items[index]));
    describe(element, 'aria-posinset', index + 1);
    describe(element, 'aria-setsize', this.#items.length);
    render(this.#template(this.#items[index], index), element);
  }

  /** Takes the heights of what is shown; whether any was another than thought. */
  #measure() {
    let changed = false;
    for (const [key, element] of this.#shown) {
      const height = element.getBoundingClientRect().height;
      const known = this.#heights.get(key);
      if (known !== undefined && Math.abs(known - height) < 0.5) continue;
      if (known === undefined) this.#measured.count++;
      this.#measured.sum += height - (known ?? 0);
      this.#heights.set(key, height);
      changed = true;
    }
    if (changed) this.#layOut();
    return changed;
  }

  #resized(entries) {
    if (entries.some(({target}) => target === this)) {
      const wide = this.clientWidth;
      if (this.#width !== wide && this.#width) this.#heights.clear(), (this.#measured = {sum: 0, count: 0});
      this.#width = wide;
    }
    const anchor = this.#anchor();
    this.#measure();
    if (this.#template) this.#show(anchor);
  }
  #width = 0;

  #nearEdges() {
    if (!this.#items.length) return;
    if (this.scrollTop < NEAR_EDGE) this.edges.top();
    if (this.#tops.at(-1) - this.scrollTop - this.clientHeight < NEAR_EDGE) this.edges.bottom();
  }
}

/** Screen readers look at every attribute that is set, even to what it was. */
function describe(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

customElements.define('virtual-list', VirtualList);
