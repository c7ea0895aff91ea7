/** Light, dark, or as the system says. `assets/theme.js` applies the choice before the first paint. */

export const theme = () => localStorage.getItem('parley.theme') ?? 'system';

export function setTheme(chosen) {
  localStorage.setItem('parley.theme', chosen);
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
