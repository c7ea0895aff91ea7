/** Starts the app: the state is rendered, the place is read from the address, the session is taken up. */

import {render} from 'lit-html';
import {onBrokenOff} from './answers.js';
import {onSignedOut} from './api.js';
import {open} from './conversations.js';
import {arrive, onMoved} from './places.js';
import {goOnByItself} from './sending.js';
import {ended, resume} from './session.js';
import {state, subscribe} from './store.js';
import {titleOf} from './views/sidebar.js';
import {appView} from './views/app.js';

const root = document.getElementById('app');

subscribe(() => {
  render(appView(), root);
  const conversation = state.conversations.get(state.place.id);
  document.title = conversation?.title ? `${titleOf(conversation)} · Parley` : 'Parley';
});

onMoved((place) => {
  if (state.session === 'in' && place.name === 'chat') open(place.id, place.target);
});
onSignedOut(ended);
onBrokenOff(goOnByItself);

/** A file that falls beside the place for pictures must not take the page away. */
for (const type of ['dragover', 'drop']) {
  addEventListener(type, (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
}

arrive();
resume();
