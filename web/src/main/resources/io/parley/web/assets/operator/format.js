// Figures for people.

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const MONEY = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

export const count = (value) => COUNT.format(value);

export const short = (value) => SHORT.format(value);

export const rate = (value) => (value === 0 ? '0' : value < 10 ? value.toFixed(1) : short(value));

export function duration(ms) {
  if (ms === 0) return '0';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

export const share = (value) => `${(value * 100).toFixed(Math.abs(value) >= 0.9995 || value === 0 ? 0 : 1)} %`;

/** An objective with as many digits as it was set with. */
export const objective = (value) => `${+(value * 100).toFixed(3)} %`;

export const money = (micros) => MONEY.format(micros / 1e6);

export const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour12: false });
