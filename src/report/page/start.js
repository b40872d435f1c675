/**
 * @file What the page does without its case browser: a link opens what it leads into, a wide table says that there is more of it, and a
 * print shows everything.
 */

/** The details that a link leads into are opened. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target instanceof HTMLDetailsElement) target.open = true
}

/** What scrolls fades out on its right while there is more, and takes the keyboard. @param {Element} box */
function markMore(box) {
  box.classList.toggle('more', box.scrollWidth - box.clientWidth - box.scrollLeft > 1)
  if (box.scrollWidth > box.clientWidth) box.setAttribute('tabindex', '0')
  else box.removeAttribute('tabindex')
}

const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => markMore(target)))
for (const box of document.querySelectorAll('.scroll')) {
  sizes.observe(box)
  box.addEventListener('scroll', () => markMore(box), { passive: true })
}

addEventListener('hashchange', openTarget)
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => (each.open = true)))
openTarget()
