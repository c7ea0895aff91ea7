/** Small menus at a button: arrow keys move, Escape closes, a click elsewhere too (the browser's popover does both). */

import {html, nothing, render} from 'lit-html';
import {icon} from './icons.js';

let menu = null;
let opener = null;

/** Opens a menu at a button. Items: {name, icon, run, danger?, href?, checked?}. */
export function openMenu(button, label, items) {
  menu ??= create();
  opener = button;
  menu.setAttribute('aria-label', label);
  render(items.map(itemView), menu);
  menu.showPopover();
  place(button);
  button.setAttribute('aria-expanded', 'true');
  menu.querySelector('[role^=menuitem]').focus();
}

function create() {
  const element = document.createElement('div');
  element.className = 'menu';
  element.popover = 'auto';
  element.setAttribute('role', 'menu');
  element.addEventListener('keydown', move);
  element.addEventListener('toggle', ({newState}) => {
    if (newState === 'closed') opener?.setAttribute('aria-expanded', 'false');
  });
  document.body.append(element);
  return element;
}

const itemView = (item) => {
  const content = html`${icon(item.icon)}<span>${item.name}</span>${item.checked ? icon('check') : ''}`;
  const style = item.danger ? 'item danger' : 'item';
  return item.href
    ? html`<a role="menuitem" tabindex="-1" class=${style} href=${item.href} download @click=${() => close()}>${content}</a>`
    : html`<button type="button" role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'} tabindex="-1"
        aria-checked=${item.checked ?? nothing} class=${style} @click=${() => choose(item)}>${content}</button>`;
};

function choose(item) {
  close();
  item.run();
}

function close() {
  menu.hidePopover();
  opener?.focus();
}

function move(event) {
  const items = [...menu.querySelectorAll('[role^=menuitem]')];
  const at = items.indexOf(document.activeElement);
  const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1}[event.key];
  if (event.key === 'Tab') close();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
}

function place(button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.min(Math.max(at.right - size.width, 8), innerWidth - size.width - 8);
  const below = at.bottom + 4;
  menu.style.left = `${Math.max(left, 8)}px`;
  menu.style.top = `${below + size.height > innerHeight ? Math.max(at.top - size.height - 4, 8) : below}px`;
}
