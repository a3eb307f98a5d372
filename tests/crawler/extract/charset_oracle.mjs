// Where the digests of charset_test.cpp come from: an implementation of the WHATWG Encoding Standard that is not
// ours, npm's @exodus/bytes (ICU's tables, which Node's own TextDecoder uses, differ from the standard in Big5).
//   npm install @exodus/bytes && node charset_oracle.mjs
import crypto from 'node:crypto';
import { TextDecoder } from '@exodus/bytes/encoding.js';

const digest = (text) => crypto.createHash('sha256').update(text).digest('hex');

// Every two-byte code, a line each.
function twoBytes(charset) {
  let all = '';
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      if (trail !== 0x7f) all += new TextDecoder(charset).decode(new Uint8Array([lead, trail])) + '\n';
  return all;
}

// Every four-byte code of gb18030, in one stream.
function fourBytes() {
  const bytes = [];
  for (let a = 0x81; a <= 0xfe; a++)
    for (let b = 0x30; b <= 0x39; b++)
      for (let c = 0x81; c <= 0xfe; c++) for (let d = 0x30; d <= 0x39; d++) bytes.push(a, b, c, d);
  return new TextDecoder('gb18030').decode(new Uint8Array(bytes));
}

// Bytes without meaning or NUL: what is broken has to break alike. Three of four are in the upper half.
function noise(charset) {
  const bytes = new Uint8Array(1 << 20);
  let state = 20260415;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const value = (state >>> 16) & 0xff;
    bytes[i] = state >>> 30 === 0 ? 0x20 + (value % 0x5f) : 0x80 | value;
  }
  return new TextDecoder(charset).decode(bytes);
}

for (const charset of ['gb18030', 'big5'])
  console.log(charset, 'two bytes', digest(twoBytes(charset)), 'noise', digest(noise(charset)));
console.log('gb18030 four bytes', digest(fourBytes()));
