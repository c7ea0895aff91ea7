/** Which page is shown, as the address says it. */

import {change, state} from './store.js';

let whenMoved = () => {};

export function onMoved(listener) {
  whenMoved = listener;
}

function placeOf({pathname, hash}) {
  const [, first, second] = pathname.split('/');
  if (first === 'share') return {name: 'share', id: second};
  if (first === 'sign-in') return {name: 'sign-in'};
  return {name: 'chat', id: first === 'c' && second ? second : null, target: hash.slice(1) || null};
}

/** Goes to a page of the app. */
export function go(address, {replace = false} = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  arrive();
}

export function arrive() {
  change({place: placeOf(location), sidebarOpen: false, editing: null});
  whenMoved(state.place);
}

addEventListener('popstate', arrive);

/** Lets links of the app change the place without loading the page. */
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-in-app]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
