const form = document.querySelector('form');
const items = [...document.querySelectorAll('article')];
const texts = new Map(items.map((item) => [item, (item.parentNode.firstElementChild.textContent + ' ' + item.textContent).toLowerCase()]));
function filter() {
  const chosen = new FormData(form);
  const levels = chosen.getAll('level');
  const direction = chosen.get('direction');
  const words = chosen.get('text').toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    const text = texts.get(item);
    const fits = levels.includes(item.dataset.level)
      && (!direction || item.dataset.direction.split(' ').includes(direction))
      && words.every((word) => text.includes(word));
    item.hidden = !fits;
    shown += fits;
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('article:not([hidden])');
  }
  // An address that shows the same to someone else.
  history.replaceState(null, '', '#' + new URLSearchParams(chosen));
  form.querySelector('output').textContent = `${shown} of ${items.length}`;
}
const wanted = new URLSearchParams(location.hash.slice(1));
if (wanted.has('level')) {
  for (const box of form.elements.level) box.checked = wanted.getAll('level').includes(box.value);
}
form.elements.direction.value = wanted.get('direction') ?? '';
form.elements.text.value = wanted.get('text') ?? '';
form.addEventListener('input', filter);
form.addEventListener('submit', (event) => event.preventDefault());
filter();
