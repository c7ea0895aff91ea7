/** What people read in place of what machines are called. */

/** A model's name, readable: `parley-base` is “Parley Base”, `SmolLM2-135M-Instruct` “SmolLM2 135M Instruct”. */
export const labelOf = (name) =>
  name.replace(/[-_\s]+/g, ' ').trim().replace(/(?<!\S)\p{Ll}/gu, (letter) => letter.toUpperCase());

const UNITS = ['bytes', 'KB', 'MB', 'GB'];

/** A size as people say it: “8 MB”. */
export function sizeOf(bytes) {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${Math.round((bytes / 1024 ** unit) * 10) / 10} ${UNITS[unit]}`;
}

export const number = (n) => (n ?? 0).toLocaleString('en');
