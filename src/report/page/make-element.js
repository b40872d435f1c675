/**
 * @file Elements of the page's own scripts. What they show was written by models, cases and suites: it goes in as text, never as markup.
 */
import { visibleText } from './visible-text.js'

/** An element with a class and text or children. @param {string} name @param {string} className @param {string | Node[]} content */
export function make(name, className, content) {
  const element = document.createElement(name)
  if (className !== '') element.className = className
  if (typeof content === 'string') element.textContent = visibleText(content)
  else element.append(...content)
  return element
}
