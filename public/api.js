/** @file The API reference's search: shows what has every word in its name or its text. */
const input = document.querySelector('input[type=search]');
const count = document.querySelector('.count');
const articles = [...document.querySelectorAll('article')].map((element) => ({
  element,
  name: element.dataset.name,
  text: element.textContent.toLowerCase(),
}));
const sections = [...document.querySelectorAll('section')];

function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const inNames = articles.filter(({ name }) => words.every((word) => name.includes(word)));
  const found = new Set(
    (inNames.length > 0 ? inNames : articles.filter(({ text }) => words.every((word) => text.includes(word)))).map(
      ({ element }) => element,
    ),
  );
  for (const { element } of articles) element.hidden = !found.has(element);
  for (const section of sections) section.hidden = !section.querySelector('article:not([hidden])');
  count.textContent = words.length === 0 ? '' : `${found.size} of ${articles.length}`;
}

input.addEventListener('input', search);
addEventListener('hashchange', () => {
  input.value = '';
  search();
});
search();
