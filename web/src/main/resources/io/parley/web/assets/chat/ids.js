/** Identifiers that a client may choose: ULIDs, which sort by the time of their making. */

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 26 characters: 48 bits of time in ms, then 80 random bits. */
export function ulid(now = Date.now()) {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = DIGITS[rest % 32] + time;
  const random = crypto.getRandomValues(new Uint8Array(16));
  return time + Array.from(random, (byte) => DIGITS[byte % 32]).join('');
}

export const newConversationId = () => `conv_${ulid()}`;
