/**
 * @file What the page does without its case browser: a link opens what it leads into, and a print shows everything.
 */

/** The details that a link leads into are opened. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target instanceof HTMLDetailsElement) target.open = true
}

addEventListener('hashchange', openTarget)
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => (each.open = true)))
openTarget()
