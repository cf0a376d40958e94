// Runs inside of the browser: plain JavaScript, because the tests are compiled without the DOM's types.

/** Where links lead, which anchors exist, how wide the page is, and what is hard to read on it. */
globalThis.inspectPage = () => {
  const root = document.documentElement;
  return {
    title: document.title,
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
    anchors: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    scrollWidth: root.scrollWidth,
    clientWidth: root.clientWidth,
    faint: [...document.querySelectorAll('.vp-doc :is(h1,h2,h3,p,li,td,th,a,code,pre span)')]
      .filter((element) => element.textContent.trim() && contrast(element) < 4.5)
      .map((element) => `${contrast(element).toFixed(2)}: ${element.textContent.slice(0, 40)}`),
    texts: document.querySelectorAll('.vp-doc p').length,
    background: getComputedStyle(document.body).backgroundColor,
  };
};

/** The contrast of WCAG 2.1 between an element's text and what lies behind it: 1 to 21. */
function contrast(element) {
  const [one, other] = [luminance(colorOf(element)), luminance(backgroundOf(element))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(rgb) {
  const [red, green, blue] = rgb
    .map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Text may be translucent: mixed with what lies behind it. */
function colorOf(element) {
  return over(parse(getComputedStyle(element).color), backgroundOf(element));
}

/** All backgrounds from the page up to the element, laid over each other. */
function backgroundOf(element) {
  const behind = element.parentElement ? backgroundOf(element.parentElement) : [255, 255, 255];
  return over(parse(getComputedStyle(element).backgroundColor), behind);
}

function over([red, green, blue, alpha = 1], behind) {
  return [red, green, blue].map((value, index) => value * alpha + behind[index] * (1 - alpha));
}

function parse(color) {
  return color.match(/[\d.]+/g).map(Number);
}
