/**
 * @file The case browser. Its template is an empty frame: the page's own scripts fill it from the cases that the page holds.
 */
import type { Section } from '../../section.ts'
import { packCases } from './data.ts'
import { encodePayload } from './encode-payload.ts'

export const cases = {
  name: 'cases',
  title: 'Cases',
  data: null,
  view: () => ({}),
  embedded: (run) => encodePayload(packCases(run)),
} satisfies Section
