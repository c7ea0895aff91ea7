/** The app's icons: strokes on a grid of 24. */

import {html, svg} from 'lit-html';

const SHAPES = {
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  search: svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4 4"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h10"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  send: svg`<path d="M12 19V5m-6 6 6-6 6 6"/>`,
  stop: svg`<rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" stroke="none"/>`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h9"/>`,
  edit: svg`<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/>`,
  again: svg`<path d="M20 12a8 8 0 1 1-2.6-5.9M20 4v4.5h-4.5"/>`,
  left: svg`<path d="m14 6-6 6 6 6"/>`,
  right: svg`<path d="m10 6 6 6-6 6"/>`,
  down: svg`<path d="M12 5v14m-6-6 6 6 6-6"/>`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="2.6"/>`,
  image: svg`<rect x="4" y="5" width="16" height="14" rx="2"/><circle cx="9" cy="10" r="1.5"/><path d="m5 18 5-5 3 3 2.5-2.5L20 18"/>`,
  share: svg`<path d="M12 15V4m-4 4 4-4 4 4M6 12v6a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2v-6"/>`,
  details: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  archive: svg`<rect x="4" y="5" width="16" height="4" rx="1"/><path d="M6 9v8a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V9M10 13h4"/>`,
  trash: svg`<path d="M5 7h14M10 7V4h4v3M7 7l1 12a1 1 0 0 0 1 1h6a1 1 0 0 0 1-1l1-12"/>`,
  export: svg`<path d="M12 4v11m-4-4 4 4 4-4M5 20h14"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>`,
  moon: svg`<path d="M19.5 14A8 8 0 0 1 10 4.5a8 8 0 1 0 9.5 9.5z"/>`,
  system: svg`<rect x="4" y="5" width="16" height="11" rx="2"/><path d="M9 20h6M12 16v4"/>`,
  out: svg`<path d="M14 5H7a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h7M11 12h9m-3-3 3 3-3 3"/>`,
  person: svg`<circle cx="12" cy="9" r="3.5"/><path d="M5.5 19.5a6.5 6.5 0 0 1 13 0"/>`,
  gear: svg`<circle cx="12" cy="12" r="3"/><path d="M12 4v2.5M12 17.5V20M4 12h2.5M17.5 12H20M6.3 6.3l1.8 1.8M15.9 15.9l1.8 1.8M17.7 6.3l-1.8 1.8M8.1 15.9l-1.8 1.8"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
};

export const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;

export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <path class="one" d="M3 18.5V13A10 10 0 0 1 13 3h6.5v5.5a10 10 0 0 1-10 10z"/>
  <path class="other" d="M29 13.5V19a10 10 0 0 1-10 10h-6.5v-5.5a10 10 0 0 1 10-10z"/></svg>`;
