// Words that try to leave their row: too long to break, too high, turned around, too many.

export const UNRULY_WORDS = [
  '👩🏽‍🚀🏳️‍🌈'.repeat(120),
  Array.from({ length: 40 }, (_, at) => `${at}`).join('\n'),
  'w'.repeat(600),
  `https://example.org/${'path/'.repeat(80)}?q=${'x'.repeat(200)}`,
  '가나다라마바사'.repeat(60),
  // Towers of marks.
  `z${'\u0335\u0336\u0337\u0301\u0302\u0303\u0323\u0330'.repeat(40)}algo`,
  'שלום hello مرحبا 123 (abc) עולם',
  // The last of these turns the direction and never turns it back.
  '\u202Edesrever si siht\u202C \u2067inside\u2069 \u202Ethis one is never closed',
];
