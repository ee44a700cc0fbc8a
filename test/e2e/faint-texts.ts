/** Texts whose contrast with what is behind them is below 4.5:1 (WCAG 2.2, success criterion 1.4.3), as a page finds them. */
export const faintTexts = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = (color) => {
    const [red, green, blue] = parse(color).map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
    return parse(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll('body *')]
    .filter(hasText)
    .filter((element) => contrast(light(getComputedStyle(element).color), light(behind(element))) < 4.5)
    .map((element) => element.textContent);
})()`;
