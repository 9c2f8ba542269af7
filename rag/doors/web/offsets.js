// Byline counts Unicode code points; JavaScript strings count UTF-16 units. Everything is converted here.

export function unitAt(text, codePoint) {
  let unit = 0;
  for (let passed = 0; passed < codePoint && unit < text.length; passed += 1) {
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  return unit;
}

// The text before, within and after a half-open range of code points.
export function parted(text, start, end) {
  const from = unitAt(text, start);
  const to = from + unitAt(text.slice(from), end - start);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
