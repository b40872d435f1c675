/**
 * @file The sections of the report, in the order in which the page shows them and report.json and the Markdown summary name them. A new section
 * is a folder and its line here.
 */
import { cases } from './sections/cases/view.ts'
import { cost } from './sections/cost/view.ts'
import { curves } from './sections/curves/view.ts'
import { evals } from './sections/evals/view.ts'
import { forgetting } from './sections/forgetting/view.ts'
import { heatMap } from './sections/heat-map/view.ts'
import { method } from './sections/method/view.ts'
import { verdict } from './sections/verdict/view.ts'
import { watch } from './sections/watch/view.ts'

export const SECTIONS = [verdict, evals, heatMap, curves, watch, cases, forgetting, method, cost] as const
